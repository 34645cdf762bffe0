import json
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from committee.enums import BodyKind
from committee.models import Committee
from core.verdicts import Refused
from meetings.importing import ParsedMinutes
from meetings.services.importing import Imported, import_minutes, read_minutes


class Command(BaseCommand):
    help = "Make a meeting with minutes in draft of a text, Markdown, DOCX, ODT or PDF file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--committee", default="", help="the committee's address (slug)")
        parser.add_argument("--date", default="", help="YYYY-MM-DD, when the file does not say it")
        parser.add_argument("--again", action="store_true", help="import the same file once more")
        parser.add_argument("--json", action="store_true", help="answer with one JSON object")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        day = _day(options["date"])
        try:
            data = file.read_bytes()
        except OSError as error:
            raise CommandError(_("The file %(name)s cannot be read.") % {"name": file}) from error
        try:
            parsed, _checked = read_minutes(data, file.name)
            imported = import_minutes(
                committee=_committee(options["committee"], parsed),
                data=data,
                filename=file.name,
                by=None,
                day=day,
                again=options["again"],
            )
        except Refused as refusal:
            raise CommandError(str(refusal.reason)) from refusal
        self.stdout.write(_as_json(imported) if options["json"] else _as_text(imported))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise CommandError(
            _("Write the date as year-month-day, for example 2026-02-25.")
        ) from error


def _committee(slug: str, parsed: ParsedMinutes) -> Committee:
    """The one named, else the only task committee, else the one that the minutes name."""
    if slug:
        found = Committee.objects.filter(slug=slug).first()
        if found is None:
            raise CommandError(_("There is no committee “%(slug)s”. %(known)s") % _known(slug))
        return found
    bodies = list(Committee.objects.filter(kind=BodyKind.TASK))
    named = [body for body in bodies if body.name.lower() in parsed.committee_name.lower()]
    for choice in (bodies, named):
        if len(choice) == 1:
            return choice[0]
    raise CommandError(_("Choose the committee with --committee. %(known)s") % _known(slug))


def _known(slug: str) -> dict[str, str]:
    slugs = ", ".join(Committee.objects.order_by("slug").values_list("slug", flat=True))
    if not slugs:
        return {"slug": slug, "known": _("There are no committees here yet. Create one first.")}
    return {"slug": slug, "known": _("There are: %(slugs)s.") % {"slugs": slugs}}


def _as_json(imported: Imported) -> str:
    meeting = imported.meeting
    facts = {
        "meeting": meeting.pk,
        "title": meeting.title,
        "committee": meeting.committee.slug,
        "items": [
            {"number": item.position, "title": item.title, "access": item.access}
            for item in meeting.items.on_agenda()
        ],
        "unplaced": meeting.unplaced.splitlines(),
        "warnings": imported.warnings,
        "account": imported.account._asdict(),
    }
    return json.dumps(facts, ensure_ascii=False, indent=2)


def _as_text(imported: Imported) -> str:
    meeting = imported.meeting
    told = _("Imported as meeting %(id)s: %(title)s (%(items)s items).") % {
        "id": meeting.pk,
        "title": meeting.title,
        "items": len(imported.parsed.items),
    }
    return "\n".join([told, *(f"- {warning}" for warning in imported.warnings)])
