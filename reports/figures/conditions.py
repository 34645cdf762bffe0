"""Conditions: how many bind, and how many of them are met, month by month."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from committee.models import Committee
from ethics.enums.conditions import STANDING, EventKind
from ethics.models import Condition, ConditionEvent
from reports.charts import Look, Stack, Stacked
from reports.charts.draw import day
from reports.figures.days import after, month_ends

MOST_DAYS = 12
K = EventKind
# What each line of the history makes of a condition; other lines leave it where it was.
MAKES = {
    K.PUT_IN_FORCE: "owner",
    K.REOPEN: "owner",
    K.WITHDRAW: "owner",
    K.REJECT: "owner",
    K.HAND_IN: "waits",
    K.VERIFY: "verified",
    K.WAIVE: "waived",
    K.DROP: "dropped",
}
LOOKS: tuple[Look, ...] = ("main", "soft", "pale", "late")


def conditions_over_time(user: Any, committee: Committee, start: date, end: date) -> Stacked:
    """How the conditions that this reader may read stood at the end of each month."""
    rows = list(
        Condition.objects.readable_by(user)
        .filter(case__committee=committee, state__in=STANDING, in_force_at__isnull=False)
        .order_by("pk")
        .distinct()
    )
    events: dict[int, list[ConditionEvent]] = defaultdict(list)
    for event in ConditionEvent.objects.filter(condition__in=[one.pk for one in rows]).order_by(
        "pk"
    ):
        events[event.condition_id].append(event)
    days = month_ends(start, end, MOST_DAYS)
    found = [_counted(rows, events, on) for on in days]
    bars = tuple(
        Stack(day(on), counts)
        for on, counts in zip(days, found, strict=True)
        if any(counts) or on == days[-1]
    )
    names = (_("Confirmed"), _("Waived"), _("Open, within the deadline"), _("Past the deadline"))
    series = tuple((str(name), look) for name, look in zip(names, LOOKS, strict=True))
    total = sum(bars[-1].values)
    note = ngettext("Counts %(n)s condition.", "Counts %(n)s conditions.", total) % {"n": total}
    return Stacked(
        "conditions-over-time", _("Conditions of the ethics reviews"), _message(found), series,
        bars, _("Conditions"), note if total else "",
        reverse("ethics:condition_list") if total else "",
    )  # fmt: skip


def _counted(
    rows: list[Condition], events: dict[int, list[ConditionEvent]], on: date
) -> tuple[int, int, int, int]:
    """Verified, waived, open and overdue at the end of the day."""
    states = [
        _late(row, _state(row, events[row.pk], on), on)
        for row in rows
    ]  # fmt: skip
    late = states.count("late")
    opened = states.count("owner") + states.count("waits")
    return states.count("verified"), states.count("waived"), opened, late


def _state(row: Condition, events: list[ConditionEvent], on: date) -> str:
    """Where it was: what the last line until then made of it."""
    moment = after(on)
    made = [MAKES[K(one.kind)] for one in events if one.at < moment and K(one.kind) in MAKES]
    if made:
        return made[-1]
    bound = row.in_force_at is not None and row.in_force_at < moment
    return "owner" if bound else ""


def _late(row: Condition, state: str, on: date) -> str:
    """Evidence that waits to be looked at is not late."""
    return "late" if state == "owner" and row.due_on < on else state


def _message(found: list[tuple[int, int, int, int]]) -> str:
    verified, waived, opened, late = found[-1]
    total = verified + waived + opened + late
    if not total:
        return _("No conditions have been set.")
    facts = {"met": verified, "n": total, "late": late}
    if late:
        said = ngettext(
            "%(met)s of %(n)s conditions are confirmed, and %(late)s is overdue",
            "%(met)s of %(n)s conditions are confirmed, and %(late)s are overdue",
            late,
        )
        return said % facts
    return _("%(met)s of %(n)s conditions are confirmed, and none is overdue") % facts
