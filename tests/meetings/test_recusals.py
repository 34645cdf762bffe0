"""Whether a member is disqualified: the others decide, and until then the member is kept away."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from core import outbox
from core.models import AuditEntry
from core.models.outbox import OutboxEntry, OutboxState
from core.verdicts import NotAllowed, Refused, StaleState
from meetings.documents.items import _disqualifications
from meetings.enums import DisqualificationState, VersionKind, VoteResult
from meetings.models import Disqualification, Meeting, Motion, Vote, VoteRound
from meetings.redaction import public_snapshot
from meetings.selectors.reading import reading
from meetings.selectors.recusals import unsettled
from meetings.selectors.snapshot import live_snapshot
from meetings.services.carrying import carry_item
from meetings.services.disqualification import (
    correct_times,
    declare_disqualified,
    settle_late,
)
from meetings.services.dissents import write_dissent
from meetings.services.holding import move_meeting, record_decision
from meetings.services.items import remove_item
from meetings.services.motions import propose
from meetings.services.planning import create_meeting
from meetings.services.presence import complete_step, finish_item, leave, record_attendance, take_up
from meetings.services.votes import (
    cast_vote,
    close_round,
    open_round,
    open_vote_on_disqualification,
    settle_without_count,
)
from tests.factories import days
from tests.meetings.scenes import a_scene, attach, bring_to

pytestmark = [pytest.mark.django_db, pytest.mark.database]
GROUNDS = "HEMMELIGGRUND min bror"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def scene():
    return in_session()


def in_session(scene=None):
    """Everybody is there; the meeting is on."""
    scene = bring_to(scene or a_scene(), "in_session")
    people = (scene.chair, scene.member, scene.recused)
    record_attendance(
        meeting=scene.meeting,
        statuses={user.pk: ("present", "") for user in people},
        by=scene.secretary,
    )
    scene.opened.meeting = scene.closed.meeting = scene.meeting
    return scene


def raised(scene, by=None, item=None, **fields):
    """The case of the member called recused."""
    return declare_disqualified(
        item=item or scene.closed, member=scene.recused, grounds=GROUNDS,
        by=by or scene.recused, **fields,
    )  # fmt: skip


def opened(scene, **fields):
    return open_vote_on_disqualification(case=raised(scene, **fields), by=scene.secretary)


def vote(scene, row, who, choice="for", by=None):
    member = scene.again(getattr(scene, who))
    return cast_vote(vote_round=row, member=member, choice=choice, by=by or member)


def voted(scene, chair, member, **fields):
    row = opened(scene, **fields)
    vote(scene, row, "chair", chair)
    vote(scene, row, "member", member)
    close_round(vote_round=row, by=scene.secretary)
    return Disqualification.objects.get()


# Raising ---------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["chair", "member", "secretary"])
@pytest.mark.parametrize("state", ["issued", "in_session"])
def test_others_raise_it_before_and_in_the_meeting(who, state):
    scene = bring_to(a_scene(), state)
    by = getattr(scene, who)

    case = raised(scene, by=by, ground="nr2")

    assert (case.source, case.state, case.ground, case.declared_by) == (
        "other", "raised", "nr2", by,
    )  # fmt: skip
    entry = AuditEntry.objects.get(verb="meetings.raise_disqualification")
    assert entry.data == {"member": scene.recused.pk}


@pytest.mark.parametrize("who", ["follower", "outsider"])
def test_others_than_members_and_secretariat_do_not_raise_it(scene, who):
    with pytest.raises(NotAllowed, match="Only members and the secretariat can ask"):
        raised(scene, by=getattr(scene, who))


def test_secretariat_writes_down_what_the_member_said(scene):
    case = raised(scene, by=scene.secretary, own=True)

    assert (case.source, case.declared_by) == ("own", scene.secretary)


def test_member_does_not_speak_in_another_s_name(scene):
    assert raised(scene, by=scene.member, own=True).source == "other"


def test_unknown_ground_is_refused(scene):
    with pytest.raises(Refused) as refusal:
        raised(scene, ground="nr9")

    assert refusal.value.field == "ground"


@pytest.mark.parametrize(
    ("page", "rest", "sent"),
    [
        ("recusal_move", ["inhabil"], {"ground": "x"}),
        ("recusal_times", [], {"row": "²"}),
        ("recusal_times", [], {"row": "9" * 5000}),
    ],
)
def test_post_that_no_form_sends_is_no_error_of_ours(scene, client, page, rest, sent):
    case = raised(scene)
    client.force_login(scene.secretary)

    answer = client.post(case_address(case, page, *rest), sent)

    assert answer.status_code in {404, 422}
    case.refresh_from_db()
    assert case.state == DisqualificationState.RAISED


def test_after_an_impartial_result_it_can_be_raised_anew(scene):
    settle_without_count(case=raised(scene), upheld=False, by=scene.secretary)

    again = raised(scene, by=scene.member)

    assert again.state == "raised"
    assert not recused_reads(scene)


# Deciding --------------------------------------------------------------------------------


def recused_reads(scene):
    """Does the member's next request meet the closed text?"""
    read = reading(scene.again(scene.recused), scene.fresh())
    return "HEMMELIGTEKST" in str(read.snapshot)


