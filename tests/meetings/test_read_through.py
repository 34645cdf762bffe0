"""Gennemlæsning: one frozen draft, comments per item, and nobody reads too much."""

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from committee.enums import Role
from core import outbox
from core.models import AuditEntry
from core.models.outbox import OutboxEntry, OutboxState
from core.verdicts import NotAllowed, Refused, StaleState
from meetings.enums import MeetingState
from meetings.models import ReadThroughComment, ReadThroughReader
from meetings.services.issuing import approve_agenda, issue_agenda
from meetings.services.items import add_item
from meetings.services.read_through import (
    close_read_through,
    comment,
    finish_reading,
    open_read_through,
    remind,
    settle_comment,
)
from tests.factories import (
    AgendaItemFactory,
    AttachmentFactory,
    CommitteeFactory,
    DisqualificationFactory,
    ItemTextFactory,
    MeetingFactory,
    day,
    days,
    person,
)

SECRET = "Køb af ejendommen Strandvejen 7"
SECRET_TEXT = "Prisen er 14 millioner"

pytestmark = pytest.mark.django_db


@pytest.fixture
def committee():
    return CommitteeFactory()


@pytest.fixture
def secretary(committee):
    return person(committee, Role.SECRETARIAT)


@pytest.fixture
def member(committee):
    return person(committee, Role.MEMBER, name="Mads Medlem")


@pytest.fixture
def follower(committee):
    return person(committee, Role.FOLLOW_GROUP, name="Frida Følgegruppe")


@pytest.fixture
def meeting(committee):
    meeting = MeetingFactory(committee=committee)
    opened = AgendaItemFactory(meeting=meeting, title="AI-ambition")
    ItemTextFactory(item=opened, text="Udkastet er skrevet om.")
    closed = AgendaItemFactory(
        meeting=meeting, title=SECRET, closed=True, public_title="Ejendomssag"
    )
    ItemTextFactory(item=closed, text=SECRET_TEXT)
    return meeting


@pytest.fixture
def row(meeting, secretary, member, follower):
    return open_read_through(
        meeting=meeting, readers=[member, follower], due_at=days(3), by=secretary
    )


def page(meeting) -> str:
    return reverse("meetings:read_through", args=[meeting.pk])


def text_of(client, meeting) -> str:
    return client.get(page(meeting)).content.decode()


def test_open_freezes_the_draft_and_asks_the_readers(row, meeting, member, follower):
    assert meeting.state == MeetingState.READ_THROUGH
    assert sorted(row.readers.values_list("reader", flat=True)) == sorted([member.pk, follower.pk])
    keys = OutboxEntry.objects.filter(kind="meetings.send_read_through").values_list(
        "key", flat=True
    )
    assert sorted(keys) == sorted(
        f"read-through:{row.pk}:open:{pk}" for pk in (member.pk, follower.pk)
    )


def test_readers_read_the_draft_as_it_was_sent(client, row, meeting, member, secretary):
    item = meeting.items.get(position=1)
    item.texts.update(text="Skrevet om igen.")
    add_item(meeting=meeting, by=secretary, title="Tilføjet bagefter")
    client.force_login(member)

    seen = text_of(client, meeting)

    assert "Udkastet er skrevet om." in seen
    assert "Skrevet om igen." not in seen
    assert "Tilføjet bagefter" not in seen


def test_member_reads_closed_items_and_the_follow_group_does_not(
    client, row, meeting, member, follower
):
    client.force_login(member)
    assert SECRET_TEXT in text_of(client, meeting)

    client.force_login(follower)
    seen = text_of(client, meeting)

    assert "Ejendomssag" in seen
    assert SECRET not in seen
    assert SECRET_TEXT not in seen


def test_files_of_the_draft_are_for_those_who_read_them_there(
    client, meeting, secretary, member, follower, committee
):
    public = AttachmentFactory(item=meeting.items.get(position=1))
    closed = AttachmentFactory(item=meeting.items.get(position=2), access="closed")
    open_read_through(meeting=meeting, readers=[member, follower], due_at=days(3), by=secretary)
    later = AttachmentFactory(item=meeting.items.get(position=1))

    def status(user, attachment) -> int:
        client.force_login(user)
        args = [meeting.pk, attachment.pk]
        return client.get(reverse("meetings:read_through_file", args=args)).status_code

    assert [status(member, file) for file in (public, closed, later)] == [200, 200, 404]
    assert [status(follower, file) for file in (public, closed, later)] == [200, 404, 404]
    outsider = person(committee, Role.MEMBER)
    assert [status(outsider, file) for file in (public, closed)] == [404, 404]


