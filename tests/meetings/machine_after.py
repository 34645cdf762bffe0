"""The machine's acts from the end of the meeting on; see `test_meeting_machine`."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from meetings.models import MinutesAddition, MinutesApproval
from meetings.selectors.approval import answers, sent_version
from meetings.selectors.proof import proof
from meetings.selectors.publication import find_private, open_request
from meetings.selectors.reopening import open_reopening
from meetings.services.additions import (
    add_addition,
    approve_reopening,
    ask_reopening,
    drop_reopening,
)
from meetings.services.approval import answer_minutes, reply_correction
from meetings.services.minutes import (
    lock_minutes,
    override_lines,
    reopen_minutes,
    send_for_approval,
)
from meetings.services.publication import (
    ask_publication,
    publish_minutes,
    resolve_findings,
    withdraw_minutes,
)

# How far a random meeting may have come when the random acts begin.
STAGES = ["approval", "answered", "locked", "published"]
PLACES = st.integers(0, 11)
AFTER = {"minutes_draft", "approval", "locked", "published"}
TWO_WEEKS = 14 * 24 * 60
BY = st.sampled_from(["secretary"] * 7 + ["chair", "m0", "outsider"])
LEAD = st.sampled_from(["secretary"] * 3 + ["chair"] * 3 + ["vice", "m0"])
MOSTLY = st.sampled_from([True] * 4 + [False])
ANSWERS = ["approve", "approve", "reservation", "correction", "correction"]


class AfterTheMeeting:
    """Rules and comparisons; `both`, `model`, `pks` and the rest are the machine's."""

    def after(self, by, in_model, service, **fields):
        return self.paired(
            self.both(in_model, lambda: service(meeting=self.fresh(), by=self.who(by), **fields))
        )

    def take_to(self, stage):
        """From the meeting to where the random acts are to begin."""
        if stage in {"minutes", *STAGES}:
            self.move(name="end", by="chair")
        if stage in STAGES:
            self.finish("secretary")
        if stage in STAGES[1:]:
            self.everybody_answers()
        if stage in STAGES[2:]:
            self.lock("chair")
        if stage == "published":
            self.ask_to_publish("secretary")
            self.publish("chair")

    # Minutes ---------------------------------------------------------------------------------

    def finish(self, by):
        """Decide what is not decided, give reasons for the rest, and send."""
        for item in self.model.agenda:
            if not item.worded or not item.outcome:
                self.decide(item, "discussed", by, worded=True)
        for place in range(len(self.model.missing())):
            self.give_reason(0, by) if place < 20 else None
        self.send(by)

    def lines(self):
        return [line for check in proof(self.fresh()) for line in check.lines]

    def give_reason(self, place, by):
        missing = self.model.missing()
        place %= len(missing) or 1
        waiting = [line for line in self.lines() if not line.is_overridden]
        assert len(waiting) == len(missing), ([line.text for line in waiting], missing)
        if missing:
            self.both(
                lambda: self.model.give_reason(missing[place], by),
                lambda: override_lines(
                    meeting=self.fresh(), reasons={waiting[place].key: "Ved ikke"}, by=self.who(by)
                ),
            )

    def send(self, by):
        self.after(by, lambda: self.model.send(by), send_for_approval)

    @precondition(lambda self: self.model.state in {"in_session", "minutes_draft"})
    @rule(act=st.sampled_from(["finish", "send", "reason"]), place=PLACES, by=BY)
    def minutes(self, act, place, by):
        if act == "send":
            self.send(by)
        elif act == "reason":
            self.give_reason(place, by)
        else:
            if self.model.state == "in_session":
                self.move(name="end", by=by)
            self.finish(by)

    # Approval --------------------------------------------------------------------------------

    def everybody_answers(self):
        for who in list(self.model.asked()):
            self.say(who, "approve", self.model.version, who, words=False)

    def say(self, who, word, version, by, *, words):
        self.after(
            by,
            lambda: self.model.say(who, word, version, by, words=words),
            answer_minutes,
            version=version, member=self.who(who), answer=word, text="Nej." if words else "",
        )  # fmt: skip

    @precondition(lambda self: self.model.state in AFTER and self.model.version)
    @rule(
        who=PLACES, word=st.sampled_from(ANSWERS), old=st.sampled_from([0, 0, 0, 1]),
        by=st.sampled_from(["self"] * 4 + ["secretary", "chair"]), words=MOSTLY,
    )  # fmt: skip
    def answers_minutes(self, who, word, old, by, words):
        who = self.somebody(who)
        by = who if by == "self" else by
        self.say(who, word, max(self.model.version - old, 1), by, words=words)

    @precondition(lambda self: self.model.said)
    @rule(place=PLACES, waiting=MOSTLY, accepted=st.booleans(), by=BY)
    def replies(self, place, waiting, accepted, by):
        asks = [a for a in self.model.newest().values() if a.stops_the_lock and waiting]
        said = asks or self.model.said
        answer = said[place % len(said)]
        self.both(
            lambda: self.model.reply(answer, by, accepted=accepted),
            lambda: reply_correction(
                approval=self.row(answer, MinutesApproval), accepted=accepted, text="Ja.",
                by=self.who(by),
            ),
        )  # fmt: skip

    @precondition(lambda self: self.model.state == "approval")
    @rule(by=LEAD, act=st.sampled_from(["correction", "everybody", "time", "time", "back", "lock"]))
    def to_the_lock(self, act, by):
        """Also with a correction that nobody answered; some time the deadline has passed."""
        if act == "correction":
            self.say(self.model.asked()[0], "correction", self.model.version, "secretary",
                     words=True)  # fmt: skip
        if act in {"correction", "everybody"}:
            silent = [who for who in self.model.asked() if who not in self.model.newest()]
            for who in silent:
                self.say(who, "approve", self.model.version, "secretary", words=False)
        if act == "time":
            self.step += TWO_WEEKS
            self.model.is_late = True
        if act == "back":
            self.after(by, lambda: self.model.take_back(by), reopen_minutes)
        else:
            self.lock(by)

    def lock(self, by):
        self.after(by, lambda: self.model.lock(by), lock_minutes)

    # Afterwards ------------------------------------------------------------------------------

    @precondition(lambda self: self.model.state in {"approval", "locked", "published"})
    @rule(
        place=PLACES, whole=st.booleans(), citizens=MOSTLY, reason=MOSTLY,
        times=st.integers(1, 3), by=BY,
    )  # fmt: skip
    def adds(self, place, whole, citizens, reason, times, by):
        """Several in a row, too."""
        for number in range(times):
            item = None if whole else self.item(place + number)
            self.add_to_minutes(item, citizens, reason, by)

    def add_to_minutes(self, item, citizens, reason, by):
        self.after(
            by,
            lambda: self.model.add_to_minutes(item, by, for_citizens=citizens, reason=reason),
            add_addition,
            text="Også.", public_text="Mere." if citizens else "",
            reason="Glemt" if reason else "", item=self.row(item) if item else None,
        )  # fmt: skip

    REOPEN = ["ask", "ask", "approve", "approve", "drop", "both", "both"]

    @precondition(lambda self: self.model.state in AFTER)
    @rule(act=st.sampled_from(REOPEN), reason=MOSTLY, by=LEAD, other=LEAD, alone=st.booleans())
    def reopens(self, act, reason, by, other, alone):
        """`both`: one asks and one approves, as often as not the same person."""
        other = by if alone else other
        words = "En fejl" if reason else " "
        if act in {"ask", "both"}:
            self.after(
                by, lambda: self.model.ask_to_reopen(by, reason=reason), ask_reopening,
                reason=words,
            )  # fmt: skip
        if act in {"approve", "both"}:
            self.after(other, lambda: self.model.let_reopen(other), approve_reopening)
        if act == "drop":
            self.after(by, lambda: self.model.turn_down(by), drop_reopening)

    PUBLISH = ["ask", "publish", "withdraw", "both"]

    @precondition(lambda self: self.model.state in AFTER)
    @rule(act=st.sampled_from(PUBLISH), reason=MOSTLY, by=BY, other=LEAD)
    def publishes(self, act, reason, by, other):
        if act == "withdraw":
            self.after(
                by, lambda: self.model.withdraw_minutes(by, reason=reason), withdraw_minutes,
                reason="En fejl" if reason else " ",
            )  # fmt: skip
        if act in {"ask", "both"}:
            self.ask_to_publish(by)
        if act in {"publish", "both"}:
            self.publish(other)

    def ask_to_publish(self, by):
        meeting = self.fresh()
        reasons = {f.key: "Må stå her" for f in find_private(meeting) if not f.is_resolved}
        if reasons and self.model.state in {"locked", "published"}:
            resolve_findings(meeting=meeting, reasons=reasons, by=self.who("secretary"))
        self.after(by, lambda: self.model.ask_to_publish(by), ask_publication)

    def publish(self, by):
        self.after(by, lambda: self.model.publish(by), publish_minutes)

    # What must be the same -------------------------------------------------------------------

    def stored_after(self, meeting):
        if meeting.state not in AFTER:
            return {}
        version = sent_version(meeting)
        reopening, request = open_reopening(meeting), open_request(meeting)
        added = MinutesAddition.objects.filter(meeting=meeting).order_by("number")
        found = answers(meeting, version) if version else []
        is_draft = meeting.state == "minutes_draft"
        return {
            "versions": (meeting.minutes_version, meeting.public_minutes),
            "made": list(
                meeting.versions.filter(kind="minutes").order_by("number")
                .values_list("number", flat=True)
            ),
            "additions": [(row.number, row.item_id) for row in added],
            "reopening": reopening and reopening.asked_by_id,
            "publication": request and request.asked_by_id,
            "answers": {
                (a.member.pk, a.approval.answer, a.reply and a.reply.accepted)
                for a in found
                if a.approval
            },
            "lacks": [
                (check.key, line.item_id, line.is_overridden)
                for check in (proof(meeting) if is_draft else [])
                for line in check.lines
            ],
        }  # fmt: skip

    def modelled_after(self):
        model, ids = self.model, self.people_ids()
        if model.state not in AFTER:
            return {}
        request = model.asked_to_publish
        return {
            "versions": (model.version, model.public),
            "made": list(range(1, model.version + 1)),
            "additions": [
                (number, item and self.pk(item))
                for number, item in enumerate(model.additions, start=1)
            ],
            "reopening": model.asked_to_reopen and ids[model.asked_to_reopen],
            "publication": request and ids[request[0]],
            "answers": {(ids[a.who], a.word, a.reply) for a in model.newest().values()},
            "lacks": [
                (check, item and self.pk(item), (check, item, what) in model.reasons)
                for check, item, what in (model.lacks() if model.state == "minutes_draft" else [])
            ],
        }
