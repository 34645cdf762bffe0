"""Skriftligt input: everybody asked, nobody read too early, and a PDF on the agenda at the end."""

import io

import pikepdf
import pypdfium2
import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from committee.enums import Role
from core.documents import validate_ua
from core.drafts import find_draft, save_draft
from core.models.outbox import OutboxEntry, OutboxState
from core.verdicts import NotAllowed, Refused, StaleState
from meetings.documents.written_input import written_input_pdf
from meetings.enums import MeetingState, RoundState
from meetings.models import InputAnswer, InputRound
from meetings.services.items import remove_item
from meetings.services.rounds import (
    attach_answers,
    close_round,
    draft_name,
    open_round,
    remind_missing,
    save_answer,
)
from tests.factories import (
    AgendaItemFactory,
    CommitteeFactory,
    InputRoundFactory,
    MeetingFactory,
    day,
    days,
    person,
)

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
def follower(committee):
    return person(committee, Role.FOLLOW_GROUP, name="Frida Følgegruppe")


@pytest.fixture
def meeting(committee):
    return MeetingFactory(committee=committee)


@pytest.fixture
def item(meeting):
    return AgendaItemFactory(meeting=meeting, title="AI-ambition")


@pytest.fixture
def row(meeting, secretary, chair, member):
    return open_round(
        meeting=meeting,
        title="Input til AI-ambitionen",
        question="Hvad skal kommunen **bruge** AI til?",
        closes_at=days(5),
        by=secretary,
    )


def url(row, name: str = "round_page") -> str:
    return reverse(f"meetings:{name}", args=[row.pk])