def test_reading_closed_items_is_recorded(client, row, meeting, member, follower):
    closed = meeting.items.get(position=2)
    for reader in (member, follower):
        client.force_login(reader)
        client.get(page(meeting))

    entry = AuditEntry.objects.get(verb="meetings.read_closed_draft")
    assert (entry.actor_id, entry.data) == (member.pk, {"items": [closed.pk]})


def test_disqualified_reader_gets_the_public_face_of_the_item(client, row, meeting, member):
    DisqualificationFactory(item=meeting.items.get(position=2), member=member)
    client.force_login(member)

    seen = text_of(client, meeting)

    assert SECRET not in seen
    assert SECRET_TEXT not in seen
    assert "Ejendomssag" in seen


def test_item_closed_after_sending_is_closed_in_the_draft_too(client, row, meeting, follower):
    item = meeting.items.get(position=1)
    item.access, item.public_title = "closed", "Sag om en leverandør"
    item.closing_ground, item.closing_reason = "§ 30, nr. 2", "Forretningsforhold"
    item.save()
    client.force_login(follower)

    seen = text_of(client, meeting)

    assert "Udkastet er skrevet om." not in seen
    assert "Sag om en leverandør" in seen


@pytest.mark.parametrize(
    "role", [Role.MEMBER, Role.CHAIR, Role.FOLLOW_GROUP, Role.COUNCIL_READER, None]
)
def test_page_does_not_exist_for_those_who_were_not_asked(client, row, meeting, committee, role):
    other = person(committee, role) if role else person(None)
    client.force_login(other)

    assert client.get(page(meeting)).status_code == 404
    assert client.post(reverse("meetings:read_through_done", args=[meeting.pk])).status_code == 404


def test_page_does_not_exist_for_a_reader_who_left(client, row, meeting, member):
    member.memberships.update(valid_to=day(-1))
    client.force_login(member)

    assert client.get(page(meeting)).status_code == 404


def test_page_asks_anonymous_to_log_in(client, row, meeting):
    assert client.get(page(meeting)).status_code == 302


def test_reader_comments_on_an_item_and_only_the_secretariat_sees_it(
    client, row, meeting, member, follower, secretary
):
    item = meeting.items.get(position=1)
    client.force_login(member)
    url = reverse("meetings:read_through_comment", args=[meeting.pk])

    answer = client.post(url, {"text": "Skriv ambitionen kortere", "item": item.pk})

    assert answer.url == f"{page(meeting)}#punkt-{item.pk}"
    client.force_login(secretary)
    assert "Skriv ambitionen kortere" in text_of(client, meeting)
    client.force_login(follower)
    assert "Skriv ambitionen kortere" not in text_of(client, meeting)


def test_comment_keeps_what_was_typed_when_it_is_refused(client, row, meeting, member):
    client.force_login(member)
    url = reverse("meetings:read_through_comment", args=[meeting.pk])
    long = "ord " * 3000

    empty = client.post(url, {"text": "  "})
    too_long = client.post(url, {"text": long})

    assert (empty.status_code, too_long.status_code) == (422, 422)
    assert long.strip() in too_long.content.decode()
    assert ReadThroughComment.objects.count() == 0


def test_comment_on_something_else_is_refused(row, member):
    elsewhere = AgendaItemFactory()

    with pytest.raises(Refused):
        comment(read_through=row, text="Hej", item_id=elsewhere.pk, by=member)


def test_comment_needs_to_have_been_asked(row, committee, secretary):
    for other in (person(committee, Role.MEMBER), secretary):
        with pytest.raises(NotAllowed):
            comment(read_through=row, text="Hej", by=other)


def test_comments_are_closed_with_the_read_through(client, row, meeting, member, secretary):
    close_read_through(meeting=meeting, by=secretary)
    client.force_login(member)

    answer = client.post(
        reverse("meetings:read_through_comment", args=[meeting.pk]), {"text": "For sent"}
    )

    assert answer.status_code == 403
    assert meeting.state == MeetingState.DRAFT
    assert "For sent" not in list(ReadThroughComment.objects.values_list("text", flat=True))


def test_double_click_is_one_comment(client, row, meeting, member):
    client.force_login(member)
    url = reverse("meetings:read_through_comment", args=[meeting.pk])

    for _click in range(2):
        client.post(url, {"text": "Én gang", "_once": "same-token"})

    assert ReadThroughComment.objects.count() == 1


