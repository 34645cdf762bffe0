"""Recipients and receipts; and the link that each recipient has."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.htmx import go_to, render_page
from core.models import StoredFile
from core.once import once
from core.responses import file_response
from reports.forms.reports import BounceForm, RecipientForm
from reports.models import ReportRecipient
from reports.naming import report_filename, report_title
from reports.policies import reports as policies
from reports.selectors import pages
from reports.selectors.links import link_url, recipient_by_token
from reports.selectors.reading import shown_content
from reports.services import sending
from reports.services.documents import find_report_work
from reports.views.fetch import READ_OR_WRITE, get_recipient, get_working_report, report_trail


@require_http_methods(READ_OR_WRITE)
@once
def report_recipients(request: HttpRequest, report_id: int) -> HttpResponse:
    """Who gets the report, and what became of each mail. The form adds one."""
    report = get_working_report(request, report_id)
    form = RecipientForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_ready(policies.can_address(request.user, report)):
        added = form.attempt(
            lambda: sending.add_recipient(report=report, by=request.user, **form.cleaned_data)
        )
        if added is not None:
            return go_to(request, request.path)
    context = pages.recipients_page(request.user, report) | {
        "form": form,
        "trail": report_trail(report, (_("Recipients"), "")),
    }
    return render_page(request, "reports/report_recipients.html", context, status=form.status)


@require_http_methods(READ_OR_WRITE)
@once
def recipient_edit(request: HttpRequest, report_id: int, recipient_id: int) -> HttpResponse:
    """Correct name or address; of a sent report it then goes to the new address."""
    recipient = get_recipient(request, report_id, recipient_id)
    data = request.POST if request.method == "POST" else None
    form = RecipientForm(data, initial={"name": recipient.name, "email": recipient.email})
    back = reverse("reports:report_recipients", args=[report_id])
    if form.is_ready(policies.can_address(request.user, recipient.report)):
        done = form.attempt(
            lambda: sending.correct_recipient(
                recipient=recipient, by=request.user, **form.cleaned_data
            )
        )
        if done is not None:
            return go_to(request, back)
    context = {
        "report": recipient.report,
        "recipient": recipient,
        "form": form,
        "back": back,
        "trail": report_trail(recipient.report, (_("Recipients"), back), (recipient.name, "")),
    }
    return render_page(request, "reports/recipient_edit.html", context, status=form.status)


@require_POST
@once
def recipient_act(
    request: HttpRequest, report_id: int, recipient_id: int, act: str
) -> HttpResponse:
    """Take off the list, or send once more."""
    recipient = get_recipient(request, report_id, recipient_id)
    if act == "fjern":
        sending.remove_recipient(recipient=recipient, by=request.user)
        words = _("%(name)s is taken off the list.") % {"name": recipient.name}
    elif act == "send-igen":
        sending.resend(recipient=recipient, by=request.user)
        words = _("One more mail is on its way to %(name)s.") % {"name": recipient.name}
    else:
        raise Http404
    messages.success(request, words)
    return go_to(request, reverse("reports:report_recipients", args=[report_id]))


@require_http_methods(READ_OR_WRITE)
@once
def recipient_bounce(request: HttpRequest, report_id: int, recipient_id: int) -> HttpResponse:
    """Write down what a mail that came back said."""
    recipient = get_recipient(request, report_id, recipient_id)
    delivery = recipient.deliveries.order_by("-number").first()
    if delivery is None:
        raise Http404
    delivery.recipient = recipient
    form = BounceForm(request.POST if request.method == "POST" else None)
    back = reverse("reports:report_recipients", args=[report_id])
    if form.is_ready(policies.can_address(request.user, recipient.report)) and form.carries_out(
        lambda: sending.record_bounce(
            delivery=delivery, words=form.cleaned_data["words"], by=request.user
        )
    ):
        return go_to(request, back)
    context = {
        "report": recipient.report,
        "recipient": recipient,
        "delivery": delivery,
        "form": form,
        "back": back,
        "trail": report_trail(recipient.report, (_("Recipients"), back), (_("Returned"), "")),
    }
    return render_page(request, "reports/recipient_bounce.html", context, status=form.status)


# The recipient's own link ----------------------------------------------------------------------


def _recipient(token: str) -> ReportRecipient:
    found = recipient_by_token(token)
    if found is None:
        raise Http404
    return found


@login_not_required
@require_safe
def link_page(request: HttpRequest, token: str) -> HttpResponse:
    """The report by the recipient's own link. The button that opens it is the receipt: programs
    that look through mails follow links, but press no buttons."""
    from reports.documents.status import foot_lines

    recipient = _recipient(token)
    report = recipient.report
    context = {
        "recipient": recipient,
        "report": report,
        "title": report_title(report),
        "token": token,
    }
    if recipient.opened_at:
        content = pages.drawn(shown_content(report))
        context |= {
            "content": content,
            "content_template": pages.content_template(report),
            "about": content["report"],
            "foot": foot_lines(report, content),
            "has_pdf": _file_of(recipient) is not None,
        }
    response = render_page(request, "reports/link_page.html", context)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@login_not_required
@require_POST
@once
def link_open(request: HttpRequest, token: str) -> HttpResponse:
    recipient = _recipient(token)
    sending.open_by_link(recipient=recipient)
    return go_to(request, link_url(recipient))


@login_not_required
@require_safe
def link_file(request: HttpRequest, token: str) -> HttpResponse:
    """The PDF, for those who have opened the report."""
    recipient = _recipient(token)
    file = _file_of(recipient)
    if not recipient.opened_at or file is None:
        raise Http404
    return file_response(request, file, filename=report_filename(recipient.report), inline=True)


def _file_of(recipient: ReportRecipient) -> StoredFile | None:
    work = find_report_work(recipient.report)
    return work.file if work else None
