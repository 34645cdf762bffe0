"""Number what the locked minutes say was decided. A number is given once and never changes."""

from typing import Any

from django.db.models import Max
from django.utils import timezone

from committee.models import Committee
from meetings.decided import columns, decided_items
from meetings.models import Decision, DecisionText, IssuedVersion, Meeting


def number_decisions(meeting: Meeting, version: IssuedVersion) -> list[str]:
    """Give every decision of the sealed version its number, in the order of the items.

    Those numbered when the minutes were locked before keep theirs. Call it while the minutes are
    locked, in the same transaction. Returns the new numbers.
    """
    snapshot = version.snapshot
    # One at a time: two meetings of a body may be locked at the same moment.
    list(Committee.objects.select_for_update().filter(pk=meeting.committee_id).values_list("pk"))
    known = {row.item_id: row for row in Decision.objects.filter(meeting=meeting)}
    new = [item["id"] for item in decided_items(snapshot) if item["id"] not in known]
    for serial, item_id in enumerate(new, start=_next_serial(meeting)):
        known[item_id] = Decision.objects.create(
            committee_id=meeting.committee_id,
            meeting=meeting,
            item_id=item_id,
            year=year_of(meeting),
            serial=serial,
        )
    keep_texts(version, snapshot, known)
    return [known[item_id].number for item_id in new]


def keep_texts(
    version: IssuedVersion, snapshot: dict[str, Any], known: dict[int, Decision]
) -> None:
    """Write what the sealed version says of every decision that has a number."""
    DecisionText.objects.bulk_create(
        DecisionText(
            decision=known[item["id"]],
            version=version,
            number=version.number,
            **columns(snapshot, item),
        )
        for item in snapshot["items"]
        if item["id"] in known
    )


def year_of(meeting: Meeting) -> int:
    """The year the meeting was held, also when its minutes are locked in the next."""
    return timezone.localtime(meeting.held_from or meeting.starts_at).year


def _next_serial(meeting: Meeting) -> int:
    given = Decision.objects.filter(committee=meeting.committee_id, year=year_of(meeting))
    return int(given.aggregate(last=Max("serial"))["last"] or 0) + 1
