"""Which items of sealed minutes are decisions, and what the register keeps of them.

Plain data in, plain data out: the service and the migration of older minutes both use it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import override

from meetings.enums import Outcome

# What the register shows of an item; not its long sections, nor its files.
KEPT = (
    "id", "number", "kind", "access", "title", "public_title", "closing", "case_id", "minutes",
    "change", "decision", "public_decision", "attendance", "votes", "dissents",
    "disqualifications", "follow_ups",
)  # fmt: skip
LANGUAGES = ("da", "en")
MOST_WORDS = 20_000


def decided_items(snapshot: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The items of which the minutes say what became of them, in their order."""
    for item in snapshot["items"]:
        if item.get("decision") or item.get("public_decision"):
            yield item


def outcome_of(item: Mapping[str, Any]) -> str:
    """The outcome by its code; the sealed record has its words only."""
    word = (item.get("decision") or {}).get("outcome", "")
    return _outcomes().get(word, "") if word else ""


def _outcomes() -> dict[str, str]:
    found = {}
    for language in LANGUAGES:
        with override(language):
            found.update({str(outcome.label): str(outcome.value) for outcome in Outcome})
    return found


def columns(snapshot: Mapping[str, Any], item: Mapping[str, Any]) -> dict[str, Any]:
    """The row of one item: what lists filter by, what is searched, and the sealed words."""
    decided = item.get("decision") or {}
    public = [item.get("public_title", ""), item.get("public_decision", "")]
    inside = [item.get("title", ""), decided.get("text", ""), item.get("case_id", "")]
    inside += [vote["motion"] for vote in item.get("votes", [])]
    inside += [row["text"] for row in item.get("dissents", [])]
    return {
        "access": item["access"],
        "outcome": outcome_of(item),
        "has_dissent": bool(item.get("dissents")),
        "case_id": item.get("case_id", "")[:40],
        "words": _words([*inside, *public]),
        "public_words": _words([*public, item.get("case_id", "")]),
        "body": {
            "item": {key: item[key] for key in KEPT if key in item},
            "additions": _additions(snapshot, item["id"]),
        },
    }


def _words(texts: list[str]) -> str:
    """One text in small letters; every database then finds Æ, Ø and Å."""
    return " ".join(" ".join(texts).split()).casefold()[:MOST_WORDS]


def _additions(snapshot: Mapping[str, Any], item_id: int) -> list[dict[str, Any]]:
    """Those of the item, and those of the whole minutes."""
    return [row for row in snapshot.get("additions", []) if row.get("item") in (None, item_id)]
