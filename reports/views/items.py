"""A finished report as an item of an agenda."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.htmx import go_to, render_page
from core.once import once
from core.verdicts import Refused
from reports.forms.items import ItemForm
from reports.models import Report
from reports.policies import reports as policies
from reports.selectors.pages import meetings_for_item
from reports.services.documents import find_report_work, request_report
from reports.services.item_package import make_item_package
from reports.views.fetch import READ_OR_WRITE, get_working_report, report_trail


@require_http_methods(READ_OR_WRITE)
@once
def report_item(request: HttpRequest, report_id: int) -> HttpResponse:
    """Put the report on the agenda of a meeting: recommendation, background and the PDF."""
    report = get_working_report(request, report_id)
    data = request.POST if request.method == "POST" else None
    form = ItemForm(meetings_for_item(request.user), data)
    if form.is_ready(policies.can_put_on_agenda(request.user, report)):
        item = form.attempt(lambda: _put(request, report, form.cleaned_data))
        if item is not None:
            messages.success(request, _("The report is on the agenda. Read the item through."))
            return go_to(request, item.get_absolute_url())
    context = {
        "report": report,
        "form": form,
        "back": report.get_absolute_url(),
        "trail": report_trail(report, (_("On an agenda"), "")),
    }
    return render_page(request, "reports/report_item.html", context, status=form.status)


def _put(request: HttpRequest, report: Report, facts: dict[str, Any]) -> Any:
    """With the PDF that was made when the report was frozen, never one made in the request."""
    work = find_report_work(report)
    if work is None or work.file is None:
        request_report(report, by=request.user)
        raise Refused(_("The report's PDF is being made. Try again in a moment."))
    return make_item_package(report=report, pdf=work.file.read(), by=request.user, **facts)
