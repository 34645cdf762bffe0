"""The pages of a meeting that is held cost the same however much happens in it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from committee.enums import Role
from meetings.models import AgendaItem, Presence, ProofOverride, Vote
from meetings.services.additions import add_addition
from meetings.services.approval import answer_minutes
from meetings.services.presence import complete_step, take_up
from meetings.services.votes import open_vote_on_disqualification
from tests.factories import AttendanceFactory, DisqualificationFactory, person
from tests.meetings.scenes import a_scene, attend, bring_to

pytestmark = pytest.mark.django_db


def cost(client, scene, who, page, *args):
    client.force_login(scene.again(getattr(scene, who)))
    url = reverse(f"meetings:{page}", args=[scene.meeting.pk, *args])
    client.get(url)  # the session, and what is read once per process
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(url)
    assert answer.status_code == 200
    return len(asked)


def members(scene, count):
    """More members, who are in the meeting when it is on."""
    found = []
    for number in range(count):
        member = person(scene.committee, Role.MEMBER, name=f"Medlem {number:02}")
        AttendanceFactory(meeting=scene.meeting, member=member, status="present")
        if scene.meeting.held_from:
            Presence.objects.create(
                meeting=scene.meeting, member=member, came_at=scene.meeting.held_from
            )
        found.append(member)
    return found


@pytest.fixture
def held():
    scene = bring_to(a_scene(), "in_session")
    attend(scene)
    scene.meeting = scene.fresh()
    complete_step(meeting=scene.meeting, step="roll_call", by=scene.secretary)
    return scene


def with_cases(scene, total):
    """`total` questions to decide, each about an item of its own; open and closed in turn."""
    items = AgendaItem.objects.filter(meeting=scene.meeting, disqualifications__isnull=False)
    for number in range(items.count(), total):
        closed = {
            "access": "closed",
            "closing_ground": "§",
            "closing_reason": "x",
            "public_title": "P",
        }
        item = AgendaItem.objects.create(
            meeting=scene.meeting, title=f"Punkt {number}", position=number + 10,
            **(closed if number % 2 else {}),
        )  # fmt: skip
        DisqualificationFactory(item=item, member=scene.recused)


@pytest.mark.parametrize("name", ["meeting_live", "meeting_screen"])
@pytest.mark.parametrize("who", ["member", "secretary", "recused"])
def test_live_pages_cost_the_same_for_any_number_of_questions(held, client, name, who):
    with_cases(held, 1)
    # On the table and decided about at once, as it is when a question is taken.
    take_up(item=AgendaItem.objects.get(disqualifications__isnull=False), by=held.secretary)
    counts = []
    for total in (1, 3, 20):
        with_cases(held, total)
        counts.append(cost(client, held, who, name))

    assert len(set(counts)) == 1, counts
    assert counts[0] <= 40


@pytest.mark.parametrize("who", ["member", "secretary"])
def test_page_of_a_case_costs_the_same_for_any_number_of_voters(held, client, who):
    case = DisqualificationFactory(item=held.opened, member=held.recused)
    case.item.meeting = held.meeting
    row = open_vote_on_disqualification(case=case, by=held.secretary)
    counts = []
    for more in (1, 20):
        for member in members(held, more):
            Vote.objects.create(round=row, member=member, choice="for", recorded_by=member)
        members(held, more)
        counts.append(cost(client, held, who, "recusal_page", case.pk))

    assert len(set(counts)) == 1, counts
    assert counts[0] <= 48


@pytest.mark.parametrize("who", ["member", "secretary"])
def test_approval_costs_the_same_for_few_members_and_many(client, who):
    scene = bring_to(a_scene(), "approval")
    number = scene.fresh().minutes_version
    counts = [cost(client, scene, who, "meeting_approval")]
    scene.meeting = scene.fresh()
    for member in members(scene, 57)[::2]:
        answer_minutes(
            meeting=scene.meeting, version=number, member=member, answer="reservation",
            text="Uenig", item=scene.opened, by=member,
        )  # fmt: skip
    counts.append(cost(client, scene, who, "meeting_approval"))

    assert max(counts) <= 40, counts
    # What the answers are about is fetched once there are answers.
    assert counts[1] - counts[0] <= 2, counts


@pytest.mark.parametrize("who", ["member", "secretary"])
def test_minutes_cost_the_same_for_one_addition_and_thirty(client, who):
    scene = bring_to(a_scene(), "locked")
    counts = []
    for total in (1, 30):
        for _number in range(scene.fresh().additions.count(), total):
            add_addition(
                meeting=scene.fresh(), text="Rettet", public_text="Rettet", reason="Fejl",
                by=scene.secretary,
            )  # fmt: skip
        counts.append(cost(client, scene, who, "meeting_minutes"))

    assert len(set(counts)) == 1, counts
    assert counts[0] <= 40


def test_minutes_cost_the_same_for_one_override_and_thirty(client):
    scene = bring_to(a_scene(), "minutes_draft")
    counts = []
    for total in (1, 30):
        for number in range(scene.meeting.overrides.count(), total):
            ProofOverride.objects.create(
                meeting=scene.meeting, key=f"k{number}", reason="Fordi", by=scene.secretary
            )
        counts.append(cost(client, scene, "secretary", "meeting_minutes"))

    assert len(set(counts)) == 1, counts
