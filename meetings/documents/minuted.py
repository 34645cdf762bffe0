"""What stands under the items of minutes: additions, reservations, what is missing, approval."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.documents import pdf_prose
from meetings.documents import wording

Part = dict[str, Any]
Row = Mapping[str, Any]


def minuted_parts(snapshot: Mapping[str, Any]) -> list[Part]:
    """The parts that have something in them, in the order they are printed."""
    makers = {
        "additions": (_("Additions to the minutes"), _addition),
        "reservations": (_("Reservations"), _reservation),
        "overrides": (_("What is missing in the minutes"), _override),
        "reopened": (_("Reopened"), _reopened),
    }
    parts = [
        {"anchor": f"ref-{name}", "heading": heading, "entries": [make(row) for row in rows]}
        for name, (heading, make) in makers.items()
        if (rows := snapshot.get(name))
    ]
    return parts + _approval(snapshot.get("approval"))


def _entry(heading: str, row: Row, *lines: str) -> Part:
    said = list(lines)
    if row.get("redacted") and not row.get("text"):
        said.append(_("The words stand in the full edition."))
    text = row.get("text", "")
    return {
        "heading": heading,
        "html": pdf_prose(text, under=3) if text else "",
        "lines": [line for line in said if line],
    }


def _of_item(row: Row) -> str:
    number = row.get("item_number")
    return _("item %(number)s") % {"number": number} if number else ""


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _day(row: Row) -> str:
    return wording.day(wording.moment(row["at"]))


def _reason(row: Row) -> str:
    return _("Reason: %(reason)s") % {"reason": row["reason"]} if row.get("reason") else ""


def _addition(row: Row) -> Part:
    heading = _("Addition %(number)s, %(day)s") % {"number": row["number"], "day": _day(row)}
    public = "" if row.get("redacted") else row.get("public_text", "")
    told = _("Citizens read instead: %(text)s") % {"text": public} if public else ""
    return _entry(_joined(heading, _of_item(row)), row, told, _reason(row), row.get("by", ""))


def _reservation(row: Row) -> Part:
    return _entry(_joined(row["name"], _of_item(row)), row, _day(row))


def _override(row: Row) -> Part:
    heading = _of_item(row) or _("The minutes as a whole")
    if row.get("redacted"):
        return _entry(heading[:1].upper() + heading[1:], row)
    line = _("The minutes were sent without this: %(what)s. The reason: %(reason)s") % {
        "what": row["text"],
        "reason": row["reason"],
    }
    return _entry(heading[:1].upper() + heading[1:], {}, line)


def _reopened(row: Row) -> Part:
    names = {"day": _day(row), "asked": row["asked_by"], "other": row["approved_by"]}
    return _entry(_("Reopened %(day)s by %(asked)s and %(other)s") % names, row, _reason(row))


def _approval(approval: Row | None) -> list[Part]:
    if not approval:
        return []
    lead = _("Version %(number)s was approved as below and locked by %(name)s.") % {
        "number": approval["version"],
        "name": approval["signed_by"],
    }
    rows = [
        {"name": row["name"], "word": row["word"], "when": _when(row)} for row in approval["rows"]
    ]
    return [
        {"anchor": "ref-approval", "heading": _("Approval"), "lead": lead, "entries": [],
         "rows": rows}
    ]  # fmt: skip


def _when(row: Row) -> str:
    if not row.get("at"):
        return "–"
    when = wording.moment(row["at"])
    return f"{wording.day(when)} {wording.at(when)}"
