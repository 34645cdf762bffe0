"""One agenda item as its document prints it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.documents import pdf_prose
from meetings.documents import wording

ORDER = ("sections", "decision", "attachments")
# A box longer than this may break over a page; a shorter one is kept whole.
SHORT = 1500


def item_context(
    item: dict[str, Any],
    *,
    anchor: str,
    kind: str,
    edition: str,
    time: str,
    since: int,
    links: Mapping[Any, tuple[str, int]],
) -> dict[str, Any]:
    """Return what `pdf/_item.html` prints; empty sections are left out unless marked keep."""
    access = wording.access_word(item)
    title = item.get("title") or item.get("public_title", "")
    number = item.get("number") or ""
    return {
        "anchor": anchor,
        "number": number,
        "access": access,
        "title": title,
        "mark": item_mark(item),
        "case_id": item.get("case_id", ""),
        "facts": _facts(item, kind, time, since),
        "closing": _closing(item),
        "blocks": _blocks(item, edition, links),
        "appended": _appended(item, links),
    }


def item_mark(item: Mapping[str, Any]) -> str:
    """The item's bookmark: 1 (Åben) 2. møde i opgaveudvalget"""
    title = item.get("title") or item.get("public_title", "")
    return " ".join(f"{item.get('number') or ''} ({wording.access_word(item)}) {title}".split())


def _facts(item: Mapping[str, Any], kind: str, time: str, since: int) -> str:
    if kind == "minutes":
        return ""
    return " · ".join(
        part
        for part in (
            wording.item_kind_word(item.get("kind", "")),
            _time(item.get("minutes") or 0, time),
            item.get("presenter", ""),
            _since(item.get("change", ""), since),
        )
        if part
    )


def _time(minutes: int, time: str) -> str:
    if not minutes:
        return ""
    length = _("%(n)s min.") % {"n": minutes}
    return f"{time} ({length})" if time else length


def _since(change: str, since: int) -> str:
    word = wording.change_word(change)
    if change == "removed":
        return word
    if not word or since < 1:
        return ""
    return _("%(change)s since version %(number)s") % {"change": word, "number": since}


def _closing(item: Mapping[str, Any]) -> list[str]:
    if item.get("access") != "closed":
        return []
    closing = item.get("closing") or {}
    ground, reason = closing.get("ground", "").strip().rstrip("."), closing.get("reason", "")
    if ground:
        lines = [_("The item is closed under %(ground)s.") % {"ground": _lower_first(ground)}]
    else:
        lines = [_("The item is closed.")]
    if reason:
        lines[0] = f"{lines[0]} {reason}"
    if not item.get("redacted") and item.get("public_title") not in ("", None, item.get("title")):
        lines.append(_("Public heading: %(title)s") % {"title": item["public_title"]})
    return lines


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _blocks(
    item: Mapping[str, Any], edition: str, links: Mapping[Any, tuple[str, int]]
) -> list[dict[str, Any]]:
    order = [name for name in item.get("order", ORDER) if name in ORDER]
    order += [name for name in ORDER if name not in order]
    makers = {
        "sections": lambda: _sections(item),
        "decision": lambda: [
            *_disqualifications(item),
            *_votes(item),
            *_decision(item),
            *_dissents(item),
        ],
        "attachments": lambda: _attachments(item, edition, links),
    }
    return [block for name in order for block in makers[name]()]


def _sections(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "kind": "section",
            "heading": section.get("heading", ""),
            "lead": section.get("lead", "") if section.get("text", "").strip() else "",
            "html": pdf_prose(section.get("text", ""), under=3 if section.get("heading") else 2),
        }
        for section in item.get("sections", [])
        if section.get("text", "").strip() or section.get("keep")
    ]


