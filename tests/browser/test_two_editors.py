"""Nobody loses text: two editors, an expired login, a page that is left too early."""

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from committee.models import Committee, User
from core.models import Draft
from demo.committee import PASSWORD
from meetings.models import AgendaItem, ItemText
from meetings.services.items import add_item
from meetings.services.planning import create_meeting
from meetings.services.texts import save_texts
from tests.browser.conftest import log_in
from tests.factories import days

pytestmark = pytest.mark.browser

BASE = "Udvalget drøfter brugen af AI.\n\nDer er to forslag."
MINE = "Udvalget drøfter brugen af AI i ældreplejen.\n\nDer er to forslag."
THEIRS = "Udvalget drøfter brugen af AI.\n\nDer er tre forslag fra borgerne."


@pytest.fixture
def item(committee: Committee) -> AgendaItem:
    by = User.objects.get(username="sekretariat")
    starts, ends = days(30).replace(hour=17), days(30).replace(hour=20)
    meeting = create_meeting(committee=committee, starts_at=starts, ends_at=ends, by=by)
    item = add_item(meeting=meeting, title="Brugen af AI", by=by)
    save_texts(item=item, texts={"summary": BASE}, versions={}, by=by)
    return item


def edit(page: Page, item: AgendaItem) -> Page:
    page.goto(f"/moeder/{item.meeting_id}/punkt/{item.pk}/rediger/")
    return page


def summary_of(item: AgendaItem) -> str:
    return ItemText.objects.get(item=item, key="summary").text


@pytest.mark.parametrize("script", [True, False], ids=["javascript", "no-javascript"])
def test_second_editor_sees_both_texts_and_saves_the_merged_one(open_page, item, script):
    first = edit(open_page("sekretariat", java_script_enabled=script), item)
    second = edit(open_page("sekretariat", java_script_enabled=script), item)
    first.get_by_label("Resumé").fill(THEIRS)
    second.get_by_label("Resumé").fill(MINE)
    first.get_by_role("button", name="Gem og luk").first.click()
    expect(first.locator("body")).to_contain_text("Punkt 1 er gemt.")

    second.get_by_role("button", name="Gem og luk").first.click()
    main = second.locator("main")
    expect(main).to_contain_text("Din tekst er ikke gemt endnu, men den er ikke tabt.")
    expect(main.locator(".mine ins")).to_contain_text("ældreplejen")
    expect(main.locator(".theirs ins").first).to_contain_text("tre")
    proposal = second.get_by_role("textbox", name="Den tekst, der bliver gemt").input_value()
    assert "ældreplejen" in proposal
    assert "tre forslag fra borgerne" in proposal
    assert summary_of(item) == THEIRS

    second.get_by_role("button", name="Gem den flettede tekst").click()
    expect(second.locator("body")).to_contain_text("Punkt 1 er gemt.")
    assert summary_of(item) == proposal.replace("\r\n", "\n")


def test_text_waits_as_a_draft_when_the_merge_is_put_off(open_page, item):
    second = edit(open_page("sekretariat"), item)
    first = edit(open_page("sekretariat"), item)
    first.get_by_label("Resumé").fill(THEIRS)
    first.get_by_role("button", name="Gem og luk").first.click()
    expect(first.locator("body")).to_contain_text("Punkt 1 er gemt.")
    second.get_by_label("Resumé").fill(MINE)
    second.get_by_role("button", name="Gem og luk").first.click()

    second.get_by_role("link", name="Tilbage til punktet").click()

    expect(second.get_by_label("Resumé")).to_have_value(MINE)
    expect(second.locator("main")).to_contain_text("Du ser din kladde.")


def test_expired_login_returns_to_the_same_text(open_page, item):
    page = edit(open_page("sekretariat"), item)
    text = page.get_by_label("Resumé")
    text.fill("Første linje.")
    text.blur()
    expect(page.locator(".ur-saved")).to_contain_text("Kladde gemt kl.")

    Session.objects.all().delete()
    text.fill("Første linje. Skrevet efter to timer.")
    text.blur()
    expect(page.locator(".ur-saved")).to_contain_text("Du er logget ud")

    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Log ind i et nyt vindue").click()
    login = opened.value
    login.get_by_label("Brugernavn eller e-mail").fill("sekretariat")
    login.get_by_label("Adgangskode").fill(PASSWORD)
    login.get_by_role("button", name="Log ind").click()
    login.wait_for_url(lambda url: "log-ind" not in url)
    login.close()

    expect(text).to_have_value("Første linje. Skrevet efter to timer.")
    text.press("End")
    text.press_sequentially("!")
    text.blur()
    expect(page.locator(".ur-saved")).to_contain_text("Kladde gemt kl.")
    kept = Draft.objects.get(form=f"item:{item.pk}").fields["summary"]
    assert kept == "Første linje. Skrevet efter to timer.!"
    page.get_by_role("button", name="Gem og luk").first.click()
    expect(page.locator("body")).to_contain_text("Punkt 1 er gemt.")
    assert summary_of(item) == kept


def test_save_that_meets_an_expired_login_stays_on_the_page_with_the_text(
    open_page, item, live_server
):
    page = edit(open_page("sekretariat"), item)
    text = page.get_by_label("Resumé")
    text.fill("Skrevet, da jeg var logget ud.")
    Session.objects.all().delete()

    page.get_by_role("button", name="Gem og luk").first.click()

    expect(page.locator(".ur-saved")).to_contain_text("Du er logget ud")
    expect(text).to_have_value("Skrevet, da jeg var logget ud.")
    log_in(page.context, "sekretariat", live_server.url)
    page.get_by_role("button", name="Gem og luk").first.click()
    expect(page.locator("body")).to_contain_text("Punkt 1 er gemt.")
    assert summary_of(item) == "Skrevet, da jeg var logget ud."


def test_leaving_with_unsaved_text_asks_first(open_page, item):
    page = edit(open_page("sekretariat"), item)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.route("**/kladde/", lambda route: route.abort())
    page.get_by_label("Resumé").press_sequentially("Ny ")

    page.get_by_role("link", name="Møder").first.click()
    page.wait_for_url("**/moeder/")

    assert asked == ["beforeunload"]


def test_leaving_with_saved_text_does_not_ask(open_page, item):
    page = edit(open_page("sekretariat"), item)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_label("Resumé").fill("Gemt som kladde.")
    page.get_by_label("Resumé").blur()
    expect(page.locator(".ur-saved")).to_contain_text("Kladde gemt kl.")

    page.get_by_role("link", name="Møder").first.click()
    page.wait_for_url("**/moeder/")

    assert asked == []
