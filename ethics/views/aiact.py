"""The questions of the AI Act for one case, and the page where anybody tries them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.drafts import discard_draft, find_draft, save_draft
from core.htmx import go_to, render_page
from core.once import once
from core.templatetags.ur import clock
from core.verdicts import NotAllowed, Refused, StaleState
from ethics.ai_act import Rules, classify, current_rules
from ethics.ai_act.rules import Named
from ethics.forms.aiact import AnswersForm, ConcludeForm, names_in
from ethics.models import AiActAssessment
from ethics.policies import aiact as policies
from ethics.selectors import aiact
from ethics.selectors.aiact_pages import page_context, result_context
from ethics.services.aiact import conclude, save_answers
from usecases.models import UseCase
from usecases.views.fetch import case_trail, get_own_case

READ_OR_WRITE = ["GET", "HEAD", "POST"]
LONGEST_DRAFT = 400_000


def heading() -> str:
    return _("Assessment under the AI Act")


def trail(case: UseCase, *steps: tuple[Any, str]) -> list[dict[str, Any]]:
    page = reverse("ethics:aiact_page", args=[case.pk])
    return case_trail(case, (heading(), page if steps else ""), *steps)


@require_safe
def aiact_page(request: HttpRequest, case_id: int) -> HttpResponse:
    """What the rules say of the case, why, and which duties follow."""
    case = get_own_case(request, case_id)
    may_answer = policies.can_answer(request.user, case)
    context = page_context(case) | {
        "case": case,
        "disclaimer": current_rules().disclaimer,
        "may_answer": may_answer,
        "may_conclude": policies.can_conclude(request.user, case),
        "may_give": policies.can_give_evidence(request.user, case),
        "first_block": next(iter(current_rules().blocks.values())).slug,
        "trail": trail(case),
    }
    return render_page(request, "ethics/aiact_page.html", context)


# The questions ------------------------------------------------------------------------------


def get_block(rules: Rules, slug: str) -> Named:
    block = next((one for one in rules.blocks.values() if one.slug == slug), None)
    if block is None:
        raise Http404
    return block


def draft_name(case: UseCase, block: Named) -> str:
    return f"aiact:{case.pk}:{block.key}"


def _kept_answers(case: UseCase) -> tuple[AiActAssessment | None, Rules, dict[str, Any]]:
    """The answers one goes on from: the draft's, else those that were concluded."""
    concluded, draft = aiact.both_of(case)
    source = draft or concluded
    rules = aiact.rules_for(draft)
    answers = dict(source.answers) if source else {}
    return draft, rules, {name: one for name, one in answers.items() if name in rules.by_id}


@require_http_methods(READ_OR_WRITE)
@once
def aiact_block(request: HttpRequest, case_id: int, block: str) -> HttpResponse:
    """One block of questions. Follow-ups appear when what they hang on is saved."""
    case = get_own_case(request, case_id)
    part = get_block(current_rules(), block)
    draft, rules, answers = _kept_answers(case)
    seen = draft.version if draft else 0
    status = 200
    if request.method == "POST":
        form, status, saved = _save(request, case, part, rules, answers)
        if saved is not None:
            return go_to(request, _after(request, case, part, saved))
        answers = answers | form.typed()
    else:
        policies.can_answer(request.user, case).require()
        answers = answers | _typed_draft(request, case, part, rules)
        names = [one.id for one in rules.in_block(part.key)]
        form = AnswersForm(rules, names, answers, version=seen)
    shown = _shown(rules, part, answers, form)
    order = list(rules.blocks.values())
    context = {
        "case": case,
        "part": part,
        "form": form,
        "rows": form.rows(shown),
        "shown": ",".join(shown),
        "acts": rules.annex_1 if part.key == "annex_1" else {},
        "number": [one.key for one in order].index(part.key) + 1,
        "last": len(order),
        "disclaimer": rules.disclaimer,
        "autosave": reverse("ethics:aiact_block_draft", args=[case.pk, part.slug]),
        "kept": find_draft(owner=request.user, form=draft_name(case, part)),
        "back": reverse("ethics:aiact_page", args=[case.pk]),
        "trail": trail(case, (part.text, "")),
    }
    return render_page(request, "ethics/aiact_block.html", context, status=status)


def _shown(rules: Rules, part: Named, answers: dict[str, Any], form: AnswersForm) -> list[str]:
    """The block's questions that are asked now, and those that were on the page."""
    asked = set(aiact.progress_of(rules, _clean(rules, answers)).asked)
    typed = set(form.names) if form.is_bound else set()
    return [one.id for one in rules.in_block(part.key) if one.id in asked | typed]


