"""Amendments: what members want changed in a guideline, and what became of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.htmx import go_to, render_page
from core.kept import take_kept_post
from core.once import once
from core.verdicts import NotAllowed, Refused, StaleState
from ethics.forms.guidelines import (
    AmendmentForm,
    AnswerForm,
    RebaseForm,
)
from ethics.models import Amendment, Guideline
from ethics.policies import guidelines as policies
from ethics.selectors import guidelines as selectors
from ethics.services import amendments
from ethics.views.guidelines import READ_OR_WRITE, get_section, status_of, work_trail


def get_amendment(request: HttpRequest, amendment_id: int) -> Amendment:
    rows = Amendment.objects.visible_to(request.user).select_related(
        "guideline__committee__municipality", "author", "answered_by", "into"
    )
    row = get_object_or_404(rows, pk=amendment_id)
    request.committee_id = row.guideline.committee_id  # type: ignore[attr-defined]
    return row


@require_http_methods(READ_OR_WRITE)
@once
def amendment_new(request: HttpRequest, guideline: str, number: int) -> HttpResponse:
    """A member proposes another text of a section."""
    row, _version, section = get_section(request, guideline, number)
    policies.can_amend(request.user, row).require()
    initial = {"text": section.text, **take_kept_post(request)}
    initial["seen"] = initial.get("seen") or amendments.mark_of(section.text)
    form = AmendmentForm(request.POST if request.method == "POST" else None, initial=initial)
    stale = ""
    if form.is_bound and form.is_valid():
        try:
            found = amendments.propose_amendment(
                guideline=row, number=number, by=request.user, **form.cleaned_data
            )
        except Refused as refusal:
            form.refuse(refusal)
        except StaleState as refusal:
            stale = str(refusal.reason)
            form = _on_new_text(AmendmentForm, form, row, number, section.text)
        else:
            messages.success(request, _("Your proposal is sent to the secretariat."))
            return go_to(request, found.get_absolute_url())
    context = {
        "guideline": row,
        "section": section,
        "form": form,
        "stale": stale,
        "back": row.work_url,
        "trail": work_trail(row, (_("Propose a change"), "")),
    }
    status = status_of(form, stale)
    return render_page(request, "ethics/amendment_new.html", context, status=status)


def _on_new_text(kind: Any, form: Any, row: Guideline, number: int, now: str) -> Any:
    """What one has typed, put on the text as it is now and marked as written on it."""
    data = form.cleaned_data
    text = amendments.on_new_text(
        guideline=row, number=number, text=data["text"], seen=data["seen"]
    )
    return kind(initial=data | {"text": text, "seen": amendments.mark_of(now)})


@require_http_methods(READ_OR_WRITE)
@once
def amendment_page(request: HttpRequest, amendment_id: int) -> HttpResponse:
    """One proposed change with all its texts. The author's button takes it back."""
    row = get_amendment(request, amendment_id)
    if request.method == "POST":
        amendments.withdraw_amendment(amendment=row, by=request.user)
        messages.success(request, _("Your proposal is taken back."))
        return go_to(request, row.get_absolute_url())
    context = selectors.amendment_page(request.user, row)
    context["trail"] = work_trail(row.guideline, (_("Proposed change"), ""))
    return render_page(request, "ethics/amendment_page.html", context)


def amendment_trail(row: Amendment, label: str) -> list[dict[str, Any]]:
    return work_trail(row.guideline, (_("Proposed change"), row.get_absolute_url()), (label, ""))


@require_http_methods(READ_OR_WRITE)
@once
def amendment_answer(request: HttpRequest, amendment_id: int) -> HttpResponse:
    """Record what the meeting made of it."""
    row = get_amendment(request, amendment_id)
    policies.can_run(request.user, row.guideline.committee_id).require()
    if request.method != "POST" and not policies.is_open(row):
        return go_to(request, row.get_absolute_url())
    initial = {"texts": row.texts_count, **take_kept_post(request)}
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=initial)
    stopped = 0
    if form.is_bound and form.is_valid():
        try:
            _answer(request, row, form)
        except Refused as refusal:
            form.refuse(refusal)
        except StaleState as refusal:
            stopped = form.stop(refusal)
        else:
            messages.success(request, _("The answer is recorded."))
            return go_to(request, row.get_absolute_url())
    context = selectors.amendment_page(request.user, get_amendment(request, amendment_id))
    context |= {
        "form": form,
        "back": row.get_absolute_url(),
        "trail": amendment_trail(row, _("Answer")),
    }
    status = stopped or status_of(form)
    return render_page(request, "ethics/amendment_answer.html", context, status=status)


def _answer(request: HttpRequest, row: Amendment, form: AnswerForm) -> None:
    facts: dict[str, Any] = {
        "amendment": row,
        "decided": form.decided(),
        "texts": form.cleaned_data["texts"] or 0,
        "answer": form.cleaned_data["answer"],
        "by": request.user,
    }
    if form.cleaned_data["outcome"] == "accept":
        amendments.accept_amendment(**facts)
    else:
        amendments.decline_amendment(**facts)


@require_http_methods(READ_OR_WRITE)
@once
def amendment_rebase(request: HttpRequest, amendment_id: int) -> HttpResponse:
    """Put the proposed change on the section as it reads now."""
    row = get_amendment(request, amendment_id)
    if request.method != "POST" or row.author_id != request.user.pk:
        policies.can_rebase(request.user, row).require()
    page = selectors.amendment_page(request.user, row)
    shown = page["shown"]
    initial = {"text": shown.merged, **take_kept_post(request)}
    initial["seen"] = initial.get("seen") or amendments.mark_of(shown.now)
    form = RebaseForm(request.POST if request.method == "POST" else None, initial=initial)
    stale, stopped = "", 0
    if form.is_bound and form.is_valid():
        try:
            amendments.rebase_amendment(amendment=row, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.refuse(refusal)
        except StaleState as refusal:
            stale = str(refusal.reason)
            form = _on_new_text(RebaseForm, form, row.guideline, row.section_number, shown.now)
        except NotAllowed as refusal:
            stopped = form.stop(refusal)
        else:
            messages.success(request, _("The proposal is put on the new text."))
            return go_to(request, row.get_absolute_url())
    context = page | {
        "form": form,
        "stale": stale,
        "back": row.get_absolute_url(),
        "trail": amendment_trail(row, _("Put on the new text")),
    }
    status = stopped or status_of(form, stale)
    return render_page(request, "ethics/amendment_rebase.html", context, status=status)
