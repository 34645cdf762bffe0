"""What a status report says, counted again from the database by other means."""

import json
from collections import Counter

import pytest
from django.utils import translation

from committee.models import User
from ethics.models import ConditionEvent
from reports.content import gather_content
from reports.models import Report
from reports.services.reports import gather, open_report
from tests.factories import day, days
from tests.reports.scenes import (
    a_case,
    a_condition,
    a_scene,
    bring_to,
    rows,
    section,
    words,
)
from usecases.models import UseCase

pytestmark = pytest.mark.django_db
KEYS = [
    *("cases", "mandate", "meetings", "decisions", "conditions", "reviews", "duties"),
    *("effects", "dissent", "inputs", "price_of_no", "next"),
]


def figures(report: Report) -> dict[str, str]:
    return {one["key"]: one["value"] for one in report.content["key_figures"]}


def test_every_section_is_there_in_its_order():
    scene = a_scene()

    assert [part["key"] for part in scene.report.content["sections"]] == KEYS


def test_figures_are_those_of_the_database():
    scene = a_scene()
    uses = UseCase.objects.filter(committee=scene.committee)
    by_status = Counter(str(case.get_status_display()) for case in uses)

    assert figures(scene.report)["cases"] == str(uses.count())
    assert figures(scene.report)["pilots"] == str(uses.filter(status="pilot").count())
    assert figures(scene.report)["meetings"] == "1"
    drawn = next(one for one in section(scene.report, "cases")["blocks"] if one["kind"] == "figure")
    told = {bar["label"]: bar["value"] for bar in drawn["data"]["rows"] if bar["value"]}
    assert told == by_status


def test_status_is_that_of_the_last_day_of_the_period():
    scene = a_scene(period=(-60, -20))

    assert figures(scene.report)["pilots"] == "0"
    assert words(scene.report, "cases").startswith("Der er 3 AI-anvendelser")
    assert "Ingen anvendelse har skiftet status" in words(scene.report, "cases")


def test_figures_are_counted_anew():
    scene = a_scene()
    before = scene.report.sha256
    a_case(scene.committee, 4, "operation")

    report = gather(report=scene.fresh(), by=scene.secretary)

    assert figures(report)["cases"] == "4"
    assert report.sha256 != before


def test_every_key_figure_and_table_leads_to_what_it_counts(client):
    scene = a_scene()
    client.force_login(User.objects.get(pk=scene.reader.pk))
    urls = {one["url"] for one in scene.report.content["key_figures"]}
    urls |= {
        cell["url"]
        for part in scene.report.content["sections"]
        for block in part["blocks"]
        for row in block.get("rows", [])
        for cell in row["cells"]
        if cell["url"]
    }

    answers = {url: client.get(url).status_code for url in sorted(urls)}

    assert set(answers.values()) == {200}, answers


def test_period_without_anything_says_so_in_words():
    scene = a_scene(period=(-400, -390))

    for key in KEYS:
        if key not in {"next", "mandate"}:
            assert section(scene.report, key)["blocks"][0]["text"]
    assert words(scene.report, "meetings") == "Udvalget holdt ingen møder i perioden."
    assert words(scene.report, "conditions") == (
        "Der er ikke sat vilkår for nogen anvendelse endnu."
    )


def test_meeting_tells_who_came_and_what_was_decided():
    scene = a_scene()

    assert [row[2:] for row in rows(scene.report, "meetings", "meetings")] == [["3 af 3", "2"]]
    told = rows(scene.report, "decisions", "decisions")
    assert [row[1] for row in told] == ["Åben beslutning", "Offentlig beslutning"]


def test_closed_item_is_told_by_its_public_face_alone():
    scene = a_scene()

    assert "HEMMELIG" not in json.dumps(scene.report.content, ensure_ascii=False)
    assert "Udbud af et fagsystem (lukket)" in rows(scene.report, "decisions", "decisions")[1][0]


def test_minutes_that_are_not_locked_are_told_of():
    scene = a_scene(meeting="minutes_draft")

    assert words(scene.report, "decisions").startswith("Referatet af 1 møde er ikke låst endnu")


