"""What of the proposals waits on “My work”: rounds with votes left, dates and decisions."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from committee.enums import Role
from core.models import OutboxEntry
from portal.selectors.proposals import waiting_proposals
from portal.selectors.work import my_work
from tests.factories import day, days, person
from tests.usecases.scenes import a_scene, bring_to
from usecases.enums import Status
from usecases.models import CaseMerge, UseCase
from usecases.services.ranking import close_ranking, lay_votes, open_ranking

pytestmark = pytest.mark.django_db
S = Status


def a_case(scene, n, **facts):
    facts = {"status": S.SUBMITTED, "submitted_at": days(-9), "title": f"Sag {n}"} | facts
    return UseCase.objects.create(committee=scene.committee, **facts)


def a_round(scene, cases=3, votes=3, most=2):
    made = [a_case(scene, n) for n in range(cases)]
    opened = open_ranking(
        committee=scene.committee,
        title="Hvor begynder vi?",
        cases=made,
        votes_each=votes,
        most_per_case=most,
        closes_at=days(5),
        by=scene.secretary,
    )
    OutboxEntry.objects.all().delete()
    return opened, list(opened.entries.order_by("pk"))


def rows(user, url=""):
    return [row for row in waiting_proposals(user) if row[2].startswith(url)]


def own(user, case):
    return [(row[1], row[4]) for row in rows(user, case.get_absolute_url())]


# Rounds -----------------------------------------------------------------------------------------


def test_an_open_round_stands_there_until_all_votes_are_laid():
    scene = a_scene()
    opened, entries = a_round(scene)
    member = scene.again("member")
    url = opened.get_absolute_url()

    [row] = rows(member, url)
    assert (row[4], row[3][0]) == (opened.closes_at, "3")
    lay_votes(ranking=opened, votes={entries[0].pk: 2}, by=member)
    assert rows(member, url)[0][3][0] == "1"
    lay_votes(ranking=opened, votes={entries[0].pk: 2, entries[1].pk: 1}, by=member)
    assert rows(member, url) == []
    assert len(rows(scene.again("chair"), url)) == 1


@pytest.mark.parametrize("who", ["secretary", "follower", "reviewer", "outsider", "proposer"])
def test_a_round_waits_for_nobody_who_has_no_votes(who):
    scene = a_scene()
    opened, _entries = a_round(scene)

    assert rows(scene.again(who), opened.get_absolute_url()) == []


def test_a_round_that_is_over_or_counted_waits_for_nobody():
    scene = a_scene()
    opened, _entries = a_round(scene)
    counted, _others = a_round(scene)
    close_ranking(ranking=counted, by=scene.secretary)
    type(opened).objects.filter(pk=opened.pk).update(closes_at=days(-1))

    assert rows(scene.again("member"), "/forslag/prioritering") == []


def test_votes_on_what_has_left_are_given_back_and_no_more_than_can_be_laid_are_asked_for():
    scene = a_scene()
    opened, entries = a_round(scene, cases=3, votes=5, most=2)
    member = scene.again("member")
    lay_votes(
        ranking=opened, votes={entries[0].pk: 2, entries[1].pk: 2, entries[2].pk: 1}, by=member
    )
    assert rows(member, opened.get_absolute_url()) == []

    UseCase.objects.filter(pk=entries[0].case_id).update(status=S.WITHDRAWN)

    # Two cases with two votes each stand, and three are laid on them.
    assert rows(member, opened.get_absolute_url())[0][3][0] == "1"


def test_nobody_learns_through_a_members_eyes_whether_they_have_voted():
    scene = a_scene()
    opened, _entries = a_round(scene)
    member = scene.again("member")
    member.is_looked_through = True

    assert rows(member, opened.get_absolute_url()) == []


def test_the_page_shows_the_round_with_its_deadline(client):
    scene = a_scene()
    opened, _entries = a_round(scene)
    client.force_login(scene.again("member"))

    body = client.get("/mit-arbejde/").content.decode()

    assert f'href="{opened.get_absolute_url()}"' in body
    assert timezone.localtime(opened.closes_at).strftime("%Y-%m-%dT%H:%M") in body


# Dates and decisions ----------------------------------------------------------------------------


def test_who_answers_for_a_parked_case_and_the_secretariat_see_that_its_day_has_come():
    scene = a_scene()
    bring_to(scene, S.PARKED)
    assert own(scene.again("proposer"), scene.case) == []
    UseCase.objects.update(revisit_on=day(0))

    for who in ("proposer", "owner", "secretary"):
        assert len(own(scene.again(who), scene.case)) == 1, who
    for who in ("member", "chair", "follower", "outsider"):
        assert own(scene.again(who), scene.case) == [], who


@pytest.mark.parametrize(
    ("status", "facts"),
    [
        (S.APPROVED_FOR_PILOT, {}),
        (S.APPROVED_FOR_OPERATION, {}),
        (S.PILOT, {"pilot_start": day(-9), "pilot_end": day(20)}),
        (S.PILOT_ENDED, {}),
        (S.SUSPENDED, {}),
        (S.OPERATION, {"rereview_on": day(-1)}),
    ],
)
def test_the_owner_sees_what_a_decision_asks_of_them(status, facts):
    scene = a_scene()
    bring_to(scene, status)
    UseCase.objects.update(**facts)

    assert len(own(scene.again("owner"), scene.case)) == 1
    assert own(scene.again("proposer"), scene.case) == []
    UseCase.objects.update(owner=None)
    assert len(own(scene.again("proposer"), scene.case)) == 1


@pytest.mark.parametrize(
    ("status", "facts"),
    [
        (S.PILOT, {"pilot_start": day(-9), "pilot_end": day(31)}),
        (S.OPERATION, {"rereview_on": day(1)}),
        (S.SUBMITTED, {}),
        (S.RETIRED, {}),
        (S.REJECTED, {}),
    ],
)
def test_what_asks_nothing_now_is_not_there(status, facts):
    scene = a_scene()
    bring_to(scene, status)
    UseCase.objects.update(owner=scene.owner, **facts)

    assert own(scene.again("owner"), scene.case) == []


def test_the_deadline_is_the_day_it_is_about():
    scene = a_scene()
    bring_to(scene, S.APPROVED_FOR_PILOT)
    UseCase.objects.update(decision_expires=day(12))

    [(_title, due)] = own(scene.again("owner"), scene.case)

    assert timezone.localdate(due) == day(12)


def test_a_merged_case_waits_for_nobody():
    scene = a_scene()
    bring_to(scene, S.PARKED)
    UseCase.objects.update(revisit_on=day(0))
    other = a_case(scene, 1)
    UseCase.objects.filter(pk=scene.case.pk).update(merged_into=other)
    CaseMerge.objects.create(case=scene.case, into=other, reason="Det samme.", by=scene.secretary)

    assert own(scene.again("secretary"), scene.case) == []
    assert own(scene.again("proposer"), scene.case) == []


def test_my_work_asks_as_much_of_the_database_however_much_waits():
    scene = a_scene()
    user = person(scene.committee, Role.SECRETARIAT, Role.MEMBER, name="Begge dele")
    counts = []
    for n in range(2):
        for number in range(7 + 7 * n):
            facts = {"status": S.PARKED, "revisit_on": day(-1)}
            a_case(scene, number, **facts)
            a_case(scene, number, proposer=user, **facts)
            a_round(scene, cases=2)
        with CaptureQueriesContext(connection) as queries:
            found = my_work(type(user).objects.get(pk=user.pk))
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert found["count"] > 10
