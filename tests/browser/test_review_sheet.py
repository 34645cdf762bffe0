"""A reviewer fills in the whole sheet on a tablet, and the login expires in the middle."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from ethics.models import ReviewSheet
from ethics.questionnaire import Question, current, visible
from tests.browser.conftest import log_in
from tests.ethics import scenes_rounds as scenes
from tests.factories import PASSWORD

pytestmark = pytest.mark.browser

TABLET = {"width": 820, "height": 1180}
EXPIRES_IN = 4  # the part in whose middle the login is gone


def answer(page: Page, question: Question, given: dict[str, Any]) -> None:
    """As a person would: a tap on the answer, and the reason typed."""
    if question.type == "text":
        page.locator(f"[name={question.id}]").fill(given["value"])
        return
    values = given["value"] if isinstance(given["value"], list) else [given["value"]]
    for value in values:
        page.locator(f"input[name={question.id}][value='{value}'] + label").click()
    page.locator(f"[name={question.id}_reason]").fill(given["reason"])


@pytest.mark.parametrize("script", [True, False], ids=["javascript", "no-javascript"])
def test_whole_sheet_survives_a_login_that_expires(open_page, live_server, script):
    scene = scenes.a_round()
    scenes.handed_out(scene)
    reviewer = scene.ethicist
    wanted = scenes.good_answers()
    asked = {question.id for question in visible(current(), wanted)}
    page = open_page(reviewer.username, java_script_enabled=script)
    page.set_viewport_size(TABLET)
    page.goto(f"/etik/runder/{scene.review.pk}/ark/")
    page.locator("main a[href*='/ark/']").first.click()

    for number, section in enumerate(current().sections, start=1):
        expect(page.locator("h1")).to_have_text(section.name.da)
        for question in current().questions_of(section.id):
            if question.id in asked:
                answer(page, question, wanted[question.id])
        if number == EXPIRES_IN:
            lose_the_login(page, reviewer.username, live_server.url, script=script)
        page.locator("#section-form button[type=submit]").first.click()

    expect(page.locator("h1")).not_to_have_text(current().sections[-1].name.da)
    answers = ReviewSheet.objects.get(assignment__reviewer=reviewer).answers
    assert {key: answers[key] for key in asked} == wanted


def lose_the_login(page: Page, username: str, url: str, *, script: bool) -> None:
    """Save without a session, then log in again: what was typed stands there still."""
    here = page.url
    Session.objects.all().delete()
    page.locator("#section-form button[type=submit]").first.click()
    if script:
        expect(page.locator(".ur-saved")).to_contain_text("Du er logget ud")
        log_in(page.context, username, url)
        return
    page.wait_for_url("**/log-ind/**")
    page.get_by_label("Brugernavn eller e-mail").fill(username)
    page.get_by_label("Adgangskode").fill(PASSWORD)
    page.get_by_role("button", name="Log ind").click()
    expect(page).to_have_url(here)
