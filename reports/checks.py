"""System checks of what reaches the council."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from core.content import ContentError, content_check
from reports import personal_data
from reports.retention import RETENTION, check_cover

register(content_check(personal_data.POLICIES, 1))
register(content_check(RETENTION, 10))
register(check_cover)


# Personal data.
@register
def every_key_to_a_person_has_a_rule(**_options: Any) -> list[CheckMessage]:
    """A new model that points to people says first what an export and an erasure do to it."""
    try:
        known = personal_data.policy()
    except (ContentError, KeyError):
        return []
    return [Error(one, id="reports.E101") for one in personal_data.complaints(known)]