@pytest.mark.parametrize(
    ("upheld", "state", "reads"), [(True, "upheld", False), (False, "dismissed", True)]
)
def test_decided_without_a_count(scene, upheld, state, reads):
    case = raised(scene)

    row = settle_without_count(case=case, upheld=upheld, by=scene.chair, ground="nr1")

    case.refresh_from_db()
    assert (case.state, case.settled_by, case.ground) == (state, scene.chair, "nr1")
    assert (row.method, row.motion, row.disqualification) == ("acclamation", None, case)
    assert recused_reads(scene) == reads


@pytest.mark.parametrize(
    ("chair", "member", "state"),
    [
        ("for", "for", "upheld"),
        ("for", "abstain", "upheld"),
        ("against", "against", "dismissed"),
        ("for", "against", "dismissed"),
        ("abstain", "abstain", "dismissed"),
    ],
)
def test_majority_of_the_others_decides_and_a_tie_means_impartial(scene, chair, member, state):
    case = voted(scene, chair, member)

    row = VoteRound.objects.get()
    assert case.state == state
    assert (row.outcome == VoteResult.ADOPTED) == (state == "upheld")
    assert row.rule
    assert recused_reads(scene) == (state == "dismissed")


def test_the_one_concerned_does_not_vote(scene):
    row = opened(scene)

    with pytest.raises(NotAllowed, match=r"§ 6, stk\. 3"):
        vote(scene, row, "recused", "against")
    with pytest.raises(NotAllowed, match=r"§ 6, stk\. 3"):
        vote(scene, row, "recused", "against", by=scene.secretary)

    assert Vote.objects.count() == 0


def test_the_chair_does_not_lead_their_own_case(scene):
    case = declare_disqualified(
        item=scene.opened, member=scene.chair, grounds="Ansat", by=scene.chair
    )

    for act in (
        lambda: settle_without_count(case=case, upheld=False, by=scene.chair),
        lambda: open_vote_on_disqualification(case=case, by=scene.chair),
        lambda: correct_times(case=case, left_at=None, returned_at=None, by=scene.chair),
    ):
        with pytest.raises(NotAllowed, match=r"§ 6, stk\. 3"):
            act()


def test_one_who_waits_on_the_same_item_votes_on_the_other(scene):
    declare_disqualified(item=scene.closed, member=scene.member, grounds="Nabo", by=scene.member)
    row = opened(scene)

    assert vote(scene, row, "member", "for").choice == "for"


def test_absent_member_and_follow_group_do_not_vote(scene):
    row = opened(scene)
    leave(meeting=scene.meeting, member_id=scene.member.pk, at=None, by=scene.secretary)

    for who, said in (("member", "Only those present"), ("follower", "Only members")):
        with pytest.raises(NotAllowed, match=said):
            vote(scene, row, who)


def test_quorum_is_counted_without_the_one_concerned(scene):
    leave(meeting=scene.meeting, member_id=scene.member.pk, at=None, by=scene.secretary)
    case = raised(scene)

    with pytest.raises(Refused, match="1 are present and 2 are needed"):
        open_vote_on_disqualification(case=case, by=scene.secretary)
    with pytest.raises(Refused, match="1 are present and 2 are needed"):
        settle_without_count(case=case, upheld=False, by=scene.secretary)

    assert Disqualification.objects.get().state == DisqualificationState.RAISED


