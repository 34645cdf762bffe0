from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core import audit
from core.models import AuditEntry


class Command(BaseCommand):
    help = "Prove that no row of the protocol chain was changed. Exit code 0 or 1."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = audit.first_break(audit.all_entries())
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
