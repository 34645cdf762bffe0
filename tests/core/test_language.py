"""Danish unless the reader has chosen another language on the page."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("cookie", "accept", "lang"),
    [
        ("", "", "da"),
        ("", "en-GB,en;q=0.9", "da"),
        ("en", "da", "en"),
        ("da", "en", "da"),
        ("xx", "en", "da"),
    ],
)
def test_page_speaks_the_chosen_language_and_danish_otherwise(client, cookie, accept, lang):
    if cookie:
        client.cookies["django_language"] = cookie

    page = client.get("/log-ind/", headers={"accept-language": accept})

    assert f'<html lang="{lang}">' in page.content.decode()
    assert page["Content-Language"] == lang


def test_choosing_english_holds_for_the_next_page(client):
    client.post("/sprog/", {"language": "en", "next": "/log-ind/"})

    assert '<html lang="en">' in client.get("/log-ind/").content.decode()
