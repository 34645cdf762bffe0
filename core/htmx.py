"""Fragment or full page: the one place that decides."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django_htmx.http import HttpResponseClientRedirect


def wants_fragment(request: HttpRequest) -> bool:
    """True when htmx asks for a part of a page.

    Boosted links and restored history are full pages although htmx sends them.
    """
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def is_poll(request: HttpRequest) -> bool:
    """Does the page ask by itself whether something is new?

    Only `data-stamp` in app.js sends a stamp with a fragment's request. Reads the headers: this
    is asked before and after HtmxMiddleware.
    """
    sent = request.headers
    return request.method == "GET" and "HX-Request" in sent and "If-None-Match" in sent


def keep_login(request: HttpRequest) -> None:
    """A poll from here counts as use: who follows along is there, though they touch nothing."""
    request.keeps_login = True  # type: ignore[attr-defined]


def render_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    fragment: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render `template`, or only its partial `fragment` when htmx asks for a part."""
    name = f"{template}#{fragment}" if fragment and wants_fragment(request) else template
    return render(request, name, context or {}, status=status)


def go_to(request: HttpRequest, url: str) -> HttpResponse:
    """Send the reader to `url` after a POST, also when htmx made the request."""
    if wants_fragment(request):
        return HttpResponseClientRedirect(url)
    return HttpResponseRedirect(url)
