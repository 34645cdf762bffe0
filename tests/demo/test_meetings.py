"""The demo's meetings: a full record, minutes to answer, and a meeting to come."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone, translation

from committee.models import User
from core.audit import all_entries, first_break
from demo.committee import seed_committee
from demo.meetings import seed_meetings
from meetings.enums import (
    ApprovalAnswer,
    DisqualificationState,
    FollowUpState,
    MeetingState,
    MotionKind,
    VoteMethod,
)
from meetings.models import (
    Disqualification,
    Dissent,
    FollowUp,
    Meeting,
    MinutesAddition,
    MinutesApproval,
    Motion,
    PrivateNote,
    VoteRound,
)
from meetings.selectors.approval import answers, lockable, sent_version
from meetings.selectors.notes import item_notes
from meetings.selectors.proof import proof
from meetings.selectors.reading import reading

pytestmark = pytest.mark.django_db
S = MeetingState


def seeded(stage: str) -> list[Meeting]:
    with translation.override("da"):
        seed_meetings(seed_committee(), stage)
    return list(Meeting.objects.order_by("number"))


def states(stage: str) -> list[str]:
    return [str(meeting.state) for meeting in seeded(stage)]


def test_stage_meeting_has_one_to_answer_and_one_to_come():
    assert states("meeting") == [S.PUBLISHED, S.PUBLISHED, S.APPROVAL, S.ISSUED, S.DRAFT]


def test_stage_done_has_held_the_meeting_to_come():
    found = states("done")

    assert found == [S.PUBLISHED, S.PUBLISHED, S.APPROVAL, S.PUBLISHED, S.DRAFT]
    assert first_break(all_entries()) is None
    assert not Meeting.objects.filter(state=S.PUBLISHED, starts_at__gt=timezone.now()).exists()


def test_first_meeting_has_everything_a_record_can_have():
    first = seeded("review")[0]

    rounds = VoteRound.objects.filter(motion__item__meeting=first)
    assert sorted(rounds.values_list("method", flat=True)) == [
        VoteMethod.ACCLAMATION,
        VoteMethod.ACCLAMATION,
        VoteMethod.NAME,
    ]
    by_name = rounds.get(method=VoteMethod.NAME)
    assert (by_name.votes_for, by_name.votes_against, by_name.abstentions) == (11, 2, 1)
    assert Motion.objects.filter(item__meeting=first, kind=MotionKind.AMENDMENT).count() == 1
    assert Dissent.objects.get(round=by_name).member.username == "medlem-4"
    case = Disqualification.objects.get(item__meeting=first)
    assert case.state == DisqualificationState.UPHELD
    assert [bool(row.returned_at) for row in case.times_out.all()] == [True]
    stays = first.presences.all()
    assert stays.filter(came_at__gt=first.held_from).count() == 1
    assert stays.filter(left_at__lt=first.held_to).count() == 1
    assert MinutesApproval.objects.filter(
        version__meeting=first, answer=ApprovalAnswer.RESERVATION
    ).exists()
    assert MinutesAddition.objects.get(meeting=first).number == 1
    assert not first.has_unpublished_addition


def test_follow_ups_are_overdue_done_and_to_come():
    seeded("meeting")
    today = timezone.localdate()
    waiting = FollowUp.objects.filter(state=FollowUpState.OPEN)

    assert waiting.filter(due_on__lt=today).count() == 1
    assert waiting.filter(due_on__gte=today).count() == 1
    assert FollowUp.objects.filter(state=FollowUpState.DONE).count() == 2


def test_record_is_dated_on_the_day_it_tells_of():
    """Also what the fields fill in by themselves."""
    first = seeded("proposals")[0]
    day = date(2025, 10, 29)

    rounds = VoteRound.objects.filter(motion__item__meeting=first)
    moments = [first.held_from, first.held_to, *rounds.values_list("opened_at", flat=True)]
    moments += [vote.cast_at for row in rounds for vote in row.votes.all()]
    assert {timezone.localtime(moment).date() for moment in moments} == {day}


def test_minutes_out_for_approval_wait_for_member_and_chair():
    meeting = seeded("meeting")[2]
    found = answers(meeting, sent_version(meeting))

    waiting = {row.member.username for row in found if row.approval is None}
    assert {"medlem", "formand"} <= waiting
    assert not lockable(meeting, found)
    assert meeting.approval_due_at
    assert meeting.approval_due_at > timezone.now()
    assert timedelta(days=7) <= timezone.now() - meeting.starts_at
    assert [line for check in proof(meeting) for line in check.lines] == []


def test_coming_meeting_has_a_disqualification_and_private_notes():
    coming = seeded("meeting")[3]
    member = User.objects.get(username="medlem")
    read = reading(member, coming)
    assert read

    case = Disqualification.objects.get(item__meeting=coming)
    assert (case.member.username, case.state) == ("borger-8", DisqualificationState.RAISED)
    places = []
    for note in PrivateNote.objects.filter(owner=member, item__meeting=coming).order_by("pk"):
        shown = read.item(note.item_id)
        rows, _marked = item_notes(member, note.item, shown)
        places += [row.state for row in rows if row.note == note and note.quote]
    assert places == ["found", "found"]


def test_seed_demo_leaves_an_installation_with_people_alone(capsys):
    call_command("seed_demo", "--stage", "proposals", "--no-documents")
    call_command("seed_demo", "--stage", "meeting", "--no-documents")

    assert Meeting.objects.count() == 1
