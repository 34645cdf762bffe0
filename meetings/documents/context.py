"""From a snapshot to what the template of a meeting's document prints."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal

from django.utils.translation import gettext as _

from core.branding import Livery
from core.documents import Palette, palette_css, pdf_prose
from meetings.documents import wording
from meetings.documents.items import item_context
from meetings.documents.minuted import minuted_parts
from meetings.documents.seal import SealMark, seal_facts, seal_lines

Edition = Literal["full", "public"]
Links = Mapping[Any, tuple[str, int]]  # attachment id: (address, page in the pack)


def kind_word(kind: str) -> str:
    words = {"agenda": _("Agenda"), "minutes": _("Minutes"), "pack": _("Meeting pack")}
    return words[kind]


def meeting_context(
    snapshot: dict[str, Any],
    *,
    kind: Literal["agenda", "minutes", "pack"],
    edition: Edition,
    palette: Palette,
    record_sha256: str = "",
    mark: SealMark | None = None,
    links: Links | None = None,
    total_pages: int = 0,
) -> dict[str, Any]:
    """Everything `pdf/meeting.html` needs; call under the document's language."""
    items = _items(snapshot, kind, edition, links or {})
    changes = _changes(snapshot) if kind != "minutes" else []
    attendance = _attendance(snapshot) if kind == "minutes" else []
    context = {
        "owner": snapshot["municipality"],
        "kind": kind_word(kind),
        "edition": _("public edition") if edition == "public" else _("full edition"),
        "heading": snapshot["meeting"]["title"],
        "title": document_title(snapshot, kind),
        "palette_css": palette_css(palette),
        "logo": palette.logo if isinstance(palette, Livery) else "",
        "body_class": "pack" if kind == "pack" else "",
        "running": _running(
            snapshot, kind, _foot(snapshot, edition, record_sha256, mark), total_pages
        ),
        "facts": _facts(snapshot, kind, edition, links) + (seal_facts(mark) if mark else []),
        "items": items,
        "changes": changes,
        "changes_heading": _changes_heading(snapshot),
        "attendance": attendance,
        "attendance_sum": _attendance_sum(snapshot) if attendance else "",
        "unplaced": _unplaced(snapshot) if edition == "full" else "",
        "minuted": minuted_parts(snapshot) if kind == "minutes" else [],
    }
    return {**context, "contents": _contents(context)}


def document_title(snapshot: Mapping[str, Any], kind: str) -> str:
    meeting = snapshot["meeting"]
    when = wording.day(wording.moment(meeting["starts_at"]))
    return f"{kind_word(kind)}, {meeting['title']}, {when}"


def _running(snapshot: Mapping[str, Any], kind: str, foot: list[str], total: int) -> dict[str, str]:
    meeting, committee = snapshot["meeting"], snapshot["committee"]
    name = _("meeting %(number)s") % {"number": meeting["number"]} if meeting.get("number") else ""
    when = wording.day(wording.moment(meeting["starts_at"]))
    return {
        "body": committee.get("full_name") or committee.get("name", ""),
        "meeting": ", ".join(part for part in (kind_word(kind), name, when) if part),
        "version": "\n".join(foot),
        "total": str(total),
    }


def _foot(
    snapshot: Mapping[str, Any], edition: Edition, sha256: str, mark: SealMark | None
) -> list[str]:
    words = _("public edition") if edition == "public" else _("full edition")
    lines = [f"{version_line(snapshot, locked=bool(sha256))} · {words}"]
    if sha256:
        lines.append(_("Record sha256 %(sha)s") % {"sha": sha256})
    return lines + (seal_lines(mark) if mark else [])


def version_line(snapshot: Mapping[str, Any], *, locked: bool = False) -> str:
    """Version 2, udsendt 20. februar 2026 kl. 9.00"""
    version = snapshot["version"]
    if not version.get("issued_at"):
        return _("Draft")
    when = wording.moment(version["issued_at"])
    values = {"number": version["number"], "when": f"{wording.day(when)} {wording.at(when)}"}
    if locked:
        return _("Version %(number)s of %(when)s, locked") % values
    if version["kind"] == "agenda":
        return _("Version %(number)s, issued %(when)s") % values
    return _("Version %(number)s of %(when)s") % values


