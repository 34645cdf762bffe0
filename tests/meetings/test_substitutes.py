"""Somebody fills a member's seat in one meeting: counts, votes, reads, and is named."""

from dataclasses import replace

import pytest
from django.utils import translation

from committee.enums import Role, SeatKind
from committee.models import Membership, RuleProfile, roles_in
from committee.rules import RULES
from core.models import AuditEntry, OutboxEntry
from core.verdicts import NotAllowed, Refused
from meetings import policies
from meetings.models import AgendaItem, Attendance, Disqualification, MinutesApproval
from meetings.selectors.approval import answers, sent_version
from meetings.selectors.motions import may_vote
from meetings.selectors.presence import Rolls
from meetings.selectors.seats import citizen_names, seated_members
from meetings.selectors.snapshot import live_snapshot
from meetings.services.approval import answer_minutes
from meetings.services.dissents import write_dissent
from meetings.services.holding import move_meeting
from meetings.services.minutes import send_for_approval
from meetings.services.motions import propose
from meetings.services.planning import create_meeting
from meetings.services.presence import answer_invitation, come, leave, record_attendance, take_up
from meetings.services.substitutes import name_substitute
from meetings.services.votes import cast_vote, close_round, open_round
from tests.factories import SeatGroupFactory, day, person
from tests.meetings.scenes import a_scene, attend, bring_to, decide

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def scene(monkeypatch):
    """In session, everybody there, in a body whose rules have substitutes."""
    with_substitutes(monkeypatch)
    scene = bring_to(a_scene(), "in_session")
    attend(scene)
    scene.opened.meeting = scene.closed.meeting = scene.meeting
    return scene


def with_substitutes(monkeypatch):
    """The rules as they are, but for the one that is asked about."""
    rules = RULES.by_reference("opgaveudvalg@1")
    changed = dict(rules.rules)
    changed["substitutes"] = replace(changed["substitutes"], value=True)
    known = replace(rules, rules=changed)
    monkeypatch.setattr(RuleProfile, "rules", property(lambda profile: known))


def stand_in(scene, member=None, user=None):
    user = user or scene.outsider
    member = member or scene.member
    name_substitute(meeting=scene.meeting, member_id=member.pk, user=user, by=scene.secretary)
    return scene.again(user)


def opened(scene):
    motion = propose(
        item=scene.opened, kind="main", proposer=scene.chair, text="Ja.", by=scene.secretary
    )  # fmt: skip
    return open_round(motion=motion, by=scene.secretary)


def names(scene):
    return [seat.name for seat in Rolls(scene.fresh()).of().seats]


def test_substitute_takes_the_seat_and_the_number_of_seats_stays(scene):
    seats = len(seated_members(scene.fresh()))

    stand_in(scene)

    roll = Rolls(scene.fresh()).of(scene.opened)
    assert len(roll.seats) == seats
    assert "Udenforstående (substitute for Medlem)" in names(scene)
    assert "Medlem" not in names(scene)
    assert {seat.member_id for seat in roll.present} == {
        scene.chair.pk, scene.recused.pk, scene.outsider.pk,
    }  # fmt: skip


def test_substitute_reads_as_a_member_from_when_it_is_recorded(scene):
    before = policies.reading_level(
        scene.again(scene.outsider), scene.closed.pk, scene.committee.pk
    )

    user = stand_in(scene)

    membership = Attendance.objects.get(member=scene.member).substitute
    assert before == "public"
    assert roles_in(user, scene.committee.pk) == {Role.MEMBER}
    assert policies.reading_level(user, scene.closed.pk, scene.committee.pk) == "full"
    assert membership.valid_to is not None


def test_substitute_votes_and_dissents_and_the_member_does_not(scene):
    user = stand_in(scene)
    row = opened(scene)
    cast_vote(vote_round=row, member=scene.chair, choice="for", by=scene.chair)
    cast_vote(vote_round=row, member=user, choice="against", by=user)

    refused = may_vote(scene.opened, scene.member)
    with pytest.raises(NotAllowed):
        cast_vote(vote_round=row, member=scene.member, choice="for", by=scene.member)
    row = close_round(vote_round=row, by=scene.secretary)
    write_dissent(vote_round=row, member=user, text="Nej.", by=user)

    assert str(refused.reason) == "Udenforstående fills the seat of Medlem in this meeting."
    assert (row.votes_for, row.votes_against) == (1, 1)
    assert row.dissents.get().member == user


def test_minutes_name_the_substitute_and_the_member(scene):
    stand_in(scene)

    rows = live_snapshot(scene.fresh(), "minutes")["attendance"]

    found = [row for row in rows if "substitute for" in row["name"]]
    assert [(row["name"], row["status"]) for row in found] == [
        ("Udenforstående (substitute for Medlem)", "substitute")
    ]


