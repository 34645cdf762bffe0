"""The data of a package that the committee, its cases and ethics give, table by table."""

from collections.abc import Iterator

from django.utils import timezone

from ethics.enums.aiact import AssessmentState
from ethics.models import AiActAssessment, Condition
from meetings.enums import RoundState
from meetings.models import FollowUp, InputAnswer, WorkshopNote
from reports.selectors.archive_registry import (
    CONTRIBUTORS,
    Contributor,
    Row,
    Table,
    contribute,
    iso,
    tables,
)
from reports.selectors.archive_reports import REPORTS
from reports.selectors.archive_scope import Scope
from usecases.models import StatusChange
from usecases.selectors.exchange import exported_fields, row_of

# Whoever asks for the tables gets these with them.
__all__ = ["CONTRIBUTORS", "Table", "tables"]


# Meetings, from what was issued ------------------------------------------------------------


def _meetings(scope: Scope) -> Iterator[Row]:
    for meeting in scope.meetings:
        read = scope.readings.get(meeting.pk)
        yield {
            "id": meeting.pk,
            "number": meeting.number,
            "title": meeting.title,
            "kind": meeting.kind,
            "state": meeting.state,
            "starts_at": iso(meeting.starts_at),
            "ends_at": iso(meeting.ends_at),
            "place": meeting.place,
            "reads": read.kind if read else "",
            "version": read.snapshot["version"]["number"] if read else None,
            "record_sha256": read.version.sha256 if read and read.version and scope.is_full else "",
        }


def _items(scope: Scope) -> Iterator[Row]:
    for meeting, item in scope.item_rows():
        closing = item.get("closing") or {}
        yield {
            "id": item["id"],
            "meeting": meeting.pk,
            "number": item["number"],
            "kind": item["kind"],
            "access": item["access"],
            "title": item["title"],
            "public_title": item["public_title"],
            "closing_ground": closing.get("ground", ""),
            "case_id": item.get("case_id", ""),
            "presenter": item.get("presenter", ""),
            "redacted": bool(item.get("redacted")),
        }


def _texts(scope: Scope) -> Iterator[Row]:
    for meeting, item in scope.item_rows():
        for section in item["sections"]:
            if section["text"]:
                yield {
                    "meeting": meeting.pk,
                    "item": item["id"],
                    "key": section["key"],
                    "heading": section["heading"],
                    "text": section["text"],
                }


def _decisions(scope: Scope) -> Iterator[Row]:
    for meeting, item in scope.item_rows():
        decision = item.get("decision") or {}
        if decision or item.get("public_decision"):
            yield {
                "meeting": meeting.pk,
                "item": item["id"],
                "number": item["number"],
                "outcome": decision.get("outcome", ""),
                "text": decision.get("text", ""),
                "public_text": item.get("public_decision", ""),
                "held_on": iso(timezone.localtime(meeting.starts_at).date()),
            }


def _votes(scope: Scope) -> Iterator[Row]:
    for meeting, item in scope.item_rows():
        for vote in item.get("votes", []):
            yield {
                "meeting": meeting.pk,
                "item": item["id"],
                "round": vote["round"],
                "kind": vote["kind"],
                "motion": vote["motion"],
                "method": vote["method"],
                "for": vote["for"],
                "against": vote["against"],
                "abstain": vote["abstain"],
                "outcome": vote["outcome"],
                "rule": vote["rule"],
                "closed_at": vote["closed_at"],
            }


def _dissents(scope: Scope) -> Iterator[Row]:
    for meeting, item in scope.item_rows():
        for row in item.get("dissents", []):
            yield {
                "meeting": meeting.pk,
                "item": item["id"],
                "name": row["name"],
                "text": row["text"],
            }


def _attendance(scope: Scope) -> Iterator[Row]:
    for meeting in scope.meetings:
        read = scope.readings.get(meeting.pk)
        for row in read.snapshot["attendance"] if read else []:
            yield {
                "meeting": meeting.pk,
                "name": row["name"],
                "role": row["role"],
                "status": row["status"],
                "times": row.get("times", ""),
                "note": row["note"],
            }


def _attachments(scope: Scope) -> Iterator[Row]:
    names = ("id", "number", "title", "access", "filename", "media_type", "size", "sha256")
    for meeting, item in scope.item_rows():
        for row in item["attachments"]:
            yield {"meeting": meeting.pk, "item": item["id"]} | {key: row[key] for key in names}


