"""From draft to frozen: who may, two persons, and that nothing changes afterwards."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from committee.enums import Role
from committee.models import User
from core.canonical import canonical_json, sha256_hex
from core.models import AuditEntry
from core.verdicts import NotAllowed, Refused, StaleState
from meetings.models import AgendaItem
from meetings.services.publication import withdraw_minutes
from reports.audience import council_eyes
from reports.models import Report, ReportApproval
from reports.policies import reports as policies
from reports.selectors.reading import shown_content
from reports.services import reports as services
from reports.services.texts import save_texts
from reports.workflow import REPORT
from tests.factories import MembershipFactory, day, days, person
from tests.meetings.scenes import CLOSED
from tests.reports.scenes import ROAD, a_case, a_scene, approve, bring_to, rows, write
from usecases.models import UseCase

pytestmark = pytest.mark.django_db

# Who reads a report in which state: every role, and those without one.
MAKERS = {Role.SECRETARIAT, Role.CHAIR, Role.VICE_CHAIR}
READERS = {
    "draft": MAKERS,
    "approval": MAKERS,
    "frozen": MAKERS | {Role.MEMBER, Role.COUNCIL_READER},
    "sent": MAKERS | {Role.MEMBER, Role.COUNCIL_READER},
    "public": set(Role) | {"outsider"},
}


@pytest.mark.parametrize("state", ROAD)
def test_roles_and_states(state):
    scene = bring_to(a_scene(meeting=""), state)
    people = {role: person(scene.committee, role) for role in Role}
    people["outsider"] = person(None)

    seen = {
        role
        for role, user in people.items()
        if Report.objects.visible_to(user).filter(pk=scene.report.pk).exists()
    }

    assert seen == READERS[state]


def test_table_of_readers_is_complete():
    assert set(READERS) - {"public"} == set(REPORT.states)


def test_eyes_of_the_council_are_nobodys():
    scene = a_scene(meeting="")
    eyes = council_eyes(scene.committee)

    assert eyes.roles == {scene.committee.pk: {Role.COUNCIL_READER}}
    assert not User.objects.filter(pk=eyes.pk).exists()


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SECRETARIAT])
def test_only_the_secretariat_moves_a_report(role):
    scene = a_scene(meeting="")
    somebody = person(scene.committee, role)

    for act in (services.send_to_approval, services.freeze, services.gather):
        with pytest.raises(NotAllowed):
            act(report=scene.fresh(), by=somebody)


def test_needs_headline_and_foreword_before_approval():
    scene = a_scene(meeting="")

    with pytest.raises(NotAllowed, match="overskrift"):
        services.send_to_approval(report=scene.fresh(), by=scene.secretary)


def test_two_sides_approve_before_it_is_frozen():
    scene = bring_to(a_scene(meeting=""), "approval")
    with pytest.raises(NotAllowed, match="Sekretariatet"):
        services.freeze(report=scene.fresh(), by=scene.secretary)
    approve(scene, scene.secretary)
    with pytest.raises(NotAllowed, match="Formanden"):
        services.freeze(report=scene.fresh(), by=scene.secretary)
    approve(scene, scene.chair)

    services.freeze(report=scene.fresh(), by=scene.secretary)

    assert scene.fresh().state == "frozen"


def test_one_person_is_not_two():
    scene = bring_to(a_scene(meeting=""), "approval")
    MembershipFactory(user=scene.secretary, committee=scene.committee, role=Role.CHAIR)
    both = User.objects.get(pk=scene.secretary.pk)
    approve(scene, both)

    with pytest.raises(StaleState, match="anden person"):
        approve(scene, both)
    with pytest.raises(DatabaseError), transaction.atomic():
        ReportApproval.objects.create(
            report=scene.fresh(),
            side="leader",
            person=both,
            sha256=scene.fresh().sha256,
            approval_round=1,
        )


def test_two_of_one_side_are_not_both_sides():
    scene = bring_to(a_scene(meeting=""), "approval")
    approve(scene, scene.secretary)

    with pytest.raises(StaleState, match="jeres side"):
        approve(scene, person(scene.committee, Role.SECRETARIAT))


@pytest.mark.parametrize("change", ["text", "figures"])
def test_change_takes_approvals_away(change):
    scene = bring_to(a_scene(meeting=""), "approval")
    approve(scene, scene.secretary)
    approve(scene, scene.chair)
    if change == "text":
        write(scene, foreword="Noget andet.")
    else:
        a_case(scene.committee, 8, "operation")
        services.gather(report=scene.fresh(), by=scene.secretary)

    with pytest.raises(NotAllowed):
        services.freeze(report=scene.fresh(), by=scene.secretary)


def test_approvals_of_an_earlier_round_do_not_hold():
    scene = bring_to(a_scene(meeting=""), "approval")
    approve(scene, scene.secretary)
    approve(scene, scene.chair)
    services.back_to_draft(report=scene.fresh(), by=scene.secretary)
    services.send_to_approval(report=scene.fresh(), by=scene.secretary)

    with pytest.raises(NotAllowed):
        services.freeze(report=scene.fresh(), by=scene.secretary)


def test_what_is_approved_is_what_was_read():
    scene = bring_to(a_scene(meeting=""), "approval")
    read = scene.fresh().sha256
    write(scene, foreword="Noget andet.")

    with pytest.raises(StaleState, match="ændret"):
        services.approve(report=scene.fresh(), sha256=read, by=scene.chair)


def test_frozen_content_has_its_hash():
    report = bring_to(a_scene(), "frozen").fresh()

    assert sha256_hex(canonical_json(report.content)) == report.sha256


@pytest.mark.database
@pytest.mark.parametrize("state", ["frozen", "sent"])
@pytest.mark.parametrize(
    "change", ["headline = 'x'", "content = '{}'", "sha256 = 'x'", "frozen_at = NULL"]
)
def test_frozen_report_never_changes(state, change):
    scene = bring_to(a_scene(meeting=""), state)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE reports_report SET {change} WHERE id = {scene.report.pk}")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM reports_report WHERE id = {scene.report.pk}")


def test_frozen_report_is_neither_written_nor_gathered():
    scene = bring_to(a_scene(meeting=""), "frozen")

    assert not policies.can_write(scene.secretary, scene.fresh())
    with pytest.raises(NotAllowed):
        services.gather(report=scene.fresh(), by=scene.secretary)
    with pytest.raises(NotAllowed):
        write(scene)


def test_item_closed_since_stops_the_freezing_and_hides_in_what_was_frozen():
    scene = bring_to(a_scene(), "approval")
    approve(scene, scene.secretary)
    approve(scene, scene.chair)
    closing = CLOSED | {"public_title": "Noget fortroligt"}
    AgendaItem.objects.filter(pk=scene.held.opened.pk).update(**closing)

    with pytest.raises(Refused, match="lukket"):
        services.freeze(report=scene.fresh(), by=scene.secretary)


def test_item_closed_after_sending_is_not_shown_again():
    scene = bring_to(a_scene(), "sent")
    assert rows(scene.fresh(), "decisions", "decisions")[0][1] == "Åben beslutning"
    closing = CLOSED | {"public_title": "Noget fortroligt"}
    AgendaItem.objects.filter(pk=scene.held.opened.pk).update(**closing)

    told = str(shown_content(scene.fresh()))

    assert "Åben beslutning" not in told
    assert "Noget fortroligt (lukket efterfølgende)" in told


def test_sections_are_commented_and_not_left_out():
    scene = a_scene(meeting="")
    report = scene.fresh()
    texts = {"comment.meetings": "Mødet blev udskudt."}

    save_texts(report=report, texts=texts, version=report.version, by=scene.secretary)

    parts = {part["key"]: part["comment"] for part in scene.fresh().content["sections"]}
    assert parts["meetings"] == "Mødet blev udskudt."
    with pytest.raises(Refused):
        save_texts(report=report, texts={"comment.findes-ikke": "x"}, version=1, by=scene.secretary)


def test_two_who_write_lose_nothing():
    scene = a_scene(meeting="")
    version = scene.fresh().version
    first = {"foreword": "Det går godt.", "headline": "Hans"}
    save_texts(report=scene.fresh(), texts=first, version=version, by=scene.secretary)

    mine = {"foreword": "Det går skidt.", "comment.next": "Min kommentar"}
    conflicts = save_texts(report=scene.fresh(), texts=mine, version=version, by=scene.chair)

    assert [(one.key, one.mine, one.theirs) for one in conflicts] == [
        ("foreword", "Det går skidt.", "Det går godt.")
    ]
    assert "skidt" in conflicts[0].merged
    assert "godt" in conflicts[0].merged
    report = scene.fresh()
    assert (report.foreword, report.headline) == ("Det går godt.", "Hans")
    assert report.comments == {"next": "Min kommentar"}
    assert {row.texts.get("foreword", "") for row in report.revisions.all()} == {
        "",
        "Det går godt.",
    }


def test_every_act_is_in_the_protocol():
    scene = bring_to(a_scene(meeting=""), "sent")

    verbs = list(
        AuditEntry.objects.filter(verb__startswith="reports.", object_id=str(scene.report.pk))
        .order_by("seq")
        .values_list("verb", flat=True)
    )

    assert verbs == [
        "reports.open_report",
        "reports.write_report",
        "reports.send_report_to_approval",
        "reports.approve_report",
        "reports.approve_report",
        "reports.freeze_report",
        "reports.send_report",
    ]


def test_every_verb_has_words():
    from reports.verbs import WORDS

    used = set(
        AuditEntry.objects.filter(verb__startswith="reports.").values_list("verb", flat=True)
    )

    assert used <= set(WORDS)


def test_report_that_tells_of_what_is_not_public_stays_closed():
    scene = a_scene()
    a_case(scene.committee, 6, "parked")
    services.gather(report=scene.fresh(), by=scene.secretary)
    bring_to(scene, "sent")

    with pytest.raises(Refused, match="ikke er offentligt endnu: AI-2026-006"):
        services.publish_report(report=scene.fresh(), by=scene.secretary)


def test_report_becomes_public_when_all_it_tells_of_is():
    scene = a_scene(meeting="published")
    UseCase.objects.filter(reference="AI-2026-003").update(status="rejected")
    services.gather(report=scene.fresh(), by=scene.secretary)
    bring_to(scene, "sent")

    services.publish_report(report=scene.fresh(), by=scene.secretary)
    assert Report.objects.visible_to(person(None)).count() == 1
    services.withdraw_report(report=scene.fresh(), by=scene.secretary)
    assert Report.objects.visible_to(person(None)).count() == 0


def test_public_report_tells_nothing_of_minutes_that_were_withdrawn():
    scene = a_scene(meeting="published")
    UseCase.objects.filter(reference="AI-2026-003").update(status="rejected")
    services.gather(report=scene.fresh(), by=scene.secretary)
    bring_to(scene, "sent")
    services.publish_report(report=scene.fresh(), by=scene.secretary)
    told = rows(scene.fresh(), "decisions", "decisions")[0]

    withdraw_minutes(
        meeting=scene.held.fresh(), reason="Et navn stod der ved en fejl.", by=scene.secretary
    )

    page = Client().get(scene.fresh().get_absolute_url()).content.decode()
    assert told[1]
    assert told[0] not in page
    assert told[1] not in page
    assert "Er ikke længere offentligt" in page


def test_report_about_a_decision_on_a_use_that_is_not_public_stays_closed():
    scene = a_scene(meeting="published")
    UseCase.objects.filter(reference="AI-2026-003").update(status="rejected")
    case = a_case(scene.committee, 7, "parked", ago=60, decision="parked")
    UseCase.objects.filter(pk=case.pk).update(
        decision_link=scene.held.opened.get_absolute_url(),
        decision_access="open",
        decision_recorded_at=days(-70),
        status_since=days(-60),
    )
    services.gather(report=scene.fresh(), by=scene.secretary)
    bring_to(scene, "sent")
    assert any("Anvendelse 7" in row[3] for row in rows(scene.fresh(), "decisions", "decisions"))

    with pytest.raises(Refused, match="ikke er offentligt endnu"):
        services.publish_report(report=scene.fresh(), by=scene.secretary)


@pytest.mark.parametrize("period", [(0, -1), (5, -5)])
def test_period_ends_after_it_begins(period):
    scene = a_scene(meeting="")

    with pytest.raises(Refused):
        services.open_report(
            committee=scene.committee,
            recipient_name="X",
            period_from=day(period[0]),
            period_to=day(period[1]),
            by=scene.secretary,
        )
