"""Opfølgning: what is to be done after an item, and how far it is."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from committee.context import current_committee
from committee.models import Committee, roles_in, roles_of
from core.htmx import go_to, render_page
from core.once import once
from core.verdicts import Refused
from meetings import policies
from meetings.enums import DECIDING
from meetings.forms.follow_ups import DropForm, FollowUpForm, ProgressForm
from meetings.models import FollowUp
from meetings.selectors import follow_ups as selectors
from meetings.services import follow_ups as services
from meetings.views.fetch import get_item
from meetings.views.meetings import meeting_trail

READ_OR_WRITE = ["GET", "HEAD", "POST"]


def get_follow_up(request: HttpRequest, follow_up_id: int) -> FollowUp:
    """The follow-up, if this reader may see it."""
    rows = FollowUp.objects.visible_to(request.user).select_related(
        "item__meeting__committee", "owner", "created_by", "handed_to"
    )
    row = get_object_or_404(rows, pk=follow_up_id)
    own = roles_in(request.user, row.item.meeting.committee_id)
    shown = row.item.meeting.committee_id if own else row.body_id
    request.committee_id = shown  # type: ignore[attr-defined]
    return row


def _trail(*last: tuple[Any, str]) -> list[dict[str, Any]]:
    steps = [
        (_("Meetings"), reverse("meetings:meeting_list")),
        (_("Follow-up"), reverse("meetings:follow_up_list")),
        *last,
    ]
    return [{"label": label, "url": url} for label, url in steps]


@require_safe
def follow_up_list(request: HttpRequest) -> HttpResponse:
    """The follow-ups of the committee one works in, the overdue first."""
    own = list(Committee.objects.filter(pk__in=list(roles_of(request.user))).order_by("name"))
    committee = current_committee(request, own)
    context = selectors.follow_up_list(request.user, committee, request.GET.get("vis", ""))
    return render_page(request, "meetings/follow_up_list.html", context | {"trail": _trail()})


@require_http_methods(READ_OR_WRITE)
@once
def follow_up_new(request: HttpRequest, meeting_id: int, item_id: int) -> HttpResponse:
    """Add a follow-up to an item."""
    item = get_item(request, meeting_id, item_id)
    policies.can_add_follow_up(request.user, item).require()
    form = FollowUpForm(item, request.POST if request.method == "POST" else None)
    if form.is_ready() and form.carries_out(
        lambda: services.create_follow_up(item=item, by=request.user, **form.facts())
    ):
        messages.success(request, _("The follow-up is added."))
        return go_to(request, reverse("meetings:meeting_minutes", args=[meeting_id]))
    context = {
        "form": form,
        "item": item,
        "is_late": item.meeting.state not in DECIDING,
        "back": reverse("meetings:meeting_minutes", args=[meeting_id]),
        "trail": meeting_trail(item.meeting, _("Add follow-up")),
    }
    return render_page(request, "meetings/follow_up_new.html", context, status=form.status)


@require_http_methods(READ_OR_WRITE)
@once
def follow_up_page(request: HttpRequest, follow_up_id: int) -> HttpResponse:
    """One follow-up with its history; a post reports how far it is."""
    row = get_follow_up(request, follow_up_id)
    form = ProgressForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            services.report_progress(follow_up=row, text=form.cleaned_data["text"], by=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Your report is saved."))
            return go_to(request, row.get_absolute_url())
    if form.is_bound:
        policies.can_report_progress(request.user, row).require()
    context = selectors.follow_up_page(request.user, row) | {"form": form}
    context["trail"] = _trail((_("One follow-up"), request.path))
    status = 422 if form.errors else 200
    return render_page(request, "meetings/follow_up_page.html", context, status=status)


@require_http_methods(READ_OR_WRITE)
@once
def follow_up_edit(request: HttpRequest, follow_up_id: int) -> HttpResponse:
    """Change what, who or when."""
    row = get_follow_up(request, follow_up_id)
    _require_manager(request, row)
    form = FollowUpForm.of(row)
    if request.method == "POST":
        form = FollowUpForm(row.item, request.POST)
    if form.is_ready() and form.carries_out(lambda: _change(row, form, request.user)):
        messages.success(request, _("The follow-up is changed."))
        return go_to(request, row.get_absolute_url())
    if form.stopped == 409:
        form = _rebased(row, form)
    context = _form_context(row, form, _("Change the follow-up"))
    return render_page(request, "meetings/follow_up_edit.html", context, status=form.status)


def _change(row: FollowUp, form: FollowUpForm, by: Any) -> None:
    version = form.cleaned_data["version"] or 0
    services.change_follow_up(follow_up=row, version=version, by=by, **form.facts())


def _rebased(row: FollowUp, form: FollowUpForm) -> FollowUpForm:
    """What was typed, to be saved on top of what the follow-up says now."""
    row.refresh_from_db()
    form.data = {**form.data.dict(), "version": str(row.version)}  # type: ignore[attr-defined]
    return form


def _require_manager(request: HttpRequest, row: FollowUp) -> None:
    """Before anything is typed. Of one closed meanwhile the service tells, and the text stays."""
    sent = request.method == "POST"
    policy = policies.manages_follow_up if sent else policies.can_manage_follow_up
    policy(request.user, row).require()


def _form_context(row: FollowUp, form: Any, name: str) -> dict[str, Any]:
    url = row.get_absolute_url()
    trail = _trail((_("One follow-up"), url), (name, ""))
    return {"row": row, "form": form, "back": url, "trail": trail}


@require_POST
@once
def follow_up_finish(request: HttpRequest, follow_up_id: int) -> HttpResponse:
    """It is done."""
    row = get_follow_up(request, follow_up_id)
    services.finish_follow_up(follow_up=row, by=request.user)
    messages.success(request, _("The follow-up is done."))
    return go_to(request, row.get_absolute_url())


@require_http_methods(READ_OR_WRITE)
@once
def follow_up_drop(request: HttpRequest, follow_up_id: int) -> HttpResponse:
    """It will not be done, and why."""
    row = get_follow_up(request, follow_up_id)
    _require_manager(request, row)
    form = DropForm(request.POST if request.method == "POST" else None)
    if form.is_ready() and form.carries_out(
        lambda: services.drop_follow_up(
            follow_up=row, reason=form.cleaned_data["reason"], by=request.user
        )
    ):
        messages.success(request, _("The follow-up is dropped."))
        return go_to(request, row.get_absolute_url())
    context = _form_context(row, form, _("Drop the follow-up"))
    return render_page(request, "meetings/follow_up_drop.html", context, status=form.status)
