"""The same model from the end of the meeting on: minutes, their approval, and what comes later."""

from dataclasses import dataclass

from tests.meetings.model import (
    BINDING,
    LOCKED,
    NOT_ALLOWED,
    REFUSED,
    STALE,
    MeetingModel,
    require,
)


@dataclass(eq=False)
class Answer:
    """What one member says to one version of the minutes."""

    version: int
    who: str
    word: str
    reply: bool | None = None

    @property
    def stops_the_lock(self):
        """A correction that was not answered, or was promised and not made."""
        return self.word == "correction" and self.reply is not False


class WholeMeeting(MeetingModel):
    """A meeting from its first item to the last addition."""

    def __init__(self, body):
        super().__init__(body)
        self.reasons = set()
        # The version that counts now, the one that is public, and the items of the last sent.
        self.version = self.public = 0
        self.sent = []
        self.said = []
        self.is_late = False
        self.additions = []
        self.asked_to_reopen = None
        self.asked_to_publish = None

    # What must be there ----------------------------------------------------------------------

    def lacks(self):
        """(question, item or None, exactly what), in the order in which they are asked."""
        return [
            *self._without_attendance(),
            *self._without_decision(),
            *self._without_quorum(),
            *self._votes_that_do_not_add_up(),
            *self._dissents_without_a_vote(),
            *self._undecided_cases(),
        ]

    def missing(self):
        return [lack for lack in self.lacks() if lack not in self.reasons]

    def _without_attendance(self):
        seats = self.body.seats
        if not any(self.answers.get(who, "unknown") != "unknown" for who in seats):
            return [("attendance", None, "nobody's")]
        unknown = [who for who in seats if self.answers.get(who, "unknown") == "unknown"]
        present = [who for who in seats if self.answers.get(who) == "present"]
        timed = any(self.stays.values())
        timeless = [who for who in present if timed and not self.stays.get(who)]
        return [
            ("attendance", None, (sort, *sorted(who)))
            for sort, who in (("unknown", unknown), ("times", timeless))
            if who
        ]

    def _without_decision(self):
        for item in self.agenda:
            if not item.worded:
                yield "decisions", item, ("words", item.outcome)
            elif not item.outcome:
                yield "decisions", item, "outcome"
            if item.closed and not item.worded_for_citizens:
                yield "decisions", item, ("citizens", item.outcome)

    def _without_quorum(self):
        if self.body.decides_without_quorum or not self.is_recorded():
            return
        for item in self.agenda:
            there = len(self.took_part(item))
            if item.outcome in BINDING and there < self.body.needed:
                yield "quorum", item, there
        for row in self.rounds:
            there = len(self._there(row))
            if not row.is_open and not row.subject.item.removed and there < self.body.needed:
                yield "quorum", row.subject.item, (id(row), there)

    def _votes_that_do_not_add_up(self):
        for row in self.rounds:
            item = row.subject.item
            if item.removed or row.method != "name":
                continue
            able, cast = self._able(row), set(row.votes)
            if able - cast:
                yield "votes", item, (id(row), "missing", *sorted(able - cast))
            if cast - able:
                yield "votes", item, (id(row), "strangers", *sorted(cast - able))

    def _able(self, row):
        """Those who had a vote when it closed."""
        return self._there(row) - self.body.without_vote

    def _there(self, row):
        """Those in the room when the vote closed, without who was kept from it."""
        here = {who for who in self.body.seats if self._here(who, row.closed_at)}
        away = row.subject.item.away if row.subject in row.subject.item.motions else set()
        alone = {getattr(row.subject, "who", None)}
        return here - away - alone

    def _dissents_without_a_vote(self):
        for row in self.rounds:
            if row.subject.item.removed:
                yield from (("dissents", None, (id(row), who)) for who in row.dissents)

    def _undecided_cases(self):
        for item in self.agenda:
            for case in item.cases:
                if case.state == "raised":
                    yield "recusals", item, (id(case),)

    def give_reason(self, lack, by):
        """The minutes go out all the same."""
        require(by == "secretary" and self.state == "minutes_draft", NOT_ALLOWED)
        require(lack in self.missing(), STALE)
        self.reasons.add(lack)

    # Approval --------------------------------------------------------------------------------

    def send(self, by):
        require(by == "secretary", NOT_ALLOWED)
        require(not self.missing(), REFUSED)
        require(self.state == "minutes_draft", STALE)
        self.state, self.is_late = "approval", False
        self.version += 1
        self.sent = [(item, item.closed) for item in self.agenda]
        for item in self.items:
            item.released = not item.removed

    def take_back(self, by):
        require(by == "secretary", NOT_ALLOWED)
        require(self.state == "approval", STALE)
        self.state = "minutes_draft"

    def asked(self):
        """Those who took part; everybody when nobody's attendance is known."""
        seats = self.body.seats
        came = [who for who in seats if self.answers.get(who) == "present" or self.stays.get(who)]
        return came or seats

    def newest(self):
        return {a.who: a for a in self.said if a.version == self.version}

    def say(self, who, word, version, by, *, words):
        require(self.state == "approval" and version == self.version, STALE)
        require(by == "secretary" or (by == who and by in self.body.seats), NOT_ALLOWED)
        require(who in self.asked(), REFUSED)
        require(not self.is_late or by == "secretary", REFUSED)
        require(word == "approve" or words, REFUSED)
        answer = Answer(version, who, word)
        self.said.append(answer)
        return answer

    def reply(self, answer, by, *, accepted):
        require(by == "secretary" and self.state == "approval", NOT_ALLOWED)
        waits = self.newest().get(answer.who) is answer and answer.reply is None
        require(waits and answer.word == "correction", STALE)
        answer.reply = accepted

    def lock(self, by):
        require(self.body.leads(by), NOT_ALLOWED)
        require(self.state == "approval", STALE)
        newest = self.newest()
        require(not any(answer.stops_the_lock for answer in newest.values()), REFUSED)
        require(self.is_late or set(self.asked()) <= set(newest), REFUSED)
        require(not set(self._undecided_cases()) - self.reasons, REFUSED)
        self.state = "locked"
        self.version += 1

    # Afterwards ------------------------------------------------------------------------------

    def add_to_minutes(self, item, by, *, for_citizens, reason):
        require(by == "secretary" and self.state in LOCKED, NOT_ALLOWED)
        require(reason, REFUSED)
        require(item is None or not item.removed, REFUSED)
        about = self.agenda if item is None else [item]
        require(for_citizens or not any(one.closed for one in about), REFUSED)
        self.version += 1
        self.additions.append(item)

    def _require_reopening(self, by):
        require(self.body.leads(by) and self.state == "locked", NOT_ALLOWED)

    def ask_to_reopen(self, by, *, reason):
        self._require_reopening(by)
        require(reason, REFUSED)
        require(self.asked_to_reopen is None, STALE)
        self.asked_to_reopen = by

    def let_reopen(self, by):
        self._require_reopening(by)
        require(self.asked_to_reopen != by, NOT_ALLOWED)
        require(self.asked_to_reopen, REFUSED)
        self.state, self.asked_to_reopen, self.asked_to_publish = "minutes_draft", None, None

    def turn_down(self, by):
        self._require_reopening(by)
        require(self.asked_to_reopen, REFUSED)
        self.asked_to_reopen = None

    def _require_news(self):
        added = self.state == "published" and self.public < self.version
        require(self.state == "locked" or added, STALE)

    def ask_to_publish(self, by):
        require(by == "secretary", NOT_ALLOWED)
        self._require_news()
        require(self.asked_to_publish is None or self.asked_to_publish[1] != self.version, STALE)
        self.asked_to_publish = by, self.version

    def publish(self, by):
        require(self.body.leads(by), NOT_ALLOWED)
        asker, version = self.asked_to_publish or (None, None)
        require(asker != by, NOT_ALLOWED)
        self._require_news()
        require(version == self.version, REFUSED)
        self.state, self.public, self.asked_to_publish = "published", self.version, None

    def withdraw_minutes(self, by, *, reason):
        require(by == "secretary", NOT_ALLOWED)
        require(reason, REFUSED)
        require(self.state == "published", STALE)
        self.state, self.public = "locked", 0

    # Reading ---------------------------------------------------------------------------------

    def reading(self, who):
        """Minutes take the agenda's place: for insiders when they are out, else when public."""
        out = LOCKED if self.body.leads(who) else LOCKED | {"approval"}
        if self.state not in (out if self.body.belongs(who) else {"published"}):
            return super().reading(who)
        return [(i, not (i.closed or was) or self.reads(who, i)) for i, was in self.sent]