def _clean(rules: Rules, answers: dict[str, Any]) -> dict[str, Any]:
    """Without what is no answer: a form that is shown again may hold anything."""
    found = {}
    for name, answer in answers.items():
        value = answer.get("value")
        values = value if isinstance(value, list) else [value]
        if all(one in rules.by_id[name].by_value for one in values):
            found[name] = answer
    return found


def _save(
    request: HttpRequest, case: UseCase, part: Named, rules: Rules, answers: dict[str, Any]
) -> tuple[AnswersForm, int, AiActAssessment | None]:
    """The form as it was sent, the status of the answer, and what was saved, if it was."""
    allowed = [one.id for one in rules.in_block(part.key)]
    refused: Refused | None = None
    try:
        names = names_in(rules, request.POST, allowed)
    except Refused as refusal:
        names, refused = [name for name in allowed if f"q_{name}" in request.POST], refusal
    form = AnswersForm(rules, names, answers, request.POST)
    valid = form.is_valid()
    if refused is not None:
        form.refuse(refused)
        return form, 422, None
    if not valid:
        policies.can_answer(request.user, case).require()
        return form, 422, None
    try:
        saved = save_answers(
            case=case,
            answers=form.cleaned_answers(),
            version=form.cleaned_data["version"] or 0,
            by=request.user,  # type: ignore[arg-type]
        )
    except Refused as refusal:
        form.refuse(refusal)
        return form, 422, None
    except (NotAllowed, StaleState) as refusal:
        status = form.stop(refusal)
        if status == 409:
            # What one has typed, on top of the version that is there now.
            newest = aiact.draft_of(case)
            form.go_on_from(newest.version if newest else 0)
        return form, status, None
    discard_draft(owner=request.user, form=draft_name(case, part))
    return form, 200, saved


def _after(request: HttpRequest, case: UseCase, part: Named, saved: AiActAssessment) -> str:
    """Where the button leads: to new follow-ups, the next block, or back to the whole."""
    page = reverse("ethics:aiact_page", args=[case.pk])
    if "later" in request.POST:
        return page
    rules = aiact.rules_for(saved)
    result = aiact.progress_of(rules, saved.answers)
    mine = {one.id for one in rules.in_block(part.key)}
    on_page = set(request.POST.get("shown", "").split(","))
    if mine & set(result.unanswered) - on_page:
        messages.info(request, _("Your answers raise more questions. They are on this page."))
        return reverse("ethics:aiact_block", args=[case.pk, part.slug])
    order = list(rules.blocks.values())
    asked = {rules.by_id[name].block for name in result.asked}
    following = order[[one.key for one in order].index(part.key) + 1 :]
    coming = next((one for one in following if one.key in asked), None)
    return reverse("ethics:aiact_block", args=[case.pk, coming.slug]) if coming else page


def _typed_draft(
    request: HttpRequest, case: UseCase, part: Named, rules: Rules
) -> dict[str, dict[str, Any]]:
    """What was typed and not saved comes before what is saved."""
    draft = find_draft(owner=request.user, form=draft_name(case, part))
    if draft is None:
        return {}
    data = QueryDict(draft.fields.get("typed", ""))
    try:
        names = names_in(rules, data, [one.id for one in rules.in_block(part.key)])
    except Refused:
        return {}
    return AnswersForm(rules, names, {}, data).typed()


@require_POST
def aiact_block_draft(request: HttpRequest, case_id: int, block: str) -> HttpResponse:
    """Keep what is being typed; the page's script calls this."""
    case = get_own_case(request, case_id)
    part = get_block(current_rules(), block)
    verdict = policies.can_answer(request.user, case)
    if not verdict:
        return JsonResponse({"message": str(verdict.reason)}, status=403)
    typed = QueryDict(mutable=True)
    for key, values in request.POST.lists():
        if key == "shown" or key[:2] in ("q_", "r_", "e_"):
            typed.setlist(key, values)
    draft = save_draft(
        owner=request.user,
        form=draft_name(case, part),
        fields={"typed": typed.urlencode()[:LONGEST_DRAFT]},
        base_versions={},
    )
    saved = _("Kept %(time)s, not saved in the assessment yet") % {"time": clock(draft.saved_at)}
    return JsonResponse({"saved_at_text": saved})


