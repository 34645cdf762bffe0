"""The pages of conditions."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from committee.context import current_committee
from committee.models import Committee, roles_of
from core.htmx import go_to, render_page
from core.once import once
from core.responses import file_response
from core.verdicts import Refused
from ethics.enums.conditions import ConditionState
from ethics.forms import conditions as forms
from ethics.models import Condition
from ethics.naming_conditions import MOVES
from ethics.policies import conditions as policies
from ethics.selectors import condition_pages as pages
from ethics.services import conditions as services
from ethics.workflow_conditions import CONDITION
from usecases.models import UseCase
from usecases.views.fetch import case_trail, get_case, get_own_case

READ_OR_WRITE = ["GET", "HEAD", "POST"]


# Fetching ------------------------------------------------------------------------------------


def get_condition(request: HttpRequest, case_id: int, condition_no: int) -> Condition:
    """The condition, if this reader reads it with its evidence; else there is none."""
    case = get_own_case(request, case_id)
    rows = Condition.objects.visible_to(request.user).select_related("owner", "handed_in_by")
    row = get_object_or_404(rows, case=case, number=condition_no)
    row.case = case
    return row


def page_url(case: UseCase) -> str:
    return reverse("ethics:conditions_page", args=[case.pk])


def conditions_trail(case: UseCase, *steps: tuple[Any, str]) -> list[dict[str, Any]]:
    return case_trail(case, (_("Conditions"), page_url(case)), *steps)


def condition_trail(row: Condition, *steps: tuple[Any, str]) -> list[dict[str, Any]]:
    name = _("Condition %(number)s") % {"number": row.number}
    return conditions_trail(row.case, (name, row.get_absolute_url()), *steps)


def _shown(request: HttpRequest, form: Any, page: str, context: Any) -> HttpResponse:
    context = context | {"form": form}
    return render_page(request, f"ethics/{page}.html", context, status=form.status)


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


# Lists ---------------------------------------------------------------------------------------


@require_safe
def condition_list(request: HttpRequest) -> HttpResponse:
    """The conditions of the committee one works in, the overdue first."""
    own = list(Committee.objects.filter(pk__in=list(roles_of(request.user))).order_by("name"))
    committee = current_committee(request, own)
    filters = pages.parse(request.GET)
    context = pages.condition_list(
        request.user, committee, filters, request.GET.get("side", "1")[:6]
    )
    proposals = {"label": _("Proposals"), "url": reverse("usecases:case_list")}
    context["trail"] = [proposals, {"label": _("Conditions"), "url": ""}]
    return render_page(request, "ethics/condition_list.html", context)


@login_not_required
@require_safe
def conditions_page(request: HttpRequest, case_id: int) -> HttpResponse:
    """The conditions of one case; citizens read the words of those that bind."""
    case = get_case(request, case_id)
    if policies.reading(request.user, case) == "none":
        raise Http404
    context = pages.conditions_page(request.user, case)
    context["trail"] = case_trail(case, (_("Conditions"), ""))
    return render_page(request, "ethics/conditions_page.html", context)


@require_safe
def condition_page(request: HttpRequest, case_id: int, condition_no: int) -> HttpResponse:
    """One condition with its evidence and its history."""
    row = get_condition(request, case_id, condition_no)
    context = pages.condition_page(request.user, row) | {"trail": condition_trail(row)}
    return render_page(request, "ethics/condition_page.html", context)


# Adding and changing -------------------------------------------------------------------------


@require_http_methods(READ_OR_WRITE)
@once
def condition_new(request: HttpRequest, case_id: int) -> HttpResponse:
    """Add a condition, or take one over from a similar case."""
    case = get_own_case(request, case_id)
    form = forms.ConditionForm(case, _sent(request), initial={"owner": case.owner})
    if form.is_ready(policies.can_add(request.user, case)) and form.carries_out(
        lambda: services.add_condition(case=case, by=request.user, **form.facts())
    ):
        messages.success(request, _("The condition is added."))
        return go_to(request, _came_from(request, case) or page_url(case))
    context = {
        "case": case,
        "reusable": pages.reusable(request.user, case) if not form.stopped else [],
        "back": _came_from(request, case) or page_url(case),
        "trail": conditions_trail(case, (_("New condition"), "")),
    }
    return _shown(request, form, "condition_new", context)


def _came_from(request: HttpRequest, case: UseCase) -> str:
    """The discussion of a review of the case that led here, if one did."""
    number = request.GET.get("bedoemmelse", "")
    if not _is_number(number) or not case.reviews.filter(pk=int(number)).exists():
        return ""
    return reverse("ethics:review_discussion", args=[int(number)])


@require_POST
@once
def condition_take(request: HttpRequest, case_id: int) -> HttpResponse:
    """Take a condition over from another case, with one press."""
    case = get_own_case(request, case_id)
    policies.can_add(request.user, case).require()
    wanted = request.POST.get("condition", "")
    readable = Condition.objects.readable_by(request.user)
    source = readable.filter(pk=int(wanted)).first() if _is_number(wanted) else None
    try:
        row = services.take_over(case=case, source=source, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal.reason))
        return go_to(request, reverse("ethics:condition_new", args=[case.pk]))
    messages.success(request, _("The condition is taken over. See whether owner and date fit."))
    return go_to(request, row.get_absolute_url())


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 12


@require_http_methods(READ_OR_WRITE)
@once
def condition_edit(request: HttpRequest, case_id: int, condition_no: int) -> HttpResponse:
    """Change what, who or when."""
    row = get_condition(request, case_id, condition_no)
    form = forms.of_condition(row, _sent(request))
    if form.is_ready(policies.can_change(request.user, row)) and form.carries_out(
        lambda: services.change_condition(
            condition=row,
            version=form.cleaned_data["version"] or 0,
            by=request.user,
            **form.facts(),
        )
    ):
        messages.success(request, _("The condition is changed."))
        return go_to(request, row.get_absolute_url())
    return _shown(request, form, "condition_edit", _of(row, _("Change the condition")))


def _of(row: Condition, name: Any) -> dict[str, Any]:
    return {
        "case": row.case,
        "condition": row,
        "heading": name,
        "back": row.get_absolute_url(),
        "trail": condition_trail(row, (name, "")),
    }


# Evidence ------------------------------------------------------------------------------------


@require_http_methods(READ_OR_WRITE)
@once
def condition_evidence(request: HttpRequest, case_id: int, condition_no: int) -> HttpResponse:
    """Hand in evidence for one's own condition."""
    row = get_condition(request, case_id, condition_no)
    data = _sent(request)
    form = forms.EvidenceForm(data, request.FILES if data is not None else None)
    if form.is_ready(policies.can_hand_in(request.user, row)) and form.carries_out(
        lambda: services.hand_in_evidence(condition=row, by=request.user, **_evidence(form))
    ):
        messages.success(request, _("The evidence is handed in. The secretariat verifies it."))
        return go_to(request, row.get_absolute_url())
    context = _of(row, _("Hand in evidence"))
    context["possible"] = row.state in CONDITION.get("hand_in").sources
    return _shown(request, form, "condition_evidence", context)


