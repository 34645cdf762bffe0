"""Numbers that come from outside."""

import pytest

from core.numbers import page_number, whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("42", 42), ("999999999", 999999999), ("1000000000", None), ("9" * 5000, None),
     ("²", None), ("٣", None), ("-1", None), ("1.0", None), (" 1", None), ("", None), (None, None)],
)  # fmt: skip
def test_whole_number_takes_a_few_plain_digits(text, number):
    assert whole_number(text) == number


@pytest.mark.parametrize(("text", "page"), [
    ("", 7), ("x", 7), ("²", 7), ("0", 1), ("3", 3), ("12", 9), ("9" * 30, 9),
])  # fmt: skip
def test_page_is_the_nearest_there_is(text, page):
    assert page_number(text, 9, 7) == page
