"""The proof that minutes are complete: every check, what fails it, and where it is mended.

A line that fails can be overridden with a reason, which then stands in the minutes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.canonical import canonical_json, sha256_hex
from meetings.enums import BINDING, AttendanceStatus, FollowUpState, VoteChoice, VoteMethod
from meetings.models import (
    AgendaItem,
    Dissent,
    FollowUp,
    Meeting,
    ProofOverride,
    Vote,
    VoteRound,
)
from meetings.selectors.completeness import Missing, missing_in_decision
from meetings.selectors.motions import has_seat_that_votes
from meetings.selectors.presence import Rolls
from meetings.selectors.recusals import unsettled
from meetings.selectors.snapshot import agenda_items

LABELS: dict[str, Any] = {
    "decisions": gettext_lazy("Outcome and decision of every item"),
    "attendance": gettext_lazy("Attendance"),
    "quorum": gettext_lazy("Quorum for every decision"),
    "votes": gettext_lazy("Votes that add up"),
    "dissents": gettext_lazy("Dissenting opinions in their place"),
    "recusals": gettext_lazy("Disqualification settled"),
    "follow_ups": gettext_lazy("Follow-ups with owner and date"),
    "unplaced": gettext_lazy("Nothing left unplaced"),
}
# Where a check is looked into when nothing fails it.
PLACES = {"attendance": "meetings:meeting_people", "recusals": "meetings:meeting_people"}


@dataclass(frozen=True)
class Line:
    """One thing that is missing. `key` names it exactly: another lack has another key."""

    key: str
    text: str
    url: str
    item_id: int | None = None
    field: str = ""
    reason: str = ""
    can_override: bool = True

    @property
    def is_overridden(self) -> bool:
        return bool(self.reason)


@dataclass(frozen=True)
class Check:
    """One question to the minutes, and the lines that answer it with no."""

    key: str
    url: str
    lines: list[Line] = field(default_factory=list)

    @property
    def label(self) -> str:
        return str(LABELS[self.key])

    @property
    def waiting(self) -> list[Line]:
        return [line for line in self.lines if not line.is_overridden]

    @property
    def is_done(self) -> bool:
        return not self.waiting


@dataclass(frozen=True)
class _Facts:
    """What the checks look at, fetched once."""

    meeting: Meeting
    items: list[AgendaItem]
    rolls: Rolls
    rounds: list[VoteRound]


def proof(meeting: Meeting, items: list[AgendaItem] | None = None) -> list[Check]:
    """Every check of the minutes as they stand. A fixed number of queries."""
    facts = _gather(meeting, agenda_items(meeting) if items is None else items)
    reasons = {row.key: row.reason for row in ProofOverride.objects.filter(meeting=meeting)}
    found = []
    for key, check in CHECKS.items():
        lines = [replace(line, reason=reasons.get(line.key, "")) for line in check(facts)]
        place = reverse(PLACES.get(key, "meetings:meeting_agenda"), args=[meeting.pk])
        found.append(Check(key, place, lines))
    return found


def missing_in_minutes(meeting: Meeting, checks: list[Check] | None = None) -> list[Missing]:
    """What is missing before the minutes can go out, and is not overridden."""
    return [
        Missing(line.text, line.url, line.item_id, line.field)
        for check in (proof(meeting) if checks is None else checks)
        for line in check.waiting
    ]


def undecided(meeting: Meeting) -> list[Missing]:
    """Questions of disqualification, raised since, that the minutes say nothing about."""
    checks = [check for check in proof(meeting) if check.key == "recusals"]
    return missing_in_minutes(meeting, checks)


def overridden_lines(meeting: Meeting) -> list[tuple[Line, ProofOverride]]:
    """The lines that are still missing and have their reason, as the minutes state them."""
    rows = {row.key: row for row in ProofOverride.objects.filter(meeting=meeting)}
    if not rows:
        return []
    lines = [line for check in proof(meeting) for line in check.lines]
    return [(line, rows[line.key]) for line in lines if line.key in rows]


def _gather(meeting: Meeting, items: list[AgendaItem]) -> _Facts:
    for item in items:
        item.meeting = meeting
    rounds = VoteRound.objects.in_meeting(meeting).select_related(
        "motion__item", "disqualification__item"
    )
    votes = Prefetch("votes", Vote.objects.select_related("member"))
    dissents = Prefetch("dissents", Dissent.objects.select_related("member"))
    found = list(rounds.prefetch_related(votes, dissents).order_by("pk"))
    return _Facts(meeting, items, Rolls(meeting), found)


def _line(
    check: str, text: str, url: str, item: AgendaItem | None = None, mark: Any = "", **more: Any
) -> Line:
    key = sha256_hex(canonical_json([check, item.pk if item else None, mark]))
    return Line(key, Truncator(text).chars(500), url, item.pk if item else None, **more)


# The checks -----------------------------------------------------------------------------


def _decisions(facts: _Facts) -> Iterator[Line]:
    for item in facts.items:
        for missing in missing_in_decision(item):
            # A heading that says nothing is refused by the move itself.
            bare = missing.field == "public_title"
            yield _line(
                "decisions",
                missing.text,
                missing.url,
                item,
                [missing.field, item.outcome],
                field=missing.field,
                can_override=not bare,
            )


def _attendance(facts: _Facts) -> Iterator[Line]:
    url = reverse("meetings:meeting_people", args=[facts.meeting.pk])
    answers = facts.rolls.answers
    if not any(row.status != AttendanceStatus.UNKNOWN for row in answers.values()):
        yield _line("attendance", _("Record who was present"), url)
        return
    here = AttendanceStatus.in_the_room()
    unknown, timeless = [], []
    for member in facts.rolls.members:
        answer = answers.get(member.user_id)
        if answer is None or answer.status == AttendanceStatus.UNKNOWN:
            unknown.append(member.user)
        elif answer.status in here and _began(facts) and not facts.rolls.stays.get(member.user_id):
            timeless.append(member.user)
    if unknown:
        text = _("Record whether they were present: %(names)s") % _names(unknown)
        yield _line("attendance", text, url, None, ["unknown", *_ids(unknown)])
    if timeless:
        text = _("Present, but without times: %(names)s") % _names(timeless)
        yield _line("attendance", text, url, None, ["times", *_ids(timeless)])


def _began(facts: _Facts) -> bool:
    """Was the meeting held here? Imported minutes have nobody's times."""
    return facts.meeting.held_from is not None and bool(facts.rolls.stays)


