"""Invitations: what they say, whom they reach, and that they survive a bad mail server."""

import email
from datetime import timedelta
from email import policy

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.core import mail
from django.utils import timezone
from icalendar import Calendar

from committee.enums import Role
from core.models import AuditEntry
from core.models.outbox import OutboxEntry, OutboxState
from meetings.enums import Access
from meetings.mailing import build_invitation
from meetings.services.issuing import approve_agenda, issue_agenda
from meetings.services.items import add_item, change_item
from meetings.services.planning import cancel_meeting, change_meeting
from meetings.services.texts import save_texts
from tests.conftest import free_port
from tests.factories import (
    AgendaItemFactory,
    CommitteeFactory,
    ItemTextFactory,
    MeetingFactory,
    day,
    person,
)

SECRET = "Køb af ejendommen Strandvejen 7"
SECRET_TEXT = "Prisen er 14 millioner"
SEND = "meetings.send_invitation"

pytestmark = pytest.mark.django_db


@pytest.fixture
def committee():
    return CommitteeFactory()


@pytest.fixture
def secretary(committee):
    return person(committee, Role.SECRETARIAT)


@pytest.fixture
def chair(committee):
    return person(committee, Role.CHAIR, name="Kirsten Formand")


@pytest.fixture
def member(committee):
    return person(committee, Role.MEMBER, name="Mads Medlem")


@pytest.fixture
def meeting(committee, chair, member):
    """A draft with one open and one closed item, approved by the chair."""
    meeting = MeetingFactory(committee=committee, title="3. møde")
    AgendaItemFactory(meeting=meeting, title="AI-ambition")
    closed = AgendaItemFactory(
        meeting=meeting, title=SECRET, closed=True, public_title="Ejendomssag"
    )
    ItemTextFactory(item=closed, text=SECRET_TEXT)
    approve_agenda(meeting=meeting, by=chair)
    return meeting


@pytest.fixture
def issued(meeting, secretary):
    issue_agenda(meeting=meeting, expected=1, by=secretary)
    return meeting


@pytest.fixture
def send():
    """Send what is waiting, and leave the PDFs alone."""
    from core import outbox

    def run() -> list[mail.EmailMessage]:
        before = len(mail.outbox)
        entries = OutboxEntry.objects.filter(kind=SEND, available_at__lte=timezone.now())
        for pk in entries.exclude(state=OutboxState.DONE).values_list("pk", flat=True):
            outbox.run(pk)
        return mail.outbox[before:]

    return run


def parse(message) -> email.message.EmailMessage:
    return email.message_from_bytes(message.message().as_bytes(), policy=policy.default)


def part(message, kind: str) -> str:
    return next(p for p in parse(message).walk() if p.get_content_type() == kind).get_content()


def entry(message):
    return Calendar.from_ical(part(message, "text/calendar")).walk("VEVENT")[0]


def test_invitation_goes_to_each_member_with_text_html_and_calendar_entry(
    issued, send, member, chair
):
    sent = send()

    assert sorted(message.to[0] for message in sent) == [
        f"Kirsten Formand <{chair.email}>",
        f"Mads Medlem <{member.email}>",
    ]
    kinds = [p.get_content_type() for p in parse(sent[0]).walk()]
    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    calendar = next(p for p in parse(sent[0]).walk() if p.get_content_type() == "text/calendar")
    assert calendar.get_param("method") == "REQUEST"
    assert calendar.get_param("charset") == "utf-8"


def test_invitation_says_what_where_and_how_to_answer(issued, send, settings):
    text = send()[0].body

    assert "3. møde" in text
    assert "Rådhuset, mødesal D" in text
    assert f"{settings.SITE_URL}{issued.get_absolute_url()}" in text
    assert "1. AI-ambition" in text


def test_invitation_never_carries_closed_text(issued, send):
    for message in send():
        whole = "".join(
            p.get_content() if p.get_content_maintype() == "text" else p.get_content().decode()
            for p in parse(message).walk()
            if not p.is_multipart()
        )
        assert "Ejendomssag" in whole
        assert SECRET not in whole
        assert SECRET_TEXT not in whole


def test_invitation_holds_a_request_for_its_receiver(issued, send, member):
    message = next(m for m in send() if member.email in m.to[0])

    calendar = Calendar.from_ical(part(message, "text/calendar"))
    event = calendar.walk("VEVENT")[0]

    assert str(calendar["METHOD"]) == "REQUEST"
    assert str(event["ATTENDEE"]) == f"mailto:{member.email}"
    assert event["ATTENDEE"].params["CN"] == "Mads Medlem"
    assert str(event["UID"]) == issued.ical_uid
    assert int(event["SEQUENCE"]) == issued.ical_sequence


def test_second_version_tells_what_changed_by_public_headings(issued, send, secretary):
    send()
    add_item(meeting=issued, by=secretary, title="Nyt punkt om etik")
    hidden = add_item(
        meeting=issued,
        by=secretary,
        title="Opsigelse af Hansen",
        access=Access.CLOSED,
        public_title="Personalesag",
        closing_ground="Forvaltningslovens § 27",
        closing_reason="Personforhold",
    )
    issue_agenda(meeting=issued, expected=2, by=secretary)

    sent = send()

    assert len(sent) == 2
    assert "version 2" in sent[0].subject
    assert "3. Nyt punkt om etik" in sent[0].body
    assert f"{hidden.position}. Personalesag" in sent[0].body
    assert "Hansen" not in sent[0].message().as_string()
    assert int(entry(sent[0])["SEQUENCE"]) == issued.ical_sequence


