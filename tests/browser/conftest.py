"""A committee with people, and browsers that report what a user would call broken."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import BrowserContext, Page, Response
from pytest_playwright.pytest_playwright import CreateContextCallback

from committee.models import Committee, User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PATIENCE_MS = 8000
# Violations are also told by an event; a page's own scripts never see this one.
CSP_LISTENER = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error("CSP " + event.effectiveDirective + " " + event.blockedURI + " " + event.sample);
});
"""


@dataclass
class Watch:
    """What went wrong in the pages of one context, in the order it happened."""

    faults: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        page.on("console", lambda message: self._console(message.type, message.text, page.url))
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("response", self._response)

    def _console(self, kind: str, text: str, where: str) -> None:
        # The browser and htmx also tell of every 4xx; those are answers, and tests expect them.
        answers = ("Failed to load resource", "Response Status Error Code 4")
        if kind == "error" and not text.startswith(answers):
            self.faults.append(f"{where}: {text}")

    def _response(self, response: Response) -> None:
        missing = response.status == 404 and "/static/" in response.url
        if response.status >= 500 or missing:
            self.faults.append(f"{response.status}: {response.url}")


OpenContext = Callable[..., BrowserContext]
OpenPage = Callable[..., Page]


@pytest.fixture
def committee(live_server: Any) -> Committee:
    """The demo's committee with its logins, and no meetings."""
    from demo.committee import seed_committee

    return seed_committee()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Fails the test at its end when any page had a fault (scripts, CSP, 5xx, missing files)."""
    watch = Watch()
    yield watch
    assert watch.faults == []


@pytest.fixture
def open_context(new_context: CreateContextCallback, live_server: Any, watch: Watch) -> OpenContext:
    """`open_context("sekretariat", java_script_enabled=False)`: a browser of one person."""

    def open_context(username: str = "", **options: Any) -> BrowserContext:
        context = new_context(base_url=live_server.url, **options)
        context.set_default_timeout(PATIENCE_MS)
        if options.get("java_script_enabled", True):
            context.add_init_script(CSP_LISTENER)
        context.on("page", watch.follow)
        if username:
            log_in(context, username, live_server.url)
        return context

    return open_context


@pytest.fixture
def open_page(open_context: OpenContext) -> OpenPage:
    """`open_page("formand")`: a page of a new browser in which that person is logged in."""

    def open_page(username: str = "", **options: Any) -> Page:
        return open_context(username, **options).new_page()

    return open_page


def log_in(context: BrowserContext, username: str, url: str) -> str:
    """Give the browser a session; returns its key. (Logging in by form has a test of its own.)"""
    user = User.objects.get(username=username)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    key = str(session.session_key)
    context.add_cookies([{"name": "sessionid", "value": key, "url": url}])
    return key