def test_body_without_substitutes_refuses_with_its_rule(scene, monkeypatch):
    monkeypatch.undo()

    with pytest.raises(Refused, match="Der indkaldes ikke stedfortrædere"):
        stand_in(scene)

    assert not Membership.objects.filter(user=scene.outsider).exists()


def test_member_cannot_stand_in_for_a_member(scene):
    with pytest.raises(Refused, match="is a member of the committee already"):
        stand_in(scene, user=scene.recused)


def test_one_substitute_fills_one_seat(scene):
    stand_in(scene)

    with pytest.raises(Refused, match="is a member of the committee already"):
        stand_in(scene, member=scene.recused)
    with pytest.raises(Refused, match="has a substitute already"):
        stand_in(scene, user=scene.follower)


def test_who_has_voted_keeps_the_seat(scene):
    row = opened(scene)
    cast_vote(vote_round=row, member=scene.member, choice="for", by=scene.member)
    user = stand_in(scene, member=scene.recused)
    cast_vote(vote_round=row, member=user, choice="for", by=user)

    with pytest.raises(Refused, match="Medlem has voted"):
        stand_in(scene, user=scene.follower)
    with pytest.raises(Refused, match="Udenforstående has voted"):
        record_attendance(
            meeting=scene.meeting,
            statuses={scene.recused.pk: ("present", "")},
            by=scene.secretary,
        )


def test_seat_goes_back_and_with_it_the_rights(scene):
    stand_in(scene)

    record_attendance(
        meeting=scene.meeting, statuses={scene.member.pk: ("present", "")}, by=scene.secretary
    )

    assert roles_in(scene.again(scene.outsider), scene.committee.pk) == frozenset()
    assert may_vote(scene.opened, scene.member)
    assert "Medlem" in names(scene)
    verbs = AuditEntry.objects.values_list("verb", flat=True)
    assert {"meetings.name_substitute", "meetings.end_substitution", "membership.ended"} <= set(
        verbs
    )


def test_roll_call_leaves_a_substitute_where_it_is(scene):
    stand_in(scene)
    statuses = {scene.member.pk: ("substitute", ""), scene.chair.pk: ("present", "")}

    record_attendance(meeting=scene.meeting, statuses=statuses, by=scene.secretary)

    assert "Udenforstående (substitute for Medlem)" in names(scene)


def test_status_alone_names_nobody(scene):
    with pytest.raises(Refused, match="filled by a person"):
        record_attendance(
            meeting=scene.meeting,
            statuses={scene.member.pk: ("substitute", "")},
            by=scene.secretary,
        )


def test_substitute_leaves_and_comes_back(scene):
    user = stand_in(scene)

    leave(meeting=scene.meeting, member_id=user.pk, at=None, by=scene.secretary)
    away = user.pk not in {s.member_id for s in Rolls(scene.fresh()).of().present}
    come(meeting=scene.meeting, member_id=user.pk, at=None, by=scene.secretary)

    assert away
    assert user.pk in {s.member_id for s in Rolls(scene.fresh()).of().present}
    assert not Attendance.objects.filter(meeting=scene.meeting, member=user).exists()


def test_member_does_not_answer_for_a_seat_that_is_lent(monkeypatch, client):
    with_substitutes(monkeypatch)
    scene = bring_to(a_scene(), "issued")
    stand_in(scene)

    with pytest.raises(Refused, match="A substitute fills your seat"):
        answer_invitation(meeting=scene.meeting, coming=False, by=scene.member)
    client.force_login(scene.again(scene.member))
    page = client.post(f"/moeder/{scene.meeting.pk}/svar/", {"coming": "no"})
    assert page.status_code == 422

    assert Attendance.objects.get(member=scene.member).status == "substitute"


def test_member_who_took_part_in_an_item_keeps_the_seat(scene):
    take_up(item=scene.opened, by=scene.secretary)

    with pytest.raises(Refused, match="has taken part in the meeting"):
        stand_in(scene)


@pytest.mark.parametrize("who", ["chair", "member", "outsider"])
def test_only_the_secretariat_names_a_substitute(scene, who):
    with pytest.raises(NotAllowed):
        name_substitute(
            meeting=scene.meeting,
            member_id=scene.member.pk,
            user=scene.outsider,
            by=getattr(scene, who),
        )


def test_substitute_has_no_seat_in_another_meeting(scene):
    stand_in(scene)
    other = create_meeting(
        committee=scene.committee,
        starts_at=scene.meeting.starts_at,
        ends_at=scene.meeting.ends_at,
        by=scene.secretary,
    )

    assert scene.outsider.pk not in {m.user_id for m in seated_members(other)}
    assert scene.member.pk in {m.user_id for m in seated_members(other)}


