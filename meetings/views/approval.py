"""The members approve the minutes; the secretariat answers, reminds and corrects."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from committee.models import User
from core.htmx import go_to, render_page
from core.numbers import whole_number
from core.once import once
from core.verdicts import Refused
from meetings import policies
from meetings.forms.approval import AnswerMinutesForm, ReplyForm
from meetings.forms.base import DeadlineForm
from meetings.models import Meeting, MinutesApproval
from meetings.selectors.approval import answerable_items, approval_page
from meetings.services.approval import (
    answer_minutes,
    change_approval_deadline,
    deadline_by_rules,
    reply_correction,
)
from meetings.services.minutes import override_lines, save_unplaced
from meetings.views.fetch import get_insider_meeting, get_working_meeting, record_closed_reading
from meetings.views.meetings import meeting_trail

REASON = "reason-"


@once
def meeting_approval(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Read the minutes and answer: approved, with a reservation, or please correct."""
    meeting = get_insider_meeting(request, meeting_id)
    if request.method == "POST":
        return _answer(request, meeting)
    return _page(request, meeting)


def _answer(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """A refused answer, also one to minutes that have been overtaken, comes back with its words."""
    form = AnswerMinutesForm(request.POST, items=answerable_items(request.user, meeting))
    if not form.is_valid():
        return _page(request, meeting, 422, form=form)
    data = form.cleaned_data
    member = _member(request, meeting)
    answered = form.attempt(
        lambda: answer_minutes(
            meeting=meeting,
            version=data["version"],
            member=member,
            answer=data["answer"],
            text=data["text"],
            item=form.chosen,
            by=request.user,
        )
    )
    if not answered:
        meeting.refresh_from_db()
        return _page(request, meeting, form.status, form=form)
    messages.success(request, _saved_words(request, member))
    return go_to(request, reverse("meetings:meeting_approval", args=[meeting.pk]))


def _saved_words(request: HttpRequest, member: Any) -> str:
    if member.pk == request.user.pk:
        return _("Your answer is saved. You can change it until the deadline.")
    return _("The answer of %(name)s is written down.") % {"name": member.name}


def _member(request: HttpRequest, meeting: Meeting) -> Any:
    """Whom the answer is of: the one it names, else who sent it."""
    pk = request.POST.get("member", "")
    if not pk or whole_number(pk) == request.user.pk:
        return request.user
    policies.can_handle_approval(request.user, meeting).require()
    return get_object_or_404(User, pk=whole_number(pk))


def _page(request: HttpRequest, meeting: Meeting, status: int = 200, **extra: Any) -> HttpResponse:
    context = approval_page(request.user, meeting) | extra
    version = context["version"]
    items = answerable_items(request.user, meeting)
    number = version.number if version else 0
    if "form" not in context:
        context["form"] = AnswerMinutesForm(items=items, initial={"version": number})
    elif number and status == 409:
        # What was typed is sent again to the version that is read now.
        context["form"].data = context["form"].data.copy()
        context["form"].data["version"] = number
    context["reply_form"] = extra.get("reply_form") or ReplyForm(prefix="")
    if "deadline_form" not in context:
        context["deadline_form"] = DeadlineForm.at(deadline_by_rules(meeting))
    context["trail"] = meeting_trail(meeting, _("Approval of the minutes"))
    if context["reading"] and status == 200:
        _note_reading(request, meeting, context["reading"])
    return render_page(request, "meetings/meeting_approval.html", context, status=status)


def _note_reading(request: HttpRequest, meeting: Meeting, read: Any) -> None:
    """Reading closed items in full is an act."""
    for item in read.items:
        if item["access"] == "closed" and not item.get("redacted"):
            record_closed_reading(meeting, meeting, request)
            return


@require_POST
@once
def correction_reply(request: HttpRequest, meeting_id: int, approval_id: int) -> HttpResponse:
    """Tell a member whether the correction is made."""
    meeting = get_working_meeting(request, meeting_id)
    policies.can_handle_approval(request.user, meeting).require()
    rows = MinutesApproval.objects.filter(version__meeting=meeting).select_related("version")
    row = get_object_or_404(rows, pk=approval_id)
    form = ReplyForm(request.POST)
    if form.is_valid():
        try:
            reply_correction(approval=row, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The member can read your answer now."))
            return go_to(request, reverse("meetings:meeting_approval", args=[meeting.pk]))
    return _page(request, meeting, 422, reply_form=form, replying_to=row.pk)


@require_POST
@once
def approval_deadline(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Another deadline."""
    meeting = get_working_meeting(request, meeting_id)
    policies.can_handle_approval(request.user, meeting).require()
    form = DeadlineForm(request.POST)
    if form.is_valid():
        try:
            change_approval_deadline(meeting=meeting, due_at=form.due_at(), by=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The deadline is changed."))
            return go_to(request, reverse("meetings:meeting_approval", args=[meeting.pk]))
    return _page(request, meeting, 422, deadline_form=form)


@require_POST
@once
def proof_override(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Write why the minutes go out although something is missing."""
    meeting = get_working_meeting(request, meeting_id)
    reasons = {
        name.removeprefix(REASON): str(text)
        for name, text in request.POST.items()
        if name.startswith(REASON)
    }
    count = override_lines(meeting=meeting, reasons=reasons, by=request.user)
    said = ngettext("%(n)s reason is saved.", "%(n)s reasons are saved.", count) % {"n": count}
    messages.success(request, said)
    return go_to(request, reverse("meetings:meeting_minutes", args=[meeting.pk]) + "#proof")


@require_POST
@once
def unplaced_save(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Keep what of the left-over text is still without a place."""
    meeting = get_working_meeting(request, meeting_id)
    save_unplaced(
        meeting=meeting,
        text=request.POST.get("text", ""),
        was=request.POST.get("was", ""),
        by=request.user,
    )
    messages.success(request, _("The text that is left is saved."))
    return go_to(request, meeting.get_absolute_url())
