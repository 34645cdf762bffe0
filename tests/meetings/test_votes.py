"""Motions and votes: by the rules of the body, once each, and never lost between open and close."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from committee.models import Membership
from core.models import AuditEntry
from core.verdicts import NotAllowed, Refused, StaleState
from meetings.enums import MotionState, VoteResult
from meetings.models import ItemText, Motion, Vote, VoteRound
from meetings.selectors.motions import adopted_text, votes_of, votes_page
from meetings.selectors.proof import proof
from meetings.selectors.record import voting_record
from meetings.services.disqualification import declare_disqualified
from meetings.services.holding import move_meeting
from meetings.services.motions import move_motion, propose, use_adopted_text, withdraw_motion
from meetings.services.presence import leave, record_attendance
from meetings.services.votes import acclaim, cast_vote, close_round, open_round
from meetings.voting import Carried, compose, vote_result
from tests.factories import SeatGroupFactory
from tests.meetings.scenes import a_scene, bring_to

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def scene():
    return in_session()


def in_session():
    """Everybody is there; the meeting is on."""
    scene = bring_to(a_scene(), "in_session")
    people = (scene.chair, scene.member, scene.recused)
    statuses = {user.pk: ("present", "") for user in people}
    record_attendance(meeting=scene.meeting, statuses=statuses, by=scene.secretary)
    scene.opened.meeting = scene.closed.meeting = scene.meeting
    return scene


def motion(scene, kind="main", text="Vi gør det.", proposer=None, item=None):
    return propose(
        item=item or scene.opened, kind=kind, proposer=proposer or scene.member, text=text,
        by=scene.secretary,
    )  # fmt: skip


def opened(scene, **fields):
    return open_round(motion=motion(scene, **fields), by=scene.secretary)


def vote(scene, row, who, choice="for", by=None):
    member = scene.again(getattr(scene, who))
    return cast_vote(vote_round=row, member=member, choice=choice, by=by or member)


def voted(scene, *choices, **fields):
    """A closed round in which chair, member and the third voted so."""
    row = opened(scene, **fields)
    for who, choice in zip(("chair", "member", "recused"), choices, strict=False):
        vote(scene, row, who, choice)
    return close_round(vote_round=row, by=scene.secretary)


# The rule --------------------------------------------------------------------------------


def reference(choices, ties, chair):
    """The law read aloud: more for than against, else the tie rule."""
    balance = sum({"for": 1, "against": -1, "abstain": 0}[choice] for choice in choices)
    if balance == 0 and ties == "chair":
        balance = {"for": 1}.get(chair, -1)
    return "adopted" if balance > 0 else "rejected"


CHOICES = st.lists(st.sampled_from(["for", "against", "abstain"]), max_size=20)


@given(CHOICES, st.sampled_from(["falls", "chair"]))
def test_result_is_that_of_the_reference(choices, ties):
    chair = choices[0] if choices else ""

    result = vote_result(choices.count("for"), choices.count("against"), ties=ties, chair=chair)

    assert result == reference(choices, ties, chair)


def test_adopted_parts_become_one_text():
    text = compose(
        [
            Carried("amendment", "Vi gør det i maj."),
            Carried("addition", "Og vi siger det."),
            Carried("main", "Vi gør det."),
        ]
    )

    assert text == "Vi gør det i maj.\n\nOg vi siger det."


@pytest.mark.parametrize(
    ("carried", "text"),
    [
        ([], ""),
        ([Carried("addition", "Også")], ""),
        ([Carried("postponement", "Vi venter."), Carried("main", "Vi gør det.")], "Vi venter."),
    ],
)
def test_what_stands_alone(carried, text):
    assert compose(carried) == text


# Motions ---------------------------------------------------------------------------------


def test_order_is_postponement_amendments_additions_main(scene):
    for kind in ("main", "addition", "amendment", "postponement", "amendment"):
        motion(scene, kind)

    kinds = list(Motion.objects.order_by("position").values_list("kind", flat=True))
    assert kinds == ["postponement", "amendment", "amendment", "addition", "main"]


def test_secretariat_changes_the_order(scene):
    first, second = motion(scene, "amendment"), motion(scene, "amendment")

    move_motion(motion=second, down=False, by=scene.secretary)
    move_motion(motion=second, down=False, by=scene.secretary)

    assert list(scene.opened.motions.order_by("position")) == [second, first]


def test_second_main_motion_is_refused_until_the_first_is_withdrawn(scene):
    first = motion(scene)
    with pytest.raises(Refused, match="has a main motion already"):
        motion(scene)

    withdraw_motion(motion=first, by=scene.secretary)

    assert motion(scene).state == MotionState.PROPOSED


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"text": "  "}, "Write what is proposed"),
        ({"kind": "joke"}, "what sort of motion"),
        ({"proposer": "outsider"}, "Only members"),
    ],
)
def test_motion_is_refused(scene, fields, reason):
    if "proposer" in fields:
        fields = {"proposer": scene.outsider}
    with pytest.raises(Refused, match=reason):
        motion(scene, **fields)


@pytest.mark.parametrize("who", ["member", "follower", "outsider"])
def test_only_those_who_run_the_meeting_handle_motions_and_votes(scene, who):
    row = opened(scene)
    user = getattr(scene, who)

    with pytest.raises(NotAllowed):
        propose(item=scene.opened, kind="main", proposer=scene.member, text="x", by=user)
    with pytest.raises(NotAllowed):
        close_round(vote_round=row, by=user)


def test_amendment_shows_what_it_changes(scene):
    motion(scene)
    motion(scene, "amendment", "Vi gør det ikke.")

    rows = votes_page(scene.secretary, scene.opened)["votes"]["rows"]

    assert [(p.kind, p.text) for p in rows[0].diff] == [
        ("same", "Vi gør det"), ("ins", " ikke"), ("same", "."),
    ]  # fmt: skip


def test_adopted_text_is_offered_and_never_written_over(scene):
    voted(scene, "for", "for", "for", kind="amendment", text="Vi gør det i maj.")
    voted(scene, "for", "for", "against")

    assert adopted_text(scene.opened) == "Vi gør det i maj."
    use_adopted_text(item=scene.opened, by=scene.secretary)
    assert ItemText.objects.get(item=scene.opened, key="decision").text == "Vi gør det i maj."
    ItemText.objects.filter(item=scene.opened, key="decision").update(text="Andet")
    with pytest.raises(StaleState, match="written already"):
        use_adopted_text(item=scene.opened, by=scene.secretary)


@pytest.mark.parametrize(("choice", "left"), [("for", "Vi gør det i maj."), ("against", "")])
def test_vote_on_the_main_motion_is_about_what_has_become_of_it(scene, choice, left):
    voted(scene, choice, choice, choice, kind="amendment", text="Vi gør det i maj.")
    row = opened(scene)

    assert votes_page(scene.secretary, scene.opened)["votes"]["as_changed"] == left
    for who in ("chair", "member", "recused"):
        vote(scene, row, who)
    close_round(vote_round=row, by=scene.secretary)
    votes = voting_record(scene.meeting)[scene.opened.pk]["votes"]
    assert [vote.get("as_changed", "") for vote in votes] == ["", left]


# Votes -----------------------------------------------------------------------------------


def test_result_is_frozen_with_names_and_rule(scene):
    row = voted(scene, "for", "against", "abstain")

    row.refresh_from_db()
    assert (row.votes_for, row.votes_against, row.abstentions) == (1, 1, 1)
    assert row.outcome == VoteResult.REJECTED
    assert "Kommunestyrelseslovens § 11, stk. 3" in row.rule
    assert row.rule.endswith("(Regler for opgaveudvalg efter § 17, stk. 4, version 1)")
    assert row.motion.state == MotionState.CLOSED
    entry = AuditEntry.objects.get(verb="meetings.close_vote")
    assert (entry.data["for"], entry.data["outcome"]) == (1, "rejected")


def test_secretariat_records_a_vote_and_it_shows(scene):
    row = opened(scene)

    cast = vote(scene, row, "member", "against", by=scene.secretary)

    assert (cast.member, cast.recorded_by) == (scene.member, scene.secretary)


def test_nobody_votes_for_another(scene):
    row = opened(scene)

    with pytest.raises(NotAllowed, match="only vote for yourself"):
        vote(scene, row, "member", by=scene.chair)


def test_absent_does_not_vote(scene):
    record_attendance(
        meeting=scene.meeting, statuses={scene.member.pk: ("absent", "")}, by=scene.secretary
    )
    row = opened(scene)

    with pytest.raises(NotAllowed, match=r"Only those present at the item vote.*§ 11, stk. 3"):
        vote(scene, row, "member")


def test_disqualified_does_not_vote(scene):
    declare_disqualified(item=scene.opened, member=scene.recused, grounds="Bror", by=scene.recused)
    row = opened(scene)

    with pytest.raises(NotAllowed, match=r"is disqualified.*§ 14"):
        vote(scene, row, "recused")


def test_disqualified_makes_no_motions_and_leads_no_votes_of_an_open_item(scene):
    row = opened(scene)
    declare_disqualified(item=scene.opened, member=scene.chair, grounds="Bror", by=scene.chair)

    with pytest.raises(NotAllowed, match="You are disqualified"):
        close_round(vote_round=row, by=scene.again(scene.chair))
    with pytest.raises(Refused, match="makes no motions"):
        motion(scene, "amendment", proposer=scene.chair)


def test_seat_without_a_vote(scene):
    scene.meeting.rule_profile.rules.rules["voting_seats"].value.remove("citizen")
    try:
        seat = SeatGroupFactory(kind="citizen")
        Membership.objects.filter(user=scene.member).update(seat_group=seat)
        row = opened(scene)
        with pytest.raises(NotAllowed, match=r"This seat has no vote.*Kommissoriets afsnit 4"):
            vote(scene, row, "member")
    finally:
        scene.meeting.rule_profile.rules.rules["voting_seats"].value.append("citizen")


@pytest.mark.parametrize("who", ["secretary", "follower", "outsider"])
def test_those_without_a_seat_do_not_vote(scene, who):
    row = opened(scene)

    with pytest.raises(NotAllowed, match="Only members of the committee vote"):
        vote(scene, row, who)


def test_second_vote_is_refused_and_the_first_stands(scene):
    row = opened(scene)
    vote(scene, row, "member", "for")

    with pytest.raises(StaleState, match="has already voted"):
        vote(scene, row, "member", "against")

    assert [v.choice for v in Vote.objects.all()] == ["for"]


def test_database_keeps_one_vote_per_member(scene):
    cast = vote(scene, opened(scene), "member")

    with pytest.raises(IntegrityError), transaction.atomic():
        Vote.objects.create(
            round=cast.round, member=scene.member, choice="for", recorded_by=scene.member
        )


def test_vote_after_closing_is_refused(scene):
    row = voted(scene, "for")

    with pytest.raises(StaleState, match="The vote was closed"):
        vote(scene, row, "member")
    with pytest.raises(StaleState, match="closed already"):
        close_round(vote_round=row, by=scene.secretary)


def test_unknown_choice_is_refused(scene):
    with pytest.raises(Refused, match="for, against or abstain"):
        vote(scene, opened(scene), "member", "maybe")


def test_one_vote_is_open_at_a_time(scene):
    row = opened(scene)
    other = motion(scene, item=scene.closed)

    with pytest.raises(StaleState, match="open on item 1"):
        open_round(motion=other, by=scene.secretary)
    with pytest.raises(StaleState):
        open_round(motion=row.motion, by=scene.secretary)
    with pytest.raises(StaleState, match="open on item 1"):
        acclaim(motion=other, adopted=True, by=scene.secretary)


def test_too_few_cannot_decide(scene):
    statuses = {user.pk: ("apology", "") for user in (scene.chair, scene.member)}
    record_attendance(meeting=scene.meeting, statuses=statuses, by=scene.secretary)

    with pytest.raises(Refused, match=r"1 are present and 2 are needed.*§ 11, stk. 2"):
        opened(scene)


def test_vote_that_closed_with_too_few_is_named_in_the_proof(scene):
    row = opened(scene)
    vote(scene, row, "chair")
    for who in (scene.member, scene.recused):
        leave(meeting=scene.meeting, member_id=who.pk, at=None, by=scene.secretary)
    close_round(vote_round=row, by=scene.secretary)

    (check,) = [check for check in proof(scene.fresh()) if check.key == "quorum"]
    assert [line.text for line in check.lines] == [
        "A vote on item 1 was held by 1 present; 2 were needed"
    ]


def test_meeting_does_not_end_under_an_open_vote(scene):
    opened(scene)

    with pytest.raises(NotAllowed, match="Close it before the meeting ends"):
        move_meeting(meeting=scene.meeting, move="end", by=scene.secretary)


def test_who_has_voted_is_not_recorded_as_absent(scene):
    vote(scene, opened(scene), "member")

    with pytest.raises(Refused, match="Medlem voted on item 1"):
        record_attendance(
            meeting=scene.meeting, statuses={scene.member.pk: ("absent", "")}, by=scene.secretary
        )
    assert len(votes_of(scene.meeting, scene.member)) == 1


def test_result_without_a_count(scene):
    row = acclaim(motion=motion(scene), adopted=True, by=scene.secretary)

    assert (row.method, row.votes_for, row.outcome) == ("acclamation", 0, "adopted")
    assert adopted_text(scene.opened) == "Vi gør det."


def test_second_round_is_kept_beside_the_first(scene):
    first = voted(scene, "against", "against", "for")
    second = open_round(motion=Motion.objects.get(pk=first.motion_id), by=scene.secretary)
    vote(scene, second, "chair", "for")
    close_round(vote_round=second, by=scene.secretary)

    rounds = VoteRound.objects.order_by("number").values_list("number", "outcome")
    assert list(rounds) == [(1, "rejected"), (2, "adopted")]


def test_protocol_quotes_no_motion(scene):
    voted(scene, "for", "for", "for", text="HEMMELIGTFORSLAG")

    assert "HEMMELIG" not in str(list(AuditEntry.objects.values_list("data", flat=True)))


# At the same moment ------------------------------------------------------------------------

ROUNDS = 25


def test_vote_against_close(run_together):
    """Each vote is in before the round closed and counted, or refused and not there."""
    scene = in_session()
    main = motion(scene)
    for _number in range(ROUNDS):
        row = open_round(motion=Motion.objects.get(pk=main.pk), by=scene.secretary)
        people = (scene.chair, scene.member, scene.recused)
        acts = [
            lambda who=who, row=row: cast_vote(vote_round=row, member=who, choice="for", by=who)
            for who in people
        ]
        *answers, closed = run_together(
            *acts, lambda row=row: close_round(vote_round=row, by=scene.secretary)
        )

        landed = [a for a in answers if isinstance(a, Vote)]
        refused = [a for a in answers if isinstance(a, StaleState)]
        assert len(landed) + len(refused) == len(people)
        assert closed.votes_for == len(landed) == Vote.objects.filter(round=row).count()


def test_same_member_twice_at_once_is_one_vote(run_together):
    scene = in_session()
    row = opened(scene)

    def act():
        return cast_vote(vote_round=row, member=scene.member, choice="for", by=scene.member)

    answers = run_together(act, act, act)

    assert sorted(type(a).__name__ for a in answers) == ["StaleState", "StaleState", "Vote"]


def test_two_open_two_votes_at_once(run_together):
    scene = in_session()
    first, second = motion(scene), motion(scene, item=scene.closed)

    answers = run_together(
        lambda: open_round(motion=first, by=scene.secretary),
        lambda: open_round(motion=second, by=scene.secretary),
    )

    assert sorted(type(a).__name__ for a in answers) == ["StaleState", "VoteRound"]


def test_vote_against_being_recorded_as_absent(run_together):
    for _number in range(10):
        scene = in_session()
        row = opened(scene)
        statuses = {scene.member.pk: ("absent", "")}

        cast, attendance = run_together(
            lambda row=row, s=scene: cast_vote(
                vote_round=row, member=s.member, choice="for", by=s.member
            ),
            lambda s=scene, statuses=statuses: record_attendance(
                meeting=s.meeting, statuses=statuses, by=s.secretary
            ),
        )

        assert isinstance(cast, Vote) != (attendance == 1)
