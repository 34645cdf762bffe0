"""What every request and answer passes through."""

from collections.abc import Callable
from time import time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.middleware.locale import LocaleMiddleware
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

from core.errors import error_page
from core.htmx import is_poll, wants_fragment
from core.kept import keep_post, typed_words
from core.verdicts import NotAllowed, Refused, StaleState

USED_AT = "used_at"
GetResponse = Callable[[HttpRequest], HttpResponse]


class SecurityHeadersMiddleware:
    """Headers that Django has no setting for."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            # A page for one person must not stay in a shared tablet's cache.
            response.headers["Cache-Control"] = "no-store"
        return response


class SlidingSessionMiddleware(SessionMiddleware):
    """A login ends some time after the last thing its owner did.

    A page that asks by itself whether something is new does nothing, so it neither writes the
    session nor holds it open; unless the view says so (`keep_login`), and then once in a while.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        session: Any = request.session
        if not session.is_empty() and self._is_due(request, session):
            session[USED_AT] = int(time())
        return super().process_response(request, response)

    def _is_due(self, request: HttpRequest, session: Any) -> bool:
        if not list(session.keys()):
            return False
        if not is_poll(request):
            return True
        unused = time() - session.get(USED_AT, 0)
        return hasattr(request, "keeps_login") and unused > settings.SESSION_COOKIE_AGE / 2


class ChosenLanguageMiddleware(LocaleMiddleware):
    """Danish, unless the reader has chosen another language on the page.

    The browser's own language is not asked: a citizen with a foreign phone still expects the
    municipality's language, and a cached page must not depend on who came first.
    """

    def process_request(self, request: HttpRequest) -> None:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(known)
        request.LANGUAGE_CODE = translation.get_language() or known

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        response.headers.setdefault("Content-Language", translation.get_language() or "")
        return response


class LoginByDefaultMiddleware(LoginRequiredMiddleware):
    """Every view needs a login unless it says `login_not_required`.

    An htmx request is sent to the login page as a whole page, and comes back to the page the
    reader was on, not to the fragment's address.
    """

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        # This middleware runs before HtmxMiddleware, so it reads the headers itself.
        if request.headers.get("HX-Request") == "true" and "HX-Boosted" not in request.headers:
            back_to = _path_of(request.headers.get("HX-Current-URL", ""), request) or "/"
            target = redirect_to_login(back_to, self.get_login_url(view_func))
            return HttpResponseClientRedirect(target["Location"])
        # Only a browser that has been here before has a text to lose.
        if request.method == "POST" and settings.SESSION_COOKIE_NAME in request.COOKIES:
            keep_post(request)
        return super().handle_no_permission(request, view_func)


def _path_of(url: str, request: HttpRequest) -> str:
    """The path of `url` when it is on this site, else nothing."""
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    if parts.netloc != request.get_host():
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")


class HtmxMessagesMiddleware:
    """Messages of a fragment request travel with the fragment, into the page's live region."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if wants_fragment(request) and _carries_html(response):
            waiting: Any = messages.get_messages(request)
            # A whole page that answers a fragment request has shown them already.
            pending = [] if getattr(waiting, "used", False) else list(waiting)
            if pending:
                context = {"messages": pending}
                response.content += render_to_string(
                    "components/messages_oob.html", context, request
                ).encode()
        return response


def _carries_html(response: HttpResponse) -> bool:
    leaves_page = response.has_header("HX-Redirect") or response.has_header("HX-Refresh")
    html = response.get("Content-Type", "").startswith("text/html")
    return (
        html
        and not leaves_page
        and not response.streaming
        and response.status_code not in (204, 302)
    )


class VaryOnHtmxMiddleware:
    """A fragment must never be served from cache as a page, or the other way round."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        return response


class NoNulMiddleware:
    """The sign NUL is no text: PostgreSQL keeps none, so whoever sends one is answered 400."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        sent = [request.GET]
        # Such a view reads a large upload itself, after it has said how.
        if not getattr(view, "csrf_exempt", False):
            sent.append(request.POST)
        if "\0" in request.path_info or any(map(_has_nul, sent)):
            return error_page(request, 400)
        return None


def _has_nul(sent: QueryDict) -> bool:
    return any("\0" in text for key, values in sent.lists() for text in (key, *map(str, values)))


class DomainErrorMiddleware:
    """Turn the three domain exceptions into the answers 403, 409 and 422, with their sentence."""

    STATUS: dict[type[Exception], int] = {NotAllowed: 403, StaleState: 409, Refused: 422}

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        status = self.STATUS.get(type(exception))
        if status is None:
            return None
        reason: Any = exception.reason  # type: ignore[attr-defined]
        return error_page(request, status, reason=reason, typed=typed_words(request))
