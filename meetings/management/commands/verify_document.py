from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from core.files.kinds import sniff
from core.sealing import anchor_in
from meetings.models import Seal, SealedFile
from meetings.selectors.sealing import find_sealed


class Command(BaseCommand):
    help = "Is this PDF, byte for byte, a document that was sealed here? Exit code 0 or 1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.pdf")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise CommandError(_("The file %(name)s cannot be read.") % {"name": file}) from error
        found = find_sealed(data)
        if found is None:
            raise CommandError(_why_not(data))
        self.stdout.write(_yes(found))


def _yes(found: SealedFile) -> str:
    seal = found.seal
    facts = {
        "title": seal.meeting.title,
        "number": seal.version.number,
        "edition": found.get_edition_display(),
        "when": localtime(seal.sealed_at).strftime("%d.%m.%Y %H.%M"),
        "seq": seal.audit_seq,
    }
    told = _(
        "Yes, this is the sealed document: %(title)s, minutes version %(number)s, %(edition)s, "
        "locked %(when)s, protocol row %(seq)s."
    )
    signature = _("It was signed with a test certificate.") if found.is_test else ""
    return f"{told % facts} {signature}".strip()


def _why_not(data: bytes) -> str:
    if not data:
        return _("No, the file is empty.")
    if sniff(data) != "pdf":
        return _("No, the file is not a PDF.")
    anchor = anchor_in(data)
    quoted = anchor and Seal.objects.filter(audit_seq=anchor.seq, audit_hash=anchor.hash).first()
    if quoted:
        return _(
            "No, the file says that it is the minutes of %(title)s, but it is not byte for byte "
            "what was sealed."
        ) % {"title": quoted.meeting.title}
    return _("No, no document that was sealed here has these bytes.")
