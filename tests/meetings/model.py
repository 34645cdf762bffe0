"""The rules of a meeting read aloud: a small model without a database and without Django.

Written from the law and the body's rules, not from the services. Every act either happens or
raises `No` with the sort of refusal; time is whole minutes.
"""

from dataclasses import dataclass, field

NOT_ALLOWED, REFUSED, STALE = "NotAllowed", "Refused", "StaleState"
RANK = ["postponement", "amendment", "addition", "main"]
BINDING = {"adopted", "adopted_changed", "rejected"}
CAN_STILL_BE_RECUSED = {"issued", "in_session", "minutes_draft", "approval"}
LOCKED = {"locked", "published"}
HELD = {"in_session", "minutes_draft", "approval"} | LOCKED
AGENDA_CHANGES = {"draft", "issued", "in_session", "minutes_draft"}


class No(Exception):
    """The rules refuse; the argument is how."""


def require(condition, sort):
    if not condition:
        raise No(sort)


@dataclass(eq=False)
class Round:
    """One vote on a motion or on a case."""

    subject: object
    number: int
    method: str
    is_open: bool = True
    votes: dict = field(default_factory=dict)
    outcome: str = ""
    dissents: dict = field(default_factory=dict)
    closed_at: int | None = None


@dataclass(eq=False)
class Motion:
    item: "Item"
    kind: str
    proposer: str
    state: str = "proposed"
    rounds: list = field(default_factory=list)


@dataclass(eq=False)
class Case:
    """Whether somebody is disqualified from an item."""

    item: "Item"
    who: str
    own: bool
    state: str = "raised"
    # [left, came back] for each time they were out of the room; None while they are.
    outs: list = field(default_factory=list)
    rounds: list = field(default_factory=list)


@dataclass(eq=False)
class Item:
    closed: bool
    removed: bool = False
    released: bool = False
    issued_closed: bool | None = None
    outcome: str = ""
    worded: bool = False
    worded_for_citizens: bool = False
    cases: list = field(default_factory=list)
    sittings: list = field(default_factory=list)
    motions: list = field(default_factory=list)
    follow_ups: list = field(default_factory=list)

    @property
    def away(self):
        """From the moment a case is raised, until it is dismissed."""
        return {case.who for case in self.cases if case.state != "dismissed"}

    @property
    def voting(self):
        return any(row.is_open for thing in self.motions + self.cases for row in thing.rounds)


@dataclass(eq=False)
class Stay:
    came: int
    left: int | None = None

    def covers(self, moment):
        if moment is None:
            return self.left is None
        return self.came <= moment and (self.left is None or moment <= self.left)


