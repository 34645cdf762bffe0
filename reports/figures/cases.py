"""Use cases: how they stand, how that came about, and how risk and value stand to each other."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from committee.models import Committee
from reports.charts import Axis, Bar, Bars, Dot, Flow, Flows, Lines, Look, Scatter, Series
from reports.figures.days import after, before, biggest, month_ends, share
from usecases import policies
from usecases.enums import Status
from usecases.models import CaseMerge, CaseScore, StatusChange, UseCase
from usecases.ranking import HIGHEST, LOWEST, ranking

S = Status
UNCOUNTED = frozenset({S.DRAFT, S.WITHDRAWN})
# Yes was said, and AI is at work or about to be.
ALLOWED = frozenset(
    {S.APPROVED_FOR_PILOT, S.PILOT, S.PILOT_ENDED, S.APPROVED_FOR_OPERATION, S.OPERATION}
)
ON_THE_WAY = frozenset({S.SUBMITTED, S.UNDER_ASSESSMENT, S.PARKED})
MOST_DAYS = 13


@dataclass(frozen=True)
class History:
    """Cases that a reader may know of, and each change of their status."""

    submitted: dict[int, Any]
    now: dict[int, str]
    changes: list[StatusChange]

    def statuses(self, on: date) -> dict[int, str]:
        """Case → its status at the end of the day, of those that were sent in by then."""
        moment = after(on)
        found: dict[int, str] = {}
        for change in self.changes:
            if change.at < moment:
                found[change.case_id] = change.new
            else:
                found.setdefault(change.case_id, change.old)
        return {pk: found.get(pk, self.now[pk]) for pk, at in self.submitted.items() if at < moment}

    def counts(self, on: date) -> Counter[str]:
        found = Counter(self.statuses(on).values())
        return Counter({one: n for one, n in found.items() if one not in UNCOUNTED})


def history(user: Any, committee: Committee, until: date) -> History:
    """Two queries, however many cases there are."""
    cases = UseCase.objects.visible_to(user).filter(
        committee=committee, submitted_at__lt=after(until)
    )
    cases = cases.exclude(pk__in=CaseMerge.objects.order_by().values("case")).order_by()
    rows = list(cases.values_list("pk", "submitted_at", "status"))
    changes = StatusChange.objects.filter(case__in=cases.values("pk")).order_by("pk")
    return History(
        {pk: at for pk, at, _status in rows},
        {pk: status for pk, _at, status in rows},
        list(changes.only("case_id", "old", "new", "at")),
    )


def case_status(user: Any, committee: Committee, on: date) -> Bars:
    """How many uses have which status at the end of the day."""
    counts = history(user, committee, on).counts(on)
    total = sum(counts.values())
    rows = tuple(
        Bar(str(one.label), counts[one], look_of(one), register(one)) for one in S if counts[one]
    )
    note = ngettext("Counts %(n)s use of AI.", "Counts %(n)s uses of AI.", total) % {"n": total}
    if any(row.look == "main" for row in rows):
        dark = _("Dark bars: approved, in a pilot or in operation.")
        note = f"{dark} {note}"
    return Bars(
        "case-status", _("Uses of AI by status"), _status_message(counts), rows, _("Uses of AI"),
        note if total else "", register() if total else "",
    )  # fmt: skip


def look_of(status: str) -> Look:
    return "main" if status in ALLOWED else "soft"


def register(*statuses: str) -> str:
    query = "&".join(f"status={one}" for one in statuses)
    return reverse("usecases:case_list") + (f"?{query}" if query else "")


def _status_message(counts: Counter[str]) -> str:
    total = sum(counts.values())
    if not total:
        return _("There are no uses of AI in the register yet.")
    status, count = biggest([(one.value, counts[one]) for one in S])
    name = str(S(status).label).lower()
    if count == total:
        said = ngettext(
            "The only use has the status “%(name)s”", "All %(n)s uses have the status “%(name)s”",
            total,
        )  # fmt: skip
        return said % {"n": total, "name": name}
    if part := share(count, total):
        return _("%(part)s use of AI has the status “%(name)s”") % {"part": part, "name": name}
    said = _("Most have the status “%(name)s”: %(n)s of %(all)s")
    return said % {"name": name, "n": count, "all": total}


# Over time ---------------------------------------------------------------------------------------


def status_over_time(user: Any, committee: Committee, start: date, end: date) -> Lines:
    """How many uses were being weighed, were allowed, and were at work, month by month."""
    found = history(user, committee, end)
    days = month_ends(start, end, MOST_DAYS)
    counts = [found.counts(day) for day in days]
    groups: list[tuple[str, Iterable[str]]] = [
        (_("being assessed"), ON_THE_WAY),
        (_("approved or in a pilot"), ALLOWED - {S.OPERATION}),
        (_("in operation"), {S.OPERATION}),
        (_("closed or on hold"), {S.SUSPENDED, S.RETIRED, S.REJECTED}),
    ]
    series = tuple(
        Series(name, tuple((day, _sum(one, states)) for day, one in zip(days, counts, strict=True)))
        for name, states in groups
        if any(_sum(one, states) for one in counts)
    )
    message = _trend(_sum(counts[0], ALLOWED), _sum(counts[-1], ALLOWED))
    if not series:
        message = _("There are no uses of AI in the register yet.")
    return Lines(
        "status-over-time", _("Uses of AI over time"), message, series, _("Uses of AI"),
        url=register() if series else "",
    )  # fmt: skip


def _sum(counts: Counter[str], states: Iterable[str]) -> int:
    return sum(counts[one] for one in states)


def _trend(first: int, last: int) -> str:
    facts = {"first": first, "last": last}
    if last > first:
        return _("More uses are approved or at work: from %(first)s to %(last)s") % facts
    if last < first:
        return _("Fewer uses are approved or at work: from %(first)s to %(last)s") % facts
    return _("As many are approved or at work as when the period began: %(last)s") % facts


def case_flow(user: Any, committee: Committee, start: date, end: date) -> Flows:
    """How many went from which status to which in the period."""
    found = history(user, committee, end)
    moves = Counter(
        (one.old, one.new)
        for one in found.changes
        if before(start) <= one.at < after(end) and one.old != one.new
    )
    order = list(S.values)
    rows = tuple(
        Flow(str(S(old).label), str(S(new).label), count, register(new))
        for (old, new), count in sorted(
            moves.items(), key=lambda one: (order.index(one[0][0]), order.index(one[0][1]))
        )
    )
    return Flows(
        "case-flow", _("Movements between states"), _flow_message(moves), rows, _("Movements"),
        url=register() if rows else "",
    )  # fmt: skip


def _flow_message(moves: Counter[tuple[str, str]]) -> str:
    total = sum(moves.values())
    if not total:
        return _("No use of AI changed its status in the period.")
    allowed = sum(n for (old, new), n in moves.items() if new in ALLOWED and old in ON_THE_WAY)
    turned_down = sum(n for (_old, new), n in moves.items() if new == S.REJECTED)
    said = ngettext(
        "%(n)s move in the period: %(yes)s to an approval, %(no)s to a no",
        "%(n)s moves in the period: %(yes)s to an approval, %(no)s to a no",
        total,
    )
    return said % {"n": total, "yes": allowed, "no": turned_down}


# Risk against value ------------------------------------------------------------------------------


def risk_and_value(user: Any, committee: Committee, on: date) -> Scatter:
    """The scores of live uses on the day, for those who see the ranking."""
    rows = _scored(user, committee, on)
    scales = ranking()
    dots = tuple(
        Dot(f"{one.case.number} {one.case.title}", one.risk, one.value, _risk_look(one.risk),
            one.case.get_absolute_url())
        for one in rows
    )  # fmt: skip
    ticks = tuple((float(step), str(step)) for step in range(LOWEST, HIGHEST + 1))
    return Scatter(
        "risk-and-value",
        _("Risk against value"),
        _ranking_message(user, committee, rows),
        Axis(scales.scale("risk").label, LOWEST, HIGHEST, ticks),
        Axis(scales.scale("value").label, LOWEST, HIGHEST, ticks),
        dots,
        _("The scores are the secretariat's newest by the day. Black dots: high risk.")
        if dots
        else "",
    )


def _scored(user: Any, committee: Committee, on: date) -> list[CaseScore]:
    """Each case's newest score by then; none for who does not see the ranking."""
    if not policies.sees_ranking(user, committee.pk):
        return []
    alive = [
        pk
        for pk, status in history(user, committee, on).statuses(on).items()
        if status not in UNCOUNTED | {S.REJECTED, S.RETIRED}
    ]
    newest = CaseScore.objects.filter(case__in=alive, at__lt=after(on)).order_by().values("case")
    found = CaseScore.objects.filter(pk__in=newest.annotate(last=Max("pk")).values("last"))
    return list(found.select_related("case").order_by("case__reference", "case_id"))


def _risk_look(risk: int) -> Look:
    looks: dict[str, Look] = {"low": "pale", "middle": "soft", "high": "late"}
    return looks[ranking().level_of(risk).key]


def _ranking_message(user: Any, committee: Committee, rows: Sequence[CaseScore]) -> str:
    if not policies.sees_ranking(user, committee.pk):
        return _("The ranking is the committee's own working paper and is not part of this report.")
    if not rows:
        return _("No use of AI has been scored yet.")
    middle = (LOWEST + HIGHEST) / 2
    good = sum(one.value > middle and one.risk < middle for one in rows)
    said = ngettext(
        "%(good)s of %(n)s scored use has high value and low risk",
        "%(good)s of %(n)s scored uses have high value and low risk",
        len(rows),
    )
    return said % {"good": good, "n": len(rows)}
