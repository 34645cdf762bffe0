"""How far a body is, the re-visit of its work, and what an ended mandate still does."""

from datetime import date

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from committee.enums import DeliverableStatus, Role
from committee.models import Committee, Revisit
from committee.services import Held, NewEvidence, hold_revisit, set_deliverable_status
from committee.services.revisits import remind_revisits
from committee.tasks import mind_revisits
from core.models import AuditEntry, OutboxEntry
from core.verdicts import NotAllowed, Refused, StaleState
from meetings.enums import MeetingState
from meetings.services.planning import create_meeting
from reports.selectors.mandate import deliverables_of, milestones, progress
from tests.factories import (
    CommitteeFactory,
    DeliverableFactory,
    MeetingFactory,
    RuleProfileFactory,
    TermsOfReferenceFactory,
    day,
    days,
    person,
)
from usecases.services.texts import create_case

pytestmark = pytest.mark.django_db
D = DeliverableStatus


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def body():
    return CommitteeFactory(revisit_on=day(700))


@pytest.fixture
def secretary(body):
    return person(body, Role.SECRETARIAT)


def deliverables(body, *titles, terms=None):
    terms = terms or TermsOfReferenceFactory(committee=body)
    return [
        DeliverableFactory(terms=terms, title=title, position=place)
        for place, title in enumerate(titles, 1)
    ]


def url_of(body, name="mandate_progress"):
    return reverse(f"reports:{name}", args=[body.slug])


# Deliverables -----------------------------------------------------------------------------------


def test_a_deliverable_tells_its_status_evidence_and_history(body, secretary):
    first, second = deliverables(body, "Ambition", "Temadag")
    evidence = NewEvidence("Referat", "/moeder/", day(-3))
    for status in (D.IN_PROGRESS, D.DONE):
        set_deliverable_status(deliverable=first, status=status, evidence=evidence, by=secretary)
    rows = deliverables_of(None, body, since=day(-1))

    assert [(row.title, row.status, row.shape, row.moved_since) for row in rows] == [
        ("Ambition", "done", "done", True),
        ("Temadag", "not_started", "empty", False),
    ]
    assert [(move.old, move.new) for move in rows[0].moves] == [
        ("Not started", "In progress"),
        ("In progress", "Done"),
    ]
    assert rows[0].status_before == "Not started"
    assert [(one.title, one.on) for one in rows[0].evidence] == [("Referat", day(-3))] * 2
    assert rows[1].evidence_words == "No evidence"
    assert second.pk == rows[1].id


def test_history_follows_the_title_into_the_next_kommissorium(body, secretary):
    (old,) = deliverables(body, "Ambition")
    set_deliverable_status(deliverable=old, status=D.IN_PROGRESS, by=secretary)
    deliverables(body, "Ambition", terms=TermsOfReferenceFactory(committee=body))
    (row,) = deliverables_of(secretary, body)
    assert [move.new for move in row.moves] == ["In progress"]


def test_nothing_has_moved_since_a_later_day(body, secretary):
    (row,) = deliverables(body, "Ambition")
    set_deliverable_status(deliverable=row, status=D.IN_PROGRESS, by=secretary)
    (found,) = deliverables_of(secretary, body, since=day(1))
    assert (found.moved_since, found.status_before) == (False, "In progress")


def test_a_closed_body_has_no_deliverables_for_others(body):
    deliverables(body, "Ambition")
    Committee.objects.filter(pk=body.pk).update(is_public=False)
    assert deliverables_of(person(None), body) == []
    assert progress(person(None), body.slug) is None


@pytest.mark.parametrize(
    ("due", "end", "words", "late"),
    [
        (5, 9, "It is due", False),
        (-5, 9, "It was due", True),
        (None, 9, "It is due when the mandate ends", False),
        (None, -9, "It was due", True),
        (None, None, "No day has been set for it.", False),
    ],
)
def test_what_is_next_is_said_in_words(body, due, end, words, late):
    Committee.objects.filter(pk=body.pk).update(mandate_to=None if end is None else day(end))
    body.refresh_from_db()
    (row,) = deliverables(body, "Ambition")
    row.due_on = None if due is None else day(due)
    row.save()
    (found,) = deliverables_of(None, body)
    assert found.next_words.startswith(words)
    assert found.is_late is late


# Days -------------------------------------------------------------------------------------------


