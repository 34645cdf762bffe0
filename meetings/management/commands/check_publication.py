from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from meetings.models import Meeting
from meetings.selectors.completeness import missing_headings
from meetings.selectors.publication import unresolved


class Command(BaseCommand):
    help = "Say whether the public minutes of a meeting can go out. Exit code 0 or 1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("meeting", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        meeting = Meeting.objects.filter(pk=options["meeting"]).first()
        if meeting is None:
            raise CommandError(_("There is no meeting %(id)s.") % {"id": options["meeting"]})
        # The words that were found are not printed: a log must not hold them either.
        stops = [thing.text for thing in missing_headings(meeting)]
        stops += [finding.sentence for finding in unresolved(meeting)]
        for sentence in stops:
            self.stdout.write(sentence)
        if stops:
            raise CommandError(
                _("The minutes cannot be published: %(n)s things found.") % {"n": len(stops)}
            )
        self.stdout.write(_("Nothing stops the publication."))
