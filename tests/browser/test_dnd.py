"""Order by drag: it is saved, and an order of yesterday's list is refused with today's list."""

import pytest
from playwright.sync_api import Locator, Page, expect

from committee.models import Committee, User
from meetings.models import AgendaItem, Meeting
from meetings.services.items import add_item, remove_item
from meetings.services.planning import create_meeting
from tests.browser.conftest import OpenPage
from tests.factories import days

pytestmark = pytest.mark.browser
STEPS = 25


@pytest.fixture
def meeting(committee: Committee) -> Meeting:
    by = User.objects.get(username="sekretariat")
    starts, ends = days(30).replace(hour=17), days(30).replace(hour=20)
    meeting = create_meeting(committee=committee, starts_at=starts, ends_at=ends, by=by)
    for title in ("Ambition", "Etik", "Temadag", "Eventuelt"):
        add_item(meeting=meeting, title=title, by=by)
    return meeting


@pytest.fixture
def page(open_page: OpenPage, meeting: Meeting) -> Page:
    page = open_page("sekretariat")
    page.goto(f"/moeder/{meeting.pk}/")
    return page


def titles(page: Page) -> Locator:
    return page.locator(".ur-item .t")


def drag(page: Page, number: int, to: int) -> None:
    """From the handle of one row to the lower edge of another, as slowly as a hand."""
    start = page.locator(".ur-item .grip").nth(number - 1).bounding_box()
    end = page.locator(".ur-item").nth(to - 1).bounding_box()
    assert start
    assert end
    left = start["x"] + start["width"] / 2
    page.mouse.move(left, start["y"] + start["height"] / 2)
    page.mouse.down()
    top, bottom = start["y"] + start["height"] / 2, end["y"] + end["height"] * 0.9
    for step in range(1, STEPS + 1):
        page.mouse.move(left, top + (bottom - top) * min(step / (STEPS - 5), 1) + step % 2)
        page.wait_for_timeout(20)
    page.mouse.up()


def test_drag_moves_an_item_and_the_order_stays(page, meeting):
    drag(page, 1, to=3)

    expect(titles(page)).to_have_text(["Etik", "Temadag", "Ambition", "Eventuelt"])
    expect(page.locator("#live")).to_contain_text("Rækkefølgen er gemt.")
    page.reload()
    expect(titles(page)).to_have_text(["Etik", "Temadag", "Ambition", "Eventuelt"])
    expect(page.locator(".ur-item .no")).to_have_text(["1", "2", "3", "4"])


def test_arrow_keys_on_the_handle_move_an_item_and_keep_the_focus(page, meeting):
    grip = page.locator(".ur-item .grip").nth(1)
    handle = grip.get_attribute("id")
    grip.focus()
    page.keyboard.press("ArrowUp")

    expect(titles(page)).to_have_text(["Etik", "Ambition", "Temadag", "Eventuelt"])
    expect(page.locator("#live")).to_contain_text("Rækkefølgen er gemt.")
    expect(page.locator(f"#{handle}")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(titles(page)).to_have_text(["Ambition", "Etik", "Temadag", "Eventuelt"])
    expect(page.locator(f"#{handle}")).to_be_focused()


def test_order_of_a_list_that_has_changed_is_refused_with_the_fresh_list(page, meeting):
    gone = AgendaItem.objects.get(meeting=meeting, title="Temadag")
    remove_item(item=gone, by=User.objects.get(username="sekretariat"))

    with page.expect_response("**/punkter/orden/") as answer:
        drag(page, 1, to=2)

    assert answer.value.status == 409
    expect(titles(page)).to_have_text(["Ambition", "Etik", "Eventuelt"])
    expect(page.locator("#messages")).to_contain_text("En anden har ændret dagsordenen.")
    drag(page, 1, to=2)
    expect(titles(page)).to_have_text(["Etik", "Ambition", "Eventuelt"])


def test_moving_an_item_that_another_removed_says_so(page, meeting):
    gone = AgendaItem.objects.get(meeting=meeting, title="Temadag")
    remove_item(item=gone, by=User.objects.get(username="sekretariat"))

    page.get_by_role("button", name="Flyt punkt 3 op").click()

    expect(page.locator("#messages")).to_contain_text("Punktet er taget af dagsordenen.")
    expect(titles(page)).to_have_text(["Ambition", "Etik", "Eventuelt"])
