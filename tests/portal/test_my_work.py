"""What waits for whom, by when; and what may be told of what happened."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from committee.enums import Role
from core import audit
from core.models import AuditEntry
from meetings.enums import MeetingState
from meetings.models import (
    PublicationRequest,
    ReadThrough,
    ReadThroughComment,
    ReadThroughReader,
    RenderedDocument,
)
from portal.selectors.work import my_work
from tests.factories import (
    AgendaItemFactory,
    AttendanceFactory,
    CommitteeFactory,
    DisqualificationFactory,
    InputRoundFactory,
    IssuedVersionFactory,
    ItemTextFactory,
    MeetingFactory,
    StoredFileFactory,
    days,
    person,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def committee():
    return CommitteeFactory()


def waiting(user, now=None):
    """Group → addresses of what waits."""
    page = my_work(user, now)
    return {group.key: [row.url for row in group.rows] for group in page["groups"]}


def all_urls(user):
    return [url for urls in waiting(user).values() for url in urls]


def url(name, *args):
    return reverse(f"meetings:{name}", args=args)


def ready_item(meeting, **fields):
    item = AgendaItemFactory(meeting=meeting, **fields)
    ItemTextFactory(item=item, key="summary")
    ItemTextFactory(item=item, key="recommendation")
    return item


def issued(committee, **fields):
    meeting = MeetingFactory(
        committee=committee, state=MeetingState.ISSUED, agenda_version=1, **fields
    )
    IssuedVersionFactory(meeting=meeting)
    return meeting


# What waits -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "key"),
    [(-1, "overdue"), (0, "today"), (1, "week"), (5, "later")],
)
def test_my_work_groups_by_deadline(committee, due, key):
    wednesday = days(0) - timedelta(days=days(0).weekday() - 2)
    meeting = MeetingFactory(
        committee=committee,
        starts_at=wednesday + timedelta(days=9),
        agenda_due=wednesday + timedelta(days=due, hours=2),
    )
    ready_item(meeting)
    secretary = person(committee, Role.SECRETARIAT)

    assert waiting(secretary, wednesday) == {key: [url("meeting_issue", meeting.pk)]}


def test_my_work_tells_the_secretariat_what_lacks(committee):
    meeting = MeetingFactory(committee=committee)
    item = AgendaItemFactory(meeting=meeting)

    found = all_urls(person(committee, Role.SECRETARIAT))
    assert found == [
        f"{url('item_edit', meeting.pk, item.pk)}#summary",
        url("meeting_issue", meeting.pk),
    ]


def test_my_work_asks_for_the_first_item_only_when_it_is_time(committee):
    soon = MeetingFactory(committee=committee, starts_at=days(20))
    MeetingFactory(committee=committee, starts_at=days(200))

    assert all_urls(person(committee, Role.SECRETARIAT)) == [url("item_new", soon.pk)]


@pytest.mark.parametrize(
    ("state", "name"),
    [
        (MeetingState.IN_SESSION, "meeting_minutes"),
        (MeetingState.MINUTES_DRAFT, "meeting_minutes"),
        (MeetingState.LOCKED, "meeting_publish"),
    ],
)
def test_my_work_tells_the_secretariat_the_next_step(committee, state, name):
    meeting = MeetingFactory(committee=committee, state=state, starts_at=days(-1))

    assert all_urls(person(committee, Role.SECRETARIAT)) == [url(name, meeting.pk)]


def test_my_work_lets_the_chair_lock_and_the_secretariat_wait(committee):
    meeting = MeetingFactory(
        committee=committee, state=MeetingState.APPROVAL, minutes_version=1, starts_at=days(-3)
    )
    secretary = my_work(person(committee, Role.SECRETARIAT))

    assert all_urls(person(committee, Role.CHAIR)) == [url("meeting_minutes", meeting.pk)]
    assert secretary["groups"] == []
    assert [row.url for row in secretary["others"]] == [url("meeting_minutes", meeting.pk)]


def test_my_work_asks_a_second_person_to_approve_the_publication(committee):
    meeting = MeetingFactory(
        committee=committee, state=MeetingState.LOCKED, minutes_version=1, starts_at=days(-3)
    )
    asker, other = person(committee, Role.SECRETARIAT), person(committee, Role.SECRETARIAT)
    PublicationRequest.objects.create(meeting=meeting, number=1, sha256="", asked_by=asker)
    page = url("meeting_publish", meeting.pk)

    assert all_urls(other) == all_urls(person(committee, Role.CHAIR)) == [page]
    assert all_urls(person(committee, Role.MEMBER, news_read_at=timezone.now())) == []
    assert all_urls(asker) == []
    assert [row.url for row in my_work(asker)["others"]] == [page]


def test_my_work_asks_a_member_to_answer_and_to_read(committee):
    meeting = issued(committee)
    member = person(committee, Role.MEMBER)
    answer, read = url("meeting_answer", meeting.pk), meeting.get_absolute_url()
    assert all_urls(member) == [answer, read]

    AttendanceFactory(meeting=meeting, member=member, status="present")
    assert all_urls(member) == [read]

    member.news_read_at = timezone.now()
    assert all_urls(member) == []


def test_my_work_asks_only_the_chosen_readers_to_read_through(committee):
    meeting = MeetingFactory(committee=committee, state=MeetingState.READ_THROUGH)
    ready_item(meeting)
    secretary, member = person(committee, Role.SECRETARIAT), person(committee, Role.MEMBER)
    draft = ReadThrough.objects.create(
        meeting=meeting, body="{}", opened_at=days(-1), opened_by=secretary, due_at=days(2)
    )
    ReadThroughReader.objects.create(read_through=draft, reader=member)
    ReadThroughComment.objects.create(read_through=draft, author=member, text="Nej")
    address = url("read_through", meeting.pk)

    assert all_urls(member) == [address]
    assert all_urls(person(committee, Role.MEMBER)) == []
    assert address in all_urls(secretary)
    assert [row.url for row in my_work(secretary)["others"]] == [address]


def test_my_work_asks_the_follow_group_for_written_input(committee):
    meeting = MeetingFactory(committee=committee, starts_at=days(200))
    row = InputRoundFactory(meeting=meeting, asks_members=False, asks_follow_group=True)

    assert all_urls(person(committee, Role.FOLLOW_GROUP)) == [row.get_absolute_url()]
    assert all_urls(person(committee, Role.MEMBER)) == []


def test_my_work_tells_the_secretariat_to_close_a_round_whose_time_is_up(committee):
    meeting = MeetingFactory(committee=committee, starts_at=days(200))
    secretary = person(committee, Role.SECRETARIAT)
    row = InputRoundFactory(meeting=meeting)
    assert [other.url for other in my_work(secretary)["others"]] == [row.get_absolute_url()]

    row.closes_at = days(-1)
    row.save()
    assert all_urls(secretary) == [row.get_absolute_url()]


def test_my_work_leaves_out_other_committees(committee):
    ready_item(MeetingFactory())

    assert my_work(person(committee, Role.SECRETARIAT))["next"] is None


def test_my_work_shows_members_only_what_was_issued_of_the_next_meeting(committee):
    meeting = issued(committee)
    AgendaItemFactory(meeting=meeting, released=True)
    AgendaItemFactory(meeting=meeting, closed=True)

    shown = my_work(person(committee, Role.MEMBER))["next"]
    works = my_work(person(committee, Role.CHAIR))["next"]
    assert (shown.items, shown.closed, shown.tasks) == (1, 0, [])
    assert (works.items, works.closed, len(works.tasks)) == (2, 1, 9)


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.CHAIR, Role.MEMBER])
def test_my_work_costs_the_same_for_few_and_many(committee, client, role):
    user = person(committee, role)
    client.force_login(user)
    counts = []
    for more in (1, 2, 20):
        for _one in range(more):
            meeting = issued(committee)
            draft = MeetingFactory(committee=committee)
            for each in (meeting, draft):
                item = ready_item(each, released=True)
                with_audit("meetings.add_item", item, each)
            InputRoundFactory(meeting=meeting)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("portal:my_work")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2] <= 30


def test_my_work_page_says_what_to_do_when_nothing_waits(client, committee):
    client.force_login(person(committee, Role.SECRETARIAT))

    page = client.get(reverse("portal:my_work")).content.decode()
    assert reverse("meetings:meeting_new") in page


def test_my_work_needs_a_login(client):
    assert client.get(reverse("portal:my_work")).status_code == 302


# What changed --------------------------------------------------------------------------


def with_audit(verb, obj, meeting, by=None):
    return audit.record(verb, obj, by=by, scope=meeting)


def titles(user):
    return [entry.title for entry in my_work(user)["news"].entries]


def test_news_hides_work_in_progress_from_members(committee):
    meeting = issued(committee)
    with_audit("meetings.add_item", AgendaItemFactory(meeting=meeting), meeting)
    with_audit("meetings.issue_agenda", meeting, meeting)

    assert len(titles(person(committee, Role.MEMBER))) == 1
    assert len(titles(person(committee, Role.CHAIR))) == 2


def test_news_hides_a_meeting_that_the_reader_does_not_know(committee):
    draft = MeetingFactory(committee=committee)
    with_audit("meetings.change_meeting", draft, draft)

    assert titles(person(committee, Role.MEMBER)) == []


def test_news_tells_a_disqualified_chair_only_the_public_heading(committee):
    meeting = issued(committee)
    item = AgendaItemFactory(
        meeting=meeting, closed=True, title="Hemmeligt", public_title="Et indkøb"
    )
    with_audit("meetings.save_texts", item, meeting)
    chair, other = person(committee, Role.CHAIR), person(committee, Role.VICE_CHAIR)
    DisqualificationFactory(item=item, member=chair)

    assert "Et indkøb" in my_work(chair)["news"].entries[0].where
    assert "Hemmeligt" in my_work(other)["news"].entries[0].where


def test_news_leaves_out_my_own_acts_and_what_is_only_looking(committee):
    meeting = issued(committee)
    secretary = person(committee, Role.SECRETARIAT)
    with_audit("meetings.issue_agenda", meeting, meeting, by=secretary)
    for verb in ("read_closed_item", "save_answer", "renew_calendar_address"):
        with_audit(f"meetings.{verb}", meeting, meeting)

    assert titles(secretary) == []


def test_news_tells_the_same_act_once(committee):
    meeting = issued(committee)
    for _one in range(3):
        with_audit("meetings.change_meeting", meeting, meeting)

    (entry,) = my_work(person(committee, Role.MEMBER))["news"].entries
    assert entry.times == 3


def test_news_counts_those_who_did_the_same(committee):
    meeting = issued(committee)
    for name in ("Ada", "Bo", "Carl"):
        by = person(committee, Role.MEMBER, name=name)
        with_audit("meetings.answer_invitation", meeting, meeting, by=by)

    (title,) = titles(person(committee, Role.SECRETARIAT))
    assert title.startswith("Carl")
    assert "2" in title


def test_news_tells_of_finished_documents_of_ones_own_edition(committee):
    meeting = issued(committee)
    for edition in ("full", "public"):
        RenderedDocument.objects.create(
            meeting=meeting, kind="pack", edition=edition, version=meeting.versions.get(),
            fingerprint=edition, file=StoredFileFactory(),
        )  # fmt: skip

    for role in (Role.MEMBER, Role.FOLLOW_GROUP):
        entries = my_work(person(committee, role))["news"].entries
        assert [entry.url for entry in entries] == [url("document_file", meeting.pk, "pack")]


def test_news_read_leaves_what_happened_afterwards(client, committee):
    meeting = issued(committee)
    member = person(committee, Role.MEMBER)
    client.force_login(member)
    with_audit("meetings.issue_agenda", meeting, meeting)
    seen = timezone.now()
    with_audit("meetings.change_meeting", meeting, meeting)

    client.post(reverse("portal:news_read"), {"until": seen.isoformat()})
    member.refresh_from_db()

    assert member.news_read_at == seen
    assert len(titles(member)) == 1


@pytest.mark.parametrize("until", ["", "i går", "2999-01-01T00:00:00+00:00", "2026-01-01"])
def test_news_read_takes_any_answer_for_now(client, committee, until):
    member = person(committee, Role.MEMBER)
    client.force_login(member)

    assert client.post(reverse("portal:news_read"), {"until": until}).status_code == 302
    member.refresh_from_db()
    assert timezone.now() - member.news_read_at < timedelta(minutes=1)


def test_news_read_never_goes_back_in_time(client, committee):
    member = person(committee, Role.MEMBER, news_read_at=timezone.now())
    before = member.news_read_at
    client.force_login(member)

    client.post(reverse("portal:news_read"), {"until": (before - timedelta(days=3)).isoformat()})
    member.refresh_from_db()
    assert member.news_read_at == before


def test_news_read_is_never_a_get(client, committee):
    client.force_login(person(committee, Role.MEMBER))

    assert client.get(reverse("portal:news_read")).status_code == 405
    assert not AuditEntry.objects.exists()