def _names(people: Iterable[Any]) -> dict[str, str]:
    return {"names": ", ".join(sorted(person.name for person in people))}


def _ids(people: Iterable[Any]) -> list[int]:
    return sorted(person.pk for person in people)


def _quorum(facts: _Facts) -> Iterator[Line]:
    if facts.meeting.rule_profile.rules["decide_without_quorum"]:
        return
    for item in facts.items:
        roll = facts.rolls.of(item)
        if item.outcome in BINDING and roll.is_recorded and not roll.is_quorate:
            values = {"number": item.position, "present": len(roll.present), "needed": roll.needed}
            text = (
                _("Item %(number)s was decided by %(present)s present; %(needed)s were needed")
                % values
            )
            url = _decision_url(item)
            yield _line("quorum", text, url, item, len(roll.present), field="outcome")
    yield from _votes_by_too_few(facts)


def _votes_by_too_few(facts: _Facts) -> Iterator[Line]:
    """Somebody left between the opening of a vote and its end, or was noted as gone later."""
    items = {item.pk: item for item in facts.items}
    closed = [row for row in facts.rounds if not row.is_open and row.item.pk in items]
    for row in closed if facts.rolls.is_recorded else []:
        item = items[row.item.pk]
        present = len(_present(facts, row, item))
        if present < facts.rolls.needed:
            text = _(
                "A vote on item %(number)s was held by %(present)s present; %(needed)s were needed"
            ) % {"number": item.position, "present": present, "needed": facts.rolls.needed}
            yield _line("quorum", text, _votes_url(row, item), item, [row.pk, present])


def _decision_url(item: AgendaItem) -> str:
    return reverse("meetings:item_edit", args=[item.meeting_id, item.pk]) + "#decision"


def _votes(facts: _Facts) -> Iterator[Line]:
    items = {item.pk: item for item in facts.items}
    for row in facts.rounds:
        item = items.get(row.item.pk)
        if item is not None:
            yield from _round(facts, row, item)