def test_form_names_the_substitute_by_e_mail(scene, client):
    client.force_login(scene.again(scene.secretary))
    url = f"/moeder/{scene.meeting.pk}/live/stedfortraeder/"

    unknown = client.post(url, {"member": scene.member.pk, "email": "ingen@example.dk"})
    answer = client.post(url, {"member": scene.member.pk, "email": scene.outsider.email})

    assert (unknown.status_code, answer.status_code) == (422, 302)
    assert "Udenforstående" in client.get(f"/moeder/{scene.meeting.pk}/live/").content.decode()
    assert AgendaItem.objects.count() == 2


# After the day ---------------------------------------------------------------------------


def sent_after_the_day(scene):
    """Minutes out for approval; the substitute's right to read ended the day before."""
    user = stand_in(scene)
    Membership.objects.filter(user=user).update(valid_from=day(-9), valid_to=day(-1))
    move_meeting(meeting=scene.meeting, move="end", by=scene.secretary)
    decide(scene, scene.opened)
    decide(scene, scene.closed, "HEMMELIGBESLUTNING", "Offentlig")
    send_for_approval(meeting=scene.meeting, by=scene.secretary)
    return scene.again(user)


def test_substitute_is_asked_to_approve_and_the_member_is_not(scene):
    user = sent_after_the_day(scene)

    found = {row.member: row.has_left for row in answers(scene.fresh(), newest(scene))}

    assert found == {scene.chair: False, scene.recused: False, user: True}
    queued = OutboxEntry.objects.filter(kind="meetings.send_approval")
    assert {row.payload["user"] for row in queued} == {scene.chair.pk, scene.recused.pk}


def test_reservation_of_a_substitute_is_written_down_after_the_day(scene):
    user = sent_after_the_day(scene)

    def reserve(text):
        return answer_minutes(
            meeting=scene.meeting, version=newest(scene).number, member=scene.again(user),
            answer="reservation", text=text, item=scene.closed, by=scene.again(scene.secretary),
        )  # fmt: skip

    assert reserve("Uenig").item == scene.closed
    Disqualification.objects.create(
        item=scene.closed, member=user, grounds="Bror", declared_by=scene.secretary
    )
    with pytest.raises(Refused, match="Choose an item"):
        reserve("Meget uenig")


def test_secretariat_writes_down_the_answer_of_a_substitute(scene, client):
    user = sent_after_the_day(scene)
    client.force_login(scene.again(scene.secretary))
    url = f"/moeder/{scene.meeting.pk}/referat/godkend/"
    told = "har ikke adgang nu"

    before = client.get(url).content.decode()
    answer = client.post(
        url, {"member": user.pk, "answer": "approve", "version": newest(scene).number}
    )
    after = client.get(url).content.decode()

    row = MinutesApproval.objects.get()
    assert (answer.status_code, row.member, row.recorded_by) == (302, user, scene.secretary)
    assert (told in before, told in after) == (True, False)
    with pytest.raises(NotAllowed):
        answer_minutes(
            meeting=scene.fresh(), version=newest(scene).number, member=user, answer="approve",
            by=user,
        )  # fmt: skip


def newest(scene):
    return sent_version(scene.fresh())


# Names -----------------------------------------------------------------------------------


def test_both_names_of_a_lent_citizen_seat_are_looked_for(scene):
    group = SeatGroupFactory(terms=scene.meeting.rule_profile.terms, kind=SeatKind.CITIZEN)
    Membership.objects.filter(user=scene.member).update(seat_group=group)
    stand_in(scene)

    assert citizen_names(scene.fresh()) == {"Udenforstående", "Medlem"}


def test_minutes_name_who_led(scene):
    vice = person(scene.committee, Role.VICE_CHAIR, name="Næstformand")
    chair = leader(scene)

    record_attendance(
        meeting=scene.meeting, statuses={vice.pk: ("present", "")}, by=scene.secretary
    )
    stand_in(scene, member=scene.chair)

    assert (chair, leader(scene)) == ("Formand", "Næstformand (vice-chair)")


def test_minutes_name_no_leader_who_was_not_there(scene):
    statuses = {scene.chair.pk: ("apology", "")}
    record_attendance(meeting=scene.meeting, statuses=statuses, by=scene.secretary)

    assert leader(scene) == ""
    assert live_snapshot(scene.fresh(), "agenda")["meeting"]["chair"] == "Formand"


def leader(scene):
    return live_snapshot(scene.fresh(), "minutes")["meeting"]["chair"]
