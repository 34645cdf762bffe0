"""Reports: list, begin, read, move on, approve, PDF."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from committee.enums import Role
from committee.models import committees_where
from core.htmx import go_to, render_page
from core.once import once
from core.responses import file_response
from reports.forms.reports import DatesForm, NewReportForm
from reports.models import Report
from reports.naming import report_filename
from reports.policies import reports as policies
from reports.selectors import pages
from reports.services import reports as services
from reports.services.documents import find_report_work, request_report
from reports.services.planning import next_due
from reports.services.sending import send_report
from reports.views.fetch import (
    READ_OR_WRITE,
    get_report,
    get_working_report,
    own_body,
    report_trail,
    trail,
)


@login_not_required
@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    """The reports one may read, newest first."""
    context = {
        "rows": pages.report_rows(request.user),
        "may_begin": bool(committees_where(request.user, {Role.SECRETARIAT})),
        "trail": [{"label": _("Reports"), "url": ""}],
    }
    return render_page(request, "reports/report_list.html", context)


@require_http_methods(READ_OR_WRITE)
@once
def report_new(request: HttpRequest) -> HttpResponse:
    """Begin a report; the plan fills in what it knows."""
    body = own_body(request)
    data = request.POST if request.method == "POST" else None
    form = NewReportForm(data, initial=_planned(body))
    if form.is_ready(policies.can_run(request.user, body.pk)):
        made = form.attempt(
            lambda: services.open_report(committee=body, by=request.user, **form.cleaned_data)
        )
        if made is not None:
            messages.success(request, _("The report is begun, and its figures are gathered."))
            return go_to(request, made.get_absolute_url())
    context = {
        "form": form,
        "body": body,
        "back": reverse("reports:report_list"),
        "trail": trail((_("New report"), "")),
    }
    return render_page(request, "reports/report_new.html", context, status=form.status)


def _planned(body: Any) -> dict[str, Any]:
    plan = getattr(body, "report_plan", None)
    due = next_due(plan) if plan else None
    if plan is None or due is None:
        return {}
    return {
        "recipient_name": plan.recipient_name,
        "period_from": due.period_from,
        "period_to": due.period_to,
        "due_on": due.due_on,
        "meets_on": due.meets_on,
    }


@login_not_required
@require_safe
def report_page(request: HttpRequest, report_id: int) -> HttpResponse:
    """The report as it stands, from the same content as its PDF."""
    from reports.documents.status import foot_lines

    report = get_report(request, report_id)
    context = pages.report_page(request.user, report)
    context["foot"] = foot_lines(report, context["content"])
    context["trail"] = trail((context["title"], ""))
    return render_page(request, "reports/report_page.html", context)


@require_http_methods(READ_OR_WRITE)
@once
def report_dates(request: HttpRequest, report_id: int) -> HttpResponse:
    """Whom it is for, until when, and the meeting that treats it."""
    report = get_working_report(request, report_id)
    data = request.POST if request.method == "POST" else None
    names = ("recipient_name", "due_on", "meets_on")
    form = DatesForm(data, initial={name: getattr(report, name) for name in names})
    if form.is_ready(policies.can_gather(request.user, report)) and form.carries_out(
        lambda: services.set_dates(report=report, by=request.user, **form.cleaned_data)
    ):
        return go_to(request, report.get_absolute_url())
    context = {
        "report": report,
        "form": form,
        "back": report.get_absolute_url(),
        "trail": report_trail(report, (_("Dates"), "")),
    }
    return render_page(request, "reports/report_dates.html", context, status=form.status)


def _gather(report: Report, by: Any) -> str:
    services.gather(report=report, by=by)
    return _("The figures are gathered anew.")


def _to_approval(report: Report, by: Any) -> str:
    services.send_to_approval(report=report, by=by)
    return _("The report waits for the secretariat and the chair.")


def _to_draft(report: Report, by: Any) -> str:
    services.back_to_draft(report=report, by=by)
    return _("The report is a draft again.")


def _freeze(report: Report, by: Any) -> str:
    services.freeze(report=report, by=by)
    return _("The report is frozen. Its PDF is being made.")


def _send(report: Report, by: Any) -> str:
    send_report(report=report, by=by)
    return _("The report is on its way to its recipients.")


def _publish(report: Report, by: Any) -> str:
    services.publish_report(report=report, by=by)
    return _("Everybody can read the report.")


def _withdraw(report: Report, by: Any) -> str:
    services.withdraw_report(report=report, by=by)
    return _("The report is no longer public.")


ACTS = {
    "hent-tal": _gather,
    "til-godkendelse": _to_approval,
    "til-kladde": _to_draft,
    "frys": _freeze,
    "send": _send,
    "offentliggoer": _publish,
    "traek-tilbage": _withdraw,
}


@require_POST
@once
def report_act(request: HttpRequest, report_id: int, act: str) -> HttpResponse:
    """Move the report on, or back."""
    report = get_report(request, report_id)
    if act not in ACTS:
        raise Http404
    messages.success(request, ACTS[act](report, request.user))
    return go_to(request, report.get_absolute_url())


@require_POST
@once
def report_approve(request: HttpRequest, report_id: int) -> HttpResponse:
    """Approve exactly what stood on the page."""
    report = get_report(request, report_id)
    services.approve(report=report, sha256=request.POST.get("sha256", ""), by=request.user)
    messages.success(request, _("You have approved the report."))
    return go_to(request, report.get_absolute_url())


@login_not_required
@require_safe
def report_file(request: HttpRequest, report_id: int) -> HttpResponse:
    """The PDF of what stands on the page; where it is not made yet, the button that asks."""
    report = get_report(request, report_id)
    work = find_report_work(report)
    if work is not None and work.file is not None:
        return file_response(request, work.file, filename=report_filename(report), inline=True)
    context = {
        "report": report,
        "work": work,
        "trail": report_trail(report, (_("PDF"), "")),
    }
    response = render_page(request, "reports/report_file.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


@login_not_required
@require_POST
@once
def report_file_request(request: HttpRequest, report_id: int) -> HttpResponse:
    """Ask for the PDF; those who log in follow how far it is."""
    report = get_report(request, report_id)
    work = request_report(report, by=request.user)
    if work.file is not None or not request.user.is_authenticated:
        return go_to(request, reverse("reports:report_file", args=[report.pk]))
    return go_to(request, reverse("core:work_page", args=[work.pk]))
