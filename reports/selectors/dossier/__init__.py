"""Everything on one use case in order, as one reader may read it: a plain dict of JSON types.

Page, PDF and package are made from it. The same data gives the same dict: no clock is read.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.canonical import canonical_json, sha256_hex
from reports.selectors.dossier import case as about
from reports.selectors.dossier import dealt_with, ethics
from reports.selectors.dossier.look import DossierFile, Look, Piece
from usecases import policies
from usecases.models import UseCase

__all__ = ["CHAPTERS", "Chapter", "Gathered", "chapters_of", "dossier_of", "gathered"]

SCHEMA = 1
LANGUAGE = "da"
CHAPTERS: tuple[tuple[str, str | Promise], ...] = (
    ("text", _("The proposal")),
    ("revisions", _("Versions of the text")),
    ("course", _("Course of the case")),
    ("ties", _("Ties to other proposals")),
    ("talk", _("Discussion")),
    ("rank", _("Ranking")),
    ("assessments", _("AI Act")),
    ("questions", _("The questionnaire")),
    ("reviews", _("Reviews")),
    ("conditions", _("Conditions")),
    ("hearings", _("Hearings")),
    ("snapshots", _("What was decided on")),
    ("answer", _("Official answer")),
    ("meetings", _("Meetings")),
    ("follow_ups", _("Follow-ups")),
    ("protocol", _("The protocol")),
    ("files", _("Files")),
)


@dataclass(frozen=True)
class Gathered:
    """The dossier of one reader, the files with it, and what they were given access to."""

    content: Piece
    files: tuple[DossierFile, ...]
    access: tuple[str, ...]

    @property
    def sha256(self) -> str:
        return sha256_hex(canonical_json(self.content))


@dataclass(frozen=True)
class Chapter:
    """A chapter that has something in it; `number` is its number in the document."""

    key: str
    heading: str
    number: int
    count: int


def dossier_of(user: Any, case: UseCase) -> Piece:
    """Everything that `user` may read of the case. They must be able to read more than its title.

    `case` comes through `UseCase.objects.readable_by(user)`.
    """
    return gathered(user, case).content


def gathered(user: Any, case: UseCase) -> Gathered:
    look = Look(user, case, policies.reading_level(user, case))
    look.gives("level", look.level)
    with translation.override(LANGUAGE):
        content = _content(look)
    files = tuple(sorted(look.files, key=lambda one: one.path))
    content["files"] = [one.facts for one in files]
    content["as_of"] = max(_times(content), key=datetime.fromisoformat)
    return Gathered(content, files, tuple(sorted(look.access)))


def _content(look: Look) -> Piece:
    decided = dealt_with.answer(look)
    items = dealt_with.items_of(look, decided)
    return {
        "schema": SCHEMA,
        "level": look.level,
        "case": about.head(look),
        "text": about.text(look),
        "revisions": about.revisions(look),
        "course": about.course(look),
        "ties": about.ties(look),
        "talk": about.talk(look),
        "rank": about.rank(look),
        "assessments": ethics.assessments(look),
        "questions": ethics.questions(look),
        "reviews": ethics.reviews(look),
        "conditions": ethics.conditions(look),
        "hearings": ethics.hearings(look),
        "snapshots": ethics.snapshots(look),
        "answer": decided,
        "meetings": dealt_with.meetings(look, items, decided),
        "follow_ups": dealt_with.follow_ups(look, items),
        "protocol": dealt_with.protocol(look),
    }


def _times(content: Piece) -> list[str]:
    """When something last happened, as far as the reader may know of it."""
    rows = [row["at"] for key in ("protocol", "revisions", "talk") for row in content[key]]
    return [content["case"]["status_since"], *rows]


def count_in(content: Piece, key: str) -> int:
    """How much there is of a chapter."""
    found = content[key]
    if isinstance(found, list):
        return len(found)
    if key == "answer":
        return int(bool(found))
    return sum(len(one) for one in found.values() if isinstance(one, list))


def chapters_of(content: Piece) -> tuple[list[Chapter], list[str]]:
    """The chapters with something in them, numbered; and the headings of the others."""
    found: list[Chapter] = []
    empty: list[str] = []
    for key, heading in CHAPTERS:
        if count := count_in(content, key):
            found.append(Chapter(key, str(heading), len(found) + 1, count))
        else:
            empty.append(str(heading))
    return found, empty
