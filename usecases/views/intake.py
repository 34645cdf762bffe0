"""Filing a proposal in a few steps that can be saved, and changing what it says afterwards."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from committee.context import current_committee
from committee.models import Committee
from core.drafts import discard_draft, find_draft, save_draft
from core.htmx import go_to, render_page
from core.models import Draft
from core.numbers import whole_number
from core.once import once
from core.templatetags.ur import clock
from core.verdicts import NotAllowed, Refused, StaleState
from usecases import policies
from usecases.enums import Status
from usecases.forms.moves import SimilarForm
from usecases.forms.record import SectionForm, section_form
from usecases.models import UseCase
from usecases.record import RecordSection, record
from usecases.selectors.missing import missing_for
from usecases.selectors.page import sections
from usecases.selectors.similar import Similar, similar
from usecases.services import moves, texts
from usecases.views.fetch import case_trail, get_own_case, trail

READ_OR_WRITE = ["GET", "HEAD", "POST"]
NEW = "usecase:new"
LONGEST_DRAFT = 60_000


def draft_name(case: UseCase, section: RecordSection) -> str:
    return f"usecase:{case.pk}:{section.key}"


def get_section(key: str) -> RecordSection:
    try:
        return record().section(key)
    except KeyError as error:
        raise Http404 from error


# The first step makes the draft ------------------------------------------------------------


@require_http_methods(READ_OR_WRITE)
@once
def case_new(request: HttpRequest) -> HttpResponse:
    """The first step. Nothing is stored before it is saved."""
    section = record().intake[0]
    form = section_form(section, None, request.POST if request.method == "POST" else None)
    form.initial["title"] = request.GET.get("titel", "")[:100]
    if form.is_ready(policies.can_propose(request.user)) and (case := _created(request, form)):
        discard_draft(owner=request.user, form=NEW)
        return go_to(request, _after(request, case, section))
    draft = find_draft(owner=request.user, form=NEW)
    form = form if form.is_bound else _with_draft(form, draft)
    context = _step_context(form, section, None) | {
        "draft": draft,
        "autosave": reverse("usecases:case_new_draft"),
        "similar": _similar_now(request, form, None),
        "trail": trail((_("New proposal"), "")),
    }
    return render_page(request, "usecases/section_edit.html", context, status=form.status)


def _created(request: HttpRequest, form: SectionForm) -> UseCase | None:
    return form.attempt(
        lambda: texts.create_case(
            committee=_committee(request), values=form.values(), by=request.user
        )
    )


def _committee(request: HttpRequest) -> Committee:
    """The body that the reader works in, else the one that asks."""
    bodies = Committee.objects.visible_to(request.user).select_related("municipality")
    found = current_committee(request, list(bodies.order_by("name")))
    if found is None:
        raise Refused(_("There is no committee to send a proposal to."))
    return found


@require_POST
def case_new_draft(request: HttpRequest) -> HttpResponse:
    """Keep what is being typed in the first step; the page's script calls this."""
    if not policies.can_propose(request.user):
        raise NotAllowed(policies.can_propose(request.user).reason)
    return _kept(_keep(request, NEW, record().intake[0], 0))


# One section, before and after submitting ----------------------------------------------------


@require_http_methods(READ_OR_WRITE)
@once
def section_edit(request: HttpRequest, case_id: int, section: str) -> HttpResponse:
    """One step of the intake, or one part of a case that was submitted."""
    case = get_own_case(request, case_id)
    part = get_section(section)
    if request.method != "POST" or not policies.has_edited(request.user, case):
        policies.can_edit(request.user, case).require()
    form = section_form(part, case, request.POST if request.method == "POST" else None)
    stale, stopped = "", 0
    if form.is_ready():
        try:
            case = _save(request, case, part, form)
        except Refused as refusal:
            form.refuse(refusal)
        except StaleState as conflict:
            stale = str(conflict.reason)
        except NotAllowed as refusal:
            stopped = form.stop(refusal)
        else:
            return go_to(request, _after(request, case, part))
    return _section_page(request, case, part, form, stale=stale, stopped=stopped)


