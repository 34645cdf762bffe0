from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core import audit
from core.models import AuditEntry
from core.sealing import anchor_in


class Command(BaseCommand):
    help = "Prove that no row of the protocol chain was changed. Exit code 0 or 1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--document",
            type=Path,
            action="append",
            default=[],
            metavar="FILE.pdf",
            help="a sealed PDF kept elsewhere, whose quoted row must be in the chain",
        )

    def handle(self, *args: Any, document: list[Path], **options: Any) -> None:
        anchors = [*audit.known_anchors(), *map(_anchor_of, document)]
        broken = audit.first_break(audit.all_entries(), anchors)
        if broken:
            raise CommandError(
                _("The protocol is broken at row %(seq)s: %(why)s.")
                % {"seq": broken.seq, "why": _(broken.why)}
            )
        _seq, digest = audit.head()
        self.stdout.write(
            _("The protocol is whole: %(count)s rows, head %(hash)s.")
            % {"count": AuditEntry.objects.count(), "hash": digest}
        )


def _anchor_of(path: Path) -> audit.Anchor:
    try:
        anchor = anchor_in(path.read_bytes())
    except OSError as error:
        raise CommandError(_("The file %(name)s cannot be read.") % {"name": path}) from error
    if anchor is None:
        raise CommandError(_("%(name)s quotes no row of a protocol.") % {"name": path})
    return anchor