def _decision(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    blocks = []
    decision = item.get("decision") or {}
    lines = (item.get("attendance") or {}).get("lines", [])
    text, outcome = decision.get("text", "").strip(), decision.get("outcome", "")
    if text or outcome or decision.get("keep"):
        box = _box("decision", decision.get("heading") or _("Decision"), text)
        blocks.append(box | {"outcome": wording.outcome_word(outcome), "note": " ".join(lines)})
    public = item.get("public_decision", "").strip()
    if item.get("access") == "closed" and public:
        blocks.append(_box("public", _("Decision, public text"), public))
    return blocks + _follow_ups(item)


def _follow_ups(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Text, owner and date of each; below the decision they come from."""
    rows = [
        {"text": row["text"], "who": _who_and_when(row)} for row in item.get("follow_ups") or []
    ]
    return [{"kind": "follow_ups", "heading": _("Follow-up"), "rows": rows}] if rows else []


def _who_and_when(row: Mapping[str, Any]) -> str:
    due = _("due %(day)s") % {"day": wording.day(wording.moment(row["due"]))}
    return ", ".join(part for part in (row.get("owner", ""), due) if part)


def _disqualifications(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Who was asked about, what the body found, and when the member was out of the room."""
    rows = [
        {
            "text": " ".join(row["lines"]),
            "votes": [
                {"rows": wording.vote_rows(vote), "rule": vote["rule"]} for vote in row["votes"]
            ],
            "dissents": _dissents(row),
        }
        for row in item.get("disqualifications") or []
    ]
    return [{"kind": "recusal", "heading": _("Impartiality"), "rows": rows}] if rows else []


def _votes(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "kind": "votes",
            "heading": _("Vote: %(kind)s") % {"kind": vote["kind"]},
            "proposer": _("Proposed by %(name)s") % {"name": vote["proposer"]},
            "html": pdf_prose(vote["motion"], under=3),
            "changed": pdf_prose(vote["as_changed"], under=3) if "as_changed" in vote else "",
            "rows": wording.vote_rows(vote),
            "result": vote["outcome_word"],
            "method": vote["method_word"],
            "rule": vote["rule"],
        }
        for vote in item.get("votes", [])
    ]


def _dissents(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "kind": "dissent",
            "heading": _("Dissenting opinion, %(name)s") % {"name": row["name"]},
            "html": pdf_prose(row["text"], under=3),
            "late": row.get("reason", ""),
        }
        for row in item.get("dissents", [])
    ]


def _box(kind: str, heading: str, text: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "heading": heading,
        "html": pdf_prose(text, under=3) if text else "",
        "short": len(text) < SHORT,
    }


def _attachments(
    item: Mapping[str, Any], edition: str, links: Mapping[Any, tuple[str, int]]
) -> list[dict[str, Any]]:
    rows = [
        {
            "number": row.get("number", ""),
            "text": _attachment_text(row, edition),
            "href": links[row["id"]][0] if row.get("id") in links else "",
        }
        for row in item.get("attachments", [])
    ]
    heading = item.get("attachments_heading") or _("Attachments")
    if not rows and not item.get("attachments_keep"):
        return []
    return [{"kind": "attachments", "heading": heading, "rows": rows}]


def _attachment_text(row: Mapping[str, Any], edition: str) -> str:
    facts = []
    if row.get("pages"):
        facts.append(wording.pages_text(row["pages"]))
    if edition == "full" and row.get("access") == "closed":
        facts.append(_("closed attachment"))
    text = row.get("title") or row.get("filename", "")
    return f"{text} ({', '.join(facts)})" if facts else text


def _appended(
    item: Mapping[str, Any], links: Mapping[Any, tuple[str, int]]
) -> list[dict[str, Any]]:
    """Lines of the pack's contents below the item's own line."""
    return [
        {
            "href": links[row["id"]][0],
            "number": row.get("number", ""),
            "text": row.get("title") or row.get("filename", ""),
            "page": links[row["id"]][1],
        }
        for row in item.get("attachments", [])
        if row.get("id") in links
    ]