def test_milestones_are_in_order_and_as_the_reader_may_know(body, secretary):
    RuleProfileFactory(terms__committee=body)
    draft = MeetingFactory(committee=body, state=MeetingState.DRAFT, starts_at=days(10))
    out = MeetingFactory(
        committee=body, state=MeetingState.ISSUED, agenda_version=1, starts_at=days(20)
    )
    MeetingFactory(committee=body, state=MeetingState.CANCELLED, agenda_version=1)
    found = milestones(secretary, body)
    urls = [draft.get_absolute_url(), out.get_absolute_url()]
    assert [(one.kind, one.on, one.url) for one in found] == [
        ("start", body.mandate_from, ""),
        ("meeting", day(10), urls[0]),
        ("meeting", day(20), urls[1]),
        ("end", body.mandate_to, ""),
        ("revisit", day(700), ""),
    ]
    assert [one.url for one in milestones(None, body) if one.kind == "meeting"] == urls[1:]


def test_the_drawing_holds_the_mandate_and_the_rest_stands_below(body, secretary):
    page = progress(secretary, body.slug)
    assert (page.figure.start, page.figure.end) == (body.mandate_from, body.mandate_to)
    assert [mark.on for mark in page.figure.marks] == [body.mandate_from, body.mandate_to]
    assert [one.on for one in page.other_days] == [day(700)]


def test_a_body_without_a_mandate_says_so(client):
    bare = CommitteeFactory(mandate_from=None, mandate_to=None)
    page = client.get(url_of(bare))
    assert page.status_code == 200
    assert page.context["page"].figure is None


@pytest.mark.parametrize("who", ["citizen", "member", "secretary"])
def test_one_address_for_all_and_links_for_who_may(body, client, who):
    rows = deliverables(body, "Ambition")
    if who != "citizen":
        client.force_login(person(body, Role.MEMBER if who == "member" else Role.SECRETARIAT))
    text = client.get(url_of(body)).content.decode()
    edit = reverse("committee:deliverable_edit", args=[body.slug, rows[0].pk])
    for link in (edit, url_of(body, "revisit_new"), url_of(body, "hand_over")):
        assert (link in text) is (who == "secretary")
    assert "Ambition" in text


def test_the_page_costs_the_same_for_few_and_many(body, client):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(url_of(body))
        return len(queries)

    (first,) = deliverables(body, "Ambition")
    cost()
    few = cost()
    deliverables(body, *(f"Leverance {n}" for n in range(20)), terms=first.terms)
    meeting = {"rule_profile": RuleProfileFactory(terms=first.terms), "agenda_version": 1}
    for number in range(20):
        MeetingFactory(committee=body, number=number, state=MeetingState.ISSUED, **meeting)
    assert cost() == few


# The re-visit -------------------------------------------------------------------------------------


def held(**more):
    facts = {"on": day(0), "outcome": "adjusted", "text": "Vi ser nu.", "decided_by": "KB, punkt 2"}
    return Held(**(facts | more))


def test_a_revisit_is_kept_and_the_next_one_is_due(body, secretary):
    row = hold_revisit(
        committee=body,
        due_on=body.revisit_on,
        held=held(next_on=day(900), evidence=NewEvidence("Referat", "/moeder/", day(0))),
        by=secretary,
    )
    body.refresh_from_db()
    assert body.revisit_on == day(900)
    assert (row.due_on, row.outcome, row.evidence_url) == (day(700), "adjusted", "/moeder/")
    entry = AuditEntry.objects.get(verb="committee.revisit_held")
    assert entry.data == {
        "due": str(day(700)),
        "held": str(day(0)),
        "outcome": "adjusted",
        "next": str(day(900)),
    }


def test_the_second_of_two_is_refused(body, secretary):
    facts = {"committee": body, "due_on": body.revisit_on, "held": held(next_on=day(900))}
    hold_revisit(**facts, by=secretary)
    with pytest.raises(StaleState):
        hold_revisit(**facts, by=secretary)
    assert Revisit.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"on": day(1)}, "held_on"),
        ({"outcome": "nonsense"}, "outcome"),
        ({"text": " "}, "text"),
        ({"decided_by": " "}, "decided_by"),
        ({"next_on": day(0)}, "next_on"),
        ({"outcome": "ended", "next_on": day(9)}, "next_on"),
        ({"evidence": NewEvidence("Referat", "javascript:x", day(0))}, "url"),
    ],
)
def test_what_lacks_is_refused(body, secretary, more, field):
    with pytest.raises(Refused) as refusal:
        hold_revisit(committee=body, due_on=body.revisit_on, held=held(**more), by=secretary)
    assert refusal.value.field == field
    assert Revisit.objects.count() == 0


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SECRETARIAT])
def test_only_the_secretariat_records_it(body, role):
    with pytest.raises(NotAllowed):
        hold_revisit(committee=body, due_on=body.revisit_on, held=held(), by=person(body, role))


