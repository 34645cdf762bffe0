"""One reader before one case: what they may read, and what they have been given so far."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from core.models import StoredFile
from usecases.models import UseCase

Piece = dict[str, Any]


@dataclass(frozen=True)
class DossierFile:
    """A file that travels with the dossier, under its name in the package."""

    path: str
    title: str
    file: StoredFile

    @property
    def facts(self) -> Piece:
        return {
            "path": self.path,
            "title": self.title,
            "filename": self.file.filename,
            "media_type": self.file.media_type,
            "size": self.file.size,
            "sha256": self.file.sha256,
        }


@dataclass
class Look:
    """`access` names everything that was given because this reader may read it.

    Whoever still has all of it may open a document that was made of it.
    """

    user: Any
    case: UseCase
    level: str
    access: set[str] = field(default_factory=set)
    files: list[DossierFile] = field(default_factory=list)

    @property
    def full(self) -> bool:
        return self.level == "full"

    def gives(self, *parts: Any) -> None:
        """Remember that the reader was given this."""
        self.access.add(":".join(str(part) for part in parts))

    def carries(self, path: str, title: str, file: StoredFile) -> Piece:
        """Take a file along."""
        found = DossierFile(path, title, file)
        self.files.append(found)
        return found.facts


def stamp(value: date | datetime | None) -> str:
    """A moment as it stands in JSON: local time with its offset, or a date."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value, timezone.get_default_timezone())
        return value.isoformat(timespec="seconds")
    return value.isoformat()


def plain(value: Any) -> Any:
    """A value in words, as JSON."""
    if value is None or isinstance(value, bool | int):
        return value
    return stamp(value) if isinstance(value, date) else str(value)


def name_of(person: Any) -> str:
    """Nobody: the system did it."""
    return person.name if person is not None else ""
