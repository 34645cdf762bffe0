"""Random meetings, driven through the services and through a small model of the rules at once.

Every act must succeed in both or be refused in both, in the same way; after every act both must
hold the same state, count the same people and let the same people read the same things.
"""

from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from types import SimpleNamespace

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone, translation
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from committee.enums import Role
from committee.models import User
from committee.rules import RULES
from core.content import _load_all
from core.verdicts import NotAllowed, Refused, StaleState
from meetings.models import (
    AgendaItem,
    Attendance,
    Disqualification,
    FollowUp,
    Meeting,
    Motion,
    Presence,
    Sitting,
    VoteRound,
)
from meetings.policies import reading_level
from meetings.selectors.motions import may_vote, presiding
from meetings.selectors.presence import Rolls, present_now
from meetings.selectors.reading import reading
from meetings.selectors.recusals import may_vote_on, presiding_in
from meetings.services.disqualification import (
    correct_times,
    declare_disqualified,
    settle_late,
)
from meetings.services.dissents import write_dissent
from meetings.services.follow_ups import create_follow_up
from meetings.services.holding import move_meeting, record_decision
from meetings.services.issuing import issue_agenda
from meetings.services.items import add_item, change_item, move_item, remove_item
from meetings.services.motions import move_motion, propose, withdraw_motion
from meetings.services.planning import create_meeting
from meetings.services.presence import (
    answer_invitation,
    come,
    finish_item,
    leave,
    record_attendance,
    take_up,
)
from meetings.services.votes import (
    acclaim,
    cast_vote,
    close_round,
    open_round,
    open_vote_on_disqualification,
    settle_without_count,
)
from tests.conftest import PROFILE
from tests.factories import (
    CommitteeFactory,
    MembershipFactory,
    RuleProfileFactory,
    SeatGroupFactory,
    UserFactory,
    day,
    person,
)
from tests.meetings.machine_after import STAGES, AfterTheMeeting
from tests.meetings.model import Body, No
from tests.meetings.model_after import WholeMeeting
from tests.meetings.scenes import CLOSED

pytestmark = pytest.mark.django_db

LONGEST = 5
PLACES = st.integers(0, 11)
MINUTES = st.sampled_from([0, 0, 0, 0, -1, -3, -10, -40, 1, 2, 3])
OPEN = {"access": "open"}
OUTCOMES = ["adopted", "adopted_changed", "rejected", "discussed", "postponed", ""]
KINDS = ["main", "main", "amendment", "addition", "postponement"]


def recused(meeting):
    """Pairs of item and member that must keep apart now."""
    rows = Disqualification.objects.filter(item__meeting=meeting, lifted_at__isnull=True)
    return rows.values_list("item", "member")


