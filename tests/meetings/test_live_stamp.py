"""A poll of the live page is told that nothing changed exactly when its page would be the same."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from meetings.models import Meeting
from meetings.services.motions import propose
from meetings.services.presence import record_attendance, take_up
from meetings.services.votes import cast_vote, close_round, open_round
from tests.meetings.scenes import a_scene, bring_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    scene = bring_to(a_scene(), "in_session")
    here = (scene.chair, scene.member, scene.recused)
    statuses = {user.pk: ("present", "") for user in here}
    record_attendance(meeting=scene.meeting, statuses=statuses, by=scene.secretary)
    for item in scene.items:
        item.meeting = scene.meeting
    take_up(item=scene.opened, by=scene.secretary)
    return scene


@pytest.fixture
def row(scene):
    motion = propose(
        item=scene.opened, kind="main", proposer=scene.chair, text="Ja.", by=scene.secretary
    )
    return open_round(motion=motion, by=scene.secretary)


def polls(scene, *pages):
    """Ask once with each (person, page); returns a function that asks again: changed or not."""
    asked = []
    for who, page in pages:
        client = Client()
        client.force_login(scene.again(getattr(scene, who)))
        url = f"/moeder/{scene.meeting.pk}/live/{page}"
        text = client.get(url, HTTP_HX_REQUEST="true").content.decode()
        asked.append((client, url, re.search(r'data-stamp="(\w+)"', text)[1]))

    def again():
        heads = {"HTTP_HX_REQUEST": "true"}
        answers = [
            client.get(url, **heads, HTTP_IF_NONE_MATCH=f'"{stamp}"')
            for client, url, stamp in asked
        ]
        return [answer.status_code for answer in answers]

    return again


ALL = (("member", ""), ("secretary", ""), ("member", "storskaerm/"))


def vote(scene, row, who, by=None):
    member = scene.again(getattr(scene, who))
    cast_vote(vote_round=row, member=member, choice="for", by=by or member)


def test_stamp_in_the_page_is_that_of_the_answer(scene, row):
    again = polls(scene, *ALL)

    assert again() == [304, 304, 304]


def test_another_members_vote_changes_only_the_pages_that_count_votes(scene, row):
    again = polls(scene, *ALL)

    vote(scene, row, "chair")

    assert again() == [304, 200, 200]


@pytest.mark.parametrize("by", ["member", "secretary"])
def test_own_vote_changes_ones_page_whoever_wrote_it_down(scene, row, by):
    again = polls(scene, *ALL)

    vote(scene, row, "member", by=scene.again(getattr(scene, by)))

    assert again() == [200, 200, 200]


def test_closing_the_vote_changes_every_page(scene, row):
    vote(scene, row, "chair")
    again = polls(scene, *ALL)

    close_round(vote_round=row, by=scene.secretary)

    assert again() == [200, 200, 200]


@pytest.mark.parametrize(("hours", "renewed"), [(1, True), (3, False)])
def test_following_the_meeting_keeps_the_login_until_it_is_long_over(scene, hours, renewed):
    ended = timezone.now() - timedelta(hours=hours)
    Meeting.objects.filter(pk=scene.meeting.pk).update(
        starts_at=ended - timedelta(hours=3), ends_at=ended
    )
    client = Client()
    client.force_login(scene.again(scene.member))
    url = f"/moeder/{scene.meeting.pk}/live/"
    stamp = re.search(r'data-stamp="(\w+)"', client.get(url).content.decode())[1]
    session = client.session
    session["used_at"] = 0
    session.save()

    polled = client.get(url, headers={"HX-Request": "true", "If-None-Match": f'"{stamp}"'})

    assert polled.status_code == 304
    assert (client.session["used_at"] > 0) is renewed
