"""Views to try the mechanisms on: they do one act, or fail in one of the domain's ways."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import handler403, handler404, handler500, urlpatterns
from core.drafts import save_draft
from core.htmx import go_to, render_page
from core.once import once
from core.verdicts import NotAllowed, Refused, StaleState

__all__ = ["handler403", "handler404", "handler500", "urlpatterns"]
ERRORS = {
    "403": NotAllowed("Kun formanden kan godkende dagsordenen."),
    "409": StaleState("Punktet er allerede afsluttet."),
    "422": Refused("Skriv en begrundelse."),
}


@once
def buy(request: HttpRequest) -> HttpResponse:
    """Act once: each act is a draft of its own."""
    if request.POST.get("word") == "error":
        raise ERRORS["409"]
    if not request.POST.get("word"):
        return HttpResponse("Skriv et ord.", status=422)
    number = request.user.drafts.count() + 1
    save_draft(owner=request.user, form=f"buy-{number}", fields={}, base_versions={})
    messages.success(request, f"Købt {number}")
    return go_to(request, f"/shop/{number}/")


@login_not_required
def fail(request: HttpRequest, kind: str) -> HttpResponse:
    raise ERRORS[kind]


@login_not_required
def page(request: HttpRequest) -> HttpResponse:
    messages.info(request, "Hej med dig")
    return render_page(request, "404.html")


@login_not_required
def part(request: HttpRequest) -> HttpResponse:
    messages.info(request, "Hej med dig")
    return HttpResponse("<p>Del</p>")


urlpatterns = [
    *urlpatterns,
    path("shop/part/", part),
    path("shop/", buy),
    path("shop/fail/<slug:kind>/", fail),
    path("shop/page/", page),
    path("shop/private/", lambda request: HttpResponse("privat")),
]
