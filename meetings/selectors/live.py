"""The meeting while it goes on: one page for those who lead it, one for those who follow."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from committee.enums import READ_CLOSED as READERS
from committee.models import roles_in
from core.canonical import canonical_json, sha256_hex
from core.models import AuditEntry
from meetings import policies
from meetings.enums import (
    DECISION,
    AttendanceStatus,
    MeetingState,
    MotionState,
    OpeningStep,
    Outcome,
)
from meetings.models import AgendaItem, Meeting, Motion, Sitting, Vote
from meetings.models.people import disqualified_items
from meetings.selectors.motions import voting
from meetings.selectors.outcomes import outcome_words, screen_vote
from meetings.selectors.presence import Roll, Rolls, on_the_table, planned_end
from meetings.selectors.recusals import live_cases
from meetings.selectors.snapshot import agenda_items

# Width and step of one seat in the quorum's picture, in its own units.
SEAT, PICTURE = 17, 336
CAST_VOTE = "meetings.cast_vote"
READ_CLOSED = "meetings.read_closed_item"
# Minutes; more than this, and the plan is of another day.
LONGEST_DELAY = 12 * 60


# A meeting that nobody ended is not followed for ever.
OVERTIME = timedelta(hours=2)


@dataclass(frozen=True)
class Line:
    """One item in the side list."""

    item: AgendaItem
    title: str
    state: str
    since: datetime | None
    words: str


def is_running(meeting: Meeting) -> bool:
    """Is the meeting on, and not long past the time it was planned to end?"""
    on = meeting.state == MeetingState.IN_SESSION
    return on and timezone.now() < meeting.ends_at + OVERTIME


def live_stamp(user: Any, meeting: Meeting, *, counts_votes: bool = False) -> str:
    """Changes whenever the page would: a few small queries, so that asking often is cheap.

    Every act on the meeting is a row of the protocol; what a reader may see of it hangs on their
    roles and on what they are disqualified from. Those who only follow learn of the others' votes
    when the round is closed, unless the page shows how many are in (`counts_votes`).
    """
    acts = AuditEntry.objects.filter(scope_type="meetings.Meeting", scope_id=str(meeting.pk))
    # That somebody reads changes nothing for the others; following a closed item is recorded.
    unseen = [READ_CLOSED]
    own = 0
    if not (policies.sees_drafts(user, meeting.committee_id) or counts_votes):
        unseen.append(CAST_VOTE)
        own = Vote.objects.filter(member=user.pk, round__motion__item__meeting=meeting).count()
    acts = acts.exclude(verb__in=unseen)
    newest = acts.order_by("-seq").values_list("seq", flat=True).first()
    roles = sorted(roles_in(user, meeting.committee_id))
    facts = [user.pk, roles, disqualified_items(user), newest, own, meeting.state, meeting.version]
    return sha256_hex(canonical_json(facts))[:32]


def live_page(user: Any, meeting: Meeting) -> dict[str, Any]:
    """Agenda, the item on the table, its votes, who is there, and what can be done now."""
    # Before and after, the agenda and the minutes are read as they were issued, not here.
    items = agenda_items(meeting) if meeting.state == MeetingState.IN_SESSION else []
    sitting = on_the_table(meeting)
    current = next((item for item in items if sitting and item.pk == sitting.item_id), None)
    rolls = Rolls(meeting)
    lines = _lines(user, meeting, items, rolls, current)
    return {
        "meeting": meeting,
        "works": policies.sees_drafts(user, meeting.committee_id),
        "is_insider": True,
        "can_run": policies.can_run_session(user, meeting),
        "can_record": policies.can_record_attendance(user, meeting),
        "lines": lines,
        "current": next((line for line in lines if line.item == current), None),
        "sitting": sitting,
        "next": next((line for line in lines if line.state == "waiting"), None),
        "shown": _shown(user, meeting, current),
        "recusals": _recusals(user, current),
        "cases": live_cases(user, meeting, {line.item.pk: line.title for line in lines}),
        "asks": _asks(user, current),
        "votes": _votes(user, meeting, items, current, rolls),
        "outcomes": Outcome.choices,
        "names_substitutes": meeting.rule_profile.rules["substitutes"]
        and policies.can_name_substitute(user, meeting),
        "substitutes_rule": meeting.rule_profile.rules.rules["substitutes"],
        "stamp": live_stamp(user, meeting),
        "is_on": meeting.state == MeetingState.IN_SESSION,
        "tab": "live",
        **_opening(meeting),
        **_room(user, meeting, rolls, current),
        **_clock(meeting, items, sitting),
    }


def _asks(user: Any, item: AgendaItem | None) -> dict[str, Any]:
    """Whether one can say of oneself, or ask about another, while the item is on the table."""
    if item is None:
        return {}
    return {
        "own": policies.can_declare_disqualified(user, item)
        and not policies.is_disqualified(user, item.pk),
        "other": policies.sees_drafts(user, item.meeting.committee_id)
        and bool(policies.can_raise_disqualification(user, item)),
    }


def _room(user: Any, meeting: Meeting, rolls: Rolls, item: AgendaItem | None) -> dict[str, Any]:
    """Who is there; `people` tells nobody who is kept from an item that they do not read."""
    names = _names_recused(user, item)
    roll = rolls.of(item) if names else rolls.of(item).discreet
    return {
        "roll": roll,
        "people": roll.seats if names else rolls.of().seats,
        "picture": quorum_picture(roll),
        "quorum_rule": meeting.rule_profile.rules.rules["quorum"],
        "statuses": AttendanceStatus.choices,
    }


def _clock(meeting: Meeting, items: list[AgendaItem], sitting: Sitting | None) -> dict[str, Any]:
    """When it ends as things go, and how far that is from the plan."""
    ends = planned_end(meeting, items, sitting)
    late = round((ends - meeting.ends_at).total_seconds() / 60)
    if abs(late) > LONGEST_DELAY:  # held on another day than planned
        late = 0
    return {"ends": ends, "minutes_late": max(late, 0), "minutes_early": max(-late, 0)}


def screen_page(user: Any, meeting: Meeting) -> dict[str, Any]:
    """The wall: of a closed item its public heading and nothing else."""
    page = live_page(user, meeting)
    current = page["current"]
    is_open = current is not None and not current.item.is_closed
    settled = [row for row in page["recusals"] if not row["case"].is_raised]
    return page | {
        "recusals": settled if is_open else [],
        "questions": [row["case"] for row in page["cases"] if _on_the_wall(row, current)],
        "vote": screen_vote(current.item, page["sitting"]) if is_open else None,
    }


def _on_the_wall(row: dict[str, Any], current: Line | None) -> bool:
    """A question about an open item, when the item is on the table or the question voted on."""
    item = row["case"].item
    now = current is not None and current.item.pk == item.pk
    return not item.is_closed and (now or row["open_round"] is not None)


def _votes(
    user: Any,
    meeting: Meeting,
    items: list[AgendaItem],
    current: AgendaItem | None,
    rolls: Rolls,
) -> dict[str, Any] | None:
    """The item being voted on, else the one on the table, for those who follow its votes."""
    open_motions = Motion.objects.filter(item__meeting=meeting, state=MotionState.OPEN)
    voted_on = open_motions.values_list("item_id", flat=True).first()
    item = next((item for item in items if item.pk == voted_on), current)
    if item is None or not policies.can_follow_votes(user, item):
        return None
    return voting(user, item, rolls)


def _lines(
    user: Any,
    meeting: Meeting,
    items: list[AgendaItem],
    rolls: Rolls,
    current: AgendaItem | None,
) -> list[Line]:
    words = outcome_words(user, meeting, items, rolls)
    return [_line(user, item, rolls, current, words.get(item.pk, "")) for item in items]


def _line(
    user: Any, item: AgendaItem, rolls: Rolls, current: AgendaItem | None, words: str
) -> Line:
    sittings: list[Sitting] = rolls.sittings.get(item.pk, [])
    state = "done" if sittings else "waiting"
    if current is not None and item.pk == current.pk:
        state = "now"
    readable = policies.reading_level(user, item.pk, item.meeting.committee_id) == "full"
    title = item.title if readable or not item.is_closed else item.public_heading
    return Line(item, title, state, sittings[-1].began_at if sittings else None, words)


def _shown(user: Any, meeting: Meeting, item: AgendaItem | None) -> dict[str, Any]:
    """The decision as far as it is written, for those who prepare it."""
    if item is None or not policies.sees_drafts(user, meeting.committee_id):
        return {}
    readable = policies.reading_level(user, item.pk, meeting.committee_id) == "full"
    if item.is_closed and not readable:
        return {}
    text = next((text for text in item.texts.all() if text.key == DECISION), None)
    return {
        "decision": text.text if text else "",
        "version": text.version if text else 0,
        "outcome": item.get_outcome_display() if item.outcome else "",
        "chosen": item.outcome,
        "can_write": policies.can_record_decision(user, item),
    }


def _names_recused(user: Any, item: AgendaItem | None) -> bool:
    """Of a closed item only those who read closed items learn who is kept from it."""
    if item is None or not item.is_closed:
        return True
    return bool(roles_in(user, item.meeting.committee_id) & READERS)


def _recusals(user: Any, item: AgendaItem | None) -> list[dict[str, Any]]:
    """Who is kept from the item, with the grounds for those who read them."""
    if item is None or not _names_recused(user, item):
        return []
    rows = item.disqualifications.filter(lifted_at__isnull=True).select_related("member")
    return [
        {"case": row, "grounds": row.grounds if policies.reads_grounds(user, row) else ""}
        for row in rows
    ]


def _opening(meeting: Meeting) -> dict[str, Any]:
    """The steps before the first item; `step` is the one to take now, empty when they are done."""
    steps = [
        {"key": key, "label": label, "done_at": meeting.opening.get(key)}
        for key, label in OpeningStep.choices
    ]
    waiting = (key for key in OpeningStep.values if key not in meeting.opening)
    return {"steps": steps, "step": next(waiting, "")}


def quorum_picture(roll: Roll) -> dict[str, Any]:
    """Where the seats of the drawing stand: those present first, the mark where enough are."""
    count = max(len(roll.seats), 1)
    step = min(PICTURE / count, 40.0)
    states = ["seat"] * len(roll.present) + ["rec"] * len(roll.recused) + ["off"] * len(roll.away)
    size = min(SEAT, step - 4)
    places = [
        {"kind": kind, "x": _unit(2 + step * place), "x2": _unit(2 + step * place + size)}
        for place, kind in enumerate(states)
    ]
    return {
        "seats": places,
        "size": _unit(size),
        "mark": _unit(min(max(step * roll.needed - 0.5, 24), PICTURE - 30)),
    }


def _unit(value: float) -> str:
    """As SVG writes it, whatever the language."""
    return f"{value:.1f}"