def _round(facts: _Facts, row: VoteRound, item: AgendaItem) -> Iterator[Line]:
    url = _votes_url(row, item)
    where = {"number": item.position}
    if row.is_open:
        yield _line("votes", _("Close the vote on item %(number)s") % where, url, item, row.pk)
        return
    if row.method != VoteMethod.NAME:
        return
    if _counted(row) != (row.votes_for, row.votes_against, row.abstentions):
        text = _("The votes on item %(number)s do not add up to the result") % where
        yield _line("votes", text, url, item, [row.pk, "sum"])
    cast = {vote.member_id for vote in row.votes.all()}
    able = _able(facts, row, item)
    missing = [member for pk, member in able.items() if pk not in cast]
    if missing:
        text = _("No vote on item %(number)s from %(names)s") % {**where, **_names(missing)}
        yield _line("votes", text, url, item, [row.pk, *_ids(missing)])
    strangers = [vote.member for vote in row.votes.all() if vote.member_id not in able]
    if strangers:
        text = _("Voted on item %(number)s, but absent or disqualified: %(names)s") % {
            **where,
            **_names(strangers),
        }
        yield _line("votes", text, url, item, [row.pk, "stranger", *_ids(strangers)])


def _votes_url(row: VoteRound, item: AgendaItem) -> str:
    if row.disqualification_id:
        return reverse("meetings:recusal_page", args=[item.meeting_id, row.disqualification_id])
    return reverse("meetings:item_votes", args=[item.meeting_id, item.pk])


def _counted(row: VoteRound) -> tuple[int, ...]:
    choices = [vote.choice for vote in row.votes.all()]
    return tuple(
        choices.count(choice) for choice in (VoteChoice.FOR, VoteChoice.AGAINST, VoteChoice.ABSTAIN)
    )


def _able(facts: _Facts, row: VoteRound, item: AgendaItem) -> dict[int, Any]:
    """Those in the room who had a vote."""
    present = _present(facts, row, item)
    return {
        member.user_id: member.user
        for member in facts.rolls.members
        if member.user_id in present and has_seat_that_votes(member, facts.meeting)
    }


def _present(facts: _Facts, row: VoteRound, item: AgendaItem) -> set[int]:
    """Those in the room when the vote closed; nobody decides on themselves."""
    case = row.disqualification
    roll = facts.rolls.of(None if case else item, row.closed_at)
    return {seat.member_id for seat in roll.present} - ({case.member_id} if case else set())


def _dissents(facts: _Facts) -> Iterator[Line]:
    """One that stands in the minutes belongs to a closed vote of an item that is still there."""
    items = {item.pk: item for item in facts.items}
    for row in facts.rounds:
        item = items.get(row.item.pk)
        for dissent in row.dissents.all():
            if item is None or row.is_open:
                text = _("The dissenting opinion of %(name)s has no vote in the minutes") % {
                    "name": dissent.member.name
                }
                url = reverse("meetings:meeting_agenda", args=[facts.meeting.pk])
                yield _line("dissents", text, url, item, dissent.pk)


def _recusals(facts: _Facts) -> Iterator[Line]:
    """Whether a member was disqualified is for the body to decide, before the minutes close."""
    for row in unsettled(facts.meeting):
        text = _("It is not decided whether %(name)s is disqualified from item %(number)s") % {
            "name": row.member.name,
            "number": row.item.position,
        }
        url = reverse("meetings:recusal_page", args=[facts.meeting.pk, row.pk])
        yield _line("recusals", text, url, row.item, row.pk)


def _follow_ups(facts: _Facts) -> Iterator[Line]:
    items = {item.pk: item for item in facts.items}
    nobody = Q(owner__isnull=True, owner_unit="") | Q(owner__is_active=False)
    rows = FollowUp.objects.filter(nobody | Q(due_on__isnull=True), item__in=items)
    for row in rows.filter(state=FollowUpState.OPEN):
        item = items[row.item_id]
        text = _("A follow-up of item %(number)s has nobody who does it") % {
            "number": item.position
        }
        yield _line("follow_ups", text, row.get_absolute_url(), item, row.pk)


def _unplaced(facts: _Facts) -> Iterator[Line]:
    if facts.meeting.unplaced.strip():
        url = reverse("meetings:meeting_agenda", args=[facts.meeting.pk]) + "#unplaced"
        mark = sha256_hex(facts.meeting.unplaced.encode())
        yield _line("unplaced", _("Place the text that the import left over"), url, None, mark)


CHECKS: dict[str, Any] = {
    "attendance": _attendance,
    "decisions": _decisions,
    "quorum": _quorum,
    "votes": _votes,
    "dissents": _dissents,
    "recusals": _recusals,
    "follow_ups": _follow_ups,
    "unplaced": _unplaced,
}
