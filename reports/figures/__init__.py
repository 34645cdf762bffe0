"""Figures of a committee, counted through its reader's eyes.

Each takes the reader, the committee and days, and makes a constant number of queries. What is
counted is what `visible_to(user)` lets this reader know of; a later day does not change what a
figure says of an earlier one.
"""

from reports.figures.bodies import attendance
from reports.figures.cases import case_flow, case_status, risk_and_value, status_over_time
from reports.figures.conditions import conditions_over_time
from reports.figures.due import due_dates

__all__ = [
    "attendance",
    "case_flow",
    "case_status",
    "conditions_over_time",
    "due_dates",
    "risk_and_value",
    "status_over_time",
]
