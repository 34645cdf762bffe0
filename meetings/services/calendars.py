"""Renew the secret address of a personal calendar."""

from typing import Any

from django.db import transaction

from committee.models.people import new_calendar_token
from core import audit


@transaction.atomic
def renew_calendar_address(*, by: Any) -> None:
    """Give the person a new calendar address; the old one stops at once."""
    by.calendar_token = new_calendar_token()
    by.save(update_fields=["calendar_token"])
    audit.record("meetings.renew_calendar_address", by, by=by)
