"""Sheets: one's own part by part, the seal, all of them side by side, and the discussion."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.drafts import discard_draft, find_draft, save_draft
from core.htmx import go_to, render_page
from core.kept import take_kept_query
from core.models import Draft
from core.once import once
from core.templatetags.ur import clock
from core.verdicts import NotAllowed, Refused, StaleState
from ethics import questionnaire as engine
from ethics.forms import rounds as forms
from ethics.forms.discussion import DiscussionForm
from ethics.forms.questions import SectionForm
from ethics.models import ReviewRound, ReviewSheet
from ethics.policies import rounds as policies
from ethics.selectors import sheets as selectors
from ethics.selectors.rounds import changes_of
from ethics.services import sheets as services
from ethics.views.rounds import READ_OR_WRITE, opened, review_trail

LONGEST_DRAFT = 60_000


def own_sheet(request: HttpRequest, review: ReviewRound) -> ReviewSheet:
    """The reader's own sheet; whose eyes one looks through has none to show."""
    own = policies.assignment_of(request.user, review)
    if own is None or not own.has_sheet or not policies.sees_own_sheet(request.user):
        raise NotAllowed(_("Only the assigned reviewers have a sheet."))
    sheet = services.sheet_of(review, request.user)
    if sheet is None:
        raise NotAllowed(_("The sheets have not been handed out."))
    return sheet


def draft_name(sheet: ReviewSheet, part: str) -> str:
    return f"review-sheet:{sheet.pk}:{part}"


def frame(review: ReviewRound, sheet: ReviewSheet) -> dict[str, Any]:
    """The seal at the top of every page of a sheet."""
    return {
        "review": review,
        "case": review.case,
        "sheet": sheet,
        "sealed": review.sealed_count,
        "wanted": len(review.reviewers),
    }


@require_safe
@opened
def sheet_page(request: HttpRequest, review: ReviewRound) -> HttpResponse:
    """All parts of one's sheet; when it is sealed, what was sealed."""
    sheet = own_sheet(request, review)
    parts = selectors.sheet_parts(review, sheet)
    context = frame(review, sheet) | {
        "parts": parts,
        "is_complete": all(part.is_done for part in parts),
        "missing": sum(1 for part in parts if not part.is_done),
        "can_fill": bool(policies.can_fill(request.user, review, sheet)),
        "changes": changes_of(review),
        "trail": review_trail(review, (_("My sheet"), "")),
    }
    return render_page(request, "ethics/sheet_page.html", context)


@require_http_methods(READ_OR_WRITE)
@once
@opened
def sheet_section(request: HttpRequest, review: ReviewRound, part: str) -> HttpResponse:
    """One part of one's sheet."""
    sheet = own_sheet(request, review)
    number, section = _section(sheet, part)
    form = _form(request, review, sheet, section)
    stopped = 0
    if request.method != "POST":
        policies.can_fill(request.user, review, sheet).require()
    elif form.is_valid():
        try:
            services.save_section(review=review, answers=form.cleaned_answers(), by=request.user)
        except (NotAllowed, StaleState) as refusal:
            stopped = form.stop(refusal)
        else:
            discard_draft(owner=request.user, form=draft_name(sheet, part))
            return go_to(request, _after(request, review, sheet, number))
    if form.errors and not stopped:
        # Without a script nothing has kept it yet.
        _keep(request, sheet, section)
    sections = engine.by_ref(sheet.questionnaire_ref).sections
    context = frame(review, sheet) | {
        "form": form,
        "section": section,
        "number": number,
        "count": len(sections),
        "previous": sections[number - 2] if number > 1 else None,
        "following": sections[number] if number < len(sections) else None,
        "autosave": reverse("ethics:sheet_draft", args=[review.pk, part]),
        "draft": find_draft(owner=request.user, form=draft_name(sheet, part)),
    }
    status = stopped or (422 if form.errors else 200)
    return render_page(request, "ethics/sheet_section.html", context, status=status)


def _section(sheet: ReviewSheet, part: str) -> tuple[int, Any]:
    sections = engine.by_ref(sheet.questionnaire_ref).sections
    for number, section in enumerate(sections, start=1):
        if section.id == part:
            return number, section
    raise Http404


def _form(request: HttpRequest, review: ReviewRound, sheet: ReviewSheet, section: Any) -> Any:
    known = engine.by_ref(sheet.questionnaire_ref)
    extra: dict[str, Any] = {"given": review.answers, "given_by": _("The answer of the proposal")}
    if request.method == "POST":
        return SectionForm(known, section, sheet.answers, request.POST, **extra)
    typed = take_kept_query(request)
    if typed:
        messages.info(request, _("This is what you had written when the login expired. Save it."))
    elif draft := find_draft(owner=request.user, form=draft_name(sheet, section.id)):
        typed = QueryDict(draft.fields.get("typed", ""))
    extra["typed"] = SectionForm(known, section, sheet.answers).typed(typed)
    return SectionForm(known, section, sheet.answers, **extra)


def _after(request: HttpRequest, review: ReviewRound, sheet: ReviewSheet, number: int) -> str:
    sections = engine.by_ref(sheet.questionnaire_ref).sections
    if "later" in request.POST or number >= len(sections):
        return reverse("ethics:sheet_page", args=[review.pk])
    return reverse("ethics:sheet_section", args=[review.pk, sections[number].id])


