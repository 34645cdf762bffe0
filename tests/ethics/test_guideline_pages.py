"""The pages of guidelines: who meets what, and that typed text survives."""

import pytest
from django.urls import reverse

from core.models import Draft
from ethics.enums.guidelines import AmendmentState
from ethics.models import Amendment, Guideline, GuidelineVersion
from ethics.services.amendments import mark_of
from ethics.services.guidelines import current_version, save_section
from tests.ethics.guideline_scenes import TEXT, a_scene, adopted, proposed
from tests.factories import day

pytestmark = pytest.mark.django_db
DECIDED = {"meeting": "3. møde", "item": "2", "decided_on": day(-1).strftime("%d %m %Y")}


def at(name, *args):
    return reverse(f"ethics:{name}", args=args)


def test_citizens_read_the_adopted_text_and_its_history(client):
    scene = a_scene()
    page = at("guideline_page", scene.guideline.slug)
    assert client.get(page).status_code == 404
    edition = adopted(scene)
    answer = client.get(page).content.decode()
    assert TEXT in answer
    assert edition.sha256 in answer
    assert client.get(page + "?version=9").status_code == 404
    assert client.get(page + "?version=1&siden=1").status_code == 200
    assert client.get(at("guideline_work", scene.guideline.slug)).status_code == 302
    client.force_login(scene.outsider)
    assert client.get(at("guideline_work", scene.guideline.slug)).status_code == 404


def test_a_member_is_led_from_a_guideline_never_adopted_to_its_draft(client):
    scene = a_scene()
    client.force_login(scene.member)
    answer = client.get(at("guideline_page", scene.guideline.slug))
    assert answer["Location"] == scene.guideline.work_url


def test_from_nothing_to_adopted_through_the_pages(client):
    scene = a_scene()
    client.force_login(scene.secretary)
    answer = client.post(at("guideline_new"), {"title": "AI-ambition"})
    row = Guideline.objects.get(slug="ai-ambition")
    assert answer["Location"] == row.work_url
    bad = client.post(at("section_new", row.slug), {"heading": "", "text": "Vi vil"})
    assert bad.status_code == 422
    assert "Vi vil" in bad.content.decode()
    client.post(at("section_new", row.slug), {"heading": "Mål", "text": "Vi vil meget"})
    page = client.get(at("guideline_adopt", row.slug))
    seen = page.context["form"].initial["expected"]
    save_section(
        guideline=row, number=1, heading="Mål", text="Vi vil mere", revision=1, by=scene.second
    )
    stale = client.post(at("guideline_adopt", row.slug), DECIDED | {"expected": seen})
    assert stale.status_code == 409
    assert "Vi vil mere" in stale.content.decode()
    seen = stale.context["form"].data["expected"]
    bad = client.post(
        at("guideline_adopt", row.slug), DECIDED | {"expected": seen, "decided_on": "i går"}
    )
    assert bad.status_code == 422
    answer = client.post(at("guideline_adopt", row.slug), DECIDED | {"expected": seen})
    assert answer["Location"] == row.get_absolute_url()
    client.post(row.work_url)
    assert GuidelineVersion.objects.filter(guideline=row).count() == 2


def test_drafts_of_a_section_are_kept_and_erased(client):
    scene = a_scene()
    client.force_login(scene.secretary)
    page = at("section_edit", scene.guideline.slug, 1)
    typed = {"heading": "Kontrol", "text": "Halvt skrevet", "revision": "1"}
    assert client.post(page + "kladde/", typed).status_code == 200
    assert "Halvt skrevet" in client.get(page).content.decode()
    client.post(page, typed)
    assert not Draft.objects.exists()
    assert scene.section().text == "Halvt skrevet"
    client.force_login(scene.member)
    assert client.post(page + "kladde/", typed).status_code == 403


