"""Hearings: opened, answered by those who were asked, closed with what came of it."""

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from committee.enums import Role
from core import outbox
from core.verdicts import NotAllowed, Refused, StaleState
from ethics.enums.hearings import HearingState, Party
from ethics.hearing_questions import defaults
from ethics.models import HearingReply
from ethics.panels.hearings import hearing_panel
from ethics.selectors.hearings import hearing_of, hearing_page, newest_hearing
from ethics.services import hearings
from tests.factories import day, person
from tests.usecases.scenes import a_scene as a_case
from tests.usecases.scenes import submit
from usecases.services.moves import move_case

pytestmark = pytest.mark.django_db
BOTH = [Party.MED, Party.FOLLOW_GROUP]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def a_scene(**fields):
    scene = a_case(**fields)
    submit(scene)
    scene.case = scene.fresh()
    return scene


def opened(scene, parties=BOTH, **fields):
    facts = {"questions": ["Hvad ændrer det?", "Hvad råder du til?"], "deadline": day(9), **fields}
    return hearings.open_hearing(case=scene.case, parties=parties, by=scene.secretary, **facts)


def follow_reply(hearing, scene, text="Det er fint", by=None):
    return hearings.reply(
        hearing=hearing,
        party=Party.FOLLOW_GROUP,
        answers={"1": text, "2": ""},
        by=by or scene.follower,
    )


def med_reply(hearing, scene, by=None, **fields):
    facts = {"who": "Hoved-MED", "answered_on": day(-1), **fields}
    return hearings.reply(
        hearing=hearing,
        party=Party.MED,
        answers={"1": "MED er bekymret"},
        by=by or scene.owner,
        **facts,
    )


def closed(hearing, scene, seen=0):
    return hearings.close_hearing(
        hearing=hearing, summary="Vist", account="Brugt", seen=seen, by=scene.secretary
    )


def test_defaults_are_there_in_both_languages():
    texts = [str(one.text) for one in defaults().questions]
    with translation.override("da"):
        assert [str(one.text) for one in defaults().questions] != texts
    assert len(texts) == 6


def test_the_secretariat_opens_and_nobody_else():
    scene = a_scene()
    for who in (scene.chair, scene.owner, scene.follower, scene.member):
        with pytest.raises(NotAllowed):
            hearings.open_hearing(
                case=scene.case, parties=BOTH, questions=["x"], deadline=day(1), by=who
            )


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"parties": []}, "parties"),
        ({"parties": ["borgere"]}, "parties"),
        ({"questions": [" ", ""]}, "questions"),
        ({"questions": ["x"] * 21}, "questions"),
        ({"questions": ["x" * 301]}, "questions"),
        ({"deadline": day(-1)}, "deadline"),
    ],
)
def test_a_hearing_asks_somebody_something_before_a_day(fields, field):
    with pytest.raises(Refused) as refusal:
        opened(a_scene(), **fields)
    assert refusal.value.field == field


def test_there_is_one_open_hearing_and_none_of_a_closed_case():
    scene = a_scene()
    opened(scene)
    with pytest.raises(StaleState):
        opened(scene)
    other = a_scene()
    move_case(case=other.case, move="withdraw", reason="Nej", by=other.proposer)
    other.case.refresh_from_db()
    with pytest.raises(NotAllowed):
        opened(other)


def test_those_who_are_heard_get_a_mail_without_texts():
    scene = a_scene()
    opened(scene)
    outbox.drain()
    receivers = {message.to[0].split("<")[-1].rstrip(">") for message in mail.outbox}
    assert {scene.follower.email, scene.owner.email} <= receivers
    bodies = "".join(
        message.body for message in mail.outbox if "hearing" in message.extra_headers["Message-ID"]
    )
    assert "Hvad ændrer det" not in bodies
    assert scene.case.title not in bodies


def test_the_follow_group_answers_for_itself_and_the_owner_writes_for_med():
    scene = a_scene()
    row = opened(scene)
    follow_reply(row, scene)
    med_reply(row, scene)
    for who in (scene.member, scene.chair, scene.proposer, scene.outsider):
        with pytest.raises(NotAllowed):
            follow_reply(row, scene, by=who)
    with pytest.raises(Refused):
        med_reply(row, scene, by=scene.follower)
    facts = hearing_of(scene.case)
    assert [(one.party, one.who) for one in facts.answers] == [
        (Party.FOLLOW_GROUP, scene.follower.name),
        (Party.MED, "Hoved-MED"),
    ]


def test_meds_answer_says_whose_and_when():
    scene = a_scene()
    row = opened(scene)
    for fields, field in (
        ({"who": " "}, "who"),
        ({"answered_on": None}, "answered_on"),
        ({"answered_on": day(1)}, "answered_on"),
    ):
        with pytest.raises(Refused) as refusal:
            med_reply(row, scene, **fields)
        assert refusal.value.field == field


def test_answers_to_what_is_not_asked_or_to_nothing_are_refused():
    scene = a_scene()
    row = opened(scene)
    for answers in ({"9": "x"}, {"1": " "}, {}, {"1": "x" * 5001}):
        with pytest.raises(Refused):
            hearings.reply(
                hearing=row, party=Party.FOLLOW_GROUP, answers=answers, by=scene.follower
            )


def test_a_later_answer_counts_and_the_first_is_kept():
    scene = a_scene()
    row = opened(scene)
    follow_reply(row, scene, "Første")
    follow_reply(row, scene, "Anden")
    (answer,) = hearing_of(scene.case).answers
    assert (answer.answers, HearingReply.objects.count()) == ({"1": "Anden"}, 2)
    with pytest.raises(DatabaseError), transaction.atomic():
        HearingReply.objects.update(answers={})


