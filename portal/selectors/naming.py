"""Short words for meetings."""

from django.utils.translation import gettext as _

from meetings.models import Meeting


def short_name(meeting: Meeting) -> str:
    """“3. møde”: enough where the committee is known."""
    return _("Meeting no. %(number)s") % {"number": meeting.number}