def test_invitation_hides_what_was_closed_after_it_was_issued(issued, send, secretary):
    item = issued.items.get(position=1)
    change_item(
        item=item,
        by=secretary,
        version=item.version,
        access=Access.CLOSED,
        public_title="Sag om en leverandør",
        closing_ground="§ 30, nr. 2",
        closing_reason="Forretningsforhold",
    )

    sent = send()

    assert "AI-ambition" not in sent[0].body
    assert "1. Sag om en leverandør" in sent[0].body


def test_new_place_is_sent_as_an_update_of_the_same_entry(issued, send, secretary):
    first = entry(send()[0])
    change_meeting(meeting=issued, by=secretary, version=issued.version, place="Biblioteket")

    sent = send()
    second = entry(sent[0])

    assert "Biblioteket" in sent[0].body
    assert str(second["UID"]) == str(first["UID"])
    assert int(second["SEQUENCE"]) == int(first["SEQUENCE"]) + 1


def test_cancellation_takes_the_entry_out_of_the_calendar(issued, send, secretary):
    send()
    cancel_meeting(meeting=issued, reason="Stormvarsel", by=secretary)

    sent = send()
    calendar = Calendar.from_ical(part(sent[0], "text/calendar"))

    assert len(sent) == 2
    assert "Stormvarsel" in sent[0].body
    assert str(calendar["METHOD"]) == "CANCEL"
    assert str(calendar.walk("VEVENT")[0]["STATUS"]) == "CANCELLED"
    assert str(calendar.walk("VEVENT")[0]["UID"]) == issued.ical_uid
    assert "AI-ambition" not in sent[0].body


def test_invitation_is_not_sent_to_somebody_who_left_meanwhile(issued, send, member, chair):
    member.memberships.update(valid_to=day(-1))

    sent = send()

    assert [message.to for message in sent] == [[f"Kirsten Formand <{chair.email}>"]]
    states = set(OutboxEntry.objects.filter(kind=SEND).values_list("state", flat=True))
    assert states == {OutboxState.DONE}
    note = AuditEntry.objects.get(verb="meetings.mail_not_sent")
    assert note.data == {"user": member.pk, "why": "no longer seated"}


def test_invitation_is_not_sent_to_a_closed_account(issued, send, member, chair):
    member.is_active = False
    member.save()

    assert [message.to for message in send()] == [[f"Kirsten Formand <{chair.email}>"]]


def test_only_the_newest_of_waiting_invitations_is_sent(issued, send, secretary):
    cancel_meeting(meeting=issued, reason="Stormvarsel", by=secretary)

    sent = send()

    assert [Calendar.from_ical(part(m, "text/calendar"))["METHOD"] for m in sent] == [
        "CANCEL",
        "CANCEL",
    ]


def test_an_invitation_that_a_change_overtook_is_not_sent(issued, send, secretary):
    change_meeting(meeting=issued, by=secretary, version=issued.version, place="Biblioteket")

    sent = send()

    assert [int(entry(message)["SEQUENCE"]) for message in sent] == [issued.ical_sequence] * 2


def test_mail_says_nothing_of_what_changed_inside_a_closed_item(issued, send, secretary):
    send()
    opened, closed = issued.items.order_by("position")
    for item in (opened, closed):
        version = getattr(item.texts.filter(key="summary").first(), "version", 0)
        save_texts(
            item=item, texts={"summary": "Nyt resumé"}, versions={"summary": version}, by=secretary
        )
    issue_agenda(meeting=issued, expected=2, by=secretary)

    lines = [line for line in send()[0].body.splitlines() if line.startswith("- ")]

    assert len(lines) == 2
    assert lines[0].endswith(")")
    assert lines[1].endswith("2. Ejendomssag")


def test_message_id_is_the_same_for_the_same_invitation(issued, member):
    def identity(sequence: int) -> str:
        message = build_invitation(issued, member, method="request", sequence=sequence)
        return str(parse(message)["Message-ID"])

    assert identity(1) == identity(1)
    assert identity(1) != identity(2)


def test_header_injection_is_not_possible(issued, secretary, member):
    issued.title = "3. møde\r\nBcc: alle@example.dk"
    member.name = 'Mads "M"\r\nCc: x@example.dk, Hansen'

    message = parse(build_invitation(issued, member, method="request", sequence=1))

    assert message["Bcc"] is None
    assert message["Cc"] is None
    assert [a.addr_spec for a in message["To"].addresses] == [member.email]
    assert "Bcc: alle@example.dk" in message["Subject"]


# A real server ------------------------------------------------------------------------


def test_mail_that_the_server_puts_off_is_sent_later_once(issued, settings, send, member):
    server = MoodyServer(refusals=2)
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    try:
        send()
        waiting = OutboxEntry.objects.filter(kind=SEND, state=OutboxState.QUEUED)
        assert (waiting.count(), len(server.received)) == (2, 0)
        assert "451" in waiting[0].last_error
        assert SECRET not in waiting[0].last_error
        with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=True):
            send()
            send()
    finally:
        controller.stop()

    assert OutboxEntry.objects.filter(kind=SEND, state=OutboxState.DONE).count() == 2
    arrived = [email.message_from_bytes(data, policy=policy.default) for data in server.received]
    assert len({message["Message-ID"] for message in arrived}) == len(arrived) == 2
    entries = [
        p.get_content()
        for message in arrived
        for p in message.walk()
        if p.get_content_type() == "text/calendar"
    ]
    assert {str(Calendar.from_ical(e).walk("VEVENT")[0]["UID"]) for e in entries} == {
        issued.ical_uid
    }


class MoodyServer:
    """Says "try later" to the first mails, then takes them."""

    def __init__(self, refusals: int) -> None:
        self.refusals = refusals
        self.received: list[bytes] = []

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if self.refusals:
            self.refusals -= 1
            return "451 4.7.1 Greylisted, try again later"
        self.received.append(envelope.content)
        return "250 OK"
