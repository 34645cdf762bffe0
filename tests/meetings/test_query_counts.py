"""A page costs the same number of queries for 1, 3 and 300 rows."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from committee.context import SESSION_KEY
from committee.enums import Role
from core import audit
from meetings.models import AgendaItem, Attachment, ItemText, Meeting, PrivateNote
from meetings.services.holding import move_meeting
from tests.factories import (
    AttendanceFactory,
    DisqualificationFactory,
    MeetingFactory,
    StoredFileFactory,
    days,
    person,
)
from tests.meetings.scenes import a_scene, issue
from tests.world import text_pdf

pytestmark = pytest.mark.django_db
ROWS = (1, 3, 300)


def scene_with(rows):
    """An issued meeting with `rows` items, files, members and acts."""
    scene = a_scene(items=False)
    closed = {
        "access": "closed", "closing_ground": "§ 30", "closing_reason": "x", "public_title": "Åben",
    }  # fmt: skip
    items = AgendaItem.objects.bulk_create(
        AgendaItem(
            meeting=scene.meeting,
            position=n,
            title=f"Punkt {n}",
            **(closed if n % 3 == 0 else {}),
        )
        for n in range(1, rows + 1)
    )
    ItemText.objects.bulk_create(
        ItemText(item=i, key="summary", text="Tekst", version=1) for i in items
    )
    file = StoredFileFactory(data=text_pdf("Bilag"))
    Attachment.objects.bulk_create(
        Attachment(item=i, position=1, title="Bilag", file=file, pages=1) for i in items
    )
    for number in range(min(rows, 30)):
        member = person(scene.committee, Role.MEMBER, name=f"Medlem {number}")
        AttendanceFactory(meeting=scene.meeting, member=member)
        DisqualificationFactory(item=items[number % len(items)], member=member)
    PrivateNote.objects.bulk_create(
        PrivateNote(owner=owner, item=item, text="Note", section="summary", quote="Tekst")
        for owner in (scene.member, scene.secretary)
        for item in [*items, *items[:1] * rows]
    )
    MeetingFactory.create_batch(min(rows, 60) - 1, committee=scene.committee, announced_at=days(0))
    scene.items = list(items)
    issue(scene)
    with transaction.atomic():
        for item in items:
            audit.record("meetings.change_item", item, by=scene.secretary, scope=scene.meeting)
    return scene


@pytest.fixture(scope="module")
def scenes(django_db_setup, django_db_blocker):
    """Built once for all pages; rolled back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield {rows: scene_with(rows) for rows in ROWS}
        transaction.set_rollback(True)


def cost(client, scene, who, address):
    if who != "citizen":
        client.force_login(scene.again(getattr(scene, who)))
    session = client.session
    session[SESSION_KEY] = scene.committee.pk
    session.save()
    client.get(address)  # the session and what is read once per process
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(queries)


def meeting_page(name):
    return lambda scene: reverse(f"meetings:{name}", args=[scene.meeting.pk])


def item_page(name):
    return lambda scene: reverse(f"meetings:{name}", args=[scene.meeting.pk, scene.items[0].pk])


PAGES = {
    "meeting_list": lambda scene: reverse("meetings:meeting_list"),
    **{
        name: meeting_page(name)
        for name in ("meeting_agenda", "meeting_minutes", "meeting_people", "meeting_attachments",
                     "notes_page", "notes_export", "meeting_protocol",
                     "meeting_issue", "meeting_changes", "meeting_publish")
    },
    "item_page": item_page("item_page"),
    "item_edit": item_page("item_edit"),
}  # fmt: skip
WHO = {
    "meeting_list": ["citizen", "member", "secretary"],
    "meeting_agenda": ["citizen", "member", "secretary"],
    "meeting_minutes": ["member", "secretary"],
    "meeting_people": ["member", "secretary"],
    "meeting_attachments": ["citizen", "member", "secretary"],
    "notes_page": ["member", "secretary"],
    "notes_export": ["member"],
    "item_page": ["citizen", "member", "secretary"],
}
CASES = [(page, who) for page in PAGES for who in WHO.get(page, ["secretary"])]


@pytest.mark.parametrize(("page", "who"), CASES)
def test_page_costs_the_same_for_any_number_of_rows(client, scenes, page, who):
    counts = [cost(client, scenes[rows], who, PAGES[page](scenes[rows])) for rows in ROWS]

    assert len(set(counts)) == 1, counts
    assert counts[0] <= 40


def test_changes_of_all_rows_cost_no_more(client, scenes):
    """The change list compares snapshots, not rows."""
    counts = []
    for rows in ROWS:
        AgendaItem.objects.filter(meeting=scenes[rows].meeting).update(presenter="Ny")
        address = PAGES["meeting_changes"](scenes[rows])
        counts.append(cost(client, scenes[rows], "secretary", address))

    assert len(set(counts)) == 1, counts


def test_minutes_in_the_making_cost_the_same(client, scenes):
    counts = []
    for rows in ROWS:
        scene = scenes[rows]
        meeting = Meeting.objects.get(pk=scene.meeting.pk)
        move_meeting(meeting=meeting, move="begin", by=scene.secretary)
        move_meeting(meeting=meeting, move="end", by=scene.secretary)
        counts.append(cost(client, scene, "secretary", PAGES["meeting_minutes"](scene)))

    assert len(set(counts)) == 1, counts