def _save(request: HttpRequest, case: UseCase, part: RecordSection, form: SectionForm) -> UseCase:
    version = form.cleaned_data["version"] or 0
    case = texts.save_values(case=case, values=form.values(), version=version, by=request.user)
    discard_draft(owner=request.user, form=draft_name(case, part))
    messages.success(request, _("“%(part)s” is saved.") % {"part": part.heading})
    return case


def _section_page(
    request: HttpRequest,
    case: UseCase,
    part: RecordSection,
    form: SectionForm,
    *,
    stale: str,
    stopped: int,
) -> HttpResponse:
    draft = find_draft(owner=request.user, form=draft_name(case, part))
    if stale:
        form = _rebased(form, case, part, request.POST)
    elif not form.is_bound:
        form = _with_draft(form, draft)
    context = _step_context(form, part, case) | {
        "draft": draft,
        "stale": stale,
        "autosave": reverse("usecases:section_draft", args=[case.pk, part.key]),
        "similar": _similar_now(request, form, case) if part.step == 1 else None,
        "trail": case_trail(case, (part.heading, "")),
    }
    status = stopped or (409 if stale else form.status)
    return render_page(request, "usecases/section_edit.html", context, status=status)


def _rebased(form: SectionForm, case: UseCase, part: RecordSection, data: QueryDict) -> SectionForm:
    """What one has typed, on top of the version that is there now."""
    case.refresh_from_db()
    again = section_form(part, case)
    again.initial.update(form.typed(data))
    return again


def _with_draft(form: SectionForm, draft: Draft | None) -> SectionForm:
    """The text that was typed and not saved comes before the text that is saved."""
    if draft is not None:
        data = QueryDict(draft.fields.get("typed", ""))
        form.initial.update(form.typed(data))
    return form


@require_POST
def section_draft(request: HttpRequest, case_id: int, section: str) -> HttpResponse:
    """Keep what is being typed; the page's script calls this."""
    case = get_own_case(request, case_id)
    part = get_section(section)
    verdict = policies.can_edit(request.user, case)
    if not verdict:
        return JsonResponse({"message": str(verdict.reason)}, status=403)
    return _kept(_keep(request, draft_name(case, part), part, case.version))


def _keep(request: HttpRequest, name: str, part: RecordSection, version: int) -> Draft:
    own = {known.key for known in part.fields}
    typed = QueryDict(mutable=True)
    for key, values in request.POST.lists():
        if key in own or key.rpartition("_")[0] in own:
            typed.setlist(key, values)
    return save_draft(
        owner=request.user,
        form=name,
        fields={"typed": typed.urlencode()[:LONGEST_DRAFT]},
        base_versions={"case": version},
    )


def _kept(draft: Draft) -> JsonResponse:
    saved = _("Kept %(time)s, not saved in the proposal yet") % {"time": clock(draft.saved_at)}
    return JsonResponse({"saved_at_text": saved})


def _step_context(form: SectionForm, part: RecordSection, case: UseCase | None) -> dict[str, Any]:
    """Where one is among the steps."""
    intake = record().intake
    wizard = bool(part.step) and (case is None or case.status == Status.DRAFT)
    steps = [
        {
            "number": one.step,
            "heading": one.heading,
            "url": reverse("usecases:section_edit", args=[case.pk, one.key]) if case else "",
            "current": one.key == part.key,
            "done": case is not None and _is_done(case, one),
        }
        for one in intake
    ]
    back = steps[part.step - 2]["url"] if wizard and part.step > 1 else ""
    return {
        "form": form,
        "part": part,
        "case": case,
        "wizard": wizard,
        "steps": steps,
        "last": len(steps) + 1,
        "review_url": reverse("usecases:case_review", args=[case.pk]) if case else "",
        "back": back or (case.get_absolute_url() if case else reverse("usecases:case_list")),
    }


def _is_done(case: UseCase, part: RecordSection) -> bool:
    return all(case.is_filled(one.key) for one in part.fields if one.stage == "submission")


