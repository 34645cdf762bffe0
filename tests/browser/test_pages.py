"""What holds on every page: accessible, strict, narrow enough, and Danish.

Set SCREENSHOTS to a folder to get a picture of every page in three widths.
"""

import os
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import polib
import pytest
from playwright.sync_api import Page

from committee.models import Committee, User
from meetings.services.issuing import issue_agenda
from meetings.services.items import add_item
from meetings.services.planning import create_meeting
from meetings.services.texts import save_texts
from tests.browser.conftest import OpenPage
from tests.browser.drivers import FOCUS
from tests.browser.samples import (
    NOT_PAGES,
    World,
    addresses,
    admin_addresses,
    build_world,
    url_names,
)
from tests.factories import days

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
SIZES = {320: 640, 375: 812, 820: 1180, 1366: 768}
CATALOGUE = Path(__file__).parents[2] / "locale/da/LC_MESSAGES/django.po"
AXE = """
async ([tags, preload]) => {
  const found = await axe.run(document, {runOnly: tags, resultTypes: ["violations"], preload});
  return found.violations.map((v) => v.id + ": " + v.nodes.slice(0, 3).map(
    (n) => n.html.slice(0, 160) + " — " + (n.any[0] || n.all[0] || n.none[0])?.message
  ).join(" | "));
}
"""
# Every text a reader meets: what is shown, and what a screen reader says.
TEXTS = """
() => {
  const texts = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const inside = node.parentElement.closest("script,style,textarea,[lang=en]");
    if (!inside) texts.push(node.data);
  }
  for (const el of document.body.querySelectorAll("*")) {
    for (const name of ["aria-label", "title", "placeholder", "alt"]) {
      if (el.hasAttribute(name) && !el.closest("[lang=en]")) texts.push(el.getAttribute(name));
    }
  }
  return texts.map((text) => text.replace(/\\s+/g, " ").trim()).filter(Boolean);
}
"""
WIDE = """
() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.body.querySelectorAll("*")]
    .filter((el) => el.getBoundingClientRect().right > innerWidth + 1)
    .filter((el) => {
      for (let up = el.parentElement; up && up !== document.body; up = up.parentElement) {
        if (getComputedStyle(up).overflowX !== "visible") return false;
      }
      return true;
    })
    .slice(-3).map((el) => el.outerHTML.slice(0, 120))
"""


@cache
def english() -> tuple[frozenset[str], tuple[str, ...]]:
    """Texts that must not be met on a Danish page: whole ones, and longer ones inside others."""
    entries = polib.pofile(str(CATALOGUE)).translated_entries()
    danish = {text for e in entries for text in (e.msgstr, *e.msgstr_plural.values())}
    plain = [
        e.msgid for e in entries if e.msgid not in danish and not re.search(r"%\(|[<{]", e.msgid)
    ]
    return frozenset(plain), tuple(text for text in plain if text.count(" ") > 1)


def english_in(texts: list[str]) -> list[str]:
    whole, longer = english()
    page = " ".join(texts)
    return [t for t in texts if t.rstrip(":") in whole] + [t for t in longer if t in page]


# Pages that only administrators have.
ADMINISTRATORS = {
    "reports:people_page",
    "reports:person_erase",
    "reports:person_page",
    "reports:retention",
}
# Pages that only members have: the secretariat's visit is the page that says so.
MEMBERS_OWN = {"meetings:item_disqualify", "meetings:meeting_answer"}
# A sheet is its reviewer's alone, and the sample's review has handed none out; members propose
# changes of a guideline, and who was asked says whether they are impartial.
SHEETS = {
    "ethics:amendment_new",
    "ethics:review_deadline",
    "ethics:review_declare",
    "ethics:review_discussion",
    "ethics:review_result",
    "ethics:review_result_file",
    "ethics:review_sheets",
    "ethics:sheet_page",
    "ethics:sheet_seal",
    "ethics:sheet_section",
}


