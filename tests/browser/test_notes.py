"""Private notes: highlight by selecting, note and quotation without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from committee.models import Committee, User
from meetings.models import AgendaItem, PrivateNote
from meetings.services.issuing import issue_agenda
from meetings.services.items import add_item
from meetings.services.planning import create_meeting
from meetings.services.texts import save_texts
from tests.browser.conftest import OpenPage
from tests.factories import days

pytestmark = pytest.mark.browser
TEXT = "AI er her. Udvalget drøfter **et nyt udkast** til en ambition. AI bliver."
SELECT = """
([from, to]) => {
  const text = document.querySelector("[data-quotable=summary] p");
  const range = document.createRange();
  range.setStart(text.firstChild, from);
  range.setEnd(text.lastChild, to);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}
"""


@pytest.fixture
def item(committee: Committee) -> AgendaItem:
    by = User.objects.get(username="sekretariat")
    starts, ends = days(30).replace(hour=17), days(30).replace(hour=20)
    meeting = create_meeting(committee=committee, starts_at=starts, ends_at=ends, by=by)
    item = add_item(meeting=meeting, title="Ambition", by=by)
    item.meeting = meeting
    save_texts(item=item, texts={"summary": TEXT}, versions={}, by=by)
    issue_agenda(meeting=meeting, expected=1, by=by)
    return item


def marks(page: Page) -> list[str]:
    return page.locator("[data-quotable=summary] mark").all_text_contents()


def test_selected_passage_is_highlighted_and_written_about(open_page: OpenPage, item) -> None:
    page = open_page("medlem")
    page.goto(item.get_absolute_url())
    page.evaluate(SELECT, [11, 7])
    page.get_by_role("button", name=re.compile("Markér og skriv|Highlight and write")).click()
    expect(page.locator("#note-form textarea[name=text]")).to_be_focused()
    page.keyboard.insert_text("Hvem har skrevet det?")
    with page.expect_navigation():
        page.locator("#note-form button[type=submit]").click()

    assert marks(page) == ["Udvalget drøfter ", "et nyt udkast", " til en"]
    expect(page.locator(".ur-notes")).to_contain_text("Hvem har skrevet det?")
    note = PrivateNote.objects.get()
    assert note.quote == "Udvalget drøfter et nyt udkast til en"
    assert note.prefix == "AI er her. "


def test_note_and_pasted_quotation_without_javascript(open_page: OpenPage, item) -> None:
    page = open_page("medlem", java_script_enabled=False)
    page.goto(item.get_absolute_url())
    page.locator("[data-quote] summary").click()
    page.locator("#note-form textarea[name=text]").fill("Uden script")
    page.locator("#note-form textarea[name=quote]").fill("drøfter et nyt udkast")
    page.locator("#note-form button[type=submit]").click()

    assert marks(page) == ["drøfter ", "et nyt udkast"]
    page.locator(".ur-notes summary").click()
    page.locator(".ur-notes textarea").fill("Rettet uden script")
    page.locator(".ur-notes button").first.click()
    expect(page.locator(".ur-own")).to_have_text("Rettet uden script")
