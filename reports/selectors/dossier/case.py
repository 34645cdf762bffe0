"""The case itself: its text and versions, its course, its ties, what is said of it, its rank."""

from collections.abc import Mapping
from typing import Any

from committee.models import User
from reports.selectors.dossier.look import Look, Piece, name_of, plain, stamp
from usecases import policies
from usecases.enums import Status
from usecases.models import Comment, RankingEntry, Revision
from usecases.record import RecordField, record
from usecases.selectors import page
from usecases.selectors.discussion import section_heading
from usecases.selectors.ranking import score_history
from usecases.selectors.relations import relations
from usecases.workflow import LIFE_CYCLE

EMPTY: tuple[Any, ...] = (None, "", [], False)


def head(look: Look) -> Piece:
    """What stands on the cover."""
    case = look.case
    facts = {
        "id": case.pk,
        "uid": str(case.uid),
        "number": case.number,
        "title": case.title,
        "status": case.status,
        "status_words": str(case.get_status_display()),
        "status_since": stamp(case.status_since),
        "municipality": case.committee.municipality.name,
        "committee": case.committee.full_name,
        "committee_name": case.committee.name,
        "revision": case.revision,
        "submitted_at": stamp(case.submitted_at),
        "risk_tier": str(case.get_risk_tier_display()) if case.risk_tier else "",
        "ruleset": case.ruleset,
        "address": case.get_absolute_url(),
    }
    if look.full or case.status == Status.SUSPENDED:
        facts["status_reason"] = case.status_reason
    if look.full:
        facts["recommendation"] = str(case.get_ethics_outcome_display())
        facts["recommended_on"] = stamp(case.ethics_on)
    return facts


def text(look: Look) -> list[Piece]:
    """The record as it is now, part by part, in the fields that the reader reads."""
    for kind in page.readable_kinds(look.user, look.case):
        look.gives("kind", kind)
    return [
        {
            "key": part.key,
            "heading": str(part.heading),
            "fields": [
                {"key": one.key, "label": one.label, "type": one.type, "value": plain(one.value)}
                for one in part.values
            ],
        }
        for part in page.sections(look.user, look.case, may_edit=False)
    ]


# Versions ----------------------------------------------------------------------------------------


def revisions(look: Look) -> list[Piece]:
    """Every frozen text: its hash, and what was changed. For those who read all of the case."""
    if not look.full:
        return []
    kinds = page.readable_kinds(look.user, look.case)
    fields = [one for one in record().fields if one.public in kinds]
    rows = list(Revision.objects.filter(case=look.case).select_related("by").order_by("number"))
    names = _names(rows)
    found, before = [], None
    for row in rows:
        now = row.content["fields"]
        found.append(_revision(row, fields, before, now, names))
        before = now
    return found


def _revision(
    row: Revision,
    fields: list[RecordField],
    before: Mapping[str, Any] | None,
    now: Mapping[str, Any],
    names: dict[int, str],
) -> Piece:
    changed = [
        one for one in fields if before is not None and before.get(one.key) != now.get(one.key)
    ]
    return {
        "number": row.number,
        "at": stamp(row.at),
        "by": name_of(row.by),
        "sha256": row.sha256,
        "fields": {one.key: _words(one, now.get(one.key), names) for one in fields},
        "changes": [
            {
                "key": one.key,
                "label": one.short,
                "before": _words(one, (before or {}).get(one.key), names),
                "after": _words(one, now.get(one.key), names),
            }
            for one in changed
        ],
    }


def _words(known: RecordField, value: Any, names: dict[int, str]) -> str:
    if value in EMPTY:
        return ""
    if known.type == "person":
        return names.get(value, "")
    return page.worded(known, value)


def _names(rows: list[Revision]) -> dict[int, str]:
    keys = [one.key for one in record().fields if one.type == "person"]
    ids = {row.content["fields"].get(key) for row in rows for key in keys} - {None}
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


# Its course --------------------------------------------------------------------------------------


def course(look: Look) -> list[Piece]:
    """Every move of the life cycle; outside the committee the places it reached, and when.

    As on the page, only the reason for where the case stands now is told (`head`).
    """
    if not look.full:
        reached = [one for one in page.steps(look.case) if one.at]
        return [{"at": stamp(one.at), "new": str(one.label)} for one in reached]
    rows = look.case.status_changes.select_related("by").order_by("pk")
    return [
        {
            "at": stamp(row.at),
            "by": name_of(row.by),
            "move": str(LIFE_CYCLE.get(row.move).label),
            "old": str(row.get_old_display()),
            "new": str(row.get_new_display()),
        }
        for row in rows
    ]


def ties(look: Look) -> list[Piece]:
    """Where it went or came from, what it took in or gave."""
    tied = relations(look.user, look.case)
    found: list[Piece] = [
        {"kind": "taken_over", "number": "", "title": row.origin.name, "at": stamp(row.at)}
        | {"by": "", "reason": ""}
        for row in tied.pop("taken_over")
    ]
    for kind, rows in tied.items():
        for one in rows if isinstance(rows, list) else filter(None, [rows]):
            look.gives("case", one.case.pk)
            tie = {"kind": kind, "number": one.case.number, "title": one.case.title}
            found.append(tie | {"at": stamp(one.at), "by": one.by, "reason": one.reason})
    return found


def talk(look: Look) -> list[Piece]:
    """Everything that was said and still stands; of the rest only that it was said."""
    if not look.full or look.case.status == Status.DRAFT:
        return []
    rows = Comment.objects.filter(case=look.case).with_text().order_by("number")
    return [_comment(look, row) for row in rows.select_related("author", "parent", "removed_by")]


def _comment(look: Look, row: Any) -> Piece:
    found = {
        "number": row.number,
        "answers": row.parent.number if row.parent else None,
        "section": section_heading(row.section),
        "author": row.author.name,
        "at": stamp(row.at),
        "revision": row.revision,
        "version": row.version,
    }
    if row.removed_at:
        by = name_of(row.removed_by) if row.is_moderated else ""
        return found | {
            "removed_at": stamp(row.removed_at),
            "removed_by": by,
            "removed_reason": row.removed_reason if row.is_moderated else "",
        }
    look.gives("comment", row.pk, row.version)
    return found | {"text": row.text}


def rank(look: Look) -> Piece:
    """Scores with their reasons, and the totals of rounds that are closed."""
    case = look.case
    if not policies.sees_ranking(look.user, case.committee_id) or case.status == Status.DRAFT:
        return {"scores": [], "rounds": []}
    look.gives("ranking")
    entries = RankingEntry.objects.filter(case=case, round__closed_at__isnull=False)
    scores = [
        {
            "at": stamp(row.at),
            "by": row.by.name,
            "value": row.value,
            "feasibility": row.feasibility,
            "risk": row.risk,
            "reason": row.reason,
        }
        for row in reversed(score_history(case))
    ]
    rounds = [
        {
            "title": row.round.title,
            "closed_at": stamp(row.round.closed_at),
            "voters": row.round.voters,
            "total": row.total,
        }
        for row in entries.select_related("round").order_by("round__closed_at", "pk")
    ]
    return {"scores": scores, "rounds": rounds}