def test_secretariat_settles_a_comment(client, row, meeting, member, secretary):
    said = comment(read_through=row, text="Ret stavefejlen", by=member)
    client.force_login(secretary)
    url = reverse("meetings:read_through_settle", args=[meeting.pk, said.pk])

    client.post(url, {"settled": "1"})
    said.refresh_from_db()
    assert said.settled_at is not None

    client.post(url, {"settled": "0"})
    said.refresh_from_db()
    assert said.settled_at is None


def test_reader_cannot_settle_and_does_not_find_others_comments(
    client, row, meeting, member, follower
):
    said = comment(read_through=row, text="Ret stavefejlen", by=member)
    url = reverse("meetings:read_through_settle", args=[meeting.pk, said.pk])

    client.force_login(member)
    assert client.post(url, {"settled": "1"}).status_code == 403
    client.force_login(follower)
    assert client.post(url, {"settled": "1"}).status_code == 404
    with pytest.raises(NotAllowed):
        settle_comment(comment=said, settled=True, by=member)


def test_reading_is_logged(client, row, meeting, member, secretary):
    client.force_login(member)
    client.get(page(meeting))
    assert ReadThroughReader.objects.get(reader=member).done_at is None

    client.post(reverse("meetings:read_through_done", args=[meeting.pk]))
    first = ReadThroughReader.objects.get(reader=member).done_at
    finish_reading(read_through=row, by=member)

    assert first is not None
    assert ReadThroughReader.objects.get(reader=member).done_at == first


def test_reminder_goes_to_those_who_have_not_read_once_a_day(
    row, member, follower, secretary, drain_outbox
):
    drain_outbox()
    mail.outbox.clear()
    finish_reading(read_through=row, by=member)

    assert remind(read_through=row, by=secretary) == 1
    assert remind(read_through=row, by=secretary) == 1
    drain_outbox()

    assert [message.to for message in mail.outbox] == [[f"{follower.name} <{follower.email}>"]]


def test_mail_says_nothing_of_the_agenda(row, drain_outbox):
    drain_outbox()

    assert len(mail.outbox) == 2
    for message in mail.outbox:
        whole = message.message().as_string()
        assert "AI-ambition" not in whole
        assert "Ejendomssag" not in whole


def test_mail_is_not_sent_to_a_reader_who_left(row, member, follower):
    member.memberships.update(valid_to=day(-1))

    outbox.drain()

    assert [follower.email in message.to[0] for message in mail.outbox] == [True]
    assert set(OutboxEntry.objects.values_list("state", flat=True)) == {OutboxState.DONE}


def test_open_refuses_what_makes_no_sense(meeting, secretary, member, committee):
    outsider = person(CommitteeFactory(), Role.MEMBER)
    for readers, due in (([], days(3)), ([outsider], days(3)), ([member], timezone.now())):
        with pytest.raises(Refused):
            open_read_through(meeting=meeting, readers=readers, due_at=due, by=secretary)
    with pytest.raises(NotAllowed):
        open_read_through(meeting=meeting, readers=[member], due_at=days(3), by=member)
    assert meeting.read_throughs.count() == 0


def test_open_twice_is_stale(row, meeting, secretary, member):
    with pytest.raises(StaleState):
        open_read_through(meeting=meeting, readers=[member], due_at=days(3), by=secretary)


def test_form_opens_and_keeps_what_was_chosen_when_refused(client, meeting, secretary, member):
    client.force_login(secretary)
    url = reverse("meetings:read_through_open", args=[meeting.pk])
    due = day(4)
    fields = {"readers": [member.pk], "due_time": "12.00"}

    past = client.post(url, {**fields, "due_on": "01 02 2020"})
    good = client.post(url, {**fields, "due_on": due.strftime("%d %m %Y")})

    assert past.status_code == 422
    assert "checked" in past.content.decode()
    assert good.status_code == 302
    assert timezone.localtime(meeting.read_throughs.get().due_at).date() == due


def test_issuing_ends_the_read_through(row, meeting, secretary, committee):
    approve_agenda(meeting=meeting, by=person(committee, Role.CHAIR))

    issue_agenda(meeting=meeting, expected=1, by=secretary)
    row.refresh_from_db()

    assert row.closed_at is not None


def test_page_costs_the_same_for_any_number_of_comments(client, row, meeting, member, secretary):
    item = meeting.items.get(position=1)
    client.force_login(secretary)

    def cost(more: int) -> int:
        ReadThroughComment.objects.bulk_create(
            ReadThroughComment(read_through=row, item=item, author=member, text=f"Kommentar {n}")
            for n in range(more)
        )
        with CaptureQueriesContext(connection) as queries:
            client.get(page(meeting))
        return len(queries)

    assert cost(1) == cost(2) == cost(297)