def _evidence(form: forms.EvidenceForm) -> dict[str, Any]:
    facts = {"text": form.cleaned_data["text"], "link": form.cleaned_data["link"]}
    upload = form.cleaned_data["file"]
    return facts | {"data": upload.read(), "filename": upload.name} if upload else facts


@require_http_methods(READ_OR_WRITE)
@once
def condition_verify(request: HttpRequest, case_id: int, condition_no: int) -> HttpResponse:
    """Look at the evidence and say whether it shows that the condition is met."""
    row = get_condition(request, case_id, condition_no)
    evidence = row.evidence.select_related("file", "by").last()
    initial = {"evidence": evidence.number if evidence else 0}
    form = forms.VerdictForm(_sent(request), initial=initial)
    if form.is_ready(policies.can_verify(request.user, row)) and form.carries_out(
        lambda: _judge(row, form, request.user)
    ):
        messages.success(request, _("Your answer is recorded."))
        return go_to(request, page_url(row.case))
    context = _of(row, _("Look at the evidence")) | {"one": evidence}
    context["possible"] = row.state == ConditionState.HANDED_IN
    return _shown(request, form, "condition_verify", context)


def _judge(row: Condition, form: forms.VerdictForm, user: Any) -> None:
    facts = form.cleaned_data
    common = {"condition": row, "evidence": facts["evidence"], "by": user}
    if facts["verdict"] == "verify":
        services.verify_condition(**common)
    else:
        services.reject_evidence(reason=facts["reason"], **common)


@require_safe
def evidence_file(
    request: HttpRequest, case_id: int, condition_no: int, evidence_no: int
) -> HttpResponse:
    """The file of one evidence, as a download that the browser never runs."""
    row = get_condition(request, case_id, condition_no)
    found = get_object_or_404(row.evidence.select_related("file"), number=evidence_no)
    if found.file is None:
        raise Http404
    return file_response(request, found.file)


# Other moves ---------------------------------------------------------------------------------


@require_http_methods(READ_OR_WRITE)
@once
def condition_move(request: HttpRequest, case_id: int, condition_no: int, act: str) -> HttpResponse:
    """Put in force, take back, waive, open again, or leave out."""
    row = get_condition(request, case_id, condition_no)
    if act not in MOVES:
        raise Http404
    name = MOVES[act]
    transition = CONDITION.get(name)
    form = forms.MoveForm(name, _sent(request))
    verdict = policies.MOVERS[name](request.user, row)
    if form.is_ready(verdict) and form.carries_out(
        lambda: services.move_condition(
            condition=row, move=name, by=request.user, **form.cleaned_data
        )
    ):
        messages.success(request, _("The condition is changed."))
        return go_to(request, row.get_absolute_url())
    context = _of(row, transition.label)
    context["possible"] = row.state in transition.sources
    return _shown(request, form, "condition_move", context)