def _follow_ups(scope: Scope) -> Iterator[Row]:
    """In full with where they stand now; for the public as the minutes said it."""
    if not scope.is_full:
        for meeting, item in scope.item_rows():
            for row in item.get("follow_ups", []):
                facts = {"text": row["text"], "owner": row["owner"], "due": row["due"]}
                yield _follow_up(None, meeting.pk, item["id"], **facts)
        return
    rows = FollowUp.objects.filter(item__meeting__in=[one.pk for one in scope.meetings])
    for row in rows.select_related("owner", "item").order_by("pk"):
        yield _follow_up(
            row.pk,
            row.item.meeting_id,
            row.item_id,
            text=row.text,
            owner=row.owner_name,
            due=iso(row.due_on),
            state=row.state,
            closed_at=iso(row.closed_at),
        )


def _follow_up(pk: int | None, meeting: int, item: int, **facts: str) -> Row:
    found = {"text": "", "owner": "", "due": "", "state": "", "closed_at": ""} | facts
    return {"id": pk, "meeting": meeting, "item": item, **found}


# Cases ------------------------------------------------------------------------------------


def _use_cases(scope: Scope) -> Iterator[Row]:
    """As the register gives them out: never contact data."""
    keys = [one.key for one in exported_fields()]
    heads = ("number", "status", "risk_tier", "submitted_on", "reported", "updated_on")
    for case in scope.cases:
        row = row_of(scope.eyes, case)
        yield {
            "id": case.pk,
            "uid": row["id"],
            **{key: row.get(key, "") or "" for key in heads},
            "example": row["example"],
            "title": row["title"],
            "fields": {key: row[key] for key in keys if key in row and key != "title"},
        }


def _moves(scope: Scope) -> Iterator[Row]:
    rows = StatusChange.objects.filter(case__in=scope.cases.values("pk"), at__lt=scope.end)
    for row in rows.select_related("by").order_by("pk"):
        yield {
            "id": row.pk,
            "case": row.case_id,
            "move": row.move,
            "old": row.old,
            "new": row.new,
            "reason": row.reason,
            "at": iso(row.at),
            "by": row.by.name if row.by else "",
        }


def _reviews(scope: Scope) -> Iterator[Row]:
    """What each review came to. Sheets are their reviewers', and in no package."""
    names = ("number", "kind", "state", "reason", "assessment", "outcome", "reasons", "dissent")
    decided = ("body", "decision", "decision_reasons", "decision_deviation")
    for row in scope.reviews.order_by("pk"):
        yield {
            "id": row.pk,
            "case": row.case_id,
            "opened_at": iso(row.opened_at),
            "closed_at": iso(row.closed_at),
            "recommended_on": iso(row.recommended_on),
            "decision_on": iso(row.decision_on),
            "snapshot_sha256": row.snapshot_sha256,
            **{name: getattr(row, name) for name in (*names, *decided)},
        }


def _conditions(scope: Scope) -> Iterator[Row]:
    rows = Condition.objects.filter(case__in=scope.cases.values("pk"), created_at__lt=scope.end)
    if not scope.is_full:
        rows = rows & Condition.objects.published()
    for row in rows.select_related("owner").order_by("case", "number"):
        yield {
            "case": row.case_id,
            "number": row.number,
            "text": row.text,
            "gate": row.gate,
            "state": row.state,
            "due_on": iso(row.due_on),
            "owner": row.owner.name if scope.is_full else "",
            "verified_at": iso(row.verified_at),
        }


def _assessments(scope: Scope) -> Iterator[Row]:
    rows = AiActAssessment.objects.filter(case__in=scope.cases.values("pk"))
    rows = rows.exclude(state=AssessmentState.DRAFT).filter(concluded_at__lt=scope.end)
    for row in rows.order_by("pk"):
        yield {
            "id": row.pk,
            "case": row.case_id,
            "number": row.number,
            "state": row.state,
            "ruleset": row.ruleset,
            "tier": row.tier,
            "disposition": row.disposition,
            "answers": row.answers,
            "result": row.result,
            "concluded_at": iso(row.concluded_at),
            "sha256": row.sha256,
        }


# What members and guests wrote, which may be deleted once it is archived -----------------------


def _answers(scope: Scope) -> Iterator[Row]:
    # While a round is open its answers are rewritten, and what is archived may be deleted.
    rows = InputAnswer.objects.filter(
        round__meeting__in=[one.pk for one in scope.meetings], round__state=RoundState.CLOSED
    )
    for row in rows.select_related("author", "round").order_by("pk"):
        yield {
            "id": row.pk,
            "meeting": row.round.meeting_id,
            "round": row.round.title,
            "question": row.round.question,
            "author": row.author.name,
            "text": row.text,
            "saved_at": iso(row.saved_at),
        }