def test_nobody_is_kept_from_a_vote_by_another_before_the_body_decided(scene):
    motion = propose(
        item=scene.opened, kind="main", proposer=scene.member, text="Ja.", by=scene.secretary
    )  # fmt: skip
    row = open_round(motion=motion, by=scene.secretary)
    with pytest.raises(Refused, match="A vote is open on the item"):
        raised(scene, item=scene.opened, by=scene.member)
    close_round(vote_round=row, by=scene.secretary)
    motion.refresh_from_db()

    case = raised(scene, item=scene.opened, by=scene.member)
    with pytest.raises(Refused, match="first to decide whether Inhabilt medlem"):
        open_round(motion=motion, by=scene.secretary)
    settle_without_count(case=case, upheld=False, by=scene.secretary)
    open_round(motion=motion, by=scene.secretary)
    # What a member says of themselves is always heard.
    raised(scene, item=scene.opened)


def test_one_vote_is_open_in_a_meeting_whatever_it_is_about(scene):
    motion = propose(
        item=scene.opened, kind="main", proposer=scene.member, text="Ja.", by=scene.secretary
    )
    row = opened(scene)

    with pytest.raises(StaleState, match="A vote is open on item 2"):
        open_round(motion=motion, by=scene.secretary)
    with pytest.raises(NotAllowed, match="Close it before the meeting ends"):
        move_meeting(meeting=scene.meeting, move="end", by=scene.secretary)
    close_round(vote_round=row, by=scene.secretary)
    open_round(motion=motion, by=scene.secretary)

    other = declare_disqualified(
        item=scene.opened, member=scene.member, grounds="Nabo", by=scene.member
    )
    with pytest.raises(StaleState, match="A vote is open on item 1"):
        open_vote_on_disqualification(case=other, by=scene.secretary)


def test_what_is_decided_is_not_decided_again(scene):
    case = raised(scene)
    settle_without_count(case=case, upheld=True, by=scene.secretary)

    with pytest.raises(StaleState):
        settle_without_count(case=case, upheld=False, by=scene.secretary)
    with pytest.raises(StaleState):
        open_vote_on_disqualification(case=case, by=scene.secretary)

    assert VoteRound.objects.count() == 1


def test_member_who_voted_on_it_is_not_recorded_as_absent(scene):
    row = opened(scene)
    vote(scene, row, "member")

    with pytest.raises(Refused, match="voted on item 2"):
        record_attendance(
            meeting=scene.meeting, statuses={scene.member.pk: ("absent", "")}, by=scene.secretary
        )


def test_the_database_holds_that_a_round_is_about_one_thing(scene):
    case = raised(scene)
    motion = propose(
        item=scene.opened, kind="main", proposer=scene.member, text="Ja.", by=scene.secretary
    )
    facts = {"number": 1, "method": "name", "opened_by": scene.secretary}

    for about in ({}, {"motion": motion, "disqualification": case}):
        with pytest.raises(IntegrityError), transaction.atomic():
            VoteRound.objects.create(**about, **facts)


# After the meeting -----------------------------------------------------------------------


def test_secretariat_writes_it_down_later_with_a_reason(scene):
    case = raised(scene)
    move_meeting(meeting=scene.meeting, move="end", by=scene.secretary)
    case.item.meeting = scene.meeting

    with pytest.raises(Refused) as refusal:
        settle_late(case=case, upheld=True, by=scene.secretary, reason=" ")
    with pytest.raises(NotAllowed):
        settle_late(case=case, upheld=True, by=scene.chair, reason="Glemt")
    settle_late(case=case, upheld=True, by=scene.secretary, reason="Glemt i mødet")

    case.refresh_from_db()
    assert refusal.value.field == "reason"
    assert (case.state, case.late_reason, case.rounds.count()) == ("upheld", "Glemt i mødet", 0)


def test_what_was_typed_of_a_late_finding_comes_back(scene, client):
    case = raised(scene)
    move_meeting(meeting=scene.meeting, move="end", by=scene.secretary)
    client.force_login(scene.secretary)
    sent = {"ground": "nr9", "reason": "MINE ORD"}

    answer = client.post(case_address(case, "recusal_move", "inhabil"), sent)

    assert answer.status_code == 422
    assert 'value="MINE ORD"' in answer.content.decode()


@pytest.mark.parametrize(("page", "sent"), [
    ("recusal_raise", {"grounds": "MINE ORD", "own": "on"}),
    ("item_disqualify", {"grounds": "MINE ORD"}),
])  # fmt: skip
def test_grounds_are_kept_when_it_is_raised_meanwhile(scene, client, page, sent):
    raised(scene, item=scene.opened)
    asks = page == "recusal_raise"
    client.force_login(scene.secretary if asks else scene.recused)
    address = reverse(f"meetings:{page}", args=[scene.meeting.pk, scene.opened.pk])

    answer = client.post(address, sent | {"member": scene.recused.pk})

    assert answer.status_code in {403, 409, 422}
    assert "MINE ORD</textarea>" in answer.content.decode()