@dataclass
class Body:
    """Who sits in it (leaders first), who of them votes, and its rules."""

    leaders: list
    members: list
    without_vote: set
    ties: str
    decides_without_quorum: bool
    longest_dissent: int

    @property
    def seats(self):
        return [*self.leaders, *self.members]

    @property
    def needed(self):
        """At least half of the members (kommunestyrelseslovens § 11, stk. 2)."""
        return -(-len(self.seats) // 2)

    def leads(self, who):
        return who in {*self.leaders, "secretary"}

    def reads_closed(self, who):
        return who in {*self.seats, "secretary"}

    def belongs(self, who):
        return self.reads_closed(who) or who == "follower"


class MeetingModel:
    """One meeting of a public body."""

    def __init__(self, body):
        self.body = body
        self.now = 0
        self.state = "draft"
        self.agenda = []
        self.gone = []
        self.issued = []
        self.answers = {}
        self.stays = {}
        self.held_from = self.held_to = None
        self.table = None
        self.rounds = []

    # Who is there ----------------------------------------------------------------------------

    def _here(self, who, moment):
        """Until the first one is noted as come, the answers stand for the room."""
        if any(self.stays.values()):
            return any(stay.covers(moment) for stay in self.stays.get(who, []))
        return self.answers.get(who) == "present"

    def present(self, item, moment):
        """In the room at the moment, and not disqualified from the item."""
        return {who for who in self.body.seats if self._here(who, moment)} - item.away

    def present_now(self, item):
        return self.present(item, self.held_to)

    def took_part(self, item):
        """Those there when it was last on the table; when it never was, those there now."""
        return self.present(item, item.sittings[-1][1] if item.sittings else self.held_to)

    def deciding(self, subject):
        """On a motion those at its item; on a case everybody but the one it is about."""
        if isinstance(subject, Case):
            here = {who for who in self.body.seats if self._here(who, self.held_to)}
            return here - {subject.who}
        return self.present_now(subject.item)

    def may_vote(self, subject, who):
        return who in self.deciding(subject) - self.body.without_vote

    def presiding(self, subject):
        return next((who for who in self.body.leaders if who in self.deciding(subject)), None)

    def is_recorded(self):
        return any(self.stays.values()) or any(a != "unknown" for a in self.answers.values())

    def votes_of(self, who):
        return [row.votes[who] for row in self.rounds if who in row.votes]

    @property
    def items(self):
        return [*self.agenda, *self.gone]

    # The room --------------------------------------------------------------------------------

    def answer(self, by, *, coming):
        require(by in self.body.seats and self.state == "issued", NOT_ALLOWED)
        self.answers[by] = "present" if coming else "apology"

    def record_attendance(self, who, status, by):
        require(self.state not in LOCKED | {"approval"}, NOT_ALLOWED)
        calls_the_roll = self.body.leads(by) and self.state == "in_session"
        require(by == "secretary" or calls_the_roll, NOT_ALLOWED)
        require(who in self.body.seats, REFUSED)
        require(status != "substitute", REFUSED)
        require(status == "present" or not self.votes_of(who), REFUSED)
        self.answers[who] = status
        if self.held_from is None:
            return
        if status != "present":
            self.stays[who] = []
        elif not self.stays.get(who):
            self.stays[who] = [Stay(self.held_from, self.held_to)]

    def _moment(self, at, by):
        self._require_session(by)
        require(at >= self.held_from, REFUSED)
        require(at <= self.now + 2, REFUSED)
        return min(at, self.now)

    def _require_session(self, by):
        require(self.body.leads(by) and self.state == "in_session", NOT_ALLOWED)

    def come(self, who, at, by):
        moment = self._moment(at, by)
        require(who in self.body.seats, REFUSED)
        stays = self.stays.setdefault(who, [])
        require(all(stay.left is None or stay.left <= moment for stay in stays), REFUSED)
        require(not any(stay.left is None for stay in stays), STALE)
        stays.append(Stay(moment))
        self.answers[who] = "present"

    def leave(self, who, at, by):
        moment = self._moment(at, by)
        stay = next((s for s in self.stays.get(who, []) if s.left is None), None)
        require(stay, STALE)
        require(moment >= stay.came, REFUSED)
        require(all(moment >= cast for _choice, cast in self.votes_of(who)), REFUSED)
        stay.left = moment

    # The course of the meeting ---------------------------------------------------------------

    def issue(self, by):
        require(by == "secretary" and self.state in {"draft", "issued"}, NOT_ALLOWED)
        require(self.agenda, NOT_ALLOWED)
        self.state, self.issued = "issued", list(self.agenda)
        for item in self.items:
            item.released = item in self.agenda
            item.issued_closed = item.closed if item.released else item.issued_closed

    def move(self, name, by):
        require(self.body.leads(by), NOT_ALLOWED)
        source, target = {
            "begin": ("issued", "in_session"),
            "end": ("in_session", "minutes_draft"),
            "resume": ("minutes_draft", "in_session"),
        }[name]
        require(self.state == source, STALE)
        require(name != "end" or not any(i.voting for i in self.items), NOT_ALLOWED)
        self.state = target
        getattr(self, f"_{name}")()

    def _begin(self):
        self.held_from = self.now

    def _end(self):
        self.held_to = self.now
        self._clear_table()
        for stay in self._all_stays():
            stay.left = self.now if stay.left is None else stay.left

    def _resume(self):
        for stay in self._all_stays():
            stay.left = None if stay.left == self.held_to else stay.left
        self.held_to = None

    def _all_stays(self):
        return [stay for stays in self.stays.values() for stay in stays]

    def _clear_table(self):
        if self.table:
            self.table.sittings[-1][1] = self.now
        self.table = None

    def take_up(self, item, by):
        self._require_session(by)
        require(not item.removed and self.table is not item, STALE)
        before = self.table
        self._clear_table()
        self._come_back(before)
        item.sittings.append([self.now, None])
        self.table = item
        self._go_out(item)

    def finish(self, item, by):
        self._require_session(by)
        require(self.table is item, STALE)
        self._clear_table()
        self._come_back(item)

    def _is_in(self, who):
        return any(stay.left is None for stay in self.stays.get(who, []))

    def _go_out(self, item):
        """Who is in the meeting and kept from the item leaves the room."""
        for case in item.cases:
            inside = all(back is not None for _left, back in case.outs)
            if case.state != "dismissed" and self._is_in(case.who) and inside:
                case.outs.append([self.now, None])

    def _come_back(self, item):
        for case in item.cases if item else []:
            if case.state != "dismissed":
                self._let_in(case)

    def _let_in(self, case):
        for out in case.outs:
            if out[1] is None and self._is_in(case.who):
                out[1] = self.now

    # The agenda ------------------------------------------------------------------------------

    def _require_agenda(self, by):
        require(by == "secretary" and self.state in AGENDA_CHANGES, NOT_ALLOWED)

    def add(self, by, *, closed):
        self._require_agenda(by)
        item = Item(closed)
        self.agenda.append(item)
        return item

    def shift(self, item, to, by):
        self._require_agenda(by)
        require(not item.removed, STALE)
        self.agenda.remove(item)
        self.agenda.insert(to - 1, item)

    def take_off(self, item, by):
        self._require_agenda(by)
        require(not item.removed and not item.voting, STALE)
        item.removed, item.released = True, False
        self.agenda.remove(item)
        self.gone.append(item)

    def set_access(self, item, by, *, closed):
        self._require_agenda(by)
        require(not item.removed, STALE)
        item.closed = closed

    def decide(self, item, outcome, by, *, worded=False):
        require(self.state in {"in_session", "minutes_draft"}, STALE)
        require(by == "secretary", NOT_ALLOWED)
        require(not item.removed, STALE)
        if outcome in BINDING and outcome != item.outcome and self.is_recorded():
            self._require_quorum(self.took_part(item))
        item.outcome = outcome
        if worded:
            item.worded = item.worded_for_citizens = True

    def _require_quorum(self, there):
        enough = len(there) >= self.body.needed
        require(enough or self.body.decides_without_quorum, REFUSED)

    # Whether a member is disqualified --------------------------------------------------------

    def raise_case(self, item, who, by, *, told=False):
        """`told`: the secretariat writes down what the member says of themselves."""
        require(who in self.body.seats and self.state in CAN_STILL_BE_RECUSED, NOT_ALLOWED)
        if by != who:
            asks = by in self.body.seats and self.state in {"issued", "in_session"}
            require(asks or by == "secretary", NOT_ALLOWED)
        own = by == who or (told and by == "secretary")
        require(own or not item.voting, REFUSED)
        require(who not in item.away, STALE)
        case = Case(item, who, own=own)
        item.cases.append(case)
        if self.table is item:
            self._go_out(item)
        return case

    def _require_settling(self, case, by):
        require(self.body.leads(by) and by != case.who, NOT_ALLOWED)
        require(self.state == "in_session", NOT_ALLOWED)

    def _ready_to_settle(self, case, by):
        self._require_settling(case, by)
        require(not case.item.removed, STALE)
        require(not self.is_voting, STALE)
        self._require_quorum(self.deciding(case))
        require(case.state == "raised", STALE)

    def settle(self, case, by, *, upheld):
        """The body decides, and nobody asks for a vote."""
        self._ready_to_settle(case, by)
        self._settled(case, upheld)
        return self._acclaimed(case, adopted=upheld)

    def vote_on_case(self, case, by):
        self._ready_to_settle(case, by)
        return self._new_round(case)

    def settle_late(self, case, by, *, upheld, reason):
        require(by == "secretary" and self.state == "minutes_draft", NOT_ALLOWED)
        require(reason, REFUSED)
        require(case.state == "raised", STALE)
        self._settled(case, upheld)

    def _settled(self, case, upheld):
        case.state = "upheld" if upheld else "dismissed"
        if not upheld and self.state == "in_session":
            self._let_in(case)

    def correct_times(self, case, left, back, by):
        late = by == "secretary" and self.state == "minutes_draft"
        if not late:
            self._require_settling(case, by)
        last = self.now + 2 if self.held_to is None else self.held_to
        require(all(t is None or self.held_from <= t <= last for t in (left, back)), REFUSED)
        require(back is None or (left is not None and left <= back), REFUSED)
        if left is not None:
            apart = all(
                (until is not None and until <= left) or (back is not None and since >= back)
                for since, until in case.outs
            )
            require(apart, REFUSED)
            case.outs.append([left, back])

    # Motions and votes -----------------------------------------------------------------------

    def _runs(self, item, by):
        """Who is kept from an item does not lead it either, open or closed."""
        return self.body.leads(by) and by not in item.away

    def _require_motions(self, item, by):
        open_for_it = self.state in {"issued", "in_session"}
        require(self._runs(item, by) and open_for_it, NOT_ALLOWED)

    def _require_votes(self, item, by):
        require(self._runs(item, by) and self.state == "in_session", NOT_ALLOWED)

    def propose(self, item, kind, proposer, by):
        self._require_motions(item, by)
        require(proposer in self.body.seats, REFUSED)
        require(proposer not in item.away, REFUSED)
        require(not item.removed, STALE)
        mains = [m for m in item.motions if m.kind == "main" and m.state != "withdrawn"]
        require(kind != "main" or not mains, REFUSED)
        motion = Motion(item, kind, proposer)
        later = (n for n, m in enumerate(item.motions) if RANK.index(m.kind) > RANK.index(kind))
        item.motions.insert(next(later, len(item.motions)), motion)
        return motion

    def reorder(self, motion, by, *, down):
        self._require_motions(motion.item, by)
        row = motion.item.motions
        place = row.index(motion)
        other = place + (1 if down else -1)
        if 0 <= other < len(row):
            row[place], row[other] = row[other], row[place]

    def withdraw(self, motion, by):
        self._require_motions(motion.item, by)
        require(motion.state == "proposed", STALE)
        motion.state = "withdrawn"

    def _start(self, motion, by, states):
        item = motion.item
        self._require_votes(item, by)
        require(not item.removed, STALE)
        require(not self.is_voting, STALE)
        asked = [case for case in item.cases if case.state == "raised" and not case.own]
        require(not asked, REFUSED)
        self._require_quorum(self.present_now(item))
        require(motion.state in states, STALE)

    @property
    def is_voting(self):
        return any(row.is_open for row in self.rounds)

    def _new_round(self, subject, method="name", **result):
        row = Round(subject, len(subject.rounds) + 1, method, **result)
        subject.rounds.append(row)
        self.rounds.append(row)
        return row

    def _acclaimed(self, subject, *, adopted):
        outcome = "adopted" if adopted else "rejected"
        done = {"is_open": False, "outcome": outcome, "closed_at": self.now}
        return self._new_round(subject, "acclamation", **done)

    def open_vote(self, motion, by):
        self._start(motion, by, {"proposed", "closed"})
        motion.state = "open"
        return self._new_round(motion)

    def acclaim(self, motion, by, *, adopted):
        self._start(motion, by, {"proposed"})
        motion.state = "closed"
        return self._acclaimed(motion, adopted=adopted)

    def vote(self, row, who, choice, by):
        require(by in {who, "secretary"} and self.state == "in_session", NOT_ALLOWED)
        require(row.is_open, STALE)
        require(self.may_vote(row.subject, who), NOT_ALLOWED)
        require(who not in row.votes, STALE)
        row.votes[who] = (choice, self.now)

    def close_vote(self, row, by):
        subject = row.subject
        if isinstance(subject, Case):
            self._require_settling(subject, by)
        else:
            self._require_votes(subject.item, by)
        require(row.is_open, STALE)
        row.is_open, row.closed_at = False, self.now
        row.outcome = self._result(row)
        if isinstance(subject, Case):
            self._settled(subject, row.outcome == "adopted")
        else:
            subject.state = "closed"

    def _result(self, row):
        """The majority of the votes cast; who abstains has cast none (§ 11, stk. 3)."""
        choices = {who: choice for who, (choice, _cast) in row.votes.items()}
        cast = list(choices.values())
        balance = cast.count("for") - cast.count("against")
        if balance == 0 and self.body.ties == "chair":
            balance = 1 if choices.get(self.presiding(row.subject)) == "for" else -1
        return "adopted" if balance > 0 else "rejected"

    def dissent(self, row, who, words, reason, by):
        require(self.state in {"in_session", "minutes_draft"}, NOT_ALLOWED)
        in_time = by == who and self.state == "in_session"
        require(by == "secretary" or in_time, NOT_ALLOWED)
        require(not row.is_open, NOT_ALLOWED)
        require(row.votes.get(who, ("for", 0))[0] != "for", NOT_ALLOWED)
        require(0 < words <= self.body.longest_dissent, REFUSED)
        require(self.state == "in_session" or reason, REFUSED)
        require(who not in row.dissents, STALE)
        row.dissents[who] = words

    # Follow-ups and reading ------------------------------------------------------------------

    def follow_up(self, item, owner, by):
        require(by == "secretary" and self.state in HELD, NOT_ALLOWED)
        require(not item.removed, STALE)
        require(self.body.belongs(owner), REFUSED)
        require(not item.closed or self.reads(owner, item), REFUSED)
        item.follow_ups.append(owner)

    def reads(self, who, item):
        """Does `who` read what a closed item holds?"""
        return self.body.reads_closed(who) and who not in item.away

    def sees_headings(self, who):
        """The items on whose existence somebody may rely."""
        return [i for i in self.agenda if self.body.leads(who) or i.released]

    def sees_follow_ups(self, who):
        return [
            (item, owner)
            for item in self.agenda
            for owner in item.follow_ups
            if (item.released or self.body.leads(who) or owner == who)
            and (
                self.reads(who, item)
                or (not item.closed and (self.body.reads_closed(who) or owner == who))
            )
        ]

    def reading(self, who):
        """What `who` reads of the meeting: (item, in full?); None when there is nothing yet."""
        if self.body.leads(who):
            return [(i, not i.closed or self.reads(who, i)) for i in self.agenda]
        if self.state == "draft":
            return None
        return [(i, not (i.closed or i.issued_closed) or self.reads(who, i)) for i in self.issued]
