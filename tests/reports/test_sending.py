"""Mails to recipients and what became of them, with a real mail server."""

import re

import pytest
from aiosmtpd.controller import Controller
from django.test import Client
from django.urls import reverse

from core import outbox
from core.models import OutboxEntry
from core.verdicts import NotAllowed, Refused, StaleState
from reports.models import ReportDelivery, ReportRecipient
from reports.selectors.links import link_url
from reports.services import sending
from tests.conftest import free_port
from tests.reports.scenes import a_scene, bring_to

pytestmark = pytest.mark.django_db
WRONG = "findes-ikke@example.dk"


class Refusing:
    """A mail server that does not know one address, and is busy for another."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802
        if address == WRONG:
            return "550 5.1.1 No such mailbox here"
        if address.startswith("optaget"):
            return "451 4.3.0 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802
        self.taken.append(envelope.content.decode())
        return "250 OK"


@pytest.fixture
def server(settings):
    box, port = Refusing(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield box
    controller.stop()


def drain() -> None:
    """Only the mails: the PDF is another test's."""
    for entry in OutboxEntry.objects.filter(kind=sending.SEND, state="queued"):
        outbox.run(entry.pk)


def without_tokens(page: bytes) -> bytes:
    """The page without what is drawn anew each time."""
    return re.sub(rb"\b[A-Za-z0-9]{64}\b", b"", page)


def add(scene, email: str, name: str = "Gruppeformand") -> ReportRecipient:
    return sending.add_recipient(report=scene.fresh(), name=name, email=email, by=scene.secretary)


def states(recipient: ReportRecipient) -> list[tuple[str, str]]:
    rows = ReportDelivery.objects.filter(recipient=recipient).order_by("number")
    return list(rows.values_list("state", "words"))


def test_first_report_goes_to_the_councils_readers():
    scene = a_scene(meeting="")

    assert [row.email for row in scene.report.recipients.all()] == [scene.reader.email]


def test_one_mail_per_recipient_with_their_own_link_and_no_word_of_the_content(server):
    scene = a_scene(meeting="")
    add(scene, "et@example.dk", "Et")
    bring_to(scene, "sent")

    drain()
    drain()

    assert len(server.taken) == 2
    rows = list(scene.report.recipients.all())
    assert [states(row) for row in rows] == [[("sent", "")], [("sent", "")]]
    whole = " ".join(one.replace("=\r\n", "") for one in server.taken)
    assert all(row.token in whole.replace("=3D", "=") for row in rows)
    assert "Det går fremad" not in whole


def test_server_that_refuses_leaves_its_words_and_the_corrected_address_gets_it(server):
    scene = a_scene(meeting="")
    wrong = add(scene, WRONG)
    bring_to(scene, "sent")
    drain()
    old = wrong.token
    assert states(wrong) == [("refused", "550 5.1.1 No such mailbox here")]

    sending.correct_recipient(
        recipient=wrong, name="Rigtig", email="rigtig@example.dk", by=scene.secretary
    )
    drain()

    assert [state for state, _words in states(wrong)] == ["refused", "sent"]
    wrong.refresh_from_db()
    assert Client().get(reverse("reports:link_page", args=[old])).status_code == 404
    assert Client().get(link_url(wrong)).status_code == 200


def test_mail_that_waits_does_not_go_to_the_corrected_address_as_well(server):
    scene = a_scene(meeting="")
    early = add(scene, "foer@example.dk")
    bring_to(scene, "sent")

    sending.correct_recipient(
        recipient=early, name="Rigtig", email="rigtig@example.dk", by=scene.secretary
    )
    drain()

    assert [state for state, _words in states(early)] == ["refused", "sent"]
    assert sum("rigtig@example.dk" in one for one in server.taken) == 1


