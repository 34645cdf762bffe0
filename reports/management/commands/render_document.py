import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core.sealing import SealError
from core.verdicts import Refused
from reports.printing import PRINTERS


class Command(BaseCommand):
    help = "Make one PDF here and now: a document of a meeting or a report."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", help=", ".join(PRINTERS))
        parser.add_argument("number", type=int, help="of the meeting, or of the report")
        parser.add_argument(
            "--out", type=Path, help="the file to write; else a name of its own here"
        )

    def handle(self, *args: Any, kind: str, number: int, out: Path | None, **options: Any) -> None:
        if kind not in PRINTERS:
            raise CommandError(
                _("There is no document “%(kind)s”. There are: %(known)s.")
                % {"kind": kind, "known": ", ".join(PRINTERS)}
            )
        try:
            made = PRINTERS[kind](number)
        except Refused as refusal:
            raise CommandError(str(refusal.reason)) from refusal
        except SealError as error:
            raise CommandError(str(error)) from error
        path = out or Path(made.filename)
        _write(path, made.data)
        sha256 = hashlib.sha256(made.data).hexdigest()
        self.stdout.write(f"{path}  {len(made.data)} bytes  sha256 {sha256}")


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
