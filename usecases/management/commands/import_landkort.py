from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from committee.enums import BodyKind
from committee.models import Committee, User
from core import outbox
from core.files.errors import BadFile
from core.verdicts import NotAllowed, Refused
from usecases.exchange.reading import check_size
from usecases.models import CaseImport, ImportState, RowAction
from usecases.services import importing


class Command(BaseCommand):
    help = (
        "Take in cases from a CSV, XLSX or JSON file. Exit code 0; 1 when the file cannot be "
        "used, or with --strict when a row was held back."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", required=True, help="username of somebody in the secretariat")
        parser.add_argument("--committee", default="", help="the committee's address (slug)")
        parser.add_argument("--allow-unplaced", action="store_true", help="without municipality")
        parser.add_argument("--example", action="store_true", help="mark the cases as examples")
        parser.add_argument("--preview", action="store_true", help="import nothing, only tell")
        parser.add_argument("--strict", action="store_true", help="exit 1 when a row is held back")

    def handle(self, *_args: Any, file: Path, **options: Any) -> None:
        by = User.objects.filter(username=options["by"]).first()
        if by is None:
            raise CommandError(_("There is no user “%(name)s”.") % {"name": options["by"]})
        try:
            batch = self._read(file, by, options)
            if not options["preview"]:
                self._take_in(batch, by)
        except (Refused, NotAllowed) as refusal:
            raise CommandError(str(refusal.reason)) from refusal
        self._tell(batch)
        if options["strict"] and importing.counts_of(batch)["held"]:
            raise CommandError(_("Rows were held back; see above."))

    def _read(self, file: Path, by: User, options: dict[str, Any]) -> CaseImport:
        batch = importing.begin_import(
            committee=_committee(options["committee"]),
            data=_bytes(file),
            filename=file.name,
            by=by,
            allow_unplaced=options["allow_unplaced"],
            is_example=options["example"],
        )
        outbox.drain()
        batch = importing.get_batch(batch.pk)
        if batch.state != ImportState.CHECKED:
            raise CommandError(batch.failure or _("The file could not be read. Try again."))
        return batch

    def _take_in(self, batch: CaseImport, by: User) -> None:
        importing.confirm_import(batch=batch, by=by)
        outbox.drain()
        batch.refresh_from_db()
        if batch.state != ImportState.DONE:
            raise CommandError(_("The import stopped. The worker will go on with it."))

    def _tell(self, batch: CaseImport) -> None:
        for action, count in importing.counts_of(batch).items():
            self.stdout.write(f"{RowAction(action).label}: {count}")
        for row in batch.rows.exclude(messages=[]).iterator(chunk_size=500):
            for message in row.messages:
                column = f"{message['column']}: " if message["column"] else ""
                self.stdout.write(_("Row") + f" {row.number}. {column}{message['text']}")


def _bytes(file: Path) -> bytes:
    """By its size first: a file that is too big is not read."""
    try:
        check_size(file.stat().st_size)
        return file.read_bytes()
    except BadFile as bad:
        raise CommandError(str(bad)) from bad
    except OSError as error:
        raise CommandError(_("The file %(name)s cannot be read.") % {"name": file}) from error


def _committee(slug: str) -> Committee:
    """The one named, else the only task committee that is public."""
    rows = Committee.objects.select_related("municipality")
    found = list(rows.filter(slug=slug) if slug else rows.filter(kind=BodyKind.TASK))
    if not slug and len(found) > 1:
        found = [one for one in found if one.is_public]
    if len(found) != 1:
        slugs = ", ".join(rows.order_by("slug").values_list("slug", flat=True))
        raise CommandError(
            _("Choose the committee with --committee. There are: %(slugs)s.") % {"slugs": slugs}
        )
    return found[0]
