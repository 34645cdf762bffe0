"""Save what people write in a report: nobody overwrites anybody, and every save is kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.merging import three_way
from core.text import clean_text
from core.verdicts import Refused
from reports.content.texts import COMMENT, FIELDS, section_keys, texts_of
from reports.models import Report
from reports.policies import reports as policies
from reports.services.reports import locked, note_texts, record, write_texts

LONGEST = {"headline": 200, "foreword": 4000, "requests": 4000}
LONGEST_COMMENT = 2000


@dataclass(frozen=True)
class Conflict:
    """Two people changed the same text: what it was, mine, theirs, and a proposed merge."""

    key: str
    base: str
    mine: str
    theirs: str
    theirs_by: str
    theirs_at: datetime
    merged: str
    clean: bool


@transaction.atomic
def save_texts(*, report: Report, texts: dict[str, str], version: int, by: Any) -> list[Conflict]:
    """Save what was written on `version` of the texts.

    A text that others changed meanwhile is not written but comes back as a conflict; the others
    are. Raises `Refused` for a text that is too long or belongs nowhere.
    """
    report = locked(report)
    policies.can_write(by, report).require()
    now, base = texts_of(report), _texts_at(report, version)
    conflicts: list[Conflict] = []
    written = {}
    for key, raw in texts.items():
        mine = _checked(report, key, raw)
        theirs, before = now.get(key, ""), base.get(key, "")
        if mine in (theirs, before):
            continue
        if theirs == before:
            written[key] = mine
        else:
            conflicts.append(_conflict(report, key, before, mine, theirs))
    if written:
        _write(report, written, by)
    return conflicts


def _texts_at(report: Report, version: int) -> dict[str, str]:
    if version == report.version:
        return texts_of(report)
    row = report.revisions.filter(number=version).first()
    return dict(row.texts) if row else {}


def _checked(report: Report, key: str, raw: str) -> str:
    section = key.removeprefix(COMMENT)
    if key not in FIELDS and section not in section_keys(report.content):
        raise Refused(_("The report has no section called “%(key)s”.") % {"key": section})
    text = " ".join(raw.split()) if key == "headline" else clean_text(raw)
    longest = LONGEST.get(key, LONGEST_COMMENT)
    if len(text) > longest:
        raise Refused(_("Write at most %(n)s characters.") % {"n": longest}, key)
    return text


def _conflict(report: Report, key: str, base: str, mine: str, theirs: str) -> Conflict:
    merged, clean = three_way(base, mine, theirs)
    last = report.revisions.select_related("by").get(number=report.version)
    name = last.by.name if last.by else ""
    return Conflict(key, base, mine, theirs, name, last.at, merged, clean)


def _write(report: Report, written: dict[str, str], by: Any) -> None:
    comments = dict(report.comments)
    for key, text in written.items():
        if key in FIELDS:
            setattr(report, key, text)
        elif text:
            comments[key.removeprefix(COMMENT)] = text
        else:
            comments.pop(key.removeprefix(COMMENT), None)
    report.comments = comments
    note_texts(report, by)
    write_texts(report)
    record("write_report", report, by, texts=sorted(written), version=report.version)
