"""What a reader who may not see a closed item gets in its place.

Built from an allow-list: a key that somebody adds to the snapshot tomorrow is left out until
it is named here.
"""

from collections.abc import Callable, Collection, Mapping
from copy import deepcopy
from typing import Any, Literal

Level = Literal["full", "public"]
Snapshot = dict[str, Any]

MEETING = (
    "id", "number", "title", "kind", "starts_at", "ends_at", "place", "chair", "template",
    "rule_profile",
)  # fmt: skip
ITEM = ("id", "number", "kind", "access", "public_title", "case_id", "minutes", "change")
ATTACHMENT = (
    "id",
    "number",
    "title",
    "access",
    "filename",
    "media_type",
    "size",
    "pages",
    "sha256",
)
FOLLOW_UP = ("text", "due")
DISQUALIFICATION = ("name", "state", "public_lines", "votes")
# What stands under the items, and what of it everybody may know.
MINUTED = {
    "overrides": ("item", "item_number", "at"),
    "reservations": ("item", "item_number", "name", "at"),
    "reopened": ("at", "asked_by", "approved_by"),
    "additions": ("number", "item", "item_number", "at", "by"),
}
VERSION = ("kind", "number", "issued_at", "issued_by")


def redact(
    snapshot: Mapping[str, Any],
    *,
    level: Callable[[dict[str, Any]], Level],
    keep: Collection[str] = (),
) -> Snapshot:
    """Return a new snapshot with each item as `level` lets the reader see it.

    `level` is asked once per item, and once per change of an item that is no longer there.
    `keep` names what only some readers get: "online_link", "note" (of the version), "unplaced",
    "remarks" (of the attendance).
    """
    levels = {item["id"]: level(item) for item in snapshot.get("items", [])}
    items = {item["id"]: item for item in snapshot.get("items", [])}
    return {
        "schema": snapshot.get("schema", 1),
        "municipality": snapshot.get("municipality", ""),
        "committee": deepcopy(snapshot.get("committee", {})),
        "meeting": _pick(
            snapshot.get("meeting", {}), MEETING, {"online_link": "online_link" in keep}
        ),
        "version": _pick(snapshot.get("version", {}), VERSION, {"note": "note" in keep}),
        "attendance": [
            row if "remarks" in keep else {**row, "note": ""}
            for row in deepcopy(snapshot.get("attendance", []))
        ],
        "changes": [
            _change(change, items.get(change.get("item")), levels, level)
            for change in snapshot.get("changes", [])
        ],
        "items": [_item(item, levels[item["id"]]) for item in snapshot.get("items", [])],
        "unplaced": snapshot.get("unplaced", "") if "unplaced" in keep else "",
        **_minuted(snapshot, items, levels),
    }


def public_snapshot(snapshot: Mapping[str, Any]) -> Snapshot:
    """Return what anybody may read."""
    return redact(snapshot, level=lambda item: "public")


def _pick(
    source: Mapping[str, Any], keys: Collection[str], optional: Mapping[str, bool]
) -> dict[str, Any]:
    chosen = {key: deepcopy(source[key]) for key in keys if key in source}
    for key, allowed in optional.items():
        chosen[key] = source.get(key, "") if allowed else ""
    return chosen


def _item(item: dict[str, Any], level: Level) -> dict[str, Any]:
    if level == "full":
        return deepcopy(item)
    if item["access"] == "open":
        return {
            **deepcopy(item),
            "attachments": _open_attachments(item),
            "follow_ups": _open_follow_ups(item),
            "disqualifications": _public_disqualifications(item),
            "attendance": _public_attendance(item),
        }
    return {
        **{key: item[key] for key in ITEM if key in item},
        "title": item.get("public_title", ""),
        "closing": {"ground": (item.get("closing") or {}).get("ground", ""), "reason": ""},
        "presenter": "",
        "sections": [],
        "decision": None,
        "public_decision": item.get("public_decision", ""),
        "attachments": _open_attachments(item),
        "follow_ups": [],
        "redacted": True,
    }