def _facts(
    snapshot: Mapping[str, Any], kind: str, edition: Edition, links: Links | None
) -> list[dict[str, str]]:
    meeting, version = snapshot["meeting"], snapshot["version"]
    start = wording.moment(meeting["starts_at"])
    end = wording.moment(meeting["ends_at"]) if meeting.get("ends_at") else None
    full = edition == "full"
    rows = [
        (_("Date of meeting"), f"{wording.long_day(start)} {wording.span(start, end)}"),
        (_("Place of meeting"), meeting.get("place", "")),
        (_("Online"), meeting.get("online_link", "") if full and kind != "minutes" else ""),
        (_("Chair of meeting"), meeting.get("chair", "")),
        (_("Version"), _version_fact(version, snapshot, kind, full=full)),
        (_("Note on the version"), version.get("note", "") if full else ""),
        (_("Rule profile"), _rules(meeting.get("rule_profile") or {})),
    ]
    if links:
        rows.append((_("Attachments"), _attachments_fact(links)))
    return [{"name": name, "value": value} for name, value in rows if value]


def _version_fact(
    version: Mapping[str, Any], snapshot: Mapping[str, Any], kind: str, *, full: bool
) -> str:
    line = version_line(snapshot)
    if full and kind != "minutes" and version.get("issued_at") and version.get("issued_by"):
        return _("%(line)s by %(name)s") % {"line": line, "name": version["issued_by"]}
    return line


def _rules(profile: Mapping[str, Any]) -> str:
    parts = (profile.get("label", ""), profile.get("summary", ""))
    return ". ".join(part for part in parts if part)


def _attachments_fact(links: Links) -> str:
    return _(
        "%(n)s in all, after the agenda in the same order. They are shown as they were received "
        "and may lack the structure that a screen reader uses."
    ) % {"n": len(links)}


def _items(
    snapshot: Mapping[str, Any], kind: str, edition: Edition, links: Links
) -> list[dict[str, Any]]:
    times = _time_plan(snapshot) if kind != "minutes" else {}
    number = snapshot["version"].get("number", 1)
    return [
        item_context(
            item,
            anchor=f"p{position}",
            kind=kind,
            edition=edition,
            time=times.get(position, ""),
            since=number - 1,
            links=links,
        )
        for position, item in enumerate(snapshot["items"], start=1)
    ]


def _time_plan(snapshot: Mapping[str, Any]) -> dict[int, str]:
    """Clock times per position, as far as every item before has a length."""
    plan: dict[int, str] = {}
    start = wording.moment(snapshot["meeting"]["starts_at"])
    for position, item in enumerate(snapshot["items"], start=1):
        if not item.get("minutes"):
            break
        end = start + timedelta(minutes=item["minutes"])
        plan[position] = wording.span(start, end)
        start = end
    return plan


def _changes(snapshot: Mapping[str, Any]) -> list[dict[str, Any]]:
    if snapshot["version"].get("number", 1) < 2:
        return []
    return [
        {
            "number": change.get("number") or "–",
            "word": wording.change_word(change.get("kind", "")),
            "title": change.get("title", ""),
            "what": change.get("what", []),
        }
        for change in snapshot.get("changes", [])
    ]


def _changes_heading(snapshot: Mapping[str, Any]) -> str:
    return _("Changes since version %(number)s") % {"number": snapshot["version"]["number"] - 1}


def _attendance(snapshot: Mapping[str, Any]) -> list[dict[str, str]]:
    return [
        {
            "name": person["name"],
            "role": person.get("role", ""),
            "word": wording.attendance_word(person.get("status", "")),
            "note": ", ".join(filter(None, [person.get("times", ""), person.get("note", "")])),
        }
        for person in snapshot.get("attendance", [])
    ]


def _attendance_sum(snapshot: Mapping[str, Any]) -> str:
    people = snapshot["attendance"]
    present = sum(person.get("status") in ("present", "substitute") for person in people)
    profile = snapshot["meeting"].get("rule_profile") or {}
    seats = profile.get("seats") or len(people)
    text = _("%(present)s of %(seats)s present.") % {"present": present, "seats": seats}
    needed = profile.get("quorum_needed")
    if not needed:
        return text
    verdict = (
        _("Quorate: yes, %(needed)s needed.")
        if present >= needed
        else _("Quorate: no, %(needed)s needed.")
    )
    return f"{text} {verdict % {'needed': needed}}"


def _unplaced(snapshot: Mapping[str, Any]) -> str:
    return pdf_prose(snapshot.get("unplaced", ""), under=2)


def _contents(context: Mapping[str, Any]) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    if context["changes"]:
        lines.append({"href": "#aendringer", "text": context["changes_heading"]})
    if context["attendance"]:
        lines.append({"href": "#fremmoede", "text": _("Attendance list")})
    for item in context["items"]:
        text = f"({item['access']}) {item['title']}"
        lines.append({"href": f"#{item['anchor']}", "number": item["number"], "text": text})
        lines.extend(item["appended"])
    lines.extend(
        {"href": f"#{part['anchor']}", "text": part["heading"]} for part in context["minuted"]
    )
    if context["unplaced"]:
        lines.append({"href": "#ikke-placeret", "text": _("Not placed")})
    return lines