def _notes(scope: Scope) -> Iterator[Row]:
    rows = WorkshopNote.objects.filter(exercise__meeting__in=[one.pk for one in scope.meetings])
    for row in rows.select_related("exercise").order_by("pk"):
        yield {
            "id": row.pk,
            "meeting": row.exercise.meeting_id,
            "exercise": row.exercise.title,
            "group": row.group,
            "prompt": row.prompt,
            "text": row.text,
            "at": iso(row.at),
        }


def _columns(text: str = "", **kinds: str) -> dict[str, str]:
    return dict.fromkeys(text.split(), "text") | kinds


ITEM = {"meeting": "number", "item": "number"}
for one in (
    Contributor(
        "moeder", "Møder",
        {"id": "number", "number": "number"}
        | _columns("title kind state place reads record_sha256")
        | {"starts_at": "moment", "ends_at": "moment", "version": "number"},
        _meetings, "meetings.Meeting",
    ),
    Contributor(
        "punkter", "Punkter",
        {"id": "number", "meeting": "number", "number": "number", "redacted": "flag"}
        | _columns("kind access title public_title closing_ground case_id presenter"),
        _items, "meetings.AgendaItem",
    ),
    Contributor("tekster", "Punkternes tekster", ITEM | _columns("key heading text"), _texts),
    Contributor(
        "beslutninger", "Beslutninger",
        ITEM | {"number": "number", "held_on": "date"} | _columns("outcome text public_text"),
        _decisions,
    ),
    Contributor(
        "afstemninger", "Afstemninger",
        ITEM | {"round": "number", "closed_at": "moment"}
        | _columns("kind motion method outcome rule")
        | {"for": "list", "against": "list", "abstain": "list"},
        _votes,
    ),
    Contributor("mindretal", "Mindretalsudtalelser", ITEM | _columns("name text"), _dissents),
    Contributor(
        "fremmoede", "Fremmøde",
        {"meeting": "number"} | _columns("name role status times note"), _attendance,
    ),
    Contributor(
        "bilag", "Bilag",
        ITEM | {"id": "number", "size": "number"}
        | _columns("number title access filename media_type sha256"),
        _attachments, "meetings.Attachment",
    ),
    Contributor(
        "opfoelgning", "Opfølgning",
        ITEM | {"id": "number", "due": "date", "closed_at": "moment"}
        | _columns("text owner state"),
        _follow_ups, "meetings.FollowUp",
    ),
    Contributor(
        "anvendelser", "AI-anvendelser",
        {"id": "number", "example": "flag", "fields": "data"}
        | _columns("uid number status risk_tier submitted_on reported updated_on title"),
        _use_cases, "usecases.UseCase",
    ),
    Contributor(
        "statusskift", "Anvendelsernes statusskift",
        {"id": "number", "case": "number", "at": "moment"} | _columns("move old new reason by"),
        _moves, "usecases.StatusChange", public=False,
    ),
    Contributor(
        "vurderinger", "Etiske vurderinger",
        {"id": "number", "case": "number", "number": "number"}
        | {"opened_at": "moment", "closed_at": "moment"}
        | {"recommended_on": "date", "decision_on": "date"}
        | _columns("kind state reason assessment outcome reasons dissent body decision")
        | _columns("decision_reasons decision_deviation snapshot_sha256"),
        _reviews, "ethics.ReviewRound", public=False,
    ),
    Contributor(
        "betingelser", "Betingelser",
        {"case": "number", "number": "number", "due_on": "date", "verified_at": "moment"}
        | _columns("text gate state owner"),
        _conditions,
    ),
    Contributor(
        "ai-forordningen", "Vurderinger efter AI-forordningen",
        {"id": "number", "case": "number", "number": "number", "concluded_at": "moment"}
        | _columns("state ruleset tier disposition sha256")
        | {"answers": "data", "result": "data"},
        _assessments, "ethics.AiActAssessment", public=False,
    ),
    Contributor(
        "skriftlige-input", "Skriftlige input",
        {"id": "number", "meeting": "number", "saved_at": "moment"}
        | _columns("round question author text"),
        _answers, "meetings.InputAnswer", public=False,
    ),
    Contributor(
        "workshopnoter", "Noter fra temadage",
        {"id": "number", "meeting": "number", "at": "moment"}
        | _columns("exercise group prompt text"),
        _notes, "meetings.WorkshopNote", public=False,
    ),
    # Named here and not where it is defined: every process has the same tables in one order.
    REPORTS,
):  # fmt: skip
    contribute(one)