class MeetingMachine(AfterTheMeeting, RuleBasedStateMachine):
    """`model` holds what should be, the database what is; `pks` ties the two together."""

    def __init__(self):
        super().__init__()
        self.stack = ExitStack()
        self.stack.enter_context(translation.override("en"))
        self.stack.enter_context(transaction.atomic())
        self.stack.callback(transaction.set_rollback, True)
        start = timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0)
        self.clock = self.stack.enter_context(time_machine.travel(start, tick=False))
        self.start, self.step, self.pks = start, 0, {}
        self.changed = False

    def teardown(self):
        self.stack.close()

    # The scene -------------------------------------------------------------------------------

    @initialize(
        members=st.integers(2, 6),
        items=st.lists(st.booleans(), min_size=2, max_size=5),
        ties=st.sampled_from(["falls", "chair"]),
        lenient=st.booleans(),
        citizen_without_vote=st.booleans(),
        here=st.sampled_from([9, 9, 9, 9, 2, 0]),
        stage=st.sampled_from(["draft", *["session", "vote"] * 3, *["minutes", *STAGES] * 2]),
    )  # fmt: skip
    def plan(self, members, items, ties, lenient, citizen_without_vote, here, stage):
        self.committee = CommitteeFactory()
        self.rules_of(ties, lenient, citizen_without_vote)
        names = [f"m{n}" for n in range(members)]
        leaders = {"chair": Role.CHAIR, "vice": Role.VICE_CHAIR}
        roles = leaders | dict.fromkeys(names, Role.MEMBER)
        roles |= {"secretary": Role.SECRETARIAT, "follower": Role.FOLLOW_GROUP}
        self.people = {name: person(self.committee, role) for name, role in roles.items()}
        self.people["outsider"] = UserFactory()
        # A citizen's seat, which has a vote where the rules say so.
        self.people["citizen"] = UserFactory()
        MembershipFactory(
            user=self.people["citizen"], committee=self.committee,
            seat_group=SeatGroupFactory(terms=self.profile.terms, kind="citizen"),
        )  # fmt: skip
        body = Body(
            leaders=list(leaders),
            members=[*names, "citizen"],
            without_vote={"citizen"} if citizen_without_vote else set(),
            ties=ties,
            decides_without_quorum=lenient,
            longest_dissent=LONGEST,
        )
        self.model = WholeMeeting(body)
        self.meeting = create_meeting(
            committee=self.committee, starts_at=self.start,
            ends_at=self.start + timedelta(hours=3), by=self.people["secretary"],
        )  # fmt: skip
        for closed in items:
            self.add(closed=closed, by="secretary")
        if stage != "draft":
            self.issue(by="secretary")
            self.move(name="begin", by="chair")
            for who in islice(body.seats, here):
                self.record(who=who, status="present", by="secretary")
        if stage == "vote":
            motion = self.propose(self.model.agenda[-1], "main", "m0", "secretary")
            self.open(motion, "chair")
        self.take_to(stage)

    def rules_of(self, ties, lenient, citizen_without_vote):
        """A rule profile of this example's own."""
        base = RULES.by_reference("opgaveudvalg@1")
        values = {
            "ties": ties,
            "decide_without_quorum": lenient,
            "voting_seats": ["council"] if citizen_without_vote else ["council", "citizen"],
            "dissent_max_words": LONGEST,
        }
        changed = {key: replace(base.rules[key], value=value) for key, value in values.items()}
        loaded = _load_all(RULES)
        loaded["proeve", 1] = replace(base, key="proeve", rules=base.rules | changed)
        self.stack.callback(loaded.pop, ("proeve", 1))
        self.profile = RuleProfileFactory(
            terms__committee=self.committee, rules_ref="proeve@1", valid_from=day(-100)
        )

    # Both at once ----------------------------------------------------------------------------

    def both(self, in_model, in_services):
        """Do it in both; returns what each returned, or None when both refused."""
        self.step += 1
        self.model.now = self.step
        self.clock.move_to(self.start + timedelta(minutes=self.step))
        expected = made = answer = row = None
        reason = ""
        try:
            made = in_model()
        except No as refusal:
            expected = str(refusal)
        try:
            with transaction.atomic():
                row = in_services()
        except (NotAllowed, Refused, StaleState) as refusal:
            answer, reason = type(refusal).__name__, str(refusal.reason)
        assert answer == expected, reason
        assert bool(answer) == bool(reason)
        self.changed = self.changed or not expected
        return None if expected else (made, row)

    def paired(self, done):
        """Remember that what the model made and what the services made are the same thing."""
        # Turning a request down makes nothing.
        if done is None or done[1] is None:
            return None
        self.pks[id(done[0])] = done[1].pk
        return done[0]

    def who(self, name):
        """The person as the next request would fetch them."""
        return User.objects.get(pk=self.people[name].pk)

    def fresh(self):
        return Meeting.objects.select_related("rule_profile", "committee").get(pk=self.meeting.pk)

    def row(self, thing, kind=AgendaItem):
        found = kind.objects.get(pk=self.pks[id(thing)])
        if kind is AgendaItem:
            found.meeting = self.fresh()
        return found

    def item(self, place):
        items = self.model.items
        return items[place % len(items)]

    def motion(self, place):
        motions = [m for item in self.model.items for m in item.motions]
        return motions[place % len(motions)]

    def any_motion(self, place):
        return self.motion(place) if self.has_motions else None

    def vote_round(self, place, *, closed=False):
        """The open round, mostly; a closed one when asked for, or when there is no other."""
        rounds = self.model.rounds
        wanted = [row for row in rounds if row.is_open != closed] or rounds
        return wanted[place % len(wanted)]

    def somebody(self, place):
        names = [*self.model.body.seats, "secretary", "follower", "outsider"]
        return names[place % len(names)]

    @property
    def has_motions(self):
        return any(item.motions for item in self.model.items)

    @property
    def has_rounds(self):
        return bool(self.model.rounds)

    @property
    def cases(self):
        return [case for item in self.model.items for case in item.cases]

    # The agenda ------------------------------------------------------------------------------

    def add(self, *, closed, by):
        fields = CLOSED if closed else OPEN
        done = self.both(
            lambda: self.model.add(by, closed=closed),
            lambda: add_item(meeting=self.fresh(), by=self.who(by), title="Punkt", **fields),
        )
        self.paired(done)

    BY = st.sampled_from(["secretary"] * 9 + ["chair", "m0", "follower", "outsider"])
    CHOICE = st.sampled_from(["for", "against", "abstain"])
    CHAIRED = st.sampled_from(["secretary", "chair"])
    EVEN = st.just(["for", "against"] * 4 + ["abstain"])
    CHOICES = st.lists(CHOICE, min_size=9, max_size=9) | EVEN
    LEAD = st.sampled_from(["secretary"] * 6 + ["chair"] * 3 + ["vice", "m0", "outsider"])
    AGENDA = ["add", "move", "take_off", "open", "close", "close", "issue", "issue"]

    @precondition(lambda self: len(self.model.agenda) > 1)
    @rule(act=st.sampled_from(AGENDA), place=PLACES, to=st.integers(1, 5), by=BY)
    def agenda(self, act, place, to, by):
        """One rule for all of it: Hypothesis takes rules equally often."""
        item, to = self.item(place), min(to, len(self.model.agenda))
        if act == "issue":
            self.issue(by=by)
        elif act == "add":
            self.add(closed=bool(to % 2), by=by)
        elif act in {"open", "close"}:
            self.open_or_close(item, act == "close", by)
        elif act == "move":
            self.both(
                lambda: self.model.shift(item, to, by),
                lambda: move_item(item=self.row(item), to=to, by=self.who(by)),
            )
        else:
            self.both(
                lambda: self.model.take_off(item, by),
                lambda: remove_item(item=self.row(item), by=self.who(by)),
            )

    def open_or_close(self, item, closed, by):
        row = self.row(item)
        fields = CLOSED if closed else OPEN
        self.both(
            lambda: self.model.set_access(item, by, closed=closed),
            lambda: change_item(item=row, version=row.version, by=self.who(by), **fields),
        )

    def issue(self, by):
        number = self.fresh().agenda_version + 1
        self.both(
            lambda: self.model.issue(by),
            lambda: issue_agenda(
                meeting=self.fresh(), expected=number, note="Ny", by=self.who(by)
            ),
        )  # fmt: skip

    # The course ------------------------------------------------------------------------------

    @rule(name=st.sampled_from(["begin", "end", "resume"]), right=st.booleans(), by=LEAD)
    def on_and_off(self, name, right, by):
        """Mostly the move that belongs to the state; to end is one of several things to do."""
        here = {"issued": "begin", "minutes_draft": "resume"}.get(self.model.state, name)
        self.move(name=here if right else name, by=by)

    def move(self, name, by):
        self.both(
            lambda: self.model.move(name, by),
            lambda: move_meeting(meeting=self.fresh(), move=name, by=self.who(by)),
        )

    @rule(place=PLACES, done=st.booleans(), by=LEAD)
    def table(self, place, done, by):
        item = self.item(place)
        if done and self.model.table:
            item = self.model.table
            self.both(
                lambda: self.model.finish(item, by),
                lambda: finish_item(item=self.row(item), by=self.who(by)),
            )
            return
        self.table_item(item, by)

    def table_item(self, item, by):
        self.both(
            lambda: self.model.take_up(item, by),
            lambda: take_up(item=self.row(item), by=self.who(by)),
        )

    @rule(place=PLACES, outcome=st.sampled_from(OUTCOMES), worded=st.booleans(), by=BY)
    def decides(self, place, outcome, worded, by):
        self.decide(self.item(place), outcome, by, worded=worded)

    def decide(self, item, outcome, by, *, worded):
        texts = {"decision": "Vi gør det.", "public_decision": "Behandlet."} if worded else {}
        versions = dict.fromkeys(texts, int(item.worded))
        self.both(
            lambda: self.model.decide(item, outcome, by, worded=worded),
            lambda: record_decision(
                item=self.row(item), outcome=outcome, texts=texts,
                versions=versions, by=self.who(by),
            ),
        )  # fmt: skip

    # The room --------------------------------------------------------------------------------

    @precondition(lambda self: self.model.state == "issued")
    @rule(place=PLACES, coming=st.booleans())
    def answer(self, place, coming):
        by = self.somebody(place)
        self.both(
            lambda: self.model.answer(by, coming=coming),
            lambda: answer_invitation(meeting=self.fresh(), coming=coming, by=self.who(by)),
        )

    def record(self, *, who, status, by):
        statuses = {self.people[who].pk: (status, "")}
        self.both(
            lambda: self.model.record_attendance(who, status, by),
            lambda: record_attendance(meeting=self.fresh(), statuses=statuses, by=self.who(by)),
        )

    STATUSES = ["present", "present", "apology", "absent", "unknown", "substitute"]

    @rule(place=PLACES, status=st.sampled_from(STATUSES), by=BY)
    def record_status(self, place, status, by):
        self.record(who=self.somebody(place), status=status, by=by)

    @precondition(lambda self: self.model.held_from is not None)
    @rule(place=PLACES, minutes=MINUTES, again=st.sampled_from([False] * 5 + [True]), by=LEAD)
    def comes_or_leaves(self, place, minutes, again, by):
        """Who is there leaves and who is not comes; at times it is tried `again`."""
        who = self.somebody(place)
        here = any(stay.left is None for stay in self.model.stays.get(who, []))
        act, service = ("leave", leave) if here != again else ("come", come)
        self.come_or_go(act, service, who, minutes, by)

    def come_or_go(self, act, service, who, minutes, by):
        at = self.step + 1 + minutes
        moment = self.start + timedelta(minutes=at)
        self.both(
            lambda: getattr(self.model, act)(who, at, by),
            lambda: service(
                meeting=self.fresh(), member_id=self.people[who].pk, at=moment, by=self.who(by)
            ),
        )

    # Whether a member is disqualified --------------------------------------------------------

    RAISER = st.sampled_from(["self", "self", "secretary", "secretary", "chair", "m1", "follower"])

    @rule(place=PLACES, who=PLACES, by=RAISER, told=st.booleans())
    def raises(self, place, who, by, told):
        self.raise_case(self.item(place), self.somebody(who), by, told=told)

    def raise_case(self, item, who, by, *, told=False):
        by = who if by == "self" else by
        done = self.both(
            lambda: self.model.raise_case(item, who, by, told=told),
            lambda: declare_disqualified(
                item=self.row(item), member=self.people[who], grounds="Ansat hos tilbudsgiver",
                own=told, by=self.who(by),
            ),
        )  # fmt: skip
        return self.paired(done)

    ENDS = ["uphold", "dismiss", "vote", "vote", "uphold late", "dismiss late", "times", "times"]

    @precondition(lambda self: self.cases)
    @rule(
        act=st.sampled_from(ENDS), place=PLACES, reason=st.sampled_from([True, True, False]),
        left=MINUTES, back=st.sampled_from([None, 0, 1, 2, 5, -1]), by=LEAD,
    )  # fmt: skip
    def settles(self, act, place, reason, left, back, by):
        """Mostly one that is not decided yet."""
        waiting = [case for case in self.cases if case.state == "raised"]
        cases = waiting or self.cases
        case, upheld = cases[place % len(cases)], act.startswith("uphold")
        if act == "vote":
            self.open_case(case, by)
        elif act == "times":
            self.correct(case, left, back, by)
        elif act.endswith("late"):
            self.settle_late(case, upheld, by, reason=reason)
        else:
            self.settle(case, upheld, by)

    def settle(self, case, upheld, by):
        done = self.both(
            lambda: self.model.settle(case, by, upheld=upheld),
            lambda: settle_without_count(
                case=self.row(case, Disqualification), upheld=upheld, by=self.who(by)
            ),
        )
        return self.paired(done)

    def settle_late(self, case, upheld, by, *, reason):
        self.both(
            lambda: self.model.settle_late(case, by, upheld=upheld, reason=reason),
            lambda: settle_late(
                case=self.row(case, Disqualification), upheld=upheld, by=self.who(by),
                reason="Glemt" if reason else " ",
            ),
        )  # fmt: skip

    def open_case(self, case, by):
        done = self.both(
            lambda: self.model.vote_on_case(case, by),
            lambda: open_vote_on_disqualification(
                case=self.row(case, Disqualification), by=self.who(by)
            ),
        )
        return self.paired(done)

    def correct(self, case, left, back, by):
        left = self.step + 1 + left
        back = None if back is None else left + back
        moments = [m and self.start + timedelta(minutes=m) for m in (left, back)]
        self.both(
            lambda: self.model.correct_times(case, left, back, by),
            lambda: correct_times(
                case=self.row(case, Disqualification), left_at=moments[0],
                returned_at=moments[1], by=self.who(by),
            ),
        )  # fmt: skip

    @precondition(lambda self: self.model.state == "in_session")
    @rule(place=PLACES, who=PLACES, raiser=RAISER, choices=CHOICES, by=CHAIRED)
    def whole_case(self, place, who, raiser, choices, by):
        """Raised while the item is on the table, voted on by everybody, whatever comes of it."""
        item = self.item(place)
        self.table_item(item, by)
        case = self.raise_case(item, self.somebody(who), raiser)
        case = case or next(iter(self.cases), None)
        row = self.open_case(case, by) if case else None
        if row:
            self.all_vote(row, choices)
            self.close(row, by)

    def all_vote(self, row, choices):
        """Everybody tries, also who may not."""
        for who, choice in zip(self.model.body.seats, choices, strict=False):
            self.cast(row, who, choice, "self")

    # Motions and votes -----------------------------------------------------------------------

    @rule(place=PLACES, kind=st.sampled_from(KINDS), proposer=PLACES, by=LEAD)
    def proposes(self, place, kind, proposer, by):
        self.propose(self.item(place), kind, self.somebody(proposer), by)

    def propose(self, item, kind, proposer, by):
        done = self.both(
            lambda: self.model.propose(item, kind, proposer, by),
            lambda: propose(
                item=self.row(item), kind=kind, proposer=self.people[proposer],
                text="Vi gør det.", by=self.who(by),
            ),
        )  # fmt: skip
        return self.paired(done)

    @precondition(lambda self: self.has_motions)
    @rule(place=PLACES, back=st.booleans(), down=st.booleans(), by=LEAD)
    def reorders_or_withdraws(self, place, back, down, by):
        motion = self.motion(place)
        if back:
            self.both(
                lambda: self.model.withdraw(motion, by),
                lambda: withdraw_motion(motion=self.row(motion, Motion), by=self.who(by)),
            )
            return
        self.both(
            lambda: self.model.reorder(motion, by, down=down),
            lambda: move_motion(motion=self.row(motion, Motion), down=down, by=self.who(by)),
        )

    @precondition(lambda self: self.has_motions)
    @rule(place=PLACES, by=LEAD)
    def opens_vote(self, place, by):
        self.open(self.motion(place), by)

    def open(self, motion, by):
        done = self.both(
            lambda: self.model.open_vote(motion, by),
            lambda: open_round(motion=self.row(motion, Motion), by=self.who(by)),
        )
        return self.paired(done)

    @precondition(lambda self: self.has_motions)
    @rule(place=PLACES, adopted=st.booleans(), by=LEAD)
    def acclaims(self, place, adopted, by):
        motion = self.motion(place)
        done = self.both(
            lambda: self.model.acclaim(motion, by, adopted=adopted),
            lambda: acclaim(motion=self.row(motion, Motion), adopted=adopted, by=self.who(by)),
        )
        self.paired(done)

    VOTER = st.sampled_from(["self", "self", "self", "secretary", "chair"])

    @precondition(lambda self: self.has_rounds)
    @rule(place=PLACES, who=PLACES, choice=CHOICE, by=VOTER)
    def votes(self, place, who, choice, by):
        self.cast(self.vote_round(place), self.somebody(who), choice, by)

    def cast(self, row, who, choice, by):
        by = who if by == "self" else by
        self.both(
            lambda: self.model.vote(row, who, choice, by),
            lambda: cast_vote(
                vote_round=self.row(row, VoteRound), member=self.who(who), choice=choice,
                by=self.who(by),
            ),
        )  # fmt: skip

    WORDS = st.sampled_from([3, 3, 3, LONGEST, LONGEST + 1, 0])

    @precondition(lambda self: self.model.state == "in_session")
    @rule(place=PLACES, kind=st.sampled_from(KINDS), choices=CHOICES, words=WORDS, by=CHAIRED)
    def whole_vote(self, place, kind, choices, words, by):
        """From the motion to the dissent, with whatever stands in the way."""
        if not self.model.is_voting:
            motion = self.propose(self.item(place), kind, "m0", by) or self.any_motion(place)
            if motion:
                self.open(motion, by)
        if not self.has_rounds:
            return
        row = self.vote_round(0)
        self.all_vote(row, choices)
        self.close(row, by)
        self.dissent(row, self.somebody(place), words, "self", reason=False)

    @precondition(lambda self: self.has_rounds)
    @rule(place=PLACES, by=LEAD)
    def closes_vote(self, place, by):
        self.close(self.vote_round(place), by)

    def close(self, row, by):
        self.both(
            lambda: self.model.close_vote(row, by),
            lambda: close_round(vote_round=self.row(row, VoteRound), by=self.who(by)),
        )

    @precondition(lambda self: self.has_rounds)
    @rule(
        place=PLACES, who=PLACES, lost=st.booleans(), words=WORDS, reason=st.booleans(),
        by=st.sampled_from(["self", "self", "secretary", "chair"]),
    )  # fmt: skip
    def dissents(self, place, who, lost, words, reason, by):
        row = self.vote_round(place, closed=True)
        losers = [name for name, (choice, _at) in row.votes.items() if choice != "for"]
        name = losers[who % len(losers)] if lost and losers else self.somebody(who)
        self.dissent(row, name, words, by, reason)

    def dissent(self, row, who, words, by, reason):
        by = who if by == "self" else by
        self.both(
            lambda: self.model.dissent(row, who, words, reason, by),
            lambda: write_dissent(
                vote_round=self.row(row, VoteRound), member=self.who(who),
                text=" ".join(["ord"] * words), reason="Glemt" if reason else "",
                by=self.who(by),
            ),
        )  # fmt: skip

    @rule(place=PLACES, owner=PLACES, by=BY)
    def follow_up(self, place, owner, by):
        item, owner = self.item(place), self.somebody(owner)
        self.both(
            lambda: self.model.follow_up(item, owner, by),
            lambda: create_follow_up(
                item=self.row(item), text="Ring.", due_on=day(9), owner=self.people[owner],
                by=self.who(by),
            ),
        )  # fmt: skip

    # What must be the same -------------------------------------------------------------------

    @invariant()
    def same_state(self):
        if not self.step:
            return
        meeting = self.fresh()
        assert self.stored(meeting) == self.modelled()
        if not self.changed:
            return
        self.changed = False
        self.compare_room(meeting)
        names = list(self.people)
        self.compare_access(names[self.step % len(names)], meeting)

    def stored(self, meeting):
        """Everything the database holds of the meeting."""
        items = AgendaItem.objects.filter(meeting=meeting).order_by("position", "pk")
        motions = Motion.objects.filter(item__meeting=meeting).order_by("position", "pk")
        rounds = VoteRound.objects.in_meeting(meeting).prefetch_related("votes", "dissents")
        cases = Disqualification.objects.filter(item__meeting=meeting)
        here = {"meeting": meeting}
        return {
            "state": meeting.state,
            "agenda": [(i.position, i.pk) for i in items if not i.removed_at],
            "items": {
                (i.pk, i.is_closed, bool(i.removed_at), i.released, i.outcome) for i in items
            },
            "motions": [(m.item_id, m.position, m.pk, m.kind, m.state) for m in motions],
            "rounds": {
                r.pk: (
                    (r.number, r.method, r.is_open, r.outcome),
                    (r.votes_for, r.votes_against, r.abstentions),
                    sorted((v.member_id, v.choice) for v in r.votes.all()),
                    sorted((d.member_id, len(d.text.split())) for d in r.dissents.all()),
                )
                for r in rounds
            },
            "stays": sorted(
                (s.member_id, self.minute(s.came_at), self.minute(s.left_at))
                for s in Presence.objects.filter(**here)
            ),
            "answers": {
                (a.member_id, a.status)
                for a in Attendance.objects.filter(**here)
                if a.status != "unknown"
            },
            "sittings": [
                (s.item_id, self.minute(s.began_at), self.minute(s.ended_at))
                for s in Sitting.objects.filter(**here)
            ],
            "recused": sorted(recused(meeting)),
            "cases": {
                (c.pk, c.member_id, c.source, c.state, tuple(
                    (self.minute(out.left_at), self.minute(out.returned_at))
                    for out in c.times_out.order_by("left_at", "pk")
                ))
                for c in cases
            },
            **self.stored_after(meeting),
        }  # fmt: skip

    def minute(self, moment):
        return -1 if moment is None else int((moment - self.start).total_seconds() // 60)

    def modelled(self):
        """The same of the model."""
        model, pk, ids = self.model, self.pk, self.people_ids()
        motions = [
            (pk(item), place, pk(m), m.kind, m.state)
            for item in model.items
            for place, m in enumerate(item.motions, start=1)
        ]
        rounds = model.rounds
        return {
            "state": model.state,
            "agenda": [(n, pk(item)) for n, item in enumerate(model.agenda, start=1)],
            "items": {(pk(i), i.closed, i.removed, i.released, i.outcome) for i in model.items},
            "motions": sorted(motions, key=lambda row: (row[1], row[2])),
            "rounds": {
                pk(r): (
                    (r.number, r.method, r.is_open, r.outcome),
                    tuple(
                        0 if r.is_open else [c for c, _at in r.votes.values()].count(choice)
                        for choice in ("for", "against", "abstain")
                    ),
                    sorted((ids[who], choice) for who, (choice, _at) in r.votes.items()),
                    sorted((ids[who], words) for who, words in r.dissents.items()),
                )
                for r in rounds
            },
            "stays": sorted(
                (ids[who], s.came, -1 if s.left is None else s.left)
                for who, stays in model.stays.items()
                for s in stays
            ),
            "answers": {(ids[w], s) for w, s in model.answers.items() if s != "unknown"},
            "sittings": sorted(
                (
                    (pk(item), began, -1 if ended is None else ended)
                    for item in model.items
                    for began, ended in item.sittings
                ),
                key=lambda row: row[1],
            ),
            "recused": sorted((pk(i), ids[who]) for i in model.items for who in i.away),
            "cases": {
                (
                    pk(c), ids[c.who], "own" if c.own else "other", c.state,
                    tuple(sorted((left, -1 if back is None else back) for left, back in c.outs)),
                )
                for c in self.cases
            },
            **self.modelled_after(),
        }  # fmt: skip

    def pk(self, thing):
        return self.pks[id(thing)]

    def people_ids(self):
        return {name: user.pk for name, user in self.people.items()}

    def compare_room(self, meeting):
        """Presence and quorum of every item, and who votes on one of them."""
        rolls, ids = Rolls(meeting), self.people_ids()
        for item in self.model.items:
            row = AgendaItem(pk=self.pk(item), meeting=meeting)
            roll = rolls.of(row)
            there = self.model.took_part(item)
            assert {seat.member_id for seat in roll.present} == {ids[who] for who in there}
            assert roll.is_quorate == (len(there) >= self.model.body.needed)
            assert roll.needed == self.model.body.needed
        if self.model.state != "in_session" or self.step % 2 == 0:
            return
        item = self.item(self.step)
        row = AgendaItem(pk=self.pk(item), meeting=meeting)
        who = self.somebody(self.step // 2)
        probe = SimpleNamespace(item=item)
        assert bool(may_vote(row, self.people[who])) == self.model.may_vote(probe, who)
        chair = self.model.presiding(probe)
        assert presiding(meeting, present_now(row)) == (ids[chair] if chair else None)
        for case in item.cases:
            row = self.row(case, Disqualification)
            assert bool(may_vote_on(row, self.people[who])) == self.model.may_vote(case, who)
            chair = self.model.presiding(case)
            leads = presiding_in(VoteRound(disqualification=row))
            assert leads == (ids[chair] if chair else None)

    def compare_access(self, who, meeting):
        """What one person sees: headings, closed items, follow-ups, and the meeting as read."""
        user, model = self.who(who), self.model
        seen = AgendaItem.objects.filter(meeting=meeting).visible_to(user)
        assert set(seen.values_list("pk", flat=True)) == {
            self.pk(item) for item in model.sees_headings(who)
        }
        for item in model.items:
            level = reading_level(user, self.pk(item), self.committee.pk)
            assert level == ("full" if model.reads(who, item) else "public")
        tasks = FollowUp.objects.filter(item__meeting=meeting).visible_to(user)
        assert sorted(tasks.values_list("item", "owner")) == sorted(
            (self.pk(item), self.people[owner].pk) for item, owner in model.sees_follow_ups(who)
        )
        if self.step % 3:
            return
        read, expected = reading(user, meeting), model.reading(who)
        told = [(row["id"], not row.get("redacted")) for row in read.items] if read else None
        wanted = None if expected is None else [(self.pk(i), full) for i, full in expected]
        assert told == wanted


EXAMPLES, STEPS = (1000, 20) if PROFILE == "nightly" else (100, 12)


def test_random_meetings_follow_the_rules(db):
    run_state_machine_as_test(
        MeetingMachine,
        settings=settings(max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None),
    )