class Crawler:
    """Looks at pages as one person, and remembers what was wrong."""

    def __init__(self, page: Page, axe: str, who: str) -> None:
        self.page = page
        self.axe = axe
        self.who = who
        self.found: list[str] = []
        self.statuses: dict[str, int] = {}
        self.foreign: set[str] = set()
        self.preload = True
        self.folder = os.environ.get("SCREENSHOTS", "")

    def visit(self, address: str) -> None:
        answer = self.page.goto(address)
        status = answer.status if answer else 0
        # Pages that do not exist are the same page; one look is enough.
        if status != 404 or 404 not in self.statuses.values():
            self.look(address)
        self.statuses[address] = status

    def look(self, name: str) -> None:
        """Everything, at the desk's width and the phone's; the scroll at every width."""
        texts = [text for text in self.page.evaluate(TEXTS) if text not in self.foreign]
        self._note(name, "english", english_in(texts))
        for width, height in SIZES.items():
            self.page.set_viewport_size({"width": width, "height": height})
            wide = self.page.evaluate(WIDE)
            self._note(name, f"scrolls sideways at {width}", wide)
            if width in (375, 1366):
                self.page.evaluate(self.axe)
                self._note(name, f"axe at {width}", self.page.evaluate(AXE, [TAGS, self.preload]))
            if self.folder and width != 320:
                self._picture(name, width)

    def _note(self, name: str, what: str, faults: list[str]) -> None:
        self.found += [f"{self.who} {name}: {what}: {fault}" for fault in faults]

    def _picture(self, name: str, width: int) -> None:
        file = re.sub(r"\W+", "-", name).strip("-") or "front"
        path = Path(self.folder) / self.who / f"{file}-{width}.png"
        self.page.screenshot(path=path, full_page=True, timeout=30000)


@pytest.fixture
def crawl(open_page: OpenPage, axe_source: str) -> Callable[[str], Crawler]:
    def crawl(username: str = "") -> Crawler:
        return Crawler(open_page(username), axe_source, username or "citizen")

    return crawl


@pytest.fixture
def world(committee: Committee, drain_outbox: Callable[[], int]) -> World:
    return build_world(committee)


def nothing_in(*crawlers: Crawler) -> None:
    found = [fault for crawler in crawlers for fault in crawler.found]
    assert not found, "\n".join(found)


def pages_of(world: World) -> list[str]:
    return [address for samples in addresses(world).values() for address in samples]


# The list ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_page_has_a_sample(world):
    without = [name for name, samples in addresses(world).items() if not samples]

    assert without == []
    assert NOT_PAGES - set(url_names()) == set()


# Every page as four people -------------------------------------------------------------------


@pytest.mark.parametrize("username", ["sekretariat", "borgermedlem", ""])
def test_every_page_is_accessible_danish_and_narrow_enough(world, crawl, username):
    crawler = crawl(username)
    for address in pages_of(world):
        crawler.visit(address)

    nothing_in(crawler)
    if username == "sekretariat":
        wrong = {a: s for a, s in crawler.statuses.items() if s not in (200, 403)}
        assert wrong == {}
        assert _never_seen(world, crawler) == MEMBERS_OWN | SHEETS | ADMINISTRATORS
    if username == "borgermedlem":
        assert _never_seen(world, crawler) & MEMBERS_OWN == set()


def _never_seen(world: World, crawler: Crawler) -> set[str]:
    """Pages of which no sample was shown to this person."""
    samples = addresses(world)
    return {name for name in samples if 200 not in {crawler.statuses[a] for a in samples[name]}}


def test_administration_is_accessible_danish_and_strict(world, crawl):
    crawler = crawl("admin")
    # axe would load the style sheets that Django's import, and write them into a <style>.
    crawler.preload = False
    crawler.foreign = {"Search"}  # the picture in Django's own search form
    crawler.page.context.set_default_timeout(15000)
    samples = addresses(world)
    own = [address for name in sorted(ADMINISTRATORS) for address in samples[name]]
    for address in (*admin_addresses(), *own):
        crawler.visit(address)

    nothing_in(crawler)


# Unusual states --------------------------------------------------------------------------------


def test_empty_pages_say_what_to_do_next(committee, crawl):
    crawler = crawl("sekretariat")
    for address in ("/moeder/", "/mit-arbejde/", "/skriftligt-input/", "/kalender/", "/"):
        crawler.visit(address)
    meeting = _meeting(committee)
    for address in ("", "referat/", "bilag/", "deltagere/", "udsend/", "aendringer/", "protokol/"):
        crawler.visit(f"/moeder/{meeting.pk}/{address}")
    outside = crawl("")
    for address in ("/moeder/", "/", f"/moeder/{meeting.pk}/"):
        outside.visit(address)

    nothing_in(crawler, outside)