def test_nobody_writes_it_down_later_while_the_meeting_is_on(scene):
    row = opened(scene)

    with pytest.raises(NotAllowed, match="decides in the meeting"):
        settle_late(case=row.disqualification, upheld=True, by=scene.secretary, reason="Nu")


def test_item_is_not_taken_off_while_they_vote_on_who_is_disqualified(scene):
    opened(scene)

    with pytest.raises(StaleState, match="Close it first"):
        remove_item(item=scene.closed, by=scene.secretary)


def test_unsettled_ones_are_found_until_they_are_decided(scene):
    case = raised(scene)
    before = unsettled(scene.meeting)

    settle_without_count(case=case, upheld=True, by=scene.secretary)

    assert (before, unsettled(scene.meeting)) == ([case], [])


def test_raising_it_again_says_about_whom(scene):
    raised(scene, by=scene.member)

    with pytest.raises(StaleState) as by_another:
        raised(scene, by=scene.chair)
    with pytest.raises(StaleState) as by_oneself:
        raised(scene, by=scene.recused)

    assert [str(by_another.value.reason), str(by_oneself.value.reason)] == [
        "It is already recorded that Inhabilt medlem may be disqualified.",
        "It is already recorded that you may be disqualified.",
    ]


# Left and returned -----------------------------------------------------------------------


def test_member_leaves_when_the_item_is_taken_up_and_returns_after_it(scene):
    case = raised(scene)
    take_up(item=scene.closed, by=scene.secretary)
    during = times_out(case)

    finish_item(item=scene.closed, by=scene.secretary)

    sitting = scene.closed.sittings.get()
    assert during == [(sitting.began_at, None)]
    assert times_out(case) == [(sitting.began_at, sitting.ended_at)]


def test_item_taken_up_twice_keeps_both_times_out_and_minutes_them(scene):
    case = raised(scene)
    for _again in range(2):
        take_up(item=scene.closed, by=scene.secretary)
        finish_item(item=scene.closed, by=scene.secretary)

    sittings = scene.closed.sittings.order_by("began_at")
    assert times_out(case) == list(sittings.values_list("began_at", "ended_at"))
    assert len(times_out(case)) == 2
    full, _public = minuted(scene, scene.closed)
    room = [line for line in full["disqualifications"][0]["lines"] if "left the room" in line]
    assert len(room) == 2


def test_times_out_are_corrected_one_by_one_and_lie_apart(scene):
    case = raised(scene)
    for _again in range(2):
        take_up(item=scene.closed, by=scene.secretary)
        finish_item(item=scene.closed, by=scene.secretary)
    first, second = case.times_out.all()
    facts = {"case": case, "by": scene.secretary, "time_out": first}
    times = {"left_at": second.left_at, "returned_at": second.returned_at}

    with pytest.raises(Refused) as refusal:
        correct_times(**facts, **times)
    correct_times(**facts, left_at=None, returned_at=None)

    assert refusal.value.field == "left"
    assert times_out(case) == [(second.left_at, second.returned_at)]


def test_the_next_item_brings_the_member_back(scene):
    case = raised(scene)
    take_up(item=scene.closed, by=scene.secretary)

    take_up(item=scene.opened, by=scene.secretary)

    assert len(times_out(case)) == 1
    assert times_out(case)[0][1] is not None


def test_raised_while_the_item_is_treated_they_leave_now_and_come_back_when_impartial(scene):
    take_up(item=scene.closed, by=scene.secretary)
    case = raised(scene, by=scene.member)
    before = times_out(case)

    settle_without_count(case=case, upheld=False, by=scene.secretary)

    assert [back for _left, back in before] == [None]
    assert [back is None for _left, back in times_out(case)] == [False]


def test_who_is_not_there_does_not_leave(scene):
    case = raised(scene)
    leave(meeting=scene.meeting, member_id=scene.recused.pk, at=None, by=scene.secretary)

    take_up(item=scene.closed, by=scene.secretary)

    assert times_out(case) == []


