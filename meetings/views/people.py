"""Who is invited, who comes, who was there, who is disqualified."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from core.htmx import go_to, render_page
from core.once import once
from meetings import policies
from meetings.forms.meetings import attendance_from
from meetings.selectors.people import people_page
from meetings.selectors.seats import seat_owners
from meetings.services.presence import record_attendance
from meetings.views.fetch import get_insider_meeting
from meetings.views.meetings import meeting_trail


@once
def meeting_people(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """The members' answers and, for the secretariat, the attendance form."""
    meeting = get_insider_meeting(request, meeting_id)
    if request.method == "POST":
        policies.can_record_attendance(request.user, meeting).require()
        ids = [member.user_id for member in seat_owners(meeting)]
        record_attendance(
            meeting=meeting, statuses=attendance_from(request.POST, ids), by=request.user
        )
        messages.success(request, _("Attendance is saved."))
        return go_to(request, reverse("meetings:meeting_people", args=[meeting.pk]))
    context = people_page(request.user, meeting)
    context["trail"] = meeting_trail(meeting, _("Participants"))
    return render_page(request, "meetings/meeting_people.html", context)
