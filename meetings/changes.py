"""What changed between two issued agendas, computed from the two snapshots."""

from typing import Any

from django.utils.translation import gettext as _

from meetings.enums import ChangeKind

Change = dict[str, Any]


def compute_changes(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    """The differences in the order of the new agenda, what was taken off last.

    Returns one entry per item: kind, item id, number, both headings, and what changed in words.
    """
    before = {item["id"]: item for item in old["items"]}
    after = {item["id"]: item for item in new["items"]}
    moved = _moved([i for i in before if i in after], [i for i in after if i in before])
    changes = []
    for item in new["items"]:
        if item["id"] not in before:
            changes.append(_change(ChangeKind.NEW, item, []))
        elif what := item_differences(before[item["id"]], item):
            changes.append(_change(ChangeKind.CHANGED, item, what))
        elif item["id"] in moved:
            changes.append(_change(ChangeKind.MOVED, item, []))
    changes += [
        _change(ChangeKind.REMOVED, item, []) for item in old["items"] if item["id"] not in after
    ]
    return changes


def mark_changes(snapshot: dict[str, Any], changes: list[Change]) -> None:
    """Put the change list and each item's mark into `snapshot`."""
    snapshot["changes"] = changes
    kinds = {change["item"]: change["kind"] for change in changes}
    for item in snapshot["items"]:
        item["change"] = kinds.get(item["id"], "")


def _change(kind: ChangeKind, item: dict[str, Any], what: list[str]) -> Change:
    return {
        "kind": kind.value,
        "item": item["id"],
        "number": item["number"],
        "access": item["access"],
        "title": item["title"],
        "public_title": item["public_title"],
        "what": what,
    }


def _moved(before: list[int], after: list[int]) -> set[int]:
    """The fewest items whose move explains the new order."""
    return set(after) - set(_longest_rise([before.index(item) for item in after], after))


def _longest_rise(places: list[int], items: list[int]) -> list[int]:
    """The longest run of `items`, not necessarily neighbours, whose old places only rise."""
    best: list[list[int]] = []
    for index, place in enumerate(places):
        before = [best[i] for i in range(index) if places[i] < place]
        best.append([*max(before, key=len, default=[]), items[index]])
    return max(best, key=len, default=[])


def item_differences(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """What changed inside one item, in words, without quoting any of it."""
    what = []
    if old["access"] != new["access"]:
        what.append(_("now closed") if new["access"] == "closed" else _("now open"))
    what += [words for field, words in _fields().items() if old[field] != new[field]]
    if new["access"] == "closed" and old["public_title"] != new["public_title"]:
        what.append(_("public heading changed"))
    if new["access"] == old["access"] == "closed" and old["closing"] != new["closing"]:
        what.append(_("ground for closing changed"))
    what += _section_differences(old, new)
    what += _attachment_differences(old, new)
    return what


def _fields() -> dict[str, str]:
    return {
        "title": _("heading changed"),
        "kind": _("type changed"),
        "case_id": _("case id changed"),
        "presenter": _("presenter changed"),
        "minutes": _("time changed"),
    }


def _section_differences(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    before = {section["key"]: section["text"] for section in old["sections"]}
    return [
        _("%(heading)s changed") % {"heading": section["heading"]}
        for section in new["sections"]
        if before.get(section["key"], "") != section["text"]
    ]


def _attachment_differences(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    before = {a["id"]: a for a in old["attachments"]}
    after = {a["id"]: a for a in new["attachments"]}
    what = [
        _("new attachment %(number)s") % {"number": a["number"]}
        for a in new["attachments"]
        if a["id"] not in before
    ]
    what += [
        _("attachment %(number)s removed") % {"number": a["number"]}
        for a in old["attachments"]
        if a["id"] not in after
    ]
    what += [
        _("attachment %(number)s changed") % {"number": a["number"]}
        for a in new["attachments"]
        if a["id"] in before
        and (a["title"], a["access"]) != (before[a["id"]]["title"], before[a["id"]]["access"])
    ]
    return what