@pytest.mark.parametrize(
    ("left", "returned", "field"),
    [(-60, 0, "left"), (0, 60, "returned"), (None, 0, "returned"), (0, -1, "returned")],
)
def test_impossible_times_are_refused(scene, left, returned, field):
    Meeting.objects.filter(pk=scene.meeting.pk).update(held_from=timezone.now() - timedelta(0, 300))
    now = timezone.now()
    left_at, returned_at = (
        None if minutes is None else now + timedelta(minutes=minutes)
        for minutes in (left, returned)
    )

    with pytest.raises(Refused) as refusal:
        correct_times(
            case=raised(scene), left_at=left_at, returned_at=returned_at, by=scene.secretary
        )

    assert refusal.value.field == field


# The papers ------------------------------------------------------------------------------


def test_raised_by_another_everything_is_gone_on_the_next_request(client):
    scene = a_scene()
    attach(scene, scene.closed, "Lukket")
    file = scene.closed.attachments.get()
    in_session(scene)
    number = scene.meeting.pk
    pages = [
        scene.closed.get_absolute_url(),
        scene.meeting.get_absolute_url(),
        reverse("meetings:notes_export", args=[number]),
        reverse("meetings:item_votes", args=[number, scene.closed.pk]),
        reverse("meetings:attachment_file", args=[number, file.pk]),
        reverse("meetings:meeting_live", args=[number]),
    ]
    client.force_login(scene.recused)
    before = [client.get(page) for page in pages]

    raised(scene, by=scene.member)

    after = [client.get(page) for page in pages]
    assert [answer.status_code for answer in before] == [200] * 6
    assert [answer.status_code for answer in after] == [200, 200, 200, 404, 404, 200]
    assert sum("HEMMELIG" in body_of(answer) for answer in before) > 0
    assert [page for page, answer in zip(pages, after, strict=True) if leaks(answer)] == []


def body_of(answer):
    data = b"".join(answer) if answer.streaming else answer.content
    return data.decode(errors="replace")


def leaks(answer):
    return "HEMMELIGTITEL" in body_of(answer) or "HEMMELIGTEKST" in body_of(answer)


def test_editor_keeps_grounds_from_a_leader_who_is_kept_from_the_item(client):
    scene = bring_to(a_scene(), "issued")
    raised(scene, by=scene.secretary, item=scene.opened)
    declare_disqualified(item=scene.opened, member=scene.chair, grounds="Egen", by=scene.chair)
    client.force_login(scene.again(scene.chair))

    page = client.get(reverse("meetings:item_edit", args=[scene.meeting.pk, scene.opened.pk]))

    assert page.status_code == 200
    assert GROUNDS not in page.content.decode()


def test_member_cannot_vote_on_the_item_from_the_moment_it_is_raised(scene):
    motion = propose(
        item=scene.opened, kind="main", proposer=scene.member, text="Ja.", by=scene.secretary
    )
    row = open_round(motion=motion, by=scene.secretary)

    raised(scene, item=scene.opened)

    with pytest.raises(NotAllowed, match="disqualified from this item"):
        vote(scene, row, "recused")


# Later items -----------------------------------------------------------------------------


def carried(scene):
    """The closed item, postponed and on the next agenda."""
    scene.closed.meeting = scene.meeting
    record_decision(
        item=scene.closed, outcome="postponed", texts={}, versions={}, by=scene.secretary
    )
    create_meeting(
        committee=scene.committee, starts_at=days(40), ends_at=days(40).replace(hour=15),
        by=scene.secretary,
    )  # fmt: skip
    return carry_item(item=scene.closed, by=scene.secretary)


def test_impartial_on_the_first_item_is_impartial_on_the_carried_one(scene):
    case = raised(scene)
    new = carried(scene)
    before = new.disqualifications.get()

    settle_without_count(case=case, upheld=False, by=scene.secretary)

    assert (before.state, before.origin) == ("raised", case)
    assert new.disqualifications.get().state == "dismissed"


def test_disqualified_on_the_first_item_is_decided_anew_on_the_carried_one(scene):
    case = raised(scene)
    new = carried(scene)

    settle_without_count(case=case, upheld=True, by=scene.secretary)

    assert new.disqualifications.get().state == "raised"


def test_nobody_is_kept_from_a_vote_on_the_carried_item_by_another(scene):
    """The same rule as on the item itself; what a member says of themselves is heard."""
    new = carried(scene)
    by = {"proposer": scene.member, "recorded_by": scene.secretary}
    motion = Motion.objects.create(item=new, text="Ja.", position=1, **by)
    VoteRound.objects.create(motion=motion, number=1, method="name", opened_by=scene.secretary)

    with pytest.raises(Refused, match="A vote is open on the item"):
        raised(scene, by=scene.member)
    refused = Disqualification.objects.count()
    raised(scene)

    assert refused == 0
    assert new.disqualifications.get().member == scene.recused


