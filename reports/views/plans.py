"""The plan after which reports begin by themselves."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.htmx import go_to, render_page
from core.once import once
from reports.forms.plans import PlanForm
from reports.models import ReportPlan
from reports.policies import reports as policies
from reports.services.planning import next_due, save_plan
from reports.views.fetch import READ_OR_WRITE, own_body, trail

FIELDS = (
    "recipient_name",
    "starts_on",
    "months",
    "meets_after_days",
    "deadline_days",
    "draft_days",
)


@require_http_methods(READ_OR_WRITE)
@once
def report_plan(request: HttpRequest) -> HttpResponse:
    """How often one's committee reports, to whom, and when the next draft is begun."""
    body = own_body(request)
    plan = ReportPlan.objects.filter(committee=body).first()
    shown = plan or ReportPlan(committee=body)
    initial = {name: getattr(shown, name) for name in FIELDS}
    form = PlanForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_ready(policies.can_run(request.user, body.pk)) and form.carries_out(
        lambda: save_plan(committee=body, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, _("The plan is saved."))
        return go_to(request, reverse("reports:report_plan"))
    context = {
        "form": form,
        "body": body,
        "due": next_due(plan) if plan else None,
        "back": reverse("reports:report_list"),
        "trail": trail((_("Plan"), "")),
    }
    return render_page(request, "reports/report_plan.html", context, status=form.status)