def test_form_errors_and_error_pages(committee, crawl):
    crawler = crawl("sekretariat")
    page, meeting = crawler.page, _meeting(committee)
    for address in (
        "/moeder/nyt/",
        f"/moeder/{meeting.pk}/punkter/nyt/",
        f"/moeder/{meeting.pk}/aflys/",
    ):
        page.goto(address)
        page.locator("main form button[type=submit]").first.click()
        page.locator(".form-error, .error-summary").first.wait_for()
        crawler.look(f"422 {address}")
    for address in ("/findes-ikke/", "/moeder/999/"):
        crawler.visit(address)
    _overtaken_move(page, meeting)
    crawler.look("409")
    outside = crawl("borgermedlem")
    outside.visit("/moeder/nyt/")
    outside.visit(f"/moeder/{meeting.pk}/referat/")
    citizen = crawl("")
    for address in ("/findes-ikke/", "/moeder/999/"):
        citizen.visit(address)

    nothing_in(crawler, outside, citizen)


def test_long_texts_stay_inside_the_page(committee, crawl):
    by = User.objects.get(username="sekretariat")
    meeting = _meeting(committee, title="Opgaveudvalgets ekstraordinære " + "møde" * 30)
    word = "Menneskerettighedskonventionsfortolkningsspørgsmål" * 3
    item = add_item(meeting=meeting, title=f"Om {word}"[:200], case_id="E" * 40, by=by)
    table = "| " + " | ".join(f"Kolonne {n}" for n in range(12)) + " |\n" + "|---" * 12 + "|\n"
    text = f"{word}\n\n{table}" + "| tekst " * 12 + "|\n\nhttps://example.dk/" + "x" * 200
    save_texts(item=item, texts={"summary": text + "\n\n" + "ord " * 20000}, versions={}, by=by)
    issue_agenda(meeting=meeting, expected=1, by=by)
    crawler, citizen = crawl("sekretariat"), crawl("")
    for address in ("", f"punkt/{item.pk}/", f"punkt/{item.pk}/rediger/", "udsend/", "referat/"):
        crawler.visit(f"/moeder/{meeting.pk}/{address}")
    for address in ("", f"punkt/{item.pk}/"):
        citizen.visit(f"/moeder/{meeting.pk}/{address}")
    citizen.visit("/moeder/")

    nothing_in(crawler, citizen)


@pytest.mark.parametrize("size", [(375, 667), (1366, 768)], ids=["phone", "desk"])
def test_focus_is_seen_and_never_covered(world, open_page, size):
    page = open_page("sekretariat")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    draft = f"/moeder/{world.draft.pk}/"
    item = world.draft.items.on_agenda().first()
    found = []
    for address in (
        "/moeder/",
        draft,
        f"{draft}punkt/{item.pk}/",
        f"{draft}punkt/{item.pk}/rediger/",
    ):
        page.goto(address)
        found += [f"{address}: {fault}" for fault in _faults_of_focus(page)]

    assert found == []


def _faults_of_focus(page: Page) -> list[str]:
    """Tab through the whole page."""
    found: list[str] = []
    page.keyboard.press("Tab")
    for _stop in range(250):
        stop: dict[str, Any] = page.evaluate(FOCUS, None)
        if stop["place"] == "body":
            return found
        found += [fault for fault in stop["faults"] if fault not in found]
        page.keyboard.press("Tab")
    return [*found, "Tab never comes round"]


def _meeting(committee: Committee, **more: Any) -> Any:
    by = User.objects.get(username="sekretariat")
    starts, ends = days(30).replace(hour=17), days(30).replace(hour=20)
    return create_meeting(committee=committee, starts_at=starts, ends_at=ends, by=by, **more)


def _overtaken_move(page: Page, meeting: Any) -> None:
    """Issue version 1 in a tab, after somebody else has."""
    by = User.objects.get(username="sekretariat")
    add_item(meeting=meeting, title="Ambition", by=by)
    page.goto(f"/moeder/{meeting.pk}/udsend/")
    issue_agenda(meeting=meeting, expected=1, by=by)
    page.get_by_role("button", name="Udsend version 1").click()
    page.locator(".ur-error-409").wait_for()
