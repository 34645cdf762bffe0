"""The rules of a meeting read aloud: a small model without a database and without Django.

Written from the law and the body's rules, not from the services. Every act either happens or
raises `No` with the sort of refusal; time is whole minutes.
"""

from dataclasses import dataclass, field

NOT_ALLOWED, REFUSED, STALE = "NotAllowed", "Refused", "StaleState"
RANK = ["postponement", "amendment", "addition", "main"]
BINDING = {"adopted", "adopted_changed", "rejected"}
CAN_STILL_BE_RECUSED = {"issued", "in_session", "minutes_draft", "approval"}
AGENDA_CHANGES = {"draft", "issued", "in_session", "minutes_draft"}


class No(Exception):
    """The rules refuse; the argument is how."""


def require(condition, sort):
    if not condition:
        raise No(sort)


@dataclass(eq=False)
class Round:
    """One vote on a motion."""

    number: int
    method: str
    is_open: bool = True
    votes: dict = field(default_factory=dict)
    outcome: str = ""
    dissents: dict = field(default_factory=dict)

    def count(self, choice):
        return 0 if self.is_open else list(self.votes.values()).count(choice)


@dataclass(eq=False)
class Motion:
    item: "Item"
    kind: str
    proposer: str
    state: str = "proposed"
    rounds: list = field(default_factory=list)


@dataclass(eq=False)
class Item:
    closed: bool
    removed: bool = False
    released: bool = False
    issued_closed: bool | None = None
    outcome: str = ""
    away: set = field(default_factory=set)
    sittings: list = field(default_factory=list)
    motions: list = field(default_factory=list)
    follow_ups: list = field(default_factory=list)

    @property
    def voting(self):
        return any(motion.state == "open" for motion in self.motions)


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

    def may_vote(self, item, who):
        return who in self.present_now(item) - self.body.without_vote

    def presiding(self, item):
        return next((who for who in self.body.leaders if who in self.present_now(item)), None)

    def is_recorded(self):
        return any(self.stays.values()) or any(a != "unknown" for a in self.answers.values())

    def votes_of(self, who):
        rounds = (r for item in self.items for m in item.motions for r in m.rounds)
        return [row.votes[who] for row in rounds if who in row.votes]

    @property
    def items(self):
        return [*self.agenda, *self.gone]

    # The room --------------------------------------------------------------------------------

    def answer(self, by, *, coming):
        require(by in self.body.seats and self.state == "issued", NOT_ALLOWED)
        self.answers[by] = "present" if coming else "apology"

    def record_attendance(self, who, status, by):
        require(by == "secretary", NOT_ALLOWED)
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
        self._clear_table()
        item.sittings.append([self.now, None])
        self.table = item

    def finish(self, item, by):
        self._require_session(by)
        require(self.table is item, STALE)
        self._clear_table()

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

    def decide(self, item, outcome, by):
        require(self.state in {"in_session", "minutes_draft"}, STALE)
        require(by == "secretary", NOT_ALLOWED)
        require(not item.removed, STALE)
        if outcome in BINDING and outcome != item.outcome and self.is_recorded():
            self._require_quorum(self.took_part(item))
        item.outcome = outcome

    def _require_quorum(self, there):
        enough = len(there) >= self.body.needed
        require(enough or self.body.decides_without_quorum, REFUSED)

    # Recusal ---------------------------------------------------------------------------------

    def recuse(self, item, who, by):
        require(who in self.body.seats and self.state in CAN_STILL_BE_RECUSED, NOT_ALLOWED)
        require(by in {who, "secretary"}, NOT_ALLOWED)
        require(who not in item.away, STALE)
        item.away.add(who)

    def clear(self, item, who, by):
        require(by == "secretary", NOT_ALLOWED)
        item.away.discard(who)

    # Motions and votes -----------------------------------------------------------------------

    def _runs(self, item, by):
        return self.body.leads(by) and not (item.closed and by in item.away)

    def _require_motions(self, item, by):
        open_for_it = self.state in {"issued", "in_session"}
        require(self._runs(item, by) and open_for_it, NOT_ALLOWED)

    def _require_votes(self, item, by):
        require(self._runs(item, by) and self.state == "in_session", NOT_ALLOWED)

    def propose(self, item, kind, proposer, by):
        self._require_motions(item, by)
        require(proposer in self.body.seats, REFUSED)
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
        require(not any(other.voting for other in self.items), STALE)
        self._require_quorum(self.present_now(item))
        require(motion.state in states, STALE)

    def open_vote(self, motion, by):
        self._start(motion, by, {"proposed", "closed"})
        motion.state = "open"
        motion.rounds.append(Round(len(motion.rounds) + 1, "name"))

    def acclaim(self, motion, by, *, adopted):
        self._start(motion, by, {"proposed"})
        motion.state = "closed"
        outcome = "adopted" if adopted else "rejected"
        motion.rounds.append(Round(len(motion.rounds) + 1, "acclamation", False, outcome=outcome))

    def vote(self, motion, row, who, choice, by):
        require(by in {who, "secretary"} and self.state == "in_session", NOT_ALLOWED)
        require(row.is_open, STALE)
        require(self.may_vote(motion.item, who), NOT_ALLOWED)
        require(who not in row.votes, STALE)
        row.votes[who] = (choice, self.now)

    def close_vote(self, motion, row, by):
        self._require_votes(motion.item, by)
        require(row.is_open, STALE)
        row.is_open, motion.state = False, "closed"
        row.outcome = self._result(motion.item, row)

    def _result(self, item, row):
        """The majority of the votes cast; who abstains has cast none (§ 11, stk. 3)."""
        choices = {who: choice for who, (choice, _cast) in row.votes.items()}
        cast = list(choices.values())
        balance = cast.count("for") - cast.count("against")
        if balance == 0 and self.body.ties == "chair":
            balance = 1 if choices.get(self.presiding(item)) == "for" else -1
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
        require(by == "secretary", NOT_ALLOWED)
        require(self.state in {"in_session", "minutes_draft"}, NOT_ALLOWED)
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