def test_a_case_reaches_the_carried_item_when_its_vote_is_closed(scene):
    new = carried(scene)

    raised(scene, by=scene.member)

    assert new.disqualifications.get().source == "other"


# The minutes -----------------------------------------------------------------------------


# The live page and the wall ---------------------------------------------------------------


def seen_by(scene, client, who, page=""):
    client.force_login(scene.again(getattr(scene, who)))
    client.cookies["django_language"] = "en"
    return client.get(f"/moeder/{scene.meeting.pk}/live/{page}").content.decode()


def test_live_page_offers_to_tell_and_to_ask_about_the_item_on_the_table(scene, client):
    args = [scene.meeting.pk, scene.closed.pk]
    tell = reverse("meetings:item_disqualify", args=args)
    ask = reverse("meetings:recusal_raise", args=args)
    complete_step(meeting=scene.fresh(), step="roll_call", by=scene.secretary)

    def offered(who):
        page = seen_by(scene, client, who)
        return f'"{tell}"' in page, f'"{ask}"' in page

    before = offered("member")
    take_up(item=scene.closed, by=scene.secretary)
    found = {who: offered(who) for who in ("member", "chair", "secretary", "follower", "recused")}
    raised(scene)

    assert before == (False, False)
    assert found == {
        "member": (True, False), "chair": (True, True), "secretary": (False, True),
        "follower": (False, False), "recused": (True, False),
    }  # fmt: skip
    assert offered("recused") == (False, False)


def test_live_page_names_the_disqualified_of_a_closed_item_to_its_readers_only(scene, client):
    settle_without_count(case=raised(scene), upheld=True, by=scene.secretary)
    complete_step(meeting=scene.fresh(), step="roll_call", by=scene.secretary)
    take_up(item=scene.closed, by=scene.secretary)
    sentence = "Inhabilt medlem takes no part in this item"

    member, follower = (seen_by(scene, client, who) for who in ("member", "follower"))
    chair = seen_by(scene, client, "chair")

    assert sentence in member
    assert GROUNDS not in member
    assert f"{sentence}</strong> ({GROUNDS})" in chair
    assert sentence not in follower
    assert "Disqualified" not in follower
    assert "0 disqualified, 1 not present" in follower
    assert '<li class="in"><span>Inhabilt medlem' in follower


def test_wall_says_that_a_question_is_decided_on_an_open_item_only(scene, client):
    sentence = "The committee decides whether Inhabilt medlem is disqualified from item"
    raised(scene, item=scene.opened)
    take_up(item=scene.opened, by=scene.secretary)
    on_open = seen_by(scene, client, "secretary", "storskaerm/")
    raised(scene)
    take_up(item=scene.closed, by=scene.secretary)
    on_closed = seen_by(scene, client, "secretary", "storskaerm/")

    assert f"{sentence} 1." in on_open
    assert GROUNDS not in on_open
    assert (sentence in on_closed, "Inhabilt medlem" in on_closed) == (False, False)


def test_wall_says_that_a_vote_on_it_is_held(scene, client):
    opened(scene, item=scene.opened)

    page = seen_by(scene, client, "secretary", "storskaerm/")

    assert "The committee decides whether Inhabilt medlem is disqualified from item 1." in page


# Dissent ---------------------------------------------------------------------------------


def dissented(scene, who="member", **more):
    row = VoteRound.objects.get()
    person = getattr(scene, who)
    facts = {"member": person, "text": "HEMMELIGUENIG: broren er kun fætter.", "by": person}
    return write_dissent(vote_round=row, **(facts | more))


@pytest.mark.parametrize(
    ("chair", "member", "state"),
    [("for", "against", "dismissed"), ("for", "abstain", "upheld")],
)
def test_dissent_is_for_those_who_did_not_vote_for_what_was_found(scene, chair, member, state):
    case = voted(scene, chair, member, item=scene.opened)
    loser, winner = ("chair", "member") if state == "dismissed" else ("member", "chair")

    with pytest.raises(NotAllowed):
        dissented(scene, winner)
    with pytest.raises(NotAllowed):
        dissented(scene, "recused")
    dissented(scene, loser)

    assert (case.state, VoteRound.objects.get().dissents.count()) == (state, 1)


