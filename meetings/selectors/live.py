"""The meeting while it goes on: one page for those who lead it, one for those who follow."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from core.canonical import canonical_json, sha256_hex
from core.models import AuditEntry
from meetings import policies
from meetings.enums import DECISION, AttendanceStatus, MeetingState, OpeningStep
from meetings.models import AgendaItem, Disqualification, Meeting, Sitting, Vote
from meetings.models.people import disqualified_items
from meetings.selectors.presence import Roll, Rolls, on_the_table, planned_end
from meetings.selectors.recusals import live_cases
from meetings.selectors.snapshot import agenda_items

# Width and step of one seat in the quorum's picture, in its own units.
SEAT, PICTURE = 17, 336
CAST_VOTE = "meetings.cast_vote"


@dataclass(frozen=True)
class Line:
    """One item in the side list."""

    item: AgendaItem
    title: str
    state: str
    since: datetime | None


def live_stamp(user: Any, meeting: Meeting, *, counts_votes: bool = False) -> str:
    """Changes whenever the page would: a few small queries, so that asking often is cheap.

    Every act on the meeting is a row of the protocol; what a reader may see of it hangs on their
    roles and on what they are disqualified from. Those who only follow learn of the others' votes
    when the round is closed, unless the page shows how many are in (`counts_votes`).
    """
    acts = AuditEntry.objects.filter(scope_type="meetings.Meeting", scope_id=str(meeting.pk))
    works = policies.sees_drafts(user, meeting.committee_id)
    own = 0
    if not (works or counts_votes):
        acts = acts.exclude(verb=CAST_VOTE)
        own = Vote.objects.filter(member=user.pk, round__motion__item__meeting=meeting).count()
    newest = acts.order_by("-seq").values_list("seq", flat=True).first()
    facts = [user.pk, works, disqualified_items(user), newest, own, meeting.state, meeting.version]
    return sha256_hex(canonical_json(facts))[:32]


def live_page(user: Any, meeting: Meeting) -> dict[str, Any]:
    """Agenda, the item on the table, who is there, and what can be done now."""
    # Before and after, the agenda and the minutes are read as they were issued, not here.
    items = agenda_items(meeting) if meeting.state == MeetingState.IN_SESSION else []
    sitting = on_the_table(meeting)
    current = next((item for item in items if sitting and item.pk == sitting.item_id), None)
    rolls = Rolls(meeting)
    roll = rolls.of(current)
    lines = [_line(user, meeting, item, rolls, current) for item in items]
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
        "roll": roll,
        "picture": quorum_picture(roll),
        "recusals": _recusals(current),
        "cases": live_cases(user, meeting, {line.item.pk: line.title for line in lines}),
        "steps": _steps(meeting),
        "step": _next_step(meeting),
        "statuses": _statuses(meeting),
        "ends": planned_end(meeting, items, sitting),
        "quorum_rule": meeting.rule_profile.rules.rules["quorum"],
        "stamp": live_stamp(user, meeting),
        "is_on": meeting.state == MeetingState.IN_SESSION,
        "now": timezone.now(),
        "tab": "live",
    }


def _line(
    user: Any, meeting: Meeting, item: AgendaItem, rolls: Rolls, current: AgendaItem | None
) -> Line:
    sittings: list[Sitting] = rolls.sittings.get(item.pk, [])
    state = "done" if sittings else "waiting"
    if current is not None and item.pk == current.pk:
        state = "now"
    readable = policies.reading_level(user, item.pk, meeting.committee_id) == "full"
    title = item.title if readable or not item.is_closed else item.public_heading
    return Line(item, title, state, sittings[-1].began_at if sittings else None)


def _shown(user: Any, meeting: Meeting, item: AgendaItem | None) -> dict[str, str]:
    """The decision as far as it is written, for those who write it."""
    if item is None or not policies.sees_drafts(user, meeting.committee_id):
        return {}
    readable = policies.reading_level(user, item.pk, meeting.committee_id) == "full"
    if item.is_closed and not readable:
        return {}
    texts = {text.key: text.text for text in item.texts.all()}
    return {
        "decision": texts.get(DECISION, ""),
        "outcome": item.get_outcome_display() if item.outcome else "",
    }


def _recusals(item: AgendaItem | None) -> list[Disqualification]:
    if item is None:
        return []
    rows = item.disqualifications.filter(lifted_at__isnull=True)
    return list(rows.select_related("member"))


def _steps(meeting: Meeting) -> list[dict[str, Any]]:
    return [
        {"key": key, "label": label, "done_at": meeting.opening.get(key)}
        for key, label in OpeningStep.choices
    ]


def _next_step(meeting: Meeting) -> str:
    """The opening step to take now; empty when the items can begin."""
    return next((key for key in OpeningStep.values if key not in meeting.opening), "")


def _statuses(meeting: Meeting) -> list[tuple[str, Any]]:
    """The choices of the roll call; substitutes only where the rules have them."""
    substitutes = meeting.rule_profile.rules["substitutes"]
    return [
        (value, label)
        for value, label in AttendanceStatus.choices
        if substitutes or value != AttendanceStatus.SUBSTITUTE
    ]


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
