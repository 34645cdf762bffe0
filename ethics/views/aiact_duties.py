"""The duties of the AI Act for one case: evidence, and somebody else who verifies it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.htmx import go_to, render_page
from core.once import once
from core.verdicts import NotAllowed, Refused, StaleState
from ethics.enums.aiact import DutyState, EvidenceKind
from ethics.forms.aiact import EvidenceForm
from ethics.policies import aiact as policies
from ethics.selectors.aiact import DutyRow, binding_of, both_of, duties_of
from ethics.services import aiact_duties as services
from ethics.views.aiact import READ_OR_WRITE, trail
from usecases.models import UseCase
from usecases.views.fetch import get_own_case


def get_duty(case: UseCase, code: str) -> DutyRow:
    """The duty, if the case has it."""
    rows = duties_of(case, binding_of(*both_of(case)))
    duty = next((row for row in rows if row.code == code), None)
    if duty is None:
        raise Http404
    return duty


@require_http_methods(READ_OR_WRITE)
@once
def aiact_duty(request: HttpRequest, case_id: int, code: str) -> HttpResponse:
    """One duty: what it says, the evidence that there is, and the form for more."""
    case = get_own_case(request, case_id)
    duty = get_duty(case, code)
    may_give = policies.can_give_evidence(request.user, case)
    status = 200
    form = EvidenceForm(request.POST if request.method == "POST" else None, initial=_initial(duty))
    if request.method == "POST" and "remove" in request.POST:
        services.remove_evidence(case=case, code=code, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("The evidence is taken back."))
        return go_to(request, _page(case))
    if form.is_bound and form.is_valid():
        try:
            services.give_evidence(
                case=case,
                code=code,
                by=request.user,  # type: ignore[arg-type]
                **form.cleaned_data,
            )
        except Refused as refusal:
            form.refuse(refusal)
        except (NotAllowed, StaleState) as refusal:
            status = form.stop(refusal)
        else:
            messages.success(request, _("The evidence is saved. Somebody else must verify it."))
            return go_to(request, _page(case))
    elif form.is_bound:
        may_give.require()
    context = {
        "case": case,
        "duty": duty,
        "form": form if (may_give and duty.state != DutyState.BLOCKED) or form.is_bound else None,
        "why_not": None if may_give else may_give.reason,
        "verify": policies.can_verify(request.user, case, duty.evidence),
        "earlier": case.ai_act_evidence.filter(code=code, replaced_at__isnull=False)
        .select_related("by")[:20],
        "back": _page(case),
        "trail": trail(case, (duty.code, "")),
    }  # fmt: skip
    code_ = status if status != 200 else (422 if form.errors else 200)
    return render_page(request, "ethics/aiact_duty.html", context, status=code_)


def _initial(duty: DutyRow) -> dict[str, Any]:
    if duty.evidence is None:
        return {"kind": EvidenceKind.EVIDENCE}
    row = duty.evidence
    return {"kind": row.kind, "text": row.text, "link": row.link}


def _page(case: UseCase) -> str:
    return reverse("ethics:aiact_page", args=[case.pk]) + "#pligter"


@require_POST
@once
def aiact_duty_verify(request: HttpRequest, case_id: int, code: str) -> HttpResponse:
    """Somebody else has looked at the evidence."""
    case = get_own_case(request, case_id)
    get_duty(case, code)
    raw = request.POST.get("evidence", "")
    known = raw.isascii() and raw.isdecimal() and len(raw) < 12
    evidence = int(raw) if known else 0
    services.verify_evidence(case=case, evidence=evidence, by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("The evidence is verified."))
    return go_to(request, _page(case))
