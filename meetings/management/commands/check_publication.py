from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from meetings.enums import AGENDA_OPEN, MeetingState, VersionKind
from meetings.models import Meeting
from meetings.selectors.completeness import missing_headings
from meetings.selectors.publication import Finding, coming_reading, drafted_reading, unresolved


def _findings(meeting: Meeting) -> list[Finding]:
    """Of the minutes, of the agenda that was issued, and of the one that is being written."""
    reads = [coming_reading(meeting)]
    if meeting.agenda_version and meeting.state != MeetingState.PUBLISHED:
        reads.append(coming_reading(meeting, VersionKind.AGENDA))
    if meeting.state in AGENDA_OPEN:
        reads.append(drafted_reading(meeting))
    found = {finding.key: finding for read in reads for finding in unresolved(meeting, read)}
    return list(found.values())


class Command(BaseCommand):
    help = "Say whether a meeting's public agenda and minutes can go out. Exit code 0 or 1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("meeting", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        meeting = Meeting.objects.filter(pk=options["meeting"]).first()
        if meeting is None:
            raise CommandError(_("There is no meeting %(id)s.") % {"id": options["meeting"]})
        # The words that were found are not printed: a log must not hold them either.
        stops = [thing.text for thing in missing_headings(meeting)]
        stops += [finding.sentence for finding in _findings(meeting)]
        for sentence in stops:
            self.stdout.write(sentence)
        if stops:
            raise CommandError(
                _("This cannot be published: %(n)s things found.") % {"n": len(stops)}
            )
        self.stdout.write(_("Nothing stops the publication."))
