"""The register as a file: what its reader may read, in three formats."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.tables import SHEET, csv_pieces, json_pieces, xlsx_pieces
from meetings.selectors.decision_rows import DecisionRow
from meetings.selectors.decisions import plain_row

FORMATS = {"csv": "text/csv; charset=utf-8", "xlsx": SHEET, "json": "application/json"}
KIND = "udvalgsrum.decisions"
SCHEMA_VERSION = 1
HEADS = {
    "number": gettext_lazy("Decision no."),
    "date": gettext_lazy("Date"),
    "committee": gettext_lazy("Committee"),
    "meeting": gettext_lazy("Meeting"),
    "item_number": gettext_lazy("Item on the agenda"),
    "is_closed": gettext_lazy("Closed"),
    "heading": gettext_lazy("Heading"),
    "outcome_words": gettext_lazy("Outcome"),
    "text": gettext_lazy("Decision"),
    "votes_words": gettext_lazy("Votes"),
    "dissent": gettext_lazy("Dissent"),
    "follow_ups": gettext_lazy("Follow-up"),
    "additions": gettext_lazy("Additions to the minutes"),
    "case_id": gettext_lazy("Case number"),
    "case_number": gettext_lazy("Proposal"),
    "case_title": gettext_lazy("Title of the proposal"),
    "url": gettext_lazy("Link"),
}


def pieces(name: str, rows: list[DecisionRow], address: str) -> Iterator[bytes]:
    """The file, piece by piece."""
    plain = (_with_addresses(plain_row(row), address) for row in rows)
    if name == "json":
        head = {
            "kind": KIND,
            "version": SCHEMA_VERSION,
            "exported_at": timezone.now().isoformat(timespec="seconds"),
        }
        return json_pieces(head, "decisions", (_jsonable(row) for row in plain))
    heads = [str(head) for head in HEADS.values()]
    lines = ([_cell(key, row) for key in HEADS] for row in plain)
    if name == "xlsx":
        return xlsx_pieces(_("Decisions"), heads, lines)
    return csv_pieces([heads], lines)


def _with_addresses(row: dict[str, Any], address: str) -> dict[str, Any]:
    case_url = f"{address}{row['case_url']}" if row["case_url"] else ""
    return row | {"url": f"{address}{row['url']}", "case_url": case_url}


def _jsonable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _jsonable(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_jsonable(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _cell(key: str, row: dict[str, Any]) -> str:
    value = row[key]
    if key == "is_closed":
        return _("Yes") if value else _("No")
    if key == "dissent":
        return "\n".join(f"{one['name']}: {one['text']}" for one in value)
    if key == "follow_ups":
        return "\n".join(_follow_up(one) for one in value)
    if key == "additions":
        return "\n".join(f"{one['number']} ({one['on']}): {one['text']}" for one in value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _follow_up(line: dict[str, Any]) -> str:
    facts = (line["owner"], line["due"].isoformat(), line["state_words"])
    return f"{line['text']} ({', '.join(filter(None, facts))})"
