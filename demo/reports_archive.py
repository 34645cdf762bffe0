"""The demo's archive packages, asked for through the service."""

from datetime import timedelta

from django.utils import timezone

from committee.models import Committee, User
from meetings.enums import CLOSED_RECORD, Edition
from meetings.models import Meeting
from reports.models import ArchivePackage
from reports.services.archive import request_package


def seed_archive(committee: Committee) -> list[ArchivePackage]:
    """Both editions up to the last meeting whose minutes are locked; none before there is one."""
    meetings = Meeting.objects.filter(committee=committee)
    locked = meetings.filter(state__in=CLOSED_RECORD).order_by("starts_at")
    first, last = meetings.order_by("starts_at").first(), locked.last()
    if first is None or last is None:
        return []
    begin = timezone.localtime(first.starts_at).date()
    end = timezone.localtime(last.starts_at).date() + timedelta(days=1)
    by = User.objects.get(username="sekretariat")
    return [
        request_package(
            committee=committee, edition=edition, period_from=begin, period_to=end, by=by
        )
        for edition in (Edition.FULL, Edition.PUBLIC)
    ]
