"""Pages of the questionnaire: drafts, an expired login, two writers, what citizens read."""

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import Draft
from ethics.models import CaseAnswers
from ethics.models.questions import answers_of
from ethics.services.questions import save_section
from tests.factories import PASSWORD
from tests.usecases.scenes import a_scene, bring_to
from usecases.enums import Status
from usecases.models import UseCase

pytestmark = pytest.mark.django_db


def given(value, reason="Fordi.", evidence=""):
    return {"value": value, "reason": reason, "evidence": evidence}


def url(scene, name, *more):
    return reverse(f"ethics:{name}", args=[scene.case.pk, *more])


def client(user):
    found = Client()
    found.force_login(user)
    return found


def body(**fields):
    """A part as a browser posts it: the texts beside the boxes always come along."""
    ids = {key.partition("_")[0] for key in fields}
    texts = {f"{one}_{part}": "" for one in ids for part in ("reason", "evidence")}
    return {"version": "0", "ref": "etik@1"} | texts | fields


def as_it_stands(page):
    """The form of the page, sent as it is shown."""
    form = page.context["form"]
    shown = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in shown.items()} | {
        "ref": page.context["ref"]
    }


def save(scene, section, answers, *, version=0, by=None):
    by = by or scene.again("secretary")
    return save_section(
        case=scene.fresh(), section=section, answers=answers, version=version, by=by
    )


@pytest.fixture
def scene():
    found = a_scene()
    bring_to(found, Status.SUBMITTED)
    return found


def test_overview_shows_progress_and_flags(scene):
    save(scene, "K", {"K1": given("no"), "K3": given("unknown")})

    page = client(scene.owner).get(url(scene, "questions"))

    parts = {part.section.id: part for part in page.context["parts"]}
    assert page.status_code == 200
    assert parts["K"].progress.words == "2 af 4"
    assert [(flag.id, n) for flag, n in parts["K"].flags] == [("blocker", 1), ("major", 1)]
    assert page.context["flags"][0].question_id == "K3"
    assert "Tvivlen er ikke undersøgt" in page.content.decode()


def test_part_is_saved_and_leads_on(scene):
    page = client(scene.owner).post(
        url(scene, "questions_section", "E"), body(E1="2", E1_reason="120 er prøvet.")
    )

    assert page.headers["Location"] == url(scene, "questions_section", "F")
    assert answers_of(scene.fresh())["E1"] == given(2, "120 er prøvet.")


def test_all_39_questions_are_answered_part_by_part(scene):
    """The whole way without a script: every answer arrives."""
    browser = client(scene.secretary)
    address = url(scene, "questions_section", "A")
    for _part in range(11):
        page = browser.get(address)
        fields = {"version": page.context["form"]["version"].value(), "ref": page.context["ref"]}
        for row in page.context["rows"]:
            values = [choice.value for choice in row.choices]
            fields |= {row.id: values[1] if values else "En tekst.", f"{row.id}_reason": "Fordi."}
            fields[f"{row.id}_evidence"] = "https://example.dk/bilag"
        address = browser.post(address, fields).headers["Location"]

    answers = answers_of(scene.fresh())
    page = browser.get(address)
    assert len(answers) == 39
    assert page.context["total"].words == "39 af 39"
    assert page.context["next_url"] == ""


def test_wrong_answer_is_shown_again_and_kept_as_a_draft(scene):
    page = client(scene.owner).post(
        url(scene, "questions_section", "E"), body(E1="2", E2="no", E2_reason="Min grund.")
    )

    assert page.status_code == 422
    assert "Min grund." in page.content.decode()
    assert 'href="#id_E1_reason"' in page.content.decode()
    assert Draft.objects.filter(owner=scene.owner).exists()
    assert not CaseAnswers.objects.exists()


def test_draft_is_shown_until_it_is_saved(scene):
    browser = client(scene.owner)
    browser.post(url(scene, "questions_draft", "E"), body(E2="no", E2_reason="Halvt skre"))

    before = browser.get(url(scene, "questions_section", "E"))
    browser.post(url(scene, "questions_section", "E"), body(E2="no", E2_reason="Helt."))

    assert "Halvt skre" in before.content.decode()
    assert not Draft.objects.exists()


