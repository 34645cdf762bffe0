"""Reminders of conditions and approvals, and what is far too late."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from core import outbox
from core.models import AuditEntry, OutboxEntry
from ethics import listeners
from ethics.models import Condition
from ethics.services.conditions import reject_evidence
from ethics.tasks.conditions import mind_conditions
from tests.ethics.scenes import TEXT, a_condition, again, hand_in, move, verify
from tests.factories import day
from tests.usecases.scenes import a_scene, bring_to
from usecases.models import UseCase

pytestmark = pytest.mark.django_db


def due(row: Condition, in_days: int) -> Condition:
    Condition.objects.filter(pk=row.pk).update(due_on=day(in_days))
    return again(row)


def a_late_one(in_days: int, scene: Any = None) -> Condition:
    scene = scene or a_scene()
    if scene.case.status == "draft":
        bring_to(scene, "approved_for_pilot")
    row = due(a_condition(scene), in_days)
    outbox.drain()
    mail.outbox.clear()
    return row


def sent() -> list[str]:
    mind_conditions()
    outbox.drain()
    found = [one.subject for one in mail.outbox]
    mail.outbox.clear()
    return found


@pytest.mark.parametrize(("in_days", "count"), [(31, 0), (30, 1), (8, 1), (7, 1), (0, 1), (-1, 1)])
def test_owner_is_reminded_when_the_date_comes_near_and_once_for_each(
    in_days: int, count: int
) -> None:
    a_late_one(in_days)

    assert [len(sent()), len(sent())] == [count, 0]


def test_each_reminder_comes_in_its_turn_and_a_new_date_begins_again() -> None:
    row = a_late_one(30)

    counts = [len(sent())]
    for in_days in (7, -1, 20):
        due(row, in_days)
        counts.append(len(sent()))

    assert counts == [1, 1, 1, 1]
    assert OutboxEntry.objects.filter(key__startswith=f"condition:{row.pk}:").count() == 5


def test_mail_says_the_number_and_nothing_that_is_written() -> None:
    row = a_late_one(-2)
    mind_conditions()
    outbox.drain()

    letter = mail.outbox[-1]
    assert row.case.number in letter.subject
    assert letter.to == [f"{row.owner.name} <{row.owner.email}>"]
    bodies = [letter.body, *(str(part) for part, _kind in letter.alternatives)]
    assert all(TEXT not in body and row.case.title not in body for body in bodies)
    assert row.get_absolute_url() in letter.body


def test_nobody_is_reminded_of_what_is_handed_in_verified_or_closed() -> None:
    scene = a_scene()
    row = a_late_one(5, scene)
    row = hand_in(row)
    handed_in = sent()
    verify(row, scene.secretary)
    verified = sent()
    other = a_late_one(-3, scene)
    UseCase.objects.filter(pk=other.case_id).update(status="retired")

    assert (handed_in, verified, sent()) == ([], [], [])


def test_reminder_that_was_overtaken_before_it_was_sent_is_dropped() -> None:
    row = a_late_one(5)
    mind_conditions()

    due(row, 90)
    outbox.drain()

    assert mail.outbox == []


def test_owner_who_can_no_longer_read_it_gets_no_mail_and_the_protocol_says_so() -> None:
    scene = a_scene()
    row = a_late_one(5, scene)
    Condition.objects.filter(pk=row.pk).update(owner=scene.outsider)

    assert sent() == []
    assert AuditEntry.objects.filter(verb="ethics.condition_mail_not_sent").count() == 1


def of_conditions() -> list[Any]:
    """The mails that lead to a condition; the case has mails of its own."""
    return [letter for letter in mail.outbox if "/vilkaar/1/" in letter.body]


def test_owner_is_told_of_a_condition_and_of_evidence_that_was_turned_down() -> None:
    scene = a_scene()
    bring_to(scene, "under_assessment")
    row = a_condition(scene)
    outbox.drain()
    before = len(of_conditions())
    from tests.usecases.scenes import decide

    decide(scene, "approve_pilot")
    outbox.drain()
    told = len(of_conditions())
    reject_evidence(condition=hand_in(row), evidence=1, reason="Nej.", by=scene.secretary)
    outbox.drain()

    assert (before, told, len(of_conditions())) == (0, 1, 2)
    assert all("Nej." not in letter.body for letter in mail.outbox)


def test_owner_of_the_use_is_reminded_before_the_approval_lapses() -> None:
    scene = a_scene()
    bring_to(scene, "approved_for_pilot")
    outbox.drain()
    mail.outbox.clear()
    counts = []
    for in_days in (31, 30, 7, 7):
        UseCase.objects.filter(pk=scene.case.pk).update(decision_expires=day(in_days))
        counts.append(len(sent()))

    assert counts == [0, 1, 1, 0]


# Far too late ----------------------------------------------------------------------------------


@pytest.fixture
def heard() -> Any:
    found: list[int] = []

    def listen(row: Condition) -> None:
        found.append(row.pk)

    listeners.condition_overdue.append(listen)
    yield found
    listeners.condition_overdue.remove(listen)


def test_listeners_hear_once_of_what_is_more_than_thirty_days_late(heard: list[int]) -> None:
    row = a_late_one(-30)
    mind_conditions()
    at_thirty = list(heard)
    due(row, -31)

    mind_conditions()
    mind_conditions()

    assert (at_thirty, heard) == ([], [row.pk])
    assert AuditEntry.objects.filter(verb="ethics.condition_overdue").count() == 1
    assert list(row.events.values_list("kind", flat=True)) == ["added", "overdue"]


def test_evidence_on_the_table_is_no_incident_until_it_is_turned_down(heard: list[int]) -> None:
    scene = a_scene()
    row = hand_in(a_late_one(-40, scene))
    mind_conditions()
    waiting = list(heard)
    reject_evidence(condition=row, evidence=1, reason="Nej.", by=scene.secretary)

    mind_conditions()

    assert (waiting, heard) == ([], [row.pk])


def test_condition_that_is_opened_again_can_be_late_again(heard: list[int]) -> None:
    scene = a_scene()
    row = a_late_one(-40, scene)
    mind_conditions()
    row = verify(hand_in(row), scene.secretary)
    move(row, "withdraw", scene.owner, reason="Slået fra.")
    later = timezone.localdate() + timedelta(days=1)

    mind_conditions()

    assert heard == [row.pk]
    assert again(row).overdue_told_at is not None
    assert later > again(row).due_on
