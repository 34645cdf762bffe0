"""Proposals from citizens: the form, the link in the mail, and what became of it. No login."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from committee.context import current_committee
from committee.models import Committee
from core.htmx import go_to, render_page
from core.once import once
from core.verdicts import Refused
from usecases.forms.citizens import CitizenForm
from usecases.models import CitizenProposal
from usecases.selectors.citizens import by_status_token, status_page
from usecases.services import citizens

READ_OR_WRITE = ["GET", "HEAD", "POST"]


def client_address(request: HttpRequest) -> str:
    """Who asks. Of X-Forwarded-For only what our own proxies wrote is believed."""
    own = str(request.META.get("REMOTE_ADDR", ""))
    hops = settings.TRUSTED_PROXIES
    told = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    return told[-hops] if hops and len(told) >= hops and told[-hops] else own


def _body(request: HttpRequest) -> Committee:
    """The public body that receives it."""
    bodies = Committee.objects.filter(is_public=True).select_related("municipality")
    found = current_committee(request, list(bodies.order_by("name")))
    if found is None:
        raise Http404
    return found


def _private(response: HttpResponse) -> HttpResponse:
    """A page behind a secret address: not kept, not found by a search engine."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@login_not_required
@require_http_methods(READ_OR_WRITE)
@once
def citizen_form(request: HttpRequest) -> HttpResponse:
    """The public form. What is sent is no proposal before its mail is confirmed."""
    body = _body(request)
    form = CitizenForm(request.POST if request.method == "POST" else None)
    status, wait = 200, 0
    if form.is_trapped:
        # A machine gets the answer that people get, and nothing is kept.
        return go_to(request, reverse("usecases:citizen_sent"))
    if form.is_ready():
        try:
            citizens.receive_proposal(
                committee=body, values=form.cleaned_data, sender=client_address(request)
            )
        except citizens.TooMany as refusal:
            form.refuse(refusal)
            status = 429
            wait = max(1, int((refusal.again_at - timezone.now()).total_seconds()))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return go_to(request, reverse("usecases:citizen_sent"))
    if form.errors and status == 200:
        status = 422
    context = {"form": form, "body": body}
    response = render_page(request, "usecases/citizen_form.html", context, status=status)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


@login_not_required
@require_safe
def citizen_sent(request: HttpRequest) -> HttpResponse:
    """Look in your mail. The same for everybody, so that it tells nobody who has written."""
    return render_page(request, "usecases/citizen_sent.html")


@login_not_required
@require_http_methods(READ_OR_WRITE)
def citizen_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Where the mail's link lands. Looking makes nothing; the button submits."""
    found = citizens.by_link(token)
    if found is None:
        return _gone(request)
    if request.method == "POST" and not found.confirmed_at:
        found = citizens.confirm_proposal(proposal=found)
        if found is None:
            return _gone(request)
    if found.confirmed_at:
        return _private(go_to(request, status_url(found)))
    context = {"proposal": found}
    return _private(render_page(request, "usecases/citizen_confirm.html", context))


def status_url(proposal: CitizenProposal) -> str:
    return reverse("usecases:citizen_status", args=[proposal.status_token])


@login_not_required
@require_safe
def citizen_status(request: HttpRequest, token: str) -> HttpResponse:
    """What became of it: public facts and the official answer."""
    found = by_status_token(token)
    if found is None:
        return _gone(request)
    return _private(render_page(request, "usecases/citizen_status.html", status_page(found)))


def _gone(request: HttpRequest) -> HttpResponse:
    return _private(render_page(request, "usecases/citizen_gone.html", status=404))
