"""Hand a meeting over to the municipality's case system."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import audit
from core.models import Work
from core.verdicts import Refused
from core.works import find_work, request_work
from meetings.models import Meeting
from reports.policies import archive as policies
from reports.selectors.esdh import KIND, key_of, scope_of
from reports.services.archive import try_again


@transaction.atomic
def request_hand_off(*, meeting: Meeting, by: Any) -> Work:
    """Ask for the folder; asking again for the same is the same work."""
    policies.can_hand_off(by, meeting).require()
    if not scope_of(meeting).versions:
        raise Refused(_("Nothing of the meeting has been issued yet."))
    key, params = key_of(meeting), {"meeting": meeting.pk}
    day = timezone.localtime(meeting.starts_at).date()
    title = f"{day}-{meeting.committee.slug}-esdh.zip"
    fresh = find_work(key) is None
    work = request_work(kind=KIND, key=key, title=title, params=params, by=by)
    if fresh:
        audit.record("reports.ask_hand_off", meeting, by=by, scope=meeting)
    try_again(work)
    return work


@transaction.atomic
def record_reading(*, meeting: Meeting, by: Any) -> None:
    """That somebody opened the folder of a meeting with closed items is an act."""
    if scope_of(meeting).closed_items:
        audit.record("reports.read_hand_off", meeting, by=by, scope=meeting)