def test_login_that_expires_in_the_middle_loses_nothing(scene):
    browser = client(scene.owner)
    address = url(scene, "questions_section", "E")
    browser.get(address)
    # The server has forgotten the login; the browser still has its cookie.
    Session.objects.all().delete()

    refused = browser.post(address, body(E1="2", E1_reason="Vi prøvede 120.", E3="yes"))
    browser.post(refused.headers["Location"], {"login": scene.owner.email, "password": PASSWORD})
    page = browser.get(address)
    browser.post(address, as_it_stands(page))

    assert "Vi prøvede 120." in page.content.decode()
    answers = answers_of(scene.fresh())
    assert (answers["E1"], answers["E3"]["value"]) == (given(2, "Vi prøvede 120."), "yes")


def test_answer_that_opens_a_question_comes_back_to_it(scene):
    browser = client(scene.secretary)

    page = browser.post(url(scene, "questions_section", "C"), body(C1="confidential"))

    assert page.headers["Location"] == url(scene, "questions_section", "C") + "#q-C2"


def test_colleagues_answer_stands_beside_mine_and_nothing_is_lost(scene):
    save(scene, "K", {"K1": given("no", "Ejerens grund.")}, by=scene.again("owner"))
    browser = client(scene.secretary)
    address = url(scene, "questions_section", "K")
    mine = body(K1="yes", K1_reason="Min grund.", K2="", K4="yes")

    page = browser.post(address, mine)
    kept = answers_of(scene.fresh())["K1"]
    fields = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    browser.post(
        address, {k: "" if v is None else v for k, v in fields.items()} | {"ref": "etik@1"}
    )

    text = page.content.decode()
    assert page.status_code == 409
    assert "Ejerens grund." in text
    assert "Min grund." in text
    assert kept["value"] == "no"
    assert answers_of(scene.fresh())["K1"] == given("yes", "Min grund.")
    assert answers_of(scene.fresh())["K4"]["value"] == "yes"


def test_case_that_closes_meanwhile_shows_what_was_typed(scene):
    UseCase.objects.filter(pk=scene.case.pk).update(status=Status.REJECTED)

    page = client(scene.owner).post(
        url(scene, "questions_section", "K"), body(K1="no", K1_reason="Min grund.")
    )

    assert page.status_code == 403
    assert "Min grund." in page.content.decode()


def test_questions_of_others_are_shown_and_not_open(scene):
    page = client(scene.owner).get(url(scene, "questions_section", "K"))

    rows = {row.id: row for row in page.context["rows"]}
    assert (rows["K1"].may, rows["K3"].may) == (True, False)
    assert 'name="K3"' not in page.content.decode()


@pytest.mark.parametrize("part", ["Z", "a", "laes2"])
def test_unknown_part_is_not_found(scene, part):
    assert client(scene.owner).get(url(scene, "questions_section", part)).status_code == 404


@pytest.mark.parametrize(
    ("name", "status"),
    [("member", 200), ("follower", 200), ("outsider", 404), ("owner", 200)],
)
def test_part_is_for_those_who_read_the_case(scene, name, status):
    page = client(scene.again(name)).get(url(scene, "questions_section", "A"))

    assert page.status_code == status


def test_member_reads_and_does_not_answer(scene):
    browser = client(scene.member)

    page = browser.post(url(scene, "questions_section", "K"), body(K1="no"))

    assert page.status_code == 403
    assert 'id="section-form"' not in browser.get(page.request["PATH_INFO"]).content.decode()


# Reading ----------------------------------------------------------------------------------


@pytest.fixture
def answered():
    scene = a_scene()
    bring_to(scene, Status.APPROVED_FOR_PILOT)
    save(
        scene,
        "E",
        {"E1": given(0, "Offentlig grund.", "Internt bilag."), "E4": given("unknown", "")},
    )
    save(scene, "D", {"D3": given(1, "Hemmelig kontrakt.")})
    return scene


def test_citizen_reads_what_is_published_and_no_more(answered):
    page = Client().get(url(answered, "questions_read"))

    text = page.content.decode()
    assert page.status_code == 200
    assert "Offentlig grund." in text
    assert "Kvaliteten er ikke målt" in text
    assert "Internt bilag." not in text
    assert "Hemmelig kontrakt." not in text
    assert "Hvor godt dækker kontrakten" not in text
    assert page.context["axes"] == []


