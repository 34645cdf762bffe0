import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core.sealing import SealError
from core.verdicts import Refused
from meetings.models import Meeting
from meetings.naming import document_filename
from meetings.selectors.printing import PRINTS, reading_to_print
from meetings.tasks.documents import document_bytes, sealed_file


class Command(BaseCommand):
    help = "Make one PDF here and now: agenda, minutes, minutes-public or pack of a meeting."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", help=", ".join(PRINTS))
        parser.add_argument("meeting", type=int)
        parser.add_argument(
            "--out", type=Path, help="the file to write; else a name of its own here"
        )

    def handle(self, *args: Any, kind: str, meeting: int, out: Path | None, **options: Any) -> None:
        if kind not in PRINTS:
            raise CommandError(
                _("There is no document “%(kind)s”. There are: %(known)s.")
                % {"kind": kind, "known": ", ".join(PRINTS)}
            )
        found = Meeting.objects.select_related("committee__municipality", "rule_profile")
        row = found.filter(pk=meeting).first()
        if row is None:
            raise CommandError(_("There is no meeting %(number)s.") % {"number": meeting})
        try:
            reading = reading_to_print(row, kind)
        except Refused as refusal:
            raise CommandError(str(refusal.reason)) from refusal
        made, edition = PRINTS[kind]
        try:
            data = sealed_file(made, reading) or document_bytes(made, reading)
        except SealError as error:
            raise CommandError(str(error)) from error
        path = out or Path(document_filename(row, made, edition))
        _write(path, data)
        self.stdout.write(f"{path}  {len(data)} bytes  sha256 {hashlib.sha256(data).hexdigest()}")


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all: written beside its name, synced, then renamed."""
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".unfinished-")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise CommandError(_("The file %(name)s cannot be written.") % {"name": path}) from error