def test_a_kept_draft_still_says_which_text_it_was_typed_on(client):
    scene = a_scene()
    client.force_login(scene.secretary)
    page = at("section_edit", scene.guideline.slug, 1)
    typed = {"heading": "K", "text": TEXT.replace("altid", "selv"), "revision": "1"}
    client.post(page + "kladde/", typed)
    newer = TEXT.replace("besked", "brev")
    save_section(
        guideline=scene.guideline, number=1, heading="K", text=newer, revision=1, by=scene.second
    )
    assert client.get(page).context["form"].initial["revision"] == 1
    answer = client.post(page, typed)
    assert answer.status_code == 409
    merged = answer.context["form"].initial
    assert merged["text"] == newer.replace("altid", "selv")
    client.post(page, merged)
    assert scene.section().text == merged["text"]


def test_removing_a_section_by_its_button(client):
    scene = a_scene()
    client.force_login(scene.secretary)
    page = at("section_edit", scene.guideline.slug, 2)
    assert client.post(page, {"remove": "1", "revision": "9"}).status_code == 409
    assert client.post(page, {"remove": "1", "revision": "1"}).status_code == 302
    assert client.get(page).status_code == 404


def test_an_amendment_from_a_member_to_the_answer(client):
    scene = a_scene()
    client.force_login(scene.member)
    page = at("amendment_new", scene.guideline.slug, 1)
    bad = client.post(page, {"text": "Mit forslag", "reason": "", "seen": mark_of(TEXT)})
    assert bad.status_code == 422
    assert "Mit forslag" in bad.content.decode()
    client.post(page, {"text": "Mit forslag", "reason": "Klarere", "seen": mark_of(TEXT)})
    row = Amendment.objects.get()
    assert "Klarere" in client.get(scene.guideline.work_url).content.decode()
    assert client.get(at("amendment_answer", row.pk)).status_code == 403

    client.force_login(scene.secretary)
    answer = at("amendment_answer", row.pk)
    bad = client.post(answer, DECIDED | {"outcome": "decline", "texts": 1, "answer": ""})
    assert bad.status_code == 422
    good = DECIDED | {"outcome": "accept", "texts": 1, "answer": "Godt set"}
    assert client.post(answer, good).status_code == 302
    assert client.post(answer, good).status_code == 409
    row.refresh_from_db()
    assert row.state == AmendmentState.ACCEPTED
    assert "Godt set" in client.get(row.get_absolute_url()).content.decode()
    client.force_login(scene.outsider)
    assert client.get(row.get_absolute_url()).status_code == 404


def test_a_proposal_on_an_older_text_is_shown_on_the_new(client):
    scene = a_scene()
    client.force_login(scene.member)
    newer = TEXT.replace("besked", "brev")
    save_section(
        guideline=scene.guideline, number=1, heading="K", text=newer, revision=1, by=scene.secretary
    )
    typed = {"text": TEXT.replace("altid", "selv"), "reason": "Ja", "seen": mark_of(TEXT)}
    answer = client.post(at("amendment_new", scene.guideline.slug, 1), typed)
    assert answer.status_code == 409
    assert answer.context["form"].initial["text"] == newer.replace("altid", "selv")
    assert answer.context["form"].initial["seen"] == mark_of(newer)


def test_rebasing_and_taking_back_through_the_pages(client):
    scene = a_scene()
    row = proposed(scene, TEXT.replace("altid", "selv"))
    newer = TEXT.replace("besked", "brev")
    save_section(
        guideline=scene.guideline, number=1, heading="K", text=newer, revision=1, by=scene.secretary
    )
    client.force_login(scene.secretary)
    good = DECIDED | {"outcome": "accept", "texts": 1, "answer": ""}
    assert client.post(at("amendment_answer", row.pk), good).status_code == 409
    client.force_login(scene.member)
    page = at("amendment_rebase", row.pk)
    initial = client.get(page).context["form"].initial
    assert client.post(page, initial).status_code == 302
    row.refresh_from_db()
    assert row.texts_count == 2
    assert client.post(row.get_absolute_url()).status_code == 302
    assert client.get(page).status_code == 403
    assert client.post(row.get_absolute_url()).status_code == 403
    assert current_version(scene.guideline).sections.get(number=1).text == newer