def test_answers_of_others_are_read_when_it_is_closed():
    scene = a_scene()
    other = person(scene.committee, Role.FOLLOW_GROUP, name="Kollega")
    row = opened(scene)
    follow_reply(row, scene, "Hemmeligt")

    def read(who):
        pairs = hearing_page(who, scene.fresh())["questions"][0]["answers"]
        return [text for _answer, text in pairs]

    assert read(scene.secretary) == read(scene.follower) == ["Hemmeligt"]
    for who in (other, scene.member, scene.chair, scene.owner, scene.proposer):
        assert read(who) == []
    closed(row, scene, seen=1)
    for who in (other, scene.member, scene.chair, scene.owner, scene.proposer):
        assert read(who) == ["Hemmeligt"]


def test_closing_says_what_it_showed_and_sees_every_answer():
    scene = a_scene()
    row = opened(scene)
    follow_reply(row, scene)
    with pytest.raises(StaleState):
        closed(row, scene)
    for fields, field in (({"summary": ""}, "summary"), ({"account": " "}, "account")):
        texts = {"summary": "Vist", "account": "Brugt", **fields}
        with pytest.raises(Refused) as refusal:
            hearings.close_hearing(hearing=row, seen=1, by=scene.secretary, **texts)
        assert refusal.value.field == field
    row = closed(row, scene, seen=1)
    assert (row.state, hearing_of(scene.case).is_closed) == (HearingState.CLOSED, True)
    for late in (follow_reply, closed):
        with pytest.raises(StaleState):
            late(row, scene)


def test_a_hearing_that_was_called_off_counts_for_nothing():
    scene = a_scene()
    row = opened(scene)
    with pytest.raises(Refused):
        hearings.cancel_hearing(hearing=row, reason=" ", by=scene.secretary)
    hearings.cancel_hearing(hearing=row, reason="Forkert sag", by=scene.secretary)
    assert hearing_of(scene.case) is None
    assert opened(scene).is_open


def test_no_mail_to_who_has_left_the_follow_group():
    scene = a_scene()
    row = opened(scene)
    scene.follower.memberships.update(valid_to=day(-1))
    outbox.drain()
    told = [m for m in mail.outbox if f"hearing.{row.pk}" in m.extra_headers["Message-ID"]]
    assert [scene.owner.email in message.to[0] for message in told] == [True]


def test_the_panel_says_how_it_stands_with_one_query(django_assert_num_queries):
    scene = a_scene()
    case = scene.fresh()
    assert hearing_panel(scene.again("outsider"), case) is None
    assert hearing_panel(scene.again("member"), case) is None
    assert hearing_panel(scene.again("secretary"), case).lines[0].word == ""
    opened(scene)
    member = scene.again("member")
    assert newest_hearing(case)
    hearing_panel(member, case)
    with django_assert_num_queries(1):
        panel = hearing_panel(member, case)
    assert panel.lines[0].look == "half"


def test_the_page_asks_the_same_number_of_questions():
    from django.db import connection

    scene = a_scene()
    row = opened(scene)
    follow_reply(row, scene)

    def cost():
        with CaptureQueriesContext(connection) as found:
            hearing_page(scene.secretary, scene.case)
        return len(found)

    few = cost()
    for number in range(4):
        other = person(scene.committee, Role.FOLLOW_GROUP, name=f"Kollega {number}")
        follow_reply(row, scene, by=other)
    assert cost() == few


def test_from_open_to_closed_through_the_pages(client):
    scene = a_scene()

    def at(name):
        return reverse(f"ethics:hearing_{name}", args=[scene.case.pk])

    client.force_login(scene.secretary)
    page = client.get(at("open")).content.decode()
    assert str(defaults().questions[0].text) in page
    bad = {"parties": ["med"], "questions": "Et spørgsmål\nTo", "deadline": "31 02 2030"}
    answer = client.post(at("open"), bad)
    assert answer.status_code == 422
    assert "Et spørgsmål" in answer.content.decode()
    good = bad | {"parties": ["med", "follow_group"], "deadline": "20 11 2030"}
    assert client.post(at("open"), good)["Location"] == at("page")

    client.force_login(scene.follower)
    answer = client.post(at("reply"), {"answer-1": "", "answer-2": ""})
    assert answer.status_code == 422
    assert client.post(at("reply"), {"answer-1": "Mit svar"}).status_code == 302
    assert "Mit svar" in client.get(at("reply")).content.decode()

    client.force_login(scene.owner)
    answer = client.post(at("reply"), {"answer-1": "MED mener", "who": ""})
    assert answer.status_code == 422
    assert "MED mener" in answer.content.decode()
    facts = {"who": "Lokal-MED", "answered_on": day(-1).strftime("%d %m %Y")}
    assert client.post(at("reply"), {"answer-1": "MED mener"} | facts).status_code == 302

    client.force_login(scene.secretary)
    page = client.get(at("close"))
    texts = {"summary": "Bekymring", "account": "Vilkår stillet"}
    stale = client.post(at("close"), texts | {"seen": 1})
    assert stale.status_code == 409
    assert "Vilkår stillet" in stale.content.decode()
    client.post(at("close"), texts | {"seen": page.context["replies_seen"]})
    client.force_login(scene.member)
    page = client.get(at("page")).content.decode()
    assert "Vilkår stillet" in page
    assert "MED mener" in page
    assert client.get(at("close")).status_code == 403
    client.force_login(scene.outsider)
    assert client.get(at("page")).status_code == 404
