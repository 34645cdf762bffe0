"""Dates, times and fixed words as they stand on paper. Call under the document's language."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

NBSP = "\u00a0"


def moment(iso: str) -> datetime:
    """Return an ISO time of a snapshot as local time."""
    parsed = datetime.fromisoformat(iso)
    return timezone.localtime(parsed if parsed.tzinfo else timezone.make_aware(parsed))


def day(when: datetime) -> str:
    """25. februar 2026, with a protected space."""
    return date_format(when, "j. F Y").replace(". ", f".{NBSP}", 1)


def long_day(when: datetime) -> str:
    """Onsdag den 25. februar 2026."""
    weekday = date_format(when, "l")
    text = _("%(weekday)s %(day)s") % {"weekday": weekday, "day": day(when)}
    return text[:1].upper() + text[1:]


def clock(when: datetime) -> str:
    """17.00"""
    return f"{when.hour}.{when.minute:02d}"


def at(when: datetime) -> str:
    """kl. 17.00"""
    return _("at %(time)s") % {"time": clock(when)}


def span(start: datetime, end: datetime | None) -> str:
    """kl. 17.00–20.00"""
    if end is None:
        return at(start)
    return _("at %(time)s") % {"time": f"{clock(start)}–{clock(end)}"}


def access_word(item: Mapping[str, Any]) -> str:
    if item.get("access") == "closed":
        return _("Closed item mark")
    return _("Open item mark")


def item_kind_word(kind: str) -> str:
    words = {
        "decision": _("Decision item"),
        "discussion": _("Discussion item"),
        "briefing": _("Briefing item"),
    }
    return words.get(kind, "")


def change_word(kind: str) -> str:
    words = {
        "new": _("New item"),
        "changed": _("Changed item"),
        "removed": _("Removed item"),
        "moved": _("Moved item"),
    }
    return words.get(kind, "")


def attendance_word(status: str) -> str:
    words = {
        "present": _("Present"),
        "apology": _("Apology"),
        "absent": _("Absent without apology"),
        "substitute": _("Substitute"),
    }
    return words.get(status, "–")


def outcome_word(outcome: str) -> str:
    """The word for a code; a snapshot of a meeting held here has the word already."""
    words = {
        "adopted": _("Adopted"),
        "rejected": _("Rejected"),
        "postponed": _("Postponed"),
        "noted": _("Taken note of"),
        "withdrawn": _("Withdrawn"),
        "discussed": _("Discussed"),
    }
    return words.get(outcome, outcome)


def pages_text(pages: int) -> str:
    return ngettext("%(n)s page", "%(n)s pages", pages) % {"n": pages}


def vote_rows(vote: Mapping[str, Any]) -> list[dict[str, Any]]:
    """For, against and abstentions with names; none for a result without a count."""
    if vote["method"] != "name":
        return []
    words = {"for": _("For"), "against": _("Against"), "abstain": _("Abstains")}
    return [
        {"word": word, "count": vote["counts"][key], "names": ", ".join(vote[key]) or "–"}
        for key, word in words.items()
    ]