def test_dissent_stands_in_the_minutes_and_not_before_citizens(scene):
    voted(scene, "for", "abstain", item=scene.opened)
    dissented(scene)

    full, public = minuted(scene, scene.opened)

    assert full["disqualifications"][0]["dissents"] == [
        {"name": "Medlem", "text": "HEMMELIGUENIG: broren er kun fætter.", "reason": ""}
    ]
    assert public["disqualifications"][0]["state"] == "upheld"
    assert "HEMMELIGUENIG" not in str(public)


@pytest.mark.parametrize("upheld", [True, None])
def test_attendance_says_disqualified_of_those_found_so_only(scene, upheld):
    case = raised(scene, item=scene.opened)
    if upheld:
        settle_without_count(case=case, upheld=True, by=scene.secretary)

    full, public = (row["attendance"]["lines"] for row in minuted(scene, scene.opened))

    found = "Inhabilt medlem was disqualified and took no part."
    open_question = (
        "Inhabilt medlem took no part; the question of disqualification was not decided."
    )
    assert full[1:] == [found if upheld else open_question]
    assert public[1:] == ([found] if upheld else [])


def test_dissent_is_printed_with_the_case(scene):
    voted(scene, "for", "abstain", item=scene.opened)
    dissented(scene)
    full, _public = minuted(scene, scene.opened)

    (block,) = _disqualifications(full)

    (printed,) = block["rows"][0]["dissents"]
    assert printed["heading"] == "Dissenting opinion, Medlem"
    assert "HEMMELIGUENIG" in printed["html"]


def test_member_writes_the_dissent_on_the_page_of_the_case(scene, client):
    case = voted(scene, "for", "abstain", item=scene.opened)
    row = VoteRound.objects.get()
    page = reverse("meetings:recusal_page", args=[scene.meeting.pk, case.pk])
    url = reverse("meetings:recusal_dissent", args=[scene.meeting.pk, case.pk, row.pk])
    client.force_login(scene.again(scene.member))

    offered = url in client.get(page).content.decode()
    empty = client.post(url, {"text": " "})
    answer = client.post(url, {"text": "HEMMELIGUENIG"})
    shown = client.get(page).content.decode()
    client.force_login(scene.again(scene.recused))
    own = client.get(page).content.decode()

    assert (offered, empty.status_code, answer.status_code) == (True, 422, 302)
    assert ("HEMMELIGUENIG" in shown, url in shown) == (True, False)
    # The grounds of their own case are theirs to read, and so is what was said of them.
    assert "HEMMELIGUENIG" in own


def times_out(case):
    return list(case.times_out.values_list("left_at", "returned_at"))


def minuted(scene, item):
    snapshot = live_snapshot(scene.fresh(), VersionKind.MINUTES)
    index = [scene.opened.pk, scene.closed.pk].index(item.pk)
    public = public_snapshot(snapshot)
    return snapshot["items"][index], public["items"][index]


def test_minutes_say_who_why_how_and_when(scene):
    case = voted(scene, "for", "for", item=scene.opened, by=scene.member, ground="nr2")
    now = timezone.localtime()
    case.times_out.create(left_at=now, returned_at=now)

    full, public = minuted(scene, scene.opened)

    clock = f"{now:%H.%M}"
    why = "No. 2: a spouse, a relative or somebody close has an interest"
    found = "The committee found that Inhabilt medlem is disqualified"
    assert full["disqualifications"][0]["lines"] == [
        "Medlem asked whether Inhabilt medlem is disqualified.",
        f"The connection: {GROUNDS}",
        f"Forvaltningslovens § 3, stk. 1. {why}.",
        f"{found}, with 2 votes for and 0 against; 0 abstained.",
        f"Inhabilt medlem left the room at {clock} and came back at {clock}.",
    ]
    assert public["disqualifications"][0]["lines"] == full["disqualifications"][0]["lines"][3:]
    assert public["disqualifications"][0]["votes"][0]["for"] == ["Formand", "Medlem"]
    assert "HEMMELIG" not in str(public)


@pytest.mark.parametrize("upheld", [True, False, None])
def test_public_edition_of_a_closed_item_has_nothing(scene, upheld):
    case = raised(scene)
    if upheld is not None:
        settle_without_count(case=case, upheld=upheld, by=scene.secretary)

    full, public = minuted(scene, scene.closed)

    assert len(full["disqualifications"]) == 1
    assert "disqualifications" not in public


@pytest.mark.parametrize("settled", [True, False])
def test_citizens_do_not_read_of_who_was_found_impartial_or_waits(scene, settled):
    case = raised(scene, item=scene.opened)
    if settled:
        settle_without_count(case=case, upheld=False, by=scene.secretary)

    full, public = minuted(scene, scene.opened)

    assert (len(full["disqualifications"]), public["disqualifications"]) == (1, [])


