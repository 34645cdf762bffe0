"""“My work”: what waits for me, by deadline, what waits for others, and the next meeting."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from portal.selectors.coming import next_meeting
from portal.selectors.documents import asked_for
from portal.selectors.facts import gather
from portal.selectors.mine import mine
from portal.selectors.news import news
from portal.selectors.others import others
from portal.selectors.waiting import Text, Waiting


@dataclass(frozen=True)
class Group:
    """Rows with deadlines of one sort."""

    key: str
    heading: Text
    rows: list[Waiting]
    is_hot: bool


HEADINGS = {
    "overdue": gettext_lazy("Overdue"),
    "today": gettext_lazy("Due today"),
    "week": gettext_lazy("This week"),
    "later": gettext_lazy("Later"),
}

HOT = {"overdue", "today"}


def my_work(user: Any, now: datetime | None = None) -> dict[str, Any]:
    """The whole page; its queries do not grow with what it shows."""
    facts = gather(user, now)
    waiting = _by_deadline(mine(facts))
    return {
        "today": timezone.localdate(facts.now),
        "groups": _grouped(waiting, facts.now),
        "count": len(waiting),
        "documents": list(asked_for(user)),
        "others": _by_deadline(others(facts)),
        "next": next_meeting(facts),
        "news": news(facts),
        "runs_something": any(facts.runs(pk) for pk in user.roles),
    }


def _by_deadline(rows: Iterable[Waiting]) -> list[Waiting]:
    return sorted(rows, key=lambda row: (row.due is None, row.due))


def _grouped(rows: list[Waiting], now: datetime) -> list[Group]:
    found: dict[str, list[Waiting]] = {key: [] for key in HEADINGS}
    for row in rows:
        found[_group(row.due, now)].append(row)
    return [Group(key, HEADINGS[key], kept, key in HOT) for key, kept in found.items() if kept]


def _group(due: datetime | None, now: datetime) -> str:
    if due is None:
        return "later"
    if due < now:
        return "overdue"
    today, day = timezone.localdate(now), timezone.localdate(due)
    if day == today:
        return "today"
    return "week" if day <= today + timedelta(days=6 - today.weekday()) else "later"