def test_the_next_bodys_secretariat_records_it_too(body):
    after = CommitteeFactory(predecessor=body)
    by = person(after, Role.SECRETARIAT)
    row = hold_revisit(committee=body, due_on=body.revisit_on, held=held(), by=by)
    assert row.by == by


def test_the_page_records_it(body, secretary, client):
    client.force_login(secretary)
    sent = {
        "due_on": body.revisit_on.isoformat(),
        "held_on": timezone.localdate().strftime("%d %m %Y"),
        "outcome": "upheld",
        "text": "Det virker.",
        "decided_by": "Kommunalbestyrelsen, punkt 7",
    }
    assert client.get(url_of(body, "revisit_new")).status_code == 200
    assert client.post(url_of(body, "revisit_new"), sent | {"text": ""}).status_code == 422
    assert client.post(url_of(body, "revisit_new"), sent).status_code == 302
    client.logout()
    assert "Det virker." in client.get(url_of(body)).content.decode()


@pytest.mark.parametrize(
    ("left", "mails"), [(91, 0), (90, 2), (40, 2), (30, 2), (0, 2), (-3, 2), (-20, 2)]
)
def test_reminders_go_once_per_occasion_to_both_secretariats(body, secretary, left, mails):
    after = CommitteeFactory(predecessor=body)
    person(after, Role.SECRETARIAT)
    person(body, Role.CHAIR)
    Committee.objects.filter(pk=body.pk).update(revisit_on=day(left))
    remind_revisits()
    mind_revisits()
    assert OutboxEntry.objects.filter(kind="committee.remind_revisit").count() == mails


def test_a_mail_is_not_sent_when_it_has_been_held(body, secretary, drain_outbox):
    Committee.objects.filter(pk=body.pk).update(revisit_on=day(20))
    body.refresh_from_db()
    remind_revisits()
    hold_revisit(committee=body, due_on=day(20), held=held(), by=secretary)
    drain_outbox()
    assert mail.outbox == []


def test_the_mail_says_when_and_where(body, secretary, drain_outbox):
    Committee.objects.filter(pk=body.pk).update(revisit_on=date(2026, 1, 2))
    remind_revisits()
    drain_outbox()
    (message,) = mail.outbox
    assert message.to == [f"{secretary.name} <{secretary.email}>"]
    assert "2. januar 2026" in message.subject
    assert url_of(body, "revisit_new") in message.body


def test_it_waits_on_my_work(body, secretary, client):
    client.force_login(secretary)
    url = url_of(body, "revisit_new")
    assert url not in client.get("/mit-arbejde/").content.decode()
    Committee.objects.filter(pk=body.pk).update(revisit_on=day(20))
    assert url in client.get("/mit-arbejde/").content.decode()


# After the mandate ---------------------------------------------------------------------------


@pytest.fixture
def ended(body):
    RuleProfileFactory(terms__committee=body, valid_from=day(-400))
    Committee.objects.filter(pk=body.pk).update(mandate_from=day(-300), mandate_to=day(-1))
    body.refresh_from_db()
    return body


def test_an_ended_body_begins_nothing_new(ended, secretary):
    with pytest.raises(NotAllowed, match="has ended"):
        create_meeting(
            committee=ended, starts_at=days(3), ends_at=days(3).replace(hour=15), by=secretary
        )
    with pytest.raises(NotAllowed, match="has ended"):
        create_case(committee=ended, values={"title": "For sent"}, by=person(None))


def test_what_was_held_within_the_mandate_can_be_taken_in(ended, secretary):
    row = create_meeting(
        committee=ended, starts_at=days(-9), ends_at=days(-9).replace(hour=15), by=secretary
    )
    assert row.committee == ended


STATES = {
    "draft": False,
    "read_through": False,
    "issued": False,
    "in_session": True,
    "minutes_draft": True,
}


@pytest.mark.parametrize(("state", "may"), STATES.items())
def test_after_the_mandate_only_minutes_are_written(ended, secretary, state, may):
    from meetings import policies

    meeting = MeetingFactory(committee=ended, state=state, agenda_version=1)
    assert bool(policies.can_edit_agenda(secretary, meeting)) is may
    assert bool(policies.can_edit_meeting(secretary, meeting)) is may
    assert bool(policies.can_lead_meeting(secretary, meeting)) is (may or state != "issued")
    assert bool(policies.can_cancel_meeting(secretary, meeting)) is True
    assert bool(policies.can_finish_minutes(secretary, meeting)) is True
    assert bool(policies.can_plan_meeting(secretary, ended)) is False