# Mail ------------------------------------------------------------------------------------


@pytest.fixture
def send():
    def run():
        waiting = OutboxEntry.objects.filter(kind="meetings.send_disqualification")
        before = len(mail.outbox)
        for pk in waiting.exclude(state=OutboxState.DONE).values_list("pk", flat=True):
            outbox.run(pk)
        return mail.outbox[before:]

    return run


def test_member_and_chair_get_word_without_what_is_closed(scene, send):
    case = raised(scene, by=scene.member)
    first = send()
    settle_without_count(case=case, upheld=True, by=scene.secretary)
    second = send()

    chair, member = scene.chair.email, scene.recused.email
    assert sorted(m.to[0].split("<")[1][:-1] for m in first) == sorted([chair, member])
    assert sorted(m.to[0].split("<")[1][:-1] for m in second) == sorted([chair, member])
    assert "Udbud af et fagsystem" in first[0].body
    assert "HEMMELIG" not in "".join(m.body + m.subject for m in [*first, *second])


def test_own_word_is_not_sent_to_oneself(scene, send):
    raised(scene)

    assert send() == []


def test_word_that_was_overtaken_is_not_sent(scene, send):
    case = raised(scene, by=scene.member)
    settle_without_count(case=case, upheld=False, by=scene.secretary)

    assert len(send()) == 2


# Pages -----------------------------------------------------------------------------------


def case_address(case, name="recusal_page", *rest):
    return reverse(f"meetings:{name}", args=[case.item.meeting_id, case.pk, *rest])


def test_case_is_decided_on_its_page_without_javascript(client, scene):
    case = raised(scene, by=scene.member)
    complete_step(meeting=scene.meeting, step="roll_call", by=scene.secretary)
    client.force_login(scene.secretary)
    live = client.get(reverse("meetings:meeting_live", args=[scene.meeting.pk]))

    client.post(case_address(case, "recusal_move", "aabn"))
    row = VoteRound.objects.get()
    for who in ("chair", "member"):
        client.force_login(getattr(scene, who))
        client.post(case_address(case, "recusal_vote", row.pk), {"choice": "for"})
    answer = client.post(case_address(case, "recusal_close", row.pk))
    client.force_login(scene.chair)
    client.post(case_address(case, "recusal_close", row.pk))

    case.refresh_from_db()
    assert case_address(case, "recusal_move", "habil") in live.content.decode()
    assert answer.status_code == 403
    assert case.state == "upheld"


def test_page_says_why_to_the_one_concerned_and_offers_no_vote(client, scene):
    row = opened(scene, by=scene.member)
    client.force_login(scene.recused)

    html = client.get(case_address(row.disqualification)).content.decode()

    assert GROUNDS in html
    assert "HEMMELIGTITEL" not in html
    assert case_address(row.disqualification, "recusal_vote", row.pk) not in html


def test_refusal_comes_back_on_the_page(client, scene):
    leave(meeting=scene.meeting, member_id=scene.member.pk, at=None, by=scene.secretary)
    case = raised(scene)
    client.force_login(scene.secretary)

    answer = client.post(case_address(case, "recusal_move", "habil"))

    assert answer.status_code == 422
    assert "2" in answer.content.decode()


# At the same moment ----------------------------------------------------------------------


def test_two_who_decide_at_once_decide_once(run_together):
    scene = in_session()
    case = raised(scene)

    def act(upheld):
        return lambda: settle_without_count(
            case=Disqualification.objects.select_related("item__meeting").get(pk=case.pk),
            upheld=upheld,
            by=scene.secretary,
        )

    answers = run_together(act(True), act(False))

    assert sorted(type(a).__name__ for a in answers) == ["StaleState", "VoteRound"]
    assert VoteRound.objects.count() == 1


def test_vote_on_it_against_closing_it(run_together):
    scene = in_session()
    row = opened(scene)

    *answers, closed = run_together(
        lambda: cast_vote(vote_round=row, member=scene.chair, choice="for", by=scene.chair),
        lambda: cast_vote(vote_round=row, member=scene.member, choice="for", by=scene.member),
        lambda: close_round(vote_round=row, by=scene.secretary),
    )

    landed = [a for a in answers if isinstance(a, Vote)]
    assert closed.votes_for == len(landed) == Vote.objects.count()
    assert Disqualification.objects.get().state == ("upheld" if landed else "dismissed")