@require_http_methods(READ_OR_WRITE)
@once
def aiact_conclude(request: HttpRequest, case_id: int) -> HttpResponse:
    """Settle it: what lacks as links, who finds out what is not known, and the button."""
    case = get_own_case(request, case_id)
    policies.can_conclude(request.user, case).require()
    draft = aiact.draft_of(case)
    if draft is None:
        if request.method == "POST":
            raise StaleState(_("The answers have changed meanwhile. Nothing was changed."))
        return go_to(request, reverse("ethics:aiact_page", args=[case.pk]))
    rules = aiact.rules_for(draft)
    result = classify(draft.answers, rules)
    doubtful = aiact.unknowns(result)
    bound = request.POST if request.method == "POST" else None
    initial: dict[str, Any] = {f"p_{n}": draft.answers[n].get("person") for n in doubtful}
    form = ConcludeForm(rules, doubtful, bound, initial=initial | {"version": draft.version})
    status = 200
    if form.is_bound and form.is_valid():
        try:
            conclude(
                case=case,
                people=form.people(),
                version=form.cleaned_data["version"],
                by=request.user,  # type: ignore[arg-type]
            )
        except Refused as refusal:
            form.refuse(refusal)
        except (NotAllowed, StaleState) as refusal:
            status = form.stop(refusal)
        else:
            messages.success(request, _("The assessment is concluded."))
            return go_to(request, reverse("ethics:aiact_page", args=[case.pk]))
    left = aiact.left_in(aiact.progress_of(rules, draft.answers))
    lacking = [*left, *(name for name in aiact.without_reason(result) if not left)]
    context = result_context(result, draft.answers) | {
        "case": case,
        "form": form,
        "missing": [_missing(case, rules, name, left) for name in lacking],
        "disclaimer": rules.disclaimer,
        "back": reverse("ethics:aiact_page", args=[case.pk]),
        "trail": trail(case, (_("Conclude the assessment"), "")),
    }
    code = status if status != 200 else (422 if form.errors else 200)
    return render_page(request, "ethics/aiact_conclude.html", context, status=code)


def _missing(case: UseCase, rules: Rules, name: str, left: list[str]) -> dict[str, Any]:
    question = rules.by_id[name]
    slug = rules.blocks[question.block].slug
    url = reverse("ethics:aiact_block", args=[case.pk, slug])
    what = _("Not answered") if name in left else _("No reason is given")
    return {"url": f"{url}#s-{name}", "text": question.text, "what": what}


# Trying it ----------------------------------------------------------------------------------


@login_not_required
@require_http_methods(READ_OR_WRITE)
def aiact_try(request: HttpRequest) -> HttpResponse:
    """The same questions and the same engine for everybody. Nothing is kept."""
    rules = current_rules()
    status, result, refused = 200, None, None
    names: list[str] = []
    bound = request.POST if request.method == "POST" else None
    if bound is not None:
        try:
            names = names_in(rules, bound, rules.by_id)
        except Refused as refusal:
            refused = refusal
            names = [name for name in rules.by_id if f"q_{name}" in bound]
    form = AnswersForm(rules, names or rules.by_id, {}, bound, with_reasons=False)
    answers = form.typed() if bound is not None else {}
    if bound is not None:
        valid = form.is_valid()
        if refused is not None:
            form.refuse(refused)
        if valid and refused is None:
            assume = form.cleaned_data["rest_no"]
            result = classify(form.cleaned_answers(), rules, assume=assume)
        else:
            status = 422
    asked = aiact.progress_of(rules, _clean(rules, answers)).asked
    if bound is not None:
        # The follow-ups that the answers raised are on the page now, filled like the rest.
        form = _again(rules, asked, answers, form)
    context: dict[str, Any] = {
        "form": form,
        "blocks": [
            (block, rows)
            for block in rules.blocks.values()
            if (rows := form.rows(_in(rules, block, asked)))
        ],
        "shown": ",".join(asked),
        "disclaimer": rules.disclaimer,
        "rules": rules,
        "raised": [name for name in asked if name not in answers] if result else [],
        "trail": [{"label": _("Try the AI Act"), "url": ""}],
    }
    if result is not None:
        context |= result_context(result)
    return render_page(request, "ethics/aiact_try.html", context, status=status)


def _in(rules: Rules, block: Named, asked: tuple[str, ...]) -> list[str]:
    return [name for name in asked if rules.by_id[name].block == block.key]


def _again(
    rules: Rules, asked: tuple[str, ...], answers: dict[str, Any], sent: AnswersForm
) -> AnswersForm:
    form = AnswersForm(rules, dict.fromkeys([*asked, *answers]), answers, with_reasons=False)
    form.take_over(sent)
    return form
