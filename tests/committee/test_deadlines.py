"""Deadlines in weekdays: the Danish calendar as a table, and what every deadline must be."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from committee.deadlines import is_weekday, weekdays_after, weekdays_before

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
COUNT = st.integers(1, 30)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-01-01", "nytårsdag"), ("2026-04-02", "skærtorsdag"), ("2026-04-03", "langfredag"),
        ("2026-04-05", "påskedag"), ("2026-04-06", "2. påskedag"),
        ("2026-05-14", "Kristi himmelfart"), ("2026-05-24", "pinsedag"),
        ("2026-05-25", "2. pinsedag"), ("2026-06-05", "grundlovsdag"), ("2026-12-24", "juleaften"),
        ("2026-12-25", "juledag"), ("2026-12-26", "2. juledag"), ("2026-12-31", "nytårsaften"),
        ("2023-05-05", "store bededag, sidste gang"), ("2026-02-28", "lørdag"),
        ("2026-03-01", "søndag"),
    ],
)  # fmt: skip
def test_closed_day(day: str, name: str) -> None:
    assert not is_weekday(date.fromisoformat(day)), name


@pytest.mark.parametrize(
    "day",
    ["2026-04-01", "2026-04-07", "2026-05-13", "2026-05-15", "2026-06-04", "2026-12-23",
     "2026-12-28", "2024-04-26", "2026-05-01"],
)  # fmt: skip
def test_ordinary_day(day: str) -> None:
    """Also the day that was “store bededag” until 2023, and 1 May."""
    assert is_weekday(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("meeting", "count", "due"),
    [
        ("2026-02-25", 4, "2026-02-19"),  # over a week-end
        ("2026-04-08", 4, "2026-03-30"),  # over Easter
        ("2026-06-08", 2, "2026-06-03"),  # over Constitution Day
        ("2027-01-05", 4, "2026-12-28"),  # over the turn of the year
        ("2026-03-31", 3, "2026-03-26"),  # over the beginning of summer time
        ("2026-10-27", 3, "2026-10-22"),  # over its end
        ("2026-02-25", 0, "2026-02-25"),
    ],
)
def test_deadline_before(meeting: str, count: int, due: str) -> None:
    assert weekdays_before(date.fromisoformat(meeting), count) == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("meeting", "count", "due"),
    [("2026-02-25", 5, "2026-03-04"), ("2026-03-30", 5, "2026-04-09"),
     ("2026-12-22", 5, "2027-01-04")],
)  # fmt: skip
def test_deadline_after(meeting: str, count: int, due: str) -> None:
    assert weekdays_after(date.fromisoformat(meeting), count) == date.fromisoformat(due)


def test_saturday_counts_only_when_the_rules_say_so() -> None:
    assert weekdays_before(date(2026, 2, 25), 4, saturday=True) == date(2026, 2, 20)
    assert not is_weekday(date(2026, 12, 26), saturday=True)
    assert not is_weekday(date(2026, 3, 1), saturday=True)


@given(DAYS, COUNT, st.booleans())
def test_deadline_before_is_a_weekday_with_exactly_so_many_left(
    day: date, count: int, saturday: bool
) -> None:
    due = weekdays_before(day, count, saturday=saturday)

    days = [due + timedelta(n) for n in range((day - due).days)]
    assert is_weekday(due, saturday=saturday)
    assert sum(is_weekday(d, saturday=saturday) for d in days) == count


@given(DAYS, COUNT, st.booleans())
def test_deadline_after_is_the_weekday_of_that_number(
    day: date, count: int, saturday: bool
) -> None:
    due = weekdays_after(day, count, saturday=saturday)

    days = [day + timedelta(n) for n in range(1, (due - day).days + 1)]
    assert is_weekday(due, saturday=saturday)
    assert sum(is_weekday(d, saturday=saturday) for d in days) == count


@given(DAYS, COUNT)
def test_more_weekdays_are_never_later(day: date, count: int) -> None:
    assert weekdays_before(day, count + 1) < weekdays_before(day, count) < day
    assert weekdays_after(day, count + 1) > weekdays_after(day, count) > day
