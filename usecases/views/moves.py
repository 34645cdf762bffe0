"""Moving a case on, and recording what the moves rest on."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from committee.models import Committee
from core.htmx import go_to, render_page
from core.once import once
from core.verdicts import NotAllowed, Refused, Verdict
from usecases import policies
from usecases.forms import moves as forms
from usecases.models import UseCase
from usecases.naming import FACTS, MOVES
from usecases.selectors.missing import missing_for
from usecases.services import facts
from usecases.services.moves import move_case
from usecases.views.fetch import case_trail, get_own_case
from usecases.workflow import LIFE_CYCLE

READ_OR_WRITE = ["GET", "HEAD", "POST"]


@require_http_methods(READ_OR_WRITE)
@once
def case_move(request: HttpRequest, case_id: int, move: str) -> HttpResponse:
    """One move: what lacks as links, else the button with the reason it asks for."""
    case = get_own_case(request, case_id)
    if move not in MOVES:
        raise Http404
    name = MOVES[move]
    transition = LIFE_CYCLE.get(name)
    form = forms.MoveForm(name, request.POST if request.method == "POST" else None)
    if form.is_ready(policies.may_move(request.user, case, name)):
        moved = form.attempt(
            lambda: move_case(case=case, move=name, by=request.user, **form.cleaned_data)
        )
        if moved:
            words = {"status": moved.get_status_display()}
            messages.success(request, _("The proposal is now: %(status)s.") % words)
            return go_to(request, moved.get_absolute_url())
    context = {
        "case": case,
        "form": form,
        "move": transition,
        "possible": case.status in transition.sources,
        "missing": missing_for(case, name),
        "back": case.get_absolute_url(),
        "trail": case_trail(case, (transition.label, "")),
    }
    return render_page(request, "usecases/case_move.html", context, status=form.status)


@require_http_methods(READ_OR_WRITE)
@once
def case_decide(request: HttpRequest, case_id: int) -> HttpResponse:
    """Record what the competent body decided, and carry it out."""
    case = get_own_case(request, case_id)
    bodies = Committee.objects.visible_to(request.user).order_by("name")
    form = forms.DecisionForm(bodies, request.POST if request.method == "POST" else None)
    if form.is_ready(policies.runs(request.user, case)) and (
        form.carries_out(lambda: _decide(case, form, request.user))
    ):
        messages.success(request, _("The decision is recorded and carried out."))
        return go_to(request, case.get_absolute_url())
    context = {
        "case": case,
        "form": form,
        "possible": case.status in LIFE_CYCLE.get("reject").sources,
        "missing": [one for one in missing_for(case, "approve_pilot") if "fakta" in one.url],
        "back": case.get_absolute_url(),
        "trail": case_trail(case, (_("Record the decision"), "")),
    }
    return render_page(request, "usecases/case_decide.html", context, status=form.status)


@transaction.atomic
def _decide(case: UseCase, form: forms.DecisionForm, user: Any) -> UseCase:
    """Two acts or none: the record of the decision, and the move it drives."""
    case = facts.record_decision(case=case, record=form.record(), by=user)
    try:
        return move_case(case=case, move=case.decision, by=user)
    except NotAllowed as guard:
        # What it asks for can still be filled in.
        raise Refused(guard.reason) from guard


# Facts ---------------------------------------------------------------------------------------


def _met(service: Callable[..., UseCase], gate: str) -> Callable[..., UseCase]:
    def act(*, case: UseCase, by: Any, met: bool) -> UseCase:
        return service(case=case, gate=gate, met=met, by=by)

    return act


Fact = tuple[Any, type[Any], Callable[..., UseCase], Callable[..., Verdict]]


def _facts() -> dict[str, Fact]:
    """Fact → heading, form, service, policy."""
    verify, runs = policies.can_verify_conditions, policies.runs
    conditions, duties = facts.set_conditions_met, facts.set_obligations_met
    met, confirm = forms.MetForm, forms.ConfirmForm
    return {
        "classification": (
            _("What the AI Act says"),
            forms.ClassificationForm,
            facts.record_classification,
            runs,
        ),
        "ethics": (_("Recommendation"), forms.EthicsForm, facts.record_ethics_outcome, runs),
        "conditions_pilot": (
            _("Conditions before the pilot"), met, _met(conditions, "pilot"), verify
        ),
        "conditions_operation": (
            _("Conditions before operation"), met, _met(conditions, "operation"), verify
        ),
        "obligations_pilot": (
            _("Duties of the AI Act before the pilot"), met, _met(duties, "pilot"), verify
        ),
        "obligations_operation": (
            _("Duties of the AI Act before operation"), met, _met(duties, "operation"), verify
        ),
        "register": (
            _("Approve the entry in the register"),
            confirm,
            facts.approve_register_entry,
            policies.can_approve_register_entry,
        ),
        "incident": (_("Close the incident"), confirm, facts.close_incident, verify),
        "material_change": (
            _("Report a material change"),
            confirm,
            facts.report_material_change,
            policies.can_edit,
        ),
    }  # fmt: skip


@require_http_methods(READ_OR_WRITE)
@once
def case_fact(request: HttpRequest, case_id: int, fact: str) -> HttpResponse:
    """Record one fact that a guard reads."""
    case = get_own_case(request, case_id)
    if fact not in FACTS:
        raise Http404
    heading, form_class, service, policy = _facts()[FACTS[fact]]
    form = form_class(request.POST if request.method == "POST" else None)
    if form.is_ready(policy(request.user, case)) and (
        form.carries_out(lambda: service(case=case, by=request.user, **form.cleaned_data))
    ):
        messages.success(request, _("It is recorded."))
        return go_to(request, case.get_absolute_url())
    context = {
        "case": case,
        "form": form,
        "heading": heading,
        "back": case.get_absolute_url(),
        "trail": case_trail(case, (heading, "")),
    }
    return render_page(request, "usecases/case_fact.html", context, status=form.status)
