"""Skriftligt input: rounds between the meetings."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from committee.enums import Role
from committee.models import committees_where
from core.drafts import find_draft, save_draft
from core.htmx import go_to, render_page
from core.once import once
from core.templatetags.ur import clock
from core.verdicts import NotAllowed, Refused, StaleState
from meetings import policies
from meetings.enums import RoundState
from meetings.forms.rounds import CloseRoundForm, InputForm, RoundForm
from meetings.models import Attachment, InputAnswer, InputRound
from meetings.selectors.rounds import (
    asked_people,
    own_answer,
    sees_answers,
    sees_progress,
    visible_rounds,
)
from meetings.services import rounds as services
from meetings.views.read_through import reminder_sentence

LONGEST_DRAFT = services.LONGEST_ANSWER


def _round(request: HttpRequest, round_id: int) -> InputRound:
    rounds = InputRound.objects.visible_to(request.user)
    row = get_object_or_404(
        rounds.select_related("committee__municipality", "meeting", "attachment__item"),
        pk=round_id,
    )
    request.committee_id = row.committee_id  # type: ignore[attr-defined]
    return row


def _trail(*last: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"label": _("Meetings"), "url": reverse("meetings:meeting_list")},
        {"label": _("Written input"), "url": reverse("meetings:round_list")},
        *last,
    ]


def _may_open(request: HttpRequest) -> bool:
    return bool(committees_where(request.user, {Role.SECRETARIAT}))


@require_safe
def round_list(request: HttpRequest) -> HttpResponse:
    """Every round one is asked in, and those one runs."""
    context = {
        "rows": visible_rounds(request.user),
        "may_open": _may_open(request),
        "trail": _trail(),
    }
    return render_page(request, "meetings/round_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def round_new(request: HttpRequest) -> HttpResponse:
    """Open a round."""
    if not _may_open(request):
        raise NotAllowed(policies.ONLY_SECRETARIAT)
    posted = request.method == "POST"
    form = RoundForm(request.user, request.POST if posted else None)
    if posted and form.is_valid():
        try:
            row = services.open_round(by=request.user, **form.round_fields())
        except Refused as error:
            form.refuse(error)
        else:
            messages.success(request, _("The round is open, and those you ask get a mail."))
            return go_to(request, row.get_absolute_url())
    trail = _trail({"label": _("New round"), "url": request.path})
    context = {"form": form, "trail": trail}
    status = 422 if form.errors else 200
    return render_page(request, "meetings/round_new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def round_page(request: HttpRequest, round_id: int) -> HttpResponse:
    """The question, one's own input, and what else one may see."""
    row = _round(request, round_id)
    if request.method != "POST":
        return _page(request, row)
    form = InputForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form=form, status=422)
    try:
        services.save_answer(input_round=row, text=form.cleaned_data["text"], by=request.user)
    except Refused as error:
        form.refuse(error)
        return _page(request, row, form=form, status=422)
    except StaleState as error:
        return _too_late(request, row, form, error)
    messages.success(
        request, _("Your input has been sent. You can rewrite it until the round closes.")
    )
    return go_to(request, row.get_absolute_url())


def _too_late(
    request: HttpRequest, row: InputRound, form: InputForm, error: StaleState
) -> HttpResponse:
    """The round closed while somebody was writing: their text is kept and shown."""
    _keep(request, row, form.cleaned_data["text"])
    row.refresh_from_db()
    form.add_error("text", str(error.reason))
    return _page(request, row, form=form, status=409)


def _keep(request: HttpRequest, row: InputRound, text: str) -> Any:
    return save_draft(
        owner=request.user,
        form=services.draft_name(row),
        fields={"text": text[:LONGEST_DRAFT]},
        base_versions={},
    )


def _page(
    request: HttpRequest, row: InputRound, *, form: InputForm | None = None, status: int = 200
) -> HttpResponse:
    user = request.user
    answer = own_answer(row, user)
    draft = find_draft(owner=user, form=services.draft_name(row))
    people = asked_people(row)
    runs = sees_progress(user, row)
    waits = row.state == RoundState.CLOSED and not row.attachment_id
    context = {
        "round": row,
        "answer": answer,
        "draft": draft,
        "form": form or InputForm(initial={"text": _text(answer, draft)}),
        "can_answer": policies.can_answer_round(user, row),
        "is_asked": policies.is_asked(user, row),
        "people": people,
        "answered": sum(person.answer is not None for person in people),
        "runs": runs,
        "sees_answers": sees_answers(user, row),
        "close_form": CloseRoundForm(row) if runs and (row.state == "open" or waits) else None,
        "waits_for_file": waits,
        "attachment_visible": _attachment_visible(user, row),
        "overdue": row.state == RoundState.OPEN and row.closes_at < timezone.now(),
        "has_errors": bool(form and form.errors),
        "trail": _trail({"label": row.title, "url": row.get_absolute_url()}),
    }
    return render_page(request, "meetings/round_page.html", context, status=status)


def _attachment_visible(user: Any, row: InputRound) -> bool:
    if not row.attachment_id:
        return False
    return Attachment.objects.visible_to(user).filter(pk=row.attachment_id).exists()


def _text(answer: InputAnswer | None, draft: Any) -> str:
    """What was typed last: the unsent draft, else what was sent."""
    if draft is not None:
        return str(draft.fields.get("text", ""))
    return answer.text if answer else ""


@require_POST
def round_draft(request: HttpRequest, round_id: int) -> HttpResponse:
    """Keep what is being typed; the page's script calls this."""
    row = _round(request, round_id)
    verdict = policies.can_answer_round(request.user, row)
    if not policies.is_asked(request.user, row):
        return JsonResponse({"message": str(verdict.reason)}, status=403)
    draft = _keep(request, row, request.POST.get("text", ""))
    if not verdict:
        return JsonResponse({"message": str(verdict.reason)}, status=409)
    saved = _("Draft saved %(time)s, not sent yet") % {"time": clock(draft.saved_at)}
    return JsonResponse({"saved_at_text": saved})


@require_POST
@once
def round_remind(request: HttpRequest, round_id: int) -> HttpResponse:
    """Remind those who have not answered."""
    row = _round(request, round_id)
    count = services.remind_missing(input_round=row, by=request.user)
    messages.success(request, reminder_sentence(count))
    return go_to(request, row.get_absolute_url())


@require_POST
@once
def round_close(request: HttpRequest, round_id: int) -> HttpResponse:
    """Close the round, or choose another item for a closed one's answers."""
    row = _round(request, round_id)
    policies.can_open_round(request.user, row.committee).require()
    form = CloseRoundForm(row, request.POST)
    if form.is_valid():
        verb = services.close_round if row.state == RoundState.OPEN else services.attach_answers
        try:
            verb(input_round=row, by=request.user, **form.cleaned_data)
        except Refused as error:
            row.refresh_from_db()
            form.refuse(error)
        else:
            messages.success(request, _closed_sentence(row))
            return go_to(request, row.get_absolute_url())
    return _close_page(request, row, form)


def _closed_sentence(row: InputRound) -> str:
    if row.answers.exists():
        return _("The round is closed. The answers become an attachment in a moment.")
    return _("The round is closed. Nobody answered, so there is no attachment.")


def _close_page(request: HttpRequest, row: InputRound, form: CloseRoundForm) -> HttpResponse:
    """The form again with what must be corrected."""
    context = {
        "round": row,
        "close_form": form,
        "form": form,
        "trail": _trail({"label": row.title, "url": row.get_absolute_url()}),
    }
    return render_page(request, "meetings/round_close.html", context, status=422)
