"""Hold the meeting: begin, decisions item by item, end; `presence` has who is in the room."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.verdicts import Refused, StaleState
from meetings import policies
from meetings.enums import BINDING, DECIDING, Outcome
from meetings.models import AgendaItem, Meeting
from meetings.selectors.presence import Rolls
from meetings.services.locking import hold
from meetings.services.texts import Saved, save_texts
from meetings.workflow import MEETING


@transaction.atomic
def move_meeting(*, meeting: Meeting, move: str, by: Any) -> Meeting:
    """Begin, end or resume the meeting."""
    if move not in {"begin", "end", "resume"}:
        raise KeyError(move)
    policies.can_lead_meeting(by, meeting).require()
    # A vote that is being opened is seen by the guard of the move, or waits for it.
    Meeting.objects.select_for_update().get(pk=meeting.pk)
    old = MEETING.apply(meeting, move)
    CLOCK[move](meeting)
    audit.record(f"meetings.{move}", meeting, by=by, scope=meeting, data={"from": old})
    return meeting


def _begin(meeting: Meeting) -> None:
    meeting.held_from = timezone.now()
    meeting.save(update_fields=["held_from"])


def _end(meeting: Meeting) -> None:
    """Everybody leaves, and nothing is on the table any more."""
    meeting.held_to = timezone.now()
    meeting.save(update_fields=["held_to"])
    meeting.sittings.filter(ended_at__isnull=True).update(ended_at=meeting.held_to)
    meeting.presences.filter(left_at__isnull=True).update(left_at=meeting.held_to)


def _resume(meeting: Meeting) -> None:
    """Those who stayed until the end are still there."""
    meeting.presences.filter(left_at=meeting.held_to).update(left_at=None)
    meeting.held_to = None
    meeting.save(update_fields=["held_to"])


CLOCK: dict[str, Callable[[Meeting], None]] = {"begin": _begin, "end": _end, "resume": _resume}


@transaction.atomic
def record_decision(
    *,
    item: AgendaItem,
    outcome: str,
    texts: dict[str, str],
    versions: dict[str, int],
    by: Any,
) -> Saved:
    """Write an item's outcome and decision texts.

    Raises `StaleState` on a locked meeting; conflicting texts come back in the result and the
    outcome is then left alone.
    """
    hold(item.meeting)
    if item.meeting.state not in DECIDING:
        raise StaleState(
            _("Decisions cannot be written now: the state is “%(state)s”. Nothing was changed.")
            % {"state": item.meeting.get_state_display()}
        )
    policies.can_record_decision(by, item).require()
    if item.removed_at:
        raise StaleState(_("The item has been taken off the agenda. Nothing was changed."))
    if outcome not in Outcome.values:
        raise Refused(_("Choose an outcome from the list."), "outcome")
    if outcome in BINDING and outcome != item.outcome:
        require_quorum(item)
    saved = save_texts(item=item, texts=texts, versions=versions, by=by)
    if not saved.conflicts and outcome != item.outcome:
        _set_outcome(item, outcome, by)
    return saved


def require_quorum(item: AgendaItem) -> None:
    """Refuse when too few were there for the item, unless the profile only wants it minuted.

    Kommunestyrelseslovens § 11, stk. 2. Before anybody's attendance is recorded nothing is known
    yet; the minutes cannot be finished without it.
    """
    rules = item.meeting.rule_profile.rules
    roll = Rolls(item.meeting).of(item)
    if not roll.is_recorded or roll.is_quorate or rules["decide_without_quorum"]:
        return
    raise Refused(
        _(
            "%(present)s of %(seats)s are present and may take part in item %(number)s; %(needed)s "
            "are needed to decide. %(rule)s %(legal)s."
        )
        % {
            "present": len(roll.present),
            "seats": len(roll.seats),
            "number": item.position,
            "needed": roll.needed,
            "rule": rules.rules["decide_without_quorum"].text,
            "legal": rules.rules["decide_without_quorum"].legal,
        },
        "outcome",
    )


def _set_outcome(item: AgendaItem, outcome: str, by: Any) -> None:
    moment = timezone.now() if outcome else None
    AgendaItem.objects.filter(pk=item.pk).update(
        outcome=outcome,
        decided_at=moment,
        decided_by=by if outcome else None,
        version=F("version") + 1,
    )
    item.refresh_from_db()
    audit.record(
        "meetings.record_decision", item, by=by, scope=item.meeting, data={"outcome": outcome}
    )