def test_flags_of_unpublished_answers_are_told_in_figures(answered):
    page = Client().get(url(answered, "questions_read"))

    assert [(flag.id, n) for flag, n in page.context["hidden_flags"]] == [("major", 1)]


def test_member_reads_all(answered):
    text = client(answered.member).get(url(answered, "questions_read")).content.decode()

    assert "Hemmelig kontrakt." in text
    assert "Internt bilag." in text
    assert "Sekretær" in text


def test_case_known_by_title_only_is_not_read_here():
    scene = a_scene()
    bring_to(scene, Status.UNDER_ASSESSMENT)

    assert Client().get(url(scene, "questions_read")).status_code == 404


def test_box_beside_the_case_says_how_far_it_is(answered):
    inside = client(answered.owner).get(answered.case.get_absolute_url())
    outside = Client().get(answered.case.get_absolute_url())

    assert url(answered, "questions") in inside.content.decode()
    assert url(answered, "questions_read") in outside.content.decode()
    assert "Hemmelig" not in outside.content.decode()


@pytest.mark.parametrize(
    ("name", "more"), [("questions", ()), ("questions_read", ()), ("questions_section", ("K",))]
)
def test_number_of_queries_does_not_grow(answered, name, more):
    browser = client(answered.owner)

    before = queries(browser, url(answered, name, *more))
    save(answered, "K", {"K1": given("no"), "K2": given("no"), "K4": given("no")}, version=2)
    save(answered, "G", {"G1": given("general"), "G2": given("no")}, version=3)

    assert queries(browser, url(answered, name, *more)) == before


def queries(browser, address):
    browser.get(address)
    with CaptureQueriesContext(connection) as found:
        assert browser.get(address).status_code == 200
    return len(found)


# A new version ----------------------------------------------------------------------------


def test_new_version_is_compared_and_asks_only_what_is_new(scene, second_version):
    save(scene, "K", {"K1": given("no", "Uden dato."), "K2": given("yes")})
    browser = client(scene.owner)
    with second_version():
        overview = browser.get(url(scene, "questions"))
        page = browser.get(url(scene, "questions_renew"))
        gone = browser.post(url(scene, "questions_renew"), {"ref": "etik@2"})
        part = browser.get(url(scene, "questions_section", "K"))

    text = page.content.decode()
    assert url(scene, "questions_renew") in overview.content.decode()
    assert "<del>Starter</del><ins>Begynder</ins>" in text
    assert "Uden dato." in text
    assert [one.id for one in page.context["found"].new] == ["K5"]
    assert gone.headers["Location"] == url(scene, "questions")
    assert [row.id for row in part.context["rows"]] == ["K1", "K2", "K3", "K5"]
    assert {row.id for row in part.context["rows"] if row.words} == {"K2"}


def test_draft_of_an_older_version_is_not_put_into_the_newer(scene, second_version):
    save(scene, "K", {"K1": given("no"), "K2": given("yes")})
    browser = client(scene.owner)
    browser.post(url(scene, "questions_draft", "K"), body(K1="yes", K1_reason="Til den gamle."))
    with second_version():
        browser.post(url(scene, "questions_renew"), {"ref": "etik@2"})
        page = browser.get(url(scene, "questions_section", "K"))

    assert "Til den gamle." not in page.content.decode()
    assert Draft.objects.filter(owner=scene.owner).exists()


def test_save_to_an_older_version_is_told_and_kept(scene, second_version):
    save(scene, "K", {"K1": given("no")})
    browser = client(scene.owner)
    with second_version():
        browser.post(url(scene, "questions_renew"), {"ref": "etik@2"})
        page = browser.post(
            url(scene, "questions_section", "K"), body(K2="yes", K2_reason="Min grund.")
        )

    assert page.status_code == 409
    assert "Min grund." in page.content.decode()


def test_citizen_reads_nothing_before_anybody_has_answered():
    scene = a_scene()
    bring_to(scene, Status.APPROVED_FOR_PILOT)

    page = Client().get(url(scene, "questions_read"))

    assert [rows for _section, rows in page.context["sections"] if rows] == []