@require_POST
@opened
def sheet_draft(request: HttpRequest, review: ReviewRound, part: str) -> HttpResponse:
    """Keep what is being typed; the page's script calls this."""
    sheet = own_sheet(request, review)
    _number, section = _section(sheet, part)
    verdict = policies.can_fill(request.user, review, sheet)
    if not verdict:
        return JsonResponse({"message": str(verdict.reason)}, status=403)
    draft = _keep(request, sheet, section)
    saved = _("Kept %(time)s, not saved in your sheet yet") % {"time": clock(draft.saved_at)}
    return JsonResponse({"saved_at_text": saved})


def _keep(request: HttpRequest, sheet: ReviewSheet, section: Any) -> Draft:
    """Theirs alone, like the sheet itself."""
    known = engine.by_ref(sheet.questionnaire_ref)
    own = SectionForm(known, section, sheet.answers).fields
    typed = QueryDict(mutable=True)
    for key, values in request.POST.lists():
        if key in own:
            typed.setlist(key, values)
    return save_draft(
        owner=request.user,
        form=draft_name(sheet, section.id),
        fields={"typed": typed.urlencode()[:LONGEST_DRAFT]},
        base_versions={"turn": sheet.turn},
    )


@require_http_methods(READ_OR_WRITE)
@once
@opened
def sheet_seal(request: HttpRequest, review: ReviewRound) -> HttpResponse:
    """Look at it once more, and close it for good."""
    sheet = own_sheet(request, review)
    data = request.POST if request.method == "POST" else None
    initial = {"recommendation": sheet.recommendation, "note": sheet.note}
    form = forms.SealForm(data, initial=initial)
    stopped = 0
    if form.is_bound and form.is_valid():
        try:
            services.seal_sheet(review=review, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.refuse(refusal)
        except (NotAllowed, StaleState) as refusal:
            stopped = form.stop(refusal)
        else:
            for section in engine.by_ref(sheet.questionnaire_ref).sections:
                discard_draft(owner=request.user, form=draft_name(sheet, section.id))
            messages.success(request, _("Your sheet is sealed."))
            return go_to(request, reverse("ethics:sheet_page", args=[review.pk]))
    elif not form.is_bound:
        policies.can_fill(request.user, review, sheet).require()
    parts = selectors.sheet_parts(review, sheet)
    context = frame(review, sheet) | {
        "form": form,
        "lacking": [part for part in parts if not part.is_done],
        "back": reverse("ethics:sheet_page", args=[review.pk]),
        "trail": review_trail(review, (_("Seal the sheet"), "")),
    }
    status = stopped or (422 if form.errors else 200)
    return render_page(request, "ethics/sheet_seal.html", context, status=status)


# All sheets -----------------------------------------------------------------------------------


@require_safe
@opened
def review_sheets(request: HttpRequest, review: ReviewRound) -> HttpResponse:
    """The revealed sheets side by side."""
    policies.reads_sheets(request.user, review).require()
    context = selectors.open_sheets_page(request.user, review) | {
        "review": review,
        "case": review.case,
        "trail": review_trail(review, (_("All sheets"), "")),
    }
    return render_page(request, "ethics/review_sheets.html", context)


@require_http_methods(READ_OR_WRITE)
@once
@opened
def sheet_add(request: HttpRequest, review: ReviewRound, sheet_id: int) -> HttpResponse:
    """Add to one's own revealed sheet, with a reason."""
    rows = ReviewSheet.objects.select_related("assignment__round__case__committee")
    sheet = get_object_or_404(rows, pk=sheet_id, assignment__round=review)
    policies.can_add(request.user, review, sheet).require()
    known = engine.by_ref(sheet.questionnaire_ref)
    data = request.POST if request.method == "POST" else None
    form = forms.AdditionForm(known.questions, data)
    back = reverse("ethics:review_sheets", args=[review.pk])
    if form.is_bound and form.is_valid():
        try:
            services.add_to_sheet(sheet=sheet, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Your addition stands with your sheet."))
            return go_to(request, back)
    context = {
        "review": review,
        "heading": _("Add to your sheet"),
        "form": form,
        "submit": _("Add it"),
        "back": back,
        "trail": review_trail(review, (_("All sheets"), back), (_("Add"), "")),
    }
    status = 422 if form.errors else 200
    return render_page(request, "ethics/review_form.html", context, status=status)


@require_http_methods(READ_OR_WRITE)
@once
@opened
def review_discussion(request: HttpRequest, review: ReviewRound) -> HttpResponse:
    """The discussion list and the flags, saved together so that no text is left behind."""
    policies.reads_sheets(request.user, review).require()
    page = selectors.discussion_page(request.user, review)
    form = DiscussionForm(page, request.POST if request.method == "POST" else None)
    if form.is_bound and not form.fields:
        policies.can_discuss(request.user, review).require()
    if form.is_ready() and form.carries_out(lambda: _write_down(form, review, request.user)):
        messages.success(request, _("It is written down."))
        return go_to(request, _after_discussion(request, review))
    context = page | {
        "review": review,
        "case": review.case,
        "form": form,
        "trail": review_trail(review, (_("Discussion of the review"), "")),
    }
    return render_page(request, "ethics/review_discussion.html", context, status=form.status)


@transaction.atomic
def _write_down(form: DiscussionForm, review: ReviewRound, by: Any) -> None:
    """All of it or nothing."""
    form.save(review, by)


def _after_discussion(request: HttpRequest, review: ReviewRound) -> str:
    if "condition" in request.POST:
        new = reverse("ethics:condition_new", args=[review.case_id])
        return f"{new}?bedoemmelse={review.pk}"
    return reverse("ethics:review_discussion", args=[review.pk])