def _minuted(
    snapshot: Mapping[str, Any], items: Mapping[Any, dict[str, Any]], levels: Mapping[Any, Level]
) -> Snapshot:
    """What stands under the items. Words about a closed item are for those who read the item;
    words about the whole are for those who read the whole."""

    def hidden(item_id: Any) -> bool:
        return items[item_id]["access"] != "open" and levels[item_id] == "public"

    partial = any(hidden(item_id) for item_id in items)

    def reads(row: Mapping[str, Any]) -> bool:
        item_id = row.get("item")
        return not partial if item_id is None else item_id in items and not hidden(item_id)

    found: Snapshot = {
        name: [deepcopy(row) if reads(row) else _face(row, keys) for row in snapshot[name]]
        for name, keys in MINUTED.items()
        if name in snapshot
    }
    if "approval" in snapshot:
        found["approval"] = deepcopy(snapshot["approval"])
    return found


def _face(row: Mapping[str, Any], keys: Collection[str]) -> dict[str, Any]:
    """That something was written, and the words that were written for everybody, if any."""
    return {
        **{key: row[key] for key in keys if key in row},
        "text": row.get("public_text", ""),
        "reason": "",
        "redacted": True,
    }


def _open_attachments(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {key: row[key] for key in ATTACHMENT if key in row}
        for row in item.get("attachments", [])
        if row.get("access") == "open"
    ]


def _public_disqualifications(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Who was found disqualified and left; never why, nor who was found impartial."""
    return [
        {key: row[key] for key in DISQUALIFICATION if key in row}
        | {"lines": row.get("public_lines", [])}
        for row in item.get("disqualifications", [])
        if row.get("state") == "upheld"
    ]


def _public_attendance(item: Mapping[str, Any]) -> dict[str, Any] | None:
    """Who took part, without who was only asked about; older minutes have one set of lines."""
    found = item.get("attendance")
    if not found:
        return None
    rest = {key: deepcopy(value) for key, value in found.items() if key != "public_lines"}
    return rest | {"lines": list(found.get("public_lines", found.get("lines", [])))}


def _open_follow_ups(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What and when; who, only where the name is for everybody."""
    return [
        {key: row[key] for key in FOLLOW_UP if key in row}
        | {key: row.get("public_owner", "") for key in ("owner", "public_owner")}
        for row in item.get("follow_ups", [])
    ]


def _change(
    change: Mapping[str, Any],
    item: dict[str, Any] | None,
    levels: Mapping[Any, Level],
    level: Callable[[dict[str, Any]], Level],
) -> dict[str, Any]:
    subject = item or _gone(change)
    seen = levels[subject["id"]] if item else level(subject)
    if seen == "full":
        return deepcopy(dict(change))
    public_title = change.get("public_title", "")
    closed = subject["access"] != "open"
    return {
        "kind": change.get("kind"),
        "item": change.get("item"),
        "number": change.get("number"),
        "title": public_title if closed else change.get("title", ""),
        "public_title": public_title,
        "what": [] if closed else _open_words(change.get("what", []), subject),
    }


def _gone(change: Mapping[str, Any]) -> dict[str, Any]:
    """The item of a change that removed it, judged by whether it had a public heading."""
    same = change.get("title") == change.get("public_title")
    return {
        "id": change.get("item"),
        "number": change.get("number"),
        "access": change.get("access") or ("open" if same else "closed"),
        "title": change.get("title", ""),
        "public_title": change.get("public_title", ""),
        "attachments": [],
    }


def _open_words(words: list[str], item: Mapping[str, Any]) -> list[str]:
    """Words about an open item that name none of its closed attachments."""
    hidden = [
        str(row[key])
        for row in item.get("attachments", [])
        if row.get("access") != "open"
        for key in ("number", "title", "filename")
        if row.get(key)
    ]
    return [word for word in words if not any(name in word for name in hidden)]