def _after(request: HttpRequest, case: UseCase, part: RecordSection) -> str:
    """Where the button leads: the next step, the review, or back to the case."""
    if "stay" in request.POST:
        return reverse("usecases:section_edit", args=[case.pk, part.key])
    if case.status != Status.DRAFT or not part.step or "later" in request.POST:
        return case.get_absolute_url()
    following = next((one for one in record().intake if one.step == part.step + 1), None)
    if following is None:
        return reverse("usecases:case_review", args=[case.pk])
    return reverse("usecases:section_edit", args=[case.pk, following.key])


# Similar cases ---------------------------------------------------------------------------------


def _similar_now(request: HttpRequest, form: SectionForm, case: UseCase | None) -> list[Any]:
    """Those like what stands in the form."""
    title, problem = form["title"].value() or "", form["problem"].value() or ""
    return similar(title, problem, request.user, exclude=case.pk if case else None)


@require_POST
def similar_cases(request: HttpRequest) -> HttpResponse:
    """Cases like what is being typed: a fragment. A POST, so that no text lands in a log.

    Without a script the button “Save and find similar” of the step does the same.
    """
    policies.can_propose(request.user).require()
    title, problem = request.POST.get("title", "")[:200], request.POST.get("problem", "")[:5000]
    exclude = whole_number(request.GET.get("uden"))
    context = {
        "similar": similar(title, problem, request.user, exclude=exclude),
        "asked": bool(title or problem),
    }
    return render_page(request, "usecases/parts/similar.html", context)


@require_http_methods(READ_OR_WRITE)
@once
def case_similar(request: HttpRequest, case_id: int) -> HttpResponse:
    """Same or different? Answered once, before submitting."""
    case = get_own_case(request, case_id)
    if request.method != "POST":
        policies.can_edit(request.user, case).require()
        if case.status != Status.DRAFT:
            return go_to(request, case.get_absolute_url())
    found = similar(
        case.title, case.answers.get("problem", ""), request.user, exclude=case.pk, limit=2
    )
    initial = {"similar_answer": case.similar_answer, "similar_note": case.similar_note}
    form = SimilarForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_ready(policies.can_edit(request.user, case)) and _answered(
        request, case, form, found
    ):
        return go_to(request, reverse("usecases:case_review", args=[case.pk]))
    context = {
        "case": case,
        "form": form,
        "similar": found,
        "back": reverse("usecases:case_review", args=[case.pk]),
        "trail": case_trail(case, (_("Similar proposals"), "")),
    }
    return render_page(request, "usecases/case_similar.html", context, status=form.status)


def _answered(
    request: HttpRequest, case: UseCase, form: SimilarForm, found: list[Similar]
) -> UseCase | None:
    return form.attempt(
        lambda: texts.answer_similar(
            case=case,
            answer=form.cleaned_data["similar_answer"],
            note=form.cleaned_data["similar_note"],
            shown=[one.case.pk for one in found],
            by=request.user,
        )
    )


# The last step ----------------------------------------------------------------------------------


@require_http_methods(READ_OR_WRITE)
@once
def case_review(request: HttpRequest, case_id: int) -> HttpResponse:
    """Everything on one page, what lacks as links, and the button that submits."""
    case = get_own_case(request, case_id)
    if request.method == "POST":
        case = moves.move_case(case=case, move="submit", by=request.user)
        messages.success(
            request, _("The proposal is submitted as %(number)s.") % {"number": case.number}
        )
        return go_to(request, case.get_absolute_url())
    policies.may_move(request.user, case, "submit").require()
    if case.status != Status.DRAFT:
        return go_to(request, case.get_absolute_url())
    part = record().intake[-1]
    context = _step_context(section_form(part, case), part, case) | {
        "sections": sections(request.user, case, may_edit=True),
        "missing": missing_for(case, "submit"),
        "back": reverse("usecases:section_edit", args=[case.pk, part.key]),
        "trail": case_trail(case, (_("Review and submit"), "")),
    }
    return render_page(request, "usecases/case_review.html", context)