def test_overdue_conditions_come_first_and_what_was_handed_in_is_not_late():
    scene = a_scene()
    case = UseCase.objects.get(reference="AI-2026-001")
    owner = scene.held.member
    a_condition(case, 1, owner)
    a_condition(case, 2, owner, due_on=day(-3))
    waits = a_condition(
        case, 3, owner, due_on=day(-4), state="handed_in", handed_in_at=days(-5), handed_in_by=owner
    )
    met = a_condition(
        case, 4, owner, state="verified", handed_in_by=owner, handed_in_at=days(-6),
        verified_by=scene.secretary, verified_at=days(-5),
    )  # fmt: skip
    for row, kind in ((waits, "hand_in"), (met, "hand_in"), (met, "verify")):
        ConditionEvent.objects.create(condition=row, kind=kind, at=days(-5))

    report = gather(report=scene.fresh(), by=scene.secretary)

    assert [row[1] for row in rows(report, "conditions", "conditions_late")] == ["Vilkår 2"]
    assert [row[1] for row in rows(report, "conditions", "conditions_open")] == [
        "Vilkår 3",
        "Vilkår 1",
    ]
    assert figures(report)["confirmed"] == "1 af 4"
    assert figures(report)["late"] == "1"


def test_conditions_decided_behind_closed_doors_stay_there():
    scene = a_scene()
    case = a_case(
        scene.committee, 9, "approved_for_pilot", decision="approve_pilot", decision_access="closed"
    )
    a_condition(case, 1, scene.held.member, text="ZQ-LUKKETVILKAAR", due_on=day(-3))

    report = gather(report=scene.fresh(), by=scene.secretary)

    assert "ZQ-LUKKETVILKAAR" not in json.dumps(report.content)


def test_nobodys_contact_or_draft_is_told():
    scene = a_scene()
    a_case(scene.committee, 7, "submitted", contact_name="ZQ-NAVN", contact_email="zq@example.dk")
    UseCase.objects.create(committee=scene.committee, title="ZQ-KLADDE")

    told = json.dumps(gather(report=scene.fresh(), by=scene.secretary).content)

    assert [one for one in ("ZQ-NAVN", "zq@example.dk", "ZQ-KLADDE") if one in told] == []


def test_effects_stand_beside_the_starting_point():
    scene = a_scene()

    assert [row[1:] for row in rows(scene.report, "effects", "effects")] == [
        ["18 timer", "6 timer", "Ikke målt endnu"]
    ]


def test_price_of_a_no_is_told_in_its_own_words():
    scene = a_scene()
    told = section(scene.report, "price_of_no")["blocks"]

    assert [one["text"] for one in told] == [
        "1 forslag blev afvist i perioden.",
        "Borgere venter længere.",
    ]


def test_dissent_is_told_with_its_name():
    from reports.content.status.meetings import dissent_section

    decided = {
        "id": 1,
        "item_id": 2,
        "meeting_id": 3,
        "meeting_number": 4,
        "item_number": 5,
        "heading": "AI til mails",
        "is_closed": False,
        "use_id": None,
        "url": "/beslutninger/1/",
        "dissent": [{"name": "Medlem", "text": "Jeg er uenig."}],
    }
    with translation.override("da"):
        block = dissent_section([decided])["blocks"][0]

    assert (block["heading"], block["text"]) == (
        "Medlem om punkt 5 på 4. møde: AI til mails",
        "Jeg er uenig.",
    )


def test_changes_since_the_last_report_are_marked():
    scene = bring_to(a_scene(period=(-40, -1)), "sent")
    case = UseCase.objects.get(reference="AI-2026-001")
    UseCase.objects.filter(pk=case.pk).update(answers={"baseline": "18 timer", "result": "5 timer"})
    a_case(scene.committee, 5, "pilot", ago=0)

    report = open_report(
        committee=scene.committee,
        recipient_name="Økonomiudvalget",
        period_from=day(0),
        period_to=day(1),
        by=scene.secretary,
    )

    effects = next(one for one in section(report, "effects")["blocks"] if one["kind"] == "table")
    assert [row["change"] for row in effects["rows"]] == ["changed", "new"]
    before = {one["key"]: one["before"] for one in report.content["key_figures"]}
    assert before["cases"] == "3"
    assert before["late"] == ""


def test_long_tables_say_how_much_is_not_shown():
    scene = a_scene()
    for number in range(10, 50):
        a_case(scene.committee, number, "operation")

    report = gather(report=scene.fresh(), by=scene.secretary)

    moved = next(one for one in section(report, "cases")["blocks"] if one.get("key") == "moved")
    assert len(moved["rows"]) == 30
    assert moved["more"] == "12 rækker mere står på listen."


def test_gathering_costs_the_same_for_many_cases():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    scene = a_scene()
    a_condition(UseCase.objects.get(reference="AI-2026-001"), 1, scene.held.member)
    with CaptureQueriesContext(connection) as few:
        gather_content(scene.fresh())
    for number in range(10, 40):
        case = a_case(scene.committee, number, "pilot")
        a_condition(case, 1, scene.held.member)
    with CaptureQueriesContext(connection) as many:
        gather_content(scene.fresh())

    assert len(many) == len(few)
