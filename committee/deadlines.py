"""Deadlines counted in weekdays, with the Danish public holidays."""

from datetime import date, timedelta
from functools import cache

# Days that are not holidays by law but on which a municipality is closed.
CLOSED_DAYS = {(6, 5), (12, 24), (12, 31)}


@cache
def _holidays(year: int) -> frozenset[date]:
    import holidays

    return frozenset(holidays.country_holidays("DK", years=year))


def is_weekday(day: date, *, saturday: bool = False) -> bool:
    """True for a day that counts in a deadline; Saturdays only when the rules say so."""
    if day.weekday() == 6 or (day.weekday() == 5 and not saturday):
        return False
    return day not in _holidays(day.year) and (day.month, day.day) not in CLOSED_DAYS


def weekdays_before(day: date, count: int, *, saturday: bool = False) -> date:
    """The last day that leaves `count` whole weekdays before `day`."""
    return _step(day, count, -1, saturday)


def weekdays_after(day: date, count: int, *, saturday: bool = False) -> date:
    """The `count`-th weekday after `day`."""
    return _step(day, count, 1, saturday)


def _step(day: date, count: int, direction: int, saturday: bool) -> date:
    while count > 0:
        day += timedelta(days=direction)
        if is_weekday(day, saturday=saturday):
            count -= 1
    return day
