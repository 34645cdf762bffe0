"""Plan meetings: the list, a new one, changes, announcement, cancellation."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from committee.context import current_committee
from committee.models import Committee
from core.htmx import go_to, render_page
from core.once import once
from core.verdicts import Refused
from meetings import policies
from meetings.forms.meetings import AnswerForm, ChangeMeetingForm, MeetingForm, ReasonForm
from meetings.selectors.lists import meeting_plan
from meetings.services.planning import (
    announce_meeting,
    cancel_meeting,
    change_meeting,
    create_meeting,
)
from meetings.services.presence import answer_invitation
from meetings.views.fetch import crumbs, get_insider_meeting, get_working_meeting


def _committee_of(request: HttpRequest) -> Committee | None:
    visible = list(Committee.objects.visible_to(request.user).select_related("municipality"))
    return current_committee(request, visible)


@login_not_required
@require_safe
def meeting_list(request: HttpRequest) -> HttpResponse:
    """The year plan of the current committee: what is coming, and what was held."""
    committee = _committee_of(request)
    context = {
        "committee": committee,
        "outside": not (committee and policies.sees_drafts(request.user, committee.pk)),
        "plan": meeting_plan(request.user, committee) if committee else None,
        "can_create": policies.can_plan_meeting(request.user, committee) if committee else None,
    }
    return render_page(request, "meetings/meeting_list.html", context)


@once
def meeting_new(request: HttpRequest) -> HttpResponse:
    """Plan a meeting in the current committee."""
    committee = _committee_of(request)
    verdict = policies.can_plan_meeting(request.user, committee) if committee else None
    if committee is None or verdict is None:
        return go_to(request, reverse("meetings:meeting_list"))
    verdict.require()
    form = MeetingForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            meeting = create_meeting(committee=committee, by=request.user, **form.meeting_fields())
        except Refused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            messages.success(
                request,
                _("%(title)s is planned. Add the first item to the agenda.")
                % {"title": meeting.title},
            )
            return go_to(request, meeting.get_absolute_url())
    trail = crumbs((_("Meetings"), reverse("meetings:meeting_list")), (_("New meeting"), ""))
    context = {"form": form, "committee": committee, "trail": trail}
    return render_page(
        request, "meetings/meeting_new.html", context, status=422 if form.errors else 200
    )


@once
def meeting_edit(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Change date, place or title of a meeting."""
    meeting = get_working_meeting(request, meeting_id)
    policies.can_edit_meeting(request.user, meeting).require()
    bound = request.method == "POST"
    form = ChangeMeetingForm(request.POST) if bound else ChangeMeetingForm.of(meeting)
    if form.is_bound and form.is_valid():
        try:
            change_meeting(
                meeting=meeting,
                by=request.user,
                version=form.cleaned_data["version"],
                **form.meeting_fields(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            told = _(" The members get a new calendar entry.") if meeting.agenda_version else ""
            messages.success(request, _("The meeting is changed.") + told)
            return go_to(request, meeting.get_absolute_url())
    context = {
        "form": form,
        "meeting": meeting,
        "trail": meeting_trail(meeting, _("Change the meeting")),
    }
    return render_page(
        request, "meetings/meeting_edit.html", context, status=422 if form.errors else 200
    )


def meeting_trail(meeting: object, *labels: str) -> list[dict[str, object]]:
    """Breadcrumbs of a page below a meeting."""
    short = _("Meeting %(number)s") % {"number": meeting.number}  # type: ignore[attr-defined]
    steps = [
        (_("Meetings"), reverse("meetings:meeting_list")),
        (short, meeting.get_absolute_url()),  # type: ignore[attr-defined]
    ]
    return crumbs(*steps, *((label, "") for label in labels))


@require_POST
@once
def meeting_announce(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Make date and place known before there is an agenda."""
    meeting = get_working_meeting(request, meeting_id)
    announce_meeting(meeting=meeting, by=request.user)
    messages.success(request, _("Date and place are now visible to members and citizens."))
    return go_to(request, meeting.get_absolute_url())


@once
def meeting_cancel(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Call the meeting off, with a reason that the members read."""
    meeting = get_working_meeting(request, meeting_id)
    policies.can_cancel_meeting(request.user, meeting).require()
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_ready() and form.carries_out(
        lambda: cancel_meeting(meeting=meeting, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, _("The meeting is cancelled, and those invited are told."))
        return go_to(request, reverse("meetings:meeting_list"))
    context = {
        "form": form,
        "meeting": meeting,
        "trail": meeting_trail(meeting, _("Cancel the meeting")),
    }
    return render_page(request, "meetings/meeting_cancel.html", context, status=form.status)


@once
def meeting_answer(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """A member answers the invitation."""
    meeting = get_insider_meeting(request, meeting_id)
    policies.can_answer_invitation(request.user, meeting).require()
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_ready() and form.carries_out(
        lambda: answer_invitation(meeting=meeting, by=request.user, **form.cleaned_data)
    ):
        thanks = _("Thank you. We are looking forward to seeing you.")
        apology = _("Thank you. Your apology is with the secretariat.")
        messages.success(request, thanks if form.cleaned_data["coming"] else apology)
        return go_to(request, meeting.get_absolute_url())
    context = {"form": form, "meeting": meeting, "trail": meeting_trail(meeting, _("Your answer"))}
    return render_page(request, "meetings/meeting_answer.html", context, status=form.status)