def test_mail_after_older_ones_were_deleted_has_a_number_of_its_own(server):
    scene = bring_to(a_scene(meeting=""), "sent")
    drain()
    recipient = scene.report.recipients.get()
    sending.resend(recipient=recipient, by=scene.secretary)
    drain()
    ReportDelivery.objects.get(recipient=recipient, number=1).delete()

    assert sending.resend(recipient=recipient, by=scene.secretary).number == 3


def test_server_that_is_busy_is_asked_again(server):
    scene = a_scene(meeting="")
    busy = add(scene, "optaget@example.dk")
    bring_to(scene, "sent")

    drain()

    assert states(busy) == [("queued", "")]
    entry = OutboxEntry.objects.get(key=f"report:{busy.pk}:1")
    assert (entry.state, entry.attempts) == ("queued", 1)


def test_mail_that_comes_back_is_written_down_by_the_secretariat(server):
    scene = bring_to(a_scene(meeting=""), "sent")
    drain()
    recipient = scene.report.recipients.get()
    delivery = recipient.deliveries.get()

    sending.record_bounce(delivery=delivery, words="Postkassen er fuld", by=scene.secretary)
    sending.resend(recipient=recipient, by=scene.secretary)
    drain()

    assert states(recipient) == [("bounced", "Postkassen er fuld"), ("sent", "")]


def test_report_is_sent_once():
    scene = bring_to(a_scene(meeting=""), "sent")

    with pytest.raises(StaleState):
        sending.send_report(report=scene.fresh(), by=scene.secretary)
    with pytest.raises(StaleState, match="på vej"):
        sending.resend(recipient=scene.report.recipients.get(), by=scene.secretary)


def test_report_without_recipients_is_not_sent():
    scene = bring_to(a_scene(meeting=""), "frozen")
    sending.remove_recipient(recipient=scene.report.recipients.get(), by=scene.secretary)

    with pytest.raises(NotAllowed, match="modtager"):
        sending.send_report(report=scene.fresh(), by=scene.secretary)


@pytest.mark.parametrize("email", ["", "x", "to@en.dk, anden@en.dk", "a@b.dk\nBcc: c@d.dk"])
def test_address_that_is_none_is_refused(email):
    scene = a_scene(meeting="")

    with pytest.raises(Refused):
        add(scene, email)


def test_only_the_secretariat_sends_and_corrects():
    scene = bring_to(a_scene(meeting=""), "sent")
    recipient = scene.report.recipients.get()

    for somebody in (scene.chair, scene.held.member, scene.reader, scene.held.outsider):
        with pytest.raises(NotAllowed):
            sending.resend(recipient=recipient, by=somebody)


def test_link_opens_by_a_button_and_the_receipt_stands():
    scene = bring_to(a_scene(), "sent")
    recipient, client = scene.report.recipients.get(), Client()

    closed = client.get(link_url(recipient)).content.decode()
    recipient.refresh_from_db()
    assert "Åben beslutning" not in closed
    assert recipient.opened_at is None
    client.post(reverse("reports:link_open", args=[recipient.token]))
    recipient.refresh_from_db()

    assert recipient.opened_at is not None
    opened = client.get(link_url(recipient)).content.decode()
    assert "Åben beslutning" in opened
    assert not re.search("HEMMELIG", opened)


def test_link_of_somebody_taken_off_answers_like_no_link():
    scene = bring_to(a_scene(meeting=""), "sent")
    recipient = scene.report.recipients.get()
    sending.remove_recipient(recipient=recipient, by=scene.secretary)

    gone = Client().get(link_url(recipient))
    unknown = reverse("reports:link_page", args=["x" * 43])
    never = Client().get(unknown)

    assert (gone.status_code, never.status_code) == (404, 404)
    told = gone.content.replace(link_url(recipient).encode(), unknown.encode())
    assert without_tokens(told) == without_tokens(never.content)


def test_link_does_not_answer_before_it_is_sent():
    scene = bring_to(a_scene(meeting=""), "frozen")

    assert Client().get(link_url(scene.report.recipients.get())).status_code == 404
