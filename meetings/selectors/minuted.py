"""What stands in minutes under the items: additions and reopenings, as snapshots hold them."""

from typing import Any

from django.utils.timezone import localtime

from meetings.models import Meeting, MinutesAddition


def minuted(meeting: Meeting) -> dict[str, list[dict[str, Any]]]:
    """What an earlier locking has left; nothing for minutes that were never locked."""
    found = {"reopened": _reopened(meeting), "additions": additions(meeting)}
    return {name: rows for name, rows in found.items() if rows}


def additions(meeting: Meeting) -> list[dict[str, Any]]:
    rows = MinutesAddition.objects.filter(meeting=meeting).select_related("item", "by")
    return [addition_row(row) for row in rows.order_by("number")]


def addition_row(row: MinutesAddition) -> dict[str, Any]:
    return {
        "number": row.number,
        "item": row.item_id,
        "item_number": row.item.position if row.item else None,
        "text": row.text,
        "public_text": row.public_text,
        "reason": row.reason,
        "at": iso(row.at),
        "by": row.by.name,
    }


def _reopened(meeting: Meeting) -> list[dict[str, Any]]:
    rows = meeting.reopenings.filter(approved_at__isnull=False)
    return [
        {
            "item": None,
            "at": iso(row.approved_at),
            "asked_by": row.asked_by.name,
            "approved_by": row.approved_by.name if row.approved_by else "",
            "reason": row.reason,
        }
        for row in rows.select_related("asked_by", "approved_by")
    ]


def iso(moment: Any) -> str:
    return localtime(moment).isoformat(timespec="seconds")
