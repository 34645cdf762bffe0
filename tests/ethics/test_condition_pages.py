"""The pages of conditions: who sees what, what is kept, and constant queries."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from committee.enums import Role
from committee.models import User
from ethics.enums.conditions import ConditionState as C
from ethics.models import Condition
from tests.ethics.scenes import TEXT, a_condition, again, hand_in, move
from tests.factories import day, person
from tests.usecases.scenes import Scene, a_scene, bring_to, decide
from tests.world import text_pdf
from usecases.models import UseCase

pytestmark = pytest.mark.django_db
LATER = "20 11 2030"


def browser(user: User | None = None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(User.objects.get(pk=user.pk))
    return client


def approved() -> Scene:
    scene = a_scene()
    bring_to(scene, "approved_for_pilot")
    return scene


def url(name: str, row: Any, *more: Any) -> str:
    return reverse(f"ethics:{name}", args=[row.case_id, row.number, *more])


def case_url(name: str, case: UseCase) -> str:
    return reverse(f"ethics:{name}", args=[case.pk])


# By hand, from the form to the verified condition ------------------------------------------------


def test_condition_from_form_to_verified() -> None:
    scene = approved()
    data = {"text": TEXT, "gate": "pilot", "owner": scene.owner.pk, "due_on": LATER}
    added = browser(scene.secretary).post(
        case_url("condition_new", scene.case), data | {"source": "flag", "source_ref": "C2"}
    )
    row = Condition.objects.get()
    given = {"text": "Slået til.", "file": SimpleUploadedFile("log.pdf", text_pdf("Log"))}

    handed = browser(scene.owner).post(url("condition_evidence", row), given)
    form = browser(scene.second).get(url("condition_verify", row))
    seen = browser(scene.second).post(
        url("condition_verify", row), {"evidence": 1, "verdict": "verify"}
    )

    assert (added.status_code, handed.status_code, seen.status_code) == (302, 302, 302)
    assert "log.pdf" in form.content.decode()
    assert (again(row).state, again(row).source_ref) == (C.VERIFIED, "C2")
    assert scene.fresh().conditions_pilot_met


def test_bad_input_keeps_what_was_typed() -> None:
    scene = approved()
    row = a_condition(scene)
    client = browser(scene.secretary)

    new = client.post(case_url("condition_new", scene.case), {"text": "Logges", "due_on": "31 02"})
    late = client.post(
        url("condition_edit", row),
        {"text": "Skrevet for længe siden", "gate": "pilot", "owner": scene.owner.pk,
         "due_on": LATER, "version": row.version + 1},
    )  # fmt: skip
    evidence = browser(scene.owner).post(
        url("condition_evidence", row),
        {"text": "Slået til", "file": SimpleUploadedFile("log.exe", b"MZ")},
    )

    assert (new.status_code, late.status_code, evidence.status_code) == (422, 409, 422)
    assert "Logges" in new.content.decode()
    assert "Skrevet for længe siden" in late.content.decode()
    assert "Slået til" in evidence.content.decode()
    assert again(row).text == TEXT


def test_verdict_no_needs_what_is_missing() -> None:
    scene = approved()
    row = hand_in(a_condition(scene))
    client = browser(scene.secretary)

    empty = client.post(url("condition_verify", row), {"evidence": 1, "verdict": "reject"})
    full = client.post(
        url("condition_verify", row),
        {"evidence": 1, "verdict": "reject", "reason": "Loggen er tom."},
    )

    assert (empty.status_code, full.status_code) == (422, 302)
    assert "Loggen er tom." in browser(scene.owner).get(url("condition_page", row)).content.decode()


def test_owner_cannot_verify_by_address() -> None:
    scene = approved()
    row = hand_in(a_condition(scene, owner=scene.secretary))
    client = browser(scene.secretary)

    answers = [
        client.get(url("condition_verify", row)).status_code,
        client.post(url("condition_verify", row), {"evidence": 1, "verdict": "verify"}).status_code,
    ]

    assert answers == [403, 403]
    assert again(row).state == C.HANDED_IN


@pytest.mark.parametrize("wanted", ["", "x", "999999", "9" * 30])
def test_taking_over_what_is_none_says_so(wanted: str) -> None:
    scene = approved()

    answer = browser(scene.secretary).post(
        case_url("condition_take", scene.case), {"condition": wanted}
    )

    assert answer["Location"] == case_url("condition_new", scene.case)
    assert not Condition.objects.exists()


def test_conditions_of_similar_cases_are_offered_and_taken_over_with_a_press() -> None:
    first, second = approved(), approved()
    origin = a_condition(first)
    client = browser(second.secretary)
    page = client.get(case_url("condition_new", second.case)).content.decode()

    answer = client.post(case_url("condition_take", second.case), {"condition": origin.pk})
    row = Condition.objects.get(case=second.case)
    shown = client.get(answer["Location"]).content.decode()

    assert TEXT in page
    assert row.reused_from == origin
    assert first.case.reference in shown
    assert TEXT not in client.get(case_url("condition_new", second.case)).content.decode()


# Recorded by hand ------------------------------------------------------------------------------


def test_fact_by_hand_leads_to_the_conditions_once_there_are_some() -> None:
    scene = approved()
    fact = reverse("usecases:case_fact", args=[scene.case.pk, "vilkaar-pilot"])
    client = browser(scene.secretary)
    before = client.post(fact, {}).status_code
    a_condition(scene)

    shown, posted = client.get(fact), client.post(fact, {"met": "on"})

    assert (before, shown.status_code, posted.status_code) == (302, 200, 403)
    for answer in (shown, posted):
        assert case_url("conditions_page", scene.case) in answer.content.decode()
    move_page = browser(scene.owner).get(scene.case.get_absolute_url()).content.decode()
    assert case_url("conditions_page", scene.case) in move_page
    assert not scene.fresh().conditions_pilot_met


# Who sees what ---------------------------------------------------------------------------------


def test_citizens_read_the_words_of_what_binds_and_never_the_evidence() -> None:
    scene = approved()
    helper = person(scene.committee, Role.MEMBER, name="Birgit Vilkårsejer")
    row = hand_in(a_condition(scene, owner=helper), text="Hemmelig dokumentation")
    waived = a_condition(scene, text="Frafaldet vilkår")
    move(waived, "waive", scene.secretary, reason="R", body="Økonomiudvalget", on=day(0))

    page = browser().get(case_url("conditions_page", scene.case)).content.decode()
    case_page = browser().get(scene.case.get_absolute_url()).content.decode()

    assert TEXT in page
    assert TEXT in case_page
    for hidden in ("Hemmelig dokumentation", "Frafaldet vilkår", row.owner.name):
        assert hidden not in page + case_page
    assert browser().get(url("condition_page", row)).status_code == 302


def test_conditions_of_a_closed_decision_are_not_for_citizens() -> None:
    scene = a_scene()
    bring_to(scene, "under_assessment")
    a_condition(scene)
    decide(scene, "approve_pilot", access="closed", ground="§ 10")

    page = browser().get(case_url("conditions_page", scene.case))

    assert page.status_code == 200
    assert TEXT not in page.content.decode()
    assert TEXT not in browser(scene.follower).get(
        case_url("conditions_page", scene.case)
    ).content.decode()  # fmt: skip


def test_case_of_which_only_the_title_is_known_has_no_page_of_conditions() -> None:
    scene = a_scene()
    bring_to(scene, "under_assessment")
    a_condition(scene)
    path = case_url("conditions_page", scene.case)

    known, unknown = browser().get(path), browser().get(path.replace(str(scene.case.pk), "999999"))

    assert (known.status_code, unknown.status_code) == (404, 404)


def test_decision_whose_conditions_are_not_written_down_says_so() -> None:
    scene = a_scene()
    bring_to(scene, "under_assessment")
    decide(scene, "approve_pilot", conditions="Der skal logges.")
    client = browser(scene.secretary)
    before = client.get(case_url("conditions_page", scene.case)).content.decode()

    a_condition(scene)

    after = client.get(case_url("conditions_page", scene.case)).content.decode()
    assert ("unwritten" in before, "unwritten" in after) == (True, False)


# Lists ------------------------------------------------------------------------------------------


def listed(client: Client, query: str = "") -> list[Condition]:
    answer = client.get(reverse("ethics:condition_list") + query)
    return [row.condition for row in answer.context["rows"]]


def test_list_shows_the_overdue_first_and_filters_in_the_address() -> None:
    scene = approved()
    later, soon = a_condition(scene, due_on=day(50)), a_condition(scene, due_on=day(5))
    late = a_condition(scene, gate="operation")
    Condition.objects.filter(pk=late.pk).update(due_on=day(-2))
    waiting = hand_in(a_condition(scene, due_on=day(30)))
    client = browser(scene.secretary)

    assert listed(client) == [late, soon, waiting, later]
    assert listed(client, "?vis=kontrol") == [waiting]
    assert listed(client, "?port=drift") == [late]
    assert listed(client, "?frist=overskredet") == [late]
    assert listed(client, "?ejer=mig") == []
    assert len(listed(browser(scene.owner), "?ejer=mig")) == 4
    assert listed(client, "?vis=x&port=x&side=x") == [late, soon, waiting, later]


@pytest.mark.parametrize("page", ["list", "case", "work"])
def test_pages_cost_the_same_for_few_and_many(page: str) -> None:
    scene = approved()
    paths = {
        "list": reverse("ethics:condition_list"),
        "case": case_url("conditions_page", scene.case),
        "work": reverse("portal:my_work"),
    }
    client = browser(scene.secretary)
    counts = []
    for more in (2, 12):
        for _one in range(more):
            a_condition(scene, owner=person(scene.committee, Role.MEMBER), due_on=day(9))
            hand_in(a_condition(scene, owner=scene.second))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(paths[page]).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_my_work_says_what_to_show_and_what_to_verify() -> None:
    scene = approved()
    a_condition(scene, due_on=day(5))
    a_condition(scene, due_on=day(60), text="Langt ude i fremtiden")
    to_verify = hand_in(a_condition(scene, text="Til kontrol", due_on=day(70)))

    mine = browser(scene.owner).get(reverse("portal:my_work")).content.decode()
    theirs = browser(scene.secretary).get(reverse("portal:my_work")).content.decode()

    assert TEXT in mine
    assert "Langt ude" not in mine
    assert url("condition_verify", to_verify) in theirs
    assert TEXT not in theirs