def pdf_text(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_open_asks_the_members_by_mail(row, chair, member, follower, drain_outbox):
    drain_outbox()

    assert sorted(message.to[0] for message in mail.outbox) == [
        f"Kirsten Formand <{chair.email}>",
        f"Mads Medlem <{member.email}>",
    ]
    assert url(row) in mail.outbox[0].body


def test_unsent_input_is_not_seen_through_the_members_eyes(client, row, secretary, member):
    save_draft(owner=member, form=draft_name(row), fields={"text": "UFÆRDIG"}, base_versions={})
    pages = []
    client.force_login(member)
    pages.append(client.get(url(row)).content.decode())
    client.force_login(secretary)
    client.post(reverse("committee:view_as"), {"committee": row.committee.slug, "who": member.pk})
    pages.append(client.get(url(row)).content.decode())

    assert ["UFÆRDIG" in page for page in pages] == [True, False]


def test_open_refuses_what_makes_no_sense(meeting, secretary, member):
    good = {"title": "Input", "question": "Hvad?", "closes_at": days(5)}
    bad = [
        {"title": " "},
        {"question": "\n"},
        {"closes_at": timezone.now()},
        {"asks_members": False},
        {"asks_members": False, "asks_follow_group": True},
    ]
    for change in bad:
        with pytest.raises(Refused):
            open_round(meeting=meeting, by=secretary, **{**good, **change})
    with pytest.raises(NotAllowed):
        open_round(meeting=meeting, by=member, **good)
    assert (InputRound.objects.count(), OutboxEntry.objects.count()) == (0, 0)


def test_form_opens_a_round(client, meeting, secretary, member):
    client.force_login(secretary)
    address = reverse("meetings:round_new")
    fields = {
        "title": "Input",
        "question": "Hvad mener du?",
        "asks": ["members"],
        "meeting": meeting.pk,
        "due_time": "12.00",
    }

    past = client.post(address, {**fields, "due_on": "01 02 2020"})
    good = client.post(address, {**fields, "due_on": day(5).strftime("%d %m %Y")})

    assert past.status_code == 422
    assert "Hvad mener du?" in past.content.decode()
    assert good.url == url(InputRound.objects.get())


def test_form_is_for_the_secretariat_and_its_own_meetings(client, committee, member, secretary):
    elsewhere = MeetingFactory()
    client.force_login(member)
    assert client.get(reverse("meetings:round_new")).status_code == 403

    client.force_login(secretary)
    answer = client.post(reverse("meetings:round_new"), {"meeting": elsewhere.pk})

    assert answer.status_code == 422
    assert elsewhere.title not in answer.content.decode()


def test_answer_is_rewritten_as_a_new_version(row, member):
    save_answer(input_round=row, text="Første tanke", by=member)
    save_answer(input_round=row, text="Første tanke", by=member)
    answer = save_answer(input_round=row, text="Anden tanke", by=member)

    assert InputAnswer.objects.count() == 1
    assert (answer.version, answer.text) == (2, "Anden tanke")


@pytest.mark.parametrize("text", ["", " \n ", "<p></p>"])
def test_empty_answer_is_refused(row, member, text):
    with pytest.raises(Refused):
        save_answer(input_round=row, text=text, by=member)


def test_answer_pasted_from_word_is_plain_text(row, member):
    answer = save_answer(
        input_round=row,
        text='<p class="MsoNormal" style="x" hx-get="/"><b>Ja</b></p><script>alert(1)</script>',
        by=member,
    )

    assert answer.text == "**Ja**"


def test_answer_of_20000_words_is_kept_whole(client, row, member):
    text = "ord " * 20_000
    client.force_login(member)

    assert client.post(url(row), {"text": text}).status_code == 302
    assert InputAnswer.objects.get().text == text.strip()


def test_typing_is_kept_as_a_draft_until_it_is_sent(client, row, member):
    client.force_login(member)

    saved = client.post(url(row, "round_draft"), {"text": "Halvt skrev"})

    assert "saved_at_text" in saved.json()
    assert "Halvt skrev" in client.get(url(row)).content.decode()
    assert InputAnswer.objects.count() == 0
    client.post(url(row), {"text": "Helt skrevet"})
    assert find_draft(owner=member, form=draft_name(row)) is None


def test_text_sent_after_closing_is_kept_and_shown(client, row, member, secretary, item):
    close_round(input_round=row, item=None, by=secretary)
    client.force_login(member)

    answer = client.post(url(row), {"text": "Skrevet for sent"})

    assert answer.status_code == 409
    assert "Skrevet for sent" in answer.content.decode()
    assert "Skrevet for sent" in client.get(url(row)).content.decode()
    assert InputAnswer.objects.count() == 0


def test_only_those_asked_can_answer(client, row, secretary, follower, committee):
    client.force_login(secretary)
    assert client.post(url(row), {"text": "Hej"}).status_code == 403
    assert client.post(url(row, "round_draft"), {"text": "Hej"}).status_code == 403
    for other in (follower, person(committee, Role.COUNCIL_READER), person(None)):
        client.force_login(other)
        assert client.get(url(row)).status_code == 404
        assert client.post(url(row), {"text": "Hej"}).status_code == 404


def test_members_see_only_their_own_answer_until_the_round_closes(
    client, row, member, chair, secretary, item
):
    save_answer(input_round=row, text="Mads' hemmelige tanke", by=member)
    for reader in (chair, secretary):
        client.force_login(reader)
        assert "hemmelige tanke" not in client.get(url(row)).content.decode()

    close_round(input_round=row, item=item, by=secretary)

    for reader in (chair, secretary, member):
        client.force_login(reader)
        assert "hemmelige tanke" in client.get(url(row)).content.decode()


def test_secretariat_sees_who_has_answered_all_the_time(client, row, member, chair, secretary):
    save_answer(input_round=row, text="Svar", by=member)
    client.force_login(secretary)
    page = client.get(url(row))

    assert (page.context["answered"], len(page.context["people"])) == (1, 2)
    client.force_login(chair)
    assert "Mads Medlem" not in client.get(url(row)).content.decode()


def test_member_who_left_does_not_find_the_round(client, row, member):
    member.memberships.update(valid_to=day(-1))
    client.force_login(member)

    assert client.get(url(row)).status_code == 404


def test_reminder_goes_to_those_missing_once_a_day(row, member, chair, secretary, drain_outbox):
    drain_outbox()
    mail.outbox.clear()
    save_answer(input_round=row, text="Svar", by=member)

    assert remind_missing(input_round=row, by=secretary) == 1
    assert remind_missing(input_round=row, by=secretary) == 1
    drain_outbox()

    assert [message.to for message in mail.outbox] == [[f"Kirsten Formand <{chair.email}>"]]


def test_reminder_is_not_sent_to_who_answers_meanwhile(row, member, secretary, drain_outbox):
    drain_outbox()
    mail.outbox.clear()
    remind_missing(input_round=row, by=secretary)
    save_answer(input_round=row, text="Svar", by=member)
    drain_outbox()

    assert [member.email in message.to[0] for message in mail.outbox] == [False]


def test_closing_puts_a_pdf_with_names_roles_and_times_on_the_agenda(
    row, member, chair, secretary, item, drain_outbox
):
    save_answer(input_round=row, text="# Tid til borgerne\n\n1) Hurtigere svar", by=member)

    close_round(input_round=row, item=item, by=secretary)
    drain_outbox()
    row.refresh_from_db()
    attachment = item.attachments.get()
    data = attachment.file.read()
    text = pdf_text(data)

    assert row.attachment == attachment
    assert attachment.access == item.access
    assert attachment.file.media_type == "application/pdf"
    assert row.state == RoundState.CLOSED
    for words in ("Mads Medlem", "Tid til borgerne", "Hurtigere svar", "Kirsten Formand"):
        assert words in text
    assert validate_ua(data) == []
    assert str(pikepdf.open(io.BytesIO(data)).Root.Lang) == "da"


def test_pdf_is_the_same_for_the_same_answers(row, member, secretary, item):
    save_answer(input_round=row, text="Svar", by=member)
    close_round(input_round=row, item=item, by=secretary)
    row.refresh_from_db()

    assert written_input_pdf(row) == written_input_pdf(row)


def test_attaching_twice_is_one_attachment(row, member, secretary, item, drain_outbox):
    from core import outbox

    save_answer(input_round=row, text="Svar", by=member)
    close_round(input_round=row, item=item, by=secretary)
    drain_outbox()
    outbox.requeue(OutboxEntry.objects.get(kind="meetings.attach_answers"))
    drain_outbox()

    assert item.attachments.count() == 1


def test_answers_can_be_put_on_another_item_when_the_first_is_gone(
    client, row, member, secretary, item, meeting, drain_outbox
):
    other = AgendaItemFactory(meeting=meeting)
    save_answer(input_round=row, text="Svar", by=member)
    close_round(input_round=row, item=item, by=secretary)
    remove_item(item=item, by=secretary)
    drain_outbox()
    client.force_login(secretary)

    client.post(url(row, "round_close"), {"item": other.pk, "access": "closed"})
    drain_outbox()
    row.refresh_from_db()

    assert row.attachment is not None
    assert (row.attachment.item, row.attachment.access) == (other, "closed")
    with pytest.raises(StaleState):
        attach_answers(input_round=row, item=other, by=secretary)


def test_closing_without_an_item_is_refused_and_changes_nothing(client, row, member, secretary):
    save_answer(input_round=row, text="Svar", by=member)
    client.force_login(secretary)

    answer = client.post(url(row, "round_close"), {"access": "closed"})
    row.refresh_from_db()

    assert answer.status_code == 422
    assert row.state == RoundState.OPEN


def test_closing_a_round_nobody_answered_needs_no_item(row, secretary):
    close_round(input_round=row, item=None, by=secretary)

    assert OutboxEntry.objects.filter(kind="meetings.attach_answers").count() == 0


def test_closing_twice_is_stale(client, row, secretary, item, member):
    close_round(input_round=row, item=item, by=secretary)
    with pytest.raises(StaleState):
        close_round(input_round=row, item=item, by=secretary)
    client.force_login(member)
    assert client.post(url(row, "round_close"), {"item": item.pk}).status_code == 403
    assert client.post(url(row, "round_remind")).status_code == 403


def test_answers_wait_when_the_meeting_is_locked_meanwhile(
    row, member, secretary, item, meeting, drain_outbox
):
    save_answer(input_round=row, text="Svar", by=member)
    close_round(input_round=row, item=item, by=secretary)
    type(meeting).objects.filter(pk=meeting.pk).update(state=MeetingState.LOCKED)
    drain_outbox()
    row.refresh_from_db()

    entry = OutboxEntry.objects.get(kind="meetings.attach_answers")
    assert (entry.state, row.attachment) == (OutboxState.QUEUED, None)


def test_list_shows_the_rounds_one_is_asked_in(client, row, member, follower, committee):
    mine = InputRoundFactory(
        meeting=row.meeting, title="Til følgegruppen", asks_members=False, asks_follow_group=True
    )
    InputRoundFactory(title="Et andet udvalgs runde")
    address = reverse("meetings:round_list")

    client.force_login(member)
    assert [r.round for r in client.get(address).context["rows"]] == [row]
    client.force_login(follower)
    assert [r.round for r in client.get(address).context["rows"]] == [mine]
    client.force_login(person(None))
    assert client.get(address).context["rows"] == []


def test_list_costs_the_same_for_any_number_of_rounds(client, row, member, meeting):
    client.force_login(member)

    def cost(more: int) -> int:
        InputRound.objects.bulk_create(
            InputRoundFactory.build(meeting=meeting, committee=meeting.committee, title=f"{n}")
            for n in range(more)
        )
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("meetings:round_list"))
        return len(queries)

    assert cost(0) == cost(2) == cost(297)
