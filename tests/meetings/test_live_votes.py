"""The vote in the live meeting: who sees what, one tap each, and nothing of closed items."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from committee.enums import Role
from core.models import AuditEntry
from meetings.enums import OpeningStep
from meetings.models import AgendaItem, Meeting, Vote
from meetings.services.disqualification import declare_disqualified
from meetings.services.dissents import write_dissent
from meetings.services.motions import propose
from meetings.services.presence import complete_step, leave, record_attendance, take_up
from meetings.services.votes import cast_vote, close_round, open_round
from meetings.voting import MAJORITY
from tests.factories import person
from tests.meetings.scenes import a_scene, attend, bring_to

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def scene():
    return in_session()


def in_session():
    """The first item is on the table, everybody is there."""
    scene = bring_to(a_scene(), "in_session")
    began = timezone.now() - timedelta(hours=1)
    Meeting.objects.filter(pk=scene.meeting.pk).update(held_from=began)
    scene.meeting.refresh_from_db()
    attend(scene)
    scene.opened.meeting = scene.closed.meeting = scene.meeting
    for step in OpeningStep.values:
        complete_step(meeting=scene.meeting, step=step, by=scene.secretary)
    scene.meeting.refresh_from_db()
    take_up(item=scene.opened, by=scene.secretary)
    return scene


def opened(scene, item=None, text="Vi gør det."):
    item = item or scene.opened
    motion = propose(
        item=item, kind="main", proposer=scene.member, text=text, by=scene.secretary
    )  # fmt: skip
    return open_round(motion=motion, by=scene.secretary)


def voted(scene, item=None, text="Vi gør det.", **choices):
    row = opened(scene, item, text)
    for who, choice in choices.items():
        member = scene.again(getattr(scene, who))
        cast_vote(vote_round=row, member=member, choice=choice, by=member)
    return close_round(vote_round=row, by=scene.secretary)


def live(scene, suffix=""):
    return f"/moeder/{scene.meeting.pk}/live/{suffix}"


def page(client, scene, who, suffix="", **headers):
    client.force_login(scene.again(getattr(scene, who)))
    client.cookies["django_language"] = "en"
    return client.get(live(scene, suffix), **headers)


def html(client, scene, who, suffix="", **headers):
    return page(client, scene, who, suffix, **headers).content.decode()


def ballot_url(scene, row, item=None):
    item = item or scene.opened
    return f"/moeder/{scene.meeting.pk}/punkt/{item.pk}/afstemning/runde/{row.pk}/stem/"


def send(client, scene, who, row, item=None, **data):
    client.force_login(scene.again(getattr(scene, who)))
    client.cookies["django_language"] = "en"
    return client.post(ballot_url(scene, row, item), {"from": "live"} | data)


# Voting ----------------------------------------------------------------------------------------


def test_member_votes_in_one_tap_and_reads_that_it_is_in(scene, client):
    row = opened(scene)

    before = html(client, scene, "member")
    answer = send(client, scene, "member", row, choice="against")
    after = html(client, scene, "member")

    assert 'id="vote-against"' in before
    assert (answer.status_code, answer["Location"]) == (302, live(scene))
    assert "Your vote was given" in after
    assert 'id="vote-against"' not in after


def test_votes_of_the_others_come_when_the_vote_is_closed(scene, client):
    row = opened(scene)
    cast_vote(vote_round=row, member=scene.chair, choice="for", by=scene.chair)

    open_for_member = html(client, scene, "member")
    open_for_secretary = html(client, scene, "secretary")
    close_round(vote_round=row, by=scene.secretary)
    closed = html(client, scene, "member")

    assert "Formand: <strong>For" not in open_for_member
    assert "is-for" not in open_for_member
    assert "is-for" in open_for_secretary
    assert "Formand: <strong>For" in closed
    assert MAJORITY in closed


def test_secretary_records_a_vote_said_aloud_from_the_list(scene, client):
    row = opened(scene)

    answer = send(client, scene, "secretary", row, vote=f"{scene.member.pk}:abstain")

    vote = Vote.objects.get(round=row)
    assert (answer.status_code, vote.member, vote.choice) == (302, scene.member, "abstain")
    assert vote.recorded_by == scene.secretary
    assert "said aloud" in html(client, scene, "secretary")


@pytest.mark.parametrize("who", ["member", "chair"])
def test_only_the_secretariat_votes_for_another(scene, client, who):
    row = opened(scene)

    answer = send(client, scene, who, row, vote=f"{scene.recused.pk}:for")

    assert (answer.status_code, row.votes.count()) == (403, 0)


def test_absent_disqualified_and_unseated_do_not_vote(scene, client):
    declare_disqualified(
        item=scene.opened, member=scene.recused, grounds="Ansat", by=scene.recused
    )  # fmt: skip
    row = opened(scene)
    leave(meeting=scene.meeting, member_id=scene.member.pk, at=None, by=scene.secretary)
    pages = {who: html(client, scene, who) for who in ("member", "recused", "follower")}

    answers = {who: send(client, scene, who, row, choice="for").status_code for who in pages}

    assert answers == {"member": 403, "recused": 403, "follower": 404}
    assert row.votes.count() == 0
    assert not any('id="vote-for"' in text for text in pages.values())
    assert "Only those present" in pages["member"]
    assert "is disqualified from this item" in pages["recused"]


def test_second_and_late_votes_come_back_to_the_live_page_with_the_reason(scene, client):
    row = opened(scene)
    send(client, scene, "member", row, choice="for")

    twice = send(client, scene, "member", row, choice="against")
    close_round(vote_round=row, by=scene.secretary)
    late = send(client, scene, "chair", row, choice="for")

    assert (twice.status_code, late.status_code) == (409, 409)
    assert "has already voted" in twice.content.decode()
    assert "The vote was closed" in late.content.decode()
    assert list(row.votes.values_list("choice", flat=True)) == ["for"]


def test_loser_writes_the_dissent_on_the_live_page(scene, client):
    row = voted(scene, chair="for", recused="for", member="against")
    url = ballot_url(scene, row).replace("stem/", "afvigende-mening/")
    offered = {who: "dissent-" in html(client, scene, who) for who in ("member", "chair")}

    client.force_login(scene.again(scene.member))
    long = client.post(url, {"from": "live", "text": "ord " * 200})
    answer = client.post(url, {"from": "live", "text": "For tidligt."})

    assert offered == {"member": True, "chair": False}
    assert long.status_code == 422
    assert "ord ord" in long.content.decode()
    assert answer["Location"] == live(scene)
    assert "For tidligt." in html(client, scene, "chair")


# The same fragment, asked for again and again --------------------------------------------------


@pytest.mark.parametrize("place", ["live", "votes"])
def test_fragment_is_not_sent_again_until_something_happens(scene, client, place):
    row = opened(scene)
    client.force_login(scene.again(scene.member))
    item = f"/moeder/{scene.meeting.pk}/punkt/{scene.opened.pk}/afstemning/"
    url = live(scene) if place == "live" else item

    first = client.get(url, **HTMX)
    again = client.get(url, **HTMX, HTTP_IF_NONE_MATCH=first["ETag"])
    close_round(vote_round=row, by=scene.secretary)
    changed = client.get(url, **HTMX, HTTP_IF_NONE_MATCH=first["ETag"])

    assert (first.status_code, again.status_code, changed.status_code) == (200, 304, 200)
    assert "data-announce" in first.content.decode()
    assert "<html" not in first.content.decode()


def test_following_a_closed_item_is_recorded_once(scene, client):
    take_up(item=scene.closed, by=scene.secretary)
    page(client, scene, "member")
    first = client.get(live(scene), **HTMX)
    opened(scene, scene.closed)
    client.get(live(scene), **HTMX, HTTP_IF_NONE_MATCH=first["ETag"])
    again = client.get(live(scene), **HTMX)
    page(client, scene, "chair")
    client.force_login(scene.again(scene.member))
    last = client.get(live(scene), **HTMX, HTTP_IF_NONE_MATCH=again["ETag"])

    rows = AuditEntry.objects.filter(verb="meetings.read_closed_item", actor_id=scene.member.pk)
    assert rows.count() == 1
    assert last.status_code == 304


# What is closed --------------------------------------------------------------------------------


def test_closed_vote_is_for_those_who_read_the_item(scene, client):
    declare_disqualified(
        item=scene.closed, member=scene.recused, grounds="Ansat", by=scene.recused
    )  # fmt: skip
    voted(scene, item=scene.closed, text="HEMMELIGTFORSLAG", chair="for", member="against")
    take_up(item=scene.closed, by=scene.secretary)
    opened_again = propose(
        item=scene.closed, kind="addition", proposer=scene.member, text="HEMMELIGTILLÆG",
        by=scene.secretary,
    )  # fmt: skip
    open_round(motion=opened_again, by=scene.secretary)

    found = {}
    for who in ("secretary", "chair", "member", "recused", "follower"):
        for suffix in ("", "storskaerm/"):
            for headers in ({}, HTMX):
                text = html(client, scene, who, suffix, **headers)
                found[who, suffix] = found.get((who, suffix), False) or any(
                    word in text for word in ("HEMMELIG", "Rejected", " 1–1", "The vote is open")
                )

    assert {key for key, leaks in found.items() if leaks} == {
        ("secretary", ""), ("chair", ""), ("member", ""),
    }  # fmt: skip


def test_screen_counts_and_then_tells_the_result_of_an_open_item(scene, client):
    row = opened(scene)
    cast_vote(vote_round=row, member=scene.chair, choice="for", by=scene.chair)

    during = html(client, scene, "secretary", "storskaerm/")
    close_round(vote_round=row, by=scene.secretary)
    after = html(client, scene, "secretary", "storskaerm/")

    assert "Voting: Main motion" in during
    assert "1 of 3" in during
    assert "Vi gør det." not in during
    assert "Adopted 1–0" in after


def test_item_list_has_few_words_about_each(scene, client):
    row = voted(scene, chair="for", member="against", recused="for")
    write_dissent(vote_round=row, member=scene.member, text="Nej.", by=scene.member)

    member = html(client, scene, "member")
    follower = html(client, scene, "follower")

    assert "Adopted 2–1 · 1\u00a0dissenting\u00a0opinion" in member
    assert "2–1" not in follower


# The decision and the roll call ----------------------------------------------------------------


def test_secretary_writes_the_decision_on_the_live_page(scene, client):
    voted(scene, chair="for", member="for")
    url = live(scene, f"punkt/{scene.opened.pk}/beslutning/")
    client.force_login(scene.again(scene.secretary))

    answer = client.post(url, {"outcome": "adopted", "text": "Vi gør det nu.", "base": "0"})
    late = client.post(url, {"outcome": "rejected", "text": "Min egen tekst.", "base": "0"})

    item = AgendaItem.objects.get(pk=scene.opened.pk)
    assert (answer.status_code, late.status_code) == (302, 409)
    assert item.outcome == "adopted"
    assert item.texts.get(key="decision").text == "Vi gør det nu."
    assert "Min egen tekst." in late.content.decode()
    assert 'name="outcome" value="rejected"' in late.content.decode()


def test_adopted_text_is_used_from_the_live_page(scene, client):
    voted(scene, chair="for", member="for")
    url = f"/moeder/{scene.meeting.pk}/punkt/{scene.opened.pk}/afstemning/beslutning/"
    client.force_login(scene.again(scene.secretary))

    answer = client.post(url, {"from": "live"})

    assert answer["Location"] == live(scene)
    assert scene.opened.texts.get(key="decision").text == "Vi gør det."


def test_too_few_cannot_adopt_and_the_text_stays(scene, client):
    statuses = {user.pk: ("absent", "") for user in (scene.chair, scene.recused)}
    record_attendance(meeting=scene.meeting, statuses=statuses, by=scene.secretary)
    url = live(scene, f"punkt/{scene.opened.pk}/beslutning/")
    client.force_login(scene.again(scene.secretary))

    answer = client.post(url, {"outcome": "adopted", "text": "Min tekst.", "base": "0"})

    assert answer.status_code == 422
    assert "Min tekst." in answer.content.decode()


def test_chair_takes_the_roll_call_in_session(scene, client):
    client.force_login(scene.again(scene.chair))

    answer = client.post(live(scene, "opraab/"), {f"status-{scene.member.pk}": "apology"})

    assert answer.status_code == 302
    assert scene.meeting.attendance.get(member=scene.member).status == "apology"


# Cost ------------------------------------------------------------------------------------------


def crowd(scene, members, motions):
    """So many members present, so many motions that were voted on, and one open vote."""
    people = [person(scene.committee, Role.MEMBER, name=f"M{n}") for n in range(members)]
    statuses = {user.pk: ("present", "") for user in people}
    record_attendance(meeting=scene.meeting, statuses=statuses, by=scene.secretary)
    for number in range(motions):
        motion = propose(
            item=scene.opened, kind="addition", proposer=scene.member, text=f"Også {number}.",
            by=scene.secretary,
        )  # fmt: skip
        row = open_round(motion=motion, by=scene.secretary)
        for user in people[:2]:
            cast_vote(vote_round=row, member=user, choice="against", by=user)
        close_round(vote_round=row, by=scene.secretary)
    row = opened(scene)
    for user in people:
        cast_vote(vote_round=row, member=user, choice="for", by=user)


@pytest.mark.parametrize("who", ["member", "secretary"])
def test_live_page_costs_the_same_for_few_and_many(client, who):
    counts = []
    for members, motions in ((3, 1), (60, 20)):
        scene = in_session()
        crowd(scene, members, motions)
        page(client, scene, who)
        with CaptureQueriesContext(connection) as queries:
            assert page_again(client, scene).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[0] <= 45


def page_again(client, scene):
    return client.get(live(scene), **HTMX)
