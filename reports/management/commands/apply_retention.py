from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from reports.services.retention import Done, apply_rules


class Command(BaseCommand):
    help = "Delete what the rules of retention no longer keep; what must be archived first waits."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what is due")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        found = apply_rules(by=None, dry_run=dry_run)
        for done in found:
            if done.count or done.waiting or done.kept:
                self.stdout.write(_line(done, dry_run=dry_run))
        total = sum(done.count for done in found)
        told = _("%(n)s rows are due.") if dry_run else _("%(n)s rows were deleted.")
        self.stdout.write(told % {"n": total})


def _line(done: Done, *, dry_run: bool) -> str:
    parts = [_("%(n)s due") if dry_run else _("%(n)s deleted")]
    counts = [done.count]
    if done.waiting:
        parts.append(_("%(n)s wait to be archived"))
        counts.append(done.waiting)
    if done.kept:
        parts.append(_("%(n)s are protected and stay"))
        counts.append(done.kept)
    words = ", ".join(part % {"n": n} for part, n in zip(parts, counts, strict=True))
    return f"{done.rule.title} ({done.model}): {words}"
