"""What ethics knows of the case: the AI Act, the questionnaire, reviews, conditions, hearings.

Nothing of a sealed sheet is read here, not even its reviewer's own.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from ethics import reviewing
from ethics.enums.aiact import AssessmentState
from ethics.enums.conditions import ConditionState
from ethics.models import (
    AiActAssessment,
    CaseSnapshot,
    Condition,
    Hearing,
    HearingReply,
    ReviewRound,
)
from ethics.policies import conditions as condition_policies
from ethics.policies import hearings as hearing_policies
from ethics.policies import rounds as round_policies
from ethics.selectors import aiact, aiact_pages
from ethics.selectors.hearings import standing_replies
from ethics.selectors.questions import reading as read_questions
from ethics.selectors.sheets import open_sheets_page
from ethics.selectors.snapshots import snapshot_page
from reports.selectors.dossier.look import Look, Piece, name_of, stamp

ENDED = (AssessmentState.CONCLUDED, AssessmentState.SUPERSEDED)
# Where the page of a condition says why it stands there.
SAYS_WHY = (ConditionState.REJECTED, ConditionState.WAIVED)
GATES = {
    "screening": _("At once"),
    "pilot": _("Before the pilot"),
    "operation": _("Before operation"),
}


# The AI Act --------------------------------------------------------------------------------------


def assessments(look: Look) -> list[Piece]:
    """Every assessment that was concluded: rules, findings, duties with their evidence."""
    if not look.full:
        return []
    rows = look.case.ai_act_assessments.filter(state__in=ENDED).order_by("number")
    return [_assessment(look, row) for row in rows.select_related("concluded_by")]


def _assessment(look: Look, row: AiActAssessment) -> Piece:
    context = aiact_pages.result_context(aiact.result_of(row), row.answers)
    standing = row.state == AssessmentState.CONCLUDED
    return {
        "number": row.number,
        "state": str(row.get_state_display()),
        "ruleset": row.ruleset,
        "confirmed_under": row.confirmed_under,
        "edition": str(context["rules"].edition),
        "disclaimer": str(context["rules"].disclaimer),
        "tier": str(context["tier_text"]),
        "revision": row.revision,
        "sha256": row.sha256,
        "concluded_at": stamp(row.concluded_at),
        "concluded_by": name_of(row.concluded_by),
        "outcomes": [
            {
                "code": one["outcome"].id,
                "text": str(one["outcome"].text),
                "article": str(one["outcome"].article),
                "applies_from": stamp(one["day"]),
            }
            for one in context["outcomes"]
        ],
        "findings": [
            _finding(str(block), one) for block, rows in context["finding_blocks"] for one in rows
        ],
        "duties": _duties(look, row) if standing else [],
    }


def _finding(block: str, row: dict[str, Any]) -> Piece:
    return {
        "block": block,
        "question": row["question"].id,
        "text": str(row["question"].text),
        "article": str(row["question"].article),
        "answer": row["answer"],
        "reason": row["reason"],
        "evidence": row["evidence"],
    }


def _duties(look: Look, assessment: AiActAssessment) -> list[Piece]:
    return [
        {
            "code": row.code,
            "article": str(row.article),
            "text": str(row.text),
            "actor": row.actor,
            "gate": str(GATES.get(row.gate, row.gate)),
            "applies_from": stamp(row.applies_from),
            "state": str(row.state.label),
            "evidence": _evidence(row.evidence) if row.evidence else None,
        }
        for row in aiact.duties_of(look.case, assessment)
    ]


def _evidence(row: Any) -> Piece:
    return {
        "kind": str(row.get_kind_display()),
        "text": row.text,
        "link": row.link,
        "holds_until": stamp(row.holds_until),
        "at": stamp(row.at),
        "by": name_of(row.by),
        "verified_at": stamp(row.verified_at),
        "verified_by": name_of(row.verified_by),
    }


# The questionnaire -------------------------------------------------------------------------------


def questions(look: Look) -> Piece:
    """The answers as the page of the questionnaire shows them to this reader."""
    page = read_questions(look.user, look.case)
    if not page["has_answers"]:
        return {"questionnaire": "", "parts": []}
    parts = [
        {"key": section.id, "heading": str(section.name), "answers": [_answer(row) for row in rows]}
        for section, rows in page["sections"]
        if rows
    ]
    return {"questionnaire": page["questionnaire"].ref, "parts": parts}


def _answer(row: Any) -> Piece:
    return {
        "question": row.question.id,
        "text": str(row.question.text),
        "answer": str(row.words),
        "reason": row.reason,
        "evidence": row.evidence,
        "flag": f"{row.flag.severity.name}: {row.flag.text}" if row.flag else "",
        "who": str(row.who),
    }


# Reviews -----------------------------------------------------------------------------------------


def reviews(look: Look) -> list[Piece]:
    """The rounds that are open to this reader, each with what has been revealed to them."""
    if not look.full:
        return []
    rows = ReviewRound.objects.opened_to(look.user).filter(case=look.case).order_by("number")
    found = []
    for review in rows.select_related("signed_by"):
        review.case = look.case
        if round_policies.opens(look.user, review):
            look.gives("round", review.pk)
            found.append(_round(look, review))
    return found


def _round(look: Look, review: ReviewRound) -> Piece:
    found: Piece = {
        "number": review.number,
        "kind": str(review.get_kind_display()),
        "state": str(review.get_state_display()),
        "opened_at": stamp(review.opened_at),
        "revision": review.revision,
    }
    if not round_policies.takes_part(look.user, review):
        asked = review.state == "r_needs_info"
        return found | {"reason": review.reason if asked else ""}
    look.gives("round", review.pk, "part")
    if round_policies.sees_proposer(look.user, review):
        look.gives("round", review.pk, "proposer")
    return found | _of_reviewers(look, review)


def _of_reviewers(look: Look, review: ReviewRound) -> Piece:
    found: Piece = {
        "reason": review.reason,
        "questionnaire": review.questionnaire_ref,
        "blind": review.blind,
        "fast_track": review.fast_track,
        "people": [
            {
                "name": one.reviewer.name,
                "capacity": str(one.get_capacity_display()),
                "disqualified": one.is_out,
            }
            for one in review.people
        ],
        "sealed": review.sealed_count,
        "wanted": len(review.reviewers),
        "moves": _moves(look, review),
        "agenda_on": stamp(review.agenda_on),
        "agenda_title": review.agenda_title,
        "agenda_item": review.agenda_item,
        "snapshot_sha256": review.snapshot_sha256,
        "outcome": str(review.get_outcome_display()) if review.outcome else "",
        "recommended_on": stamp(review.recommended_on),
        "reasons": review.reasons,
        "dissent": review.dissent,
        "decision": "",
    }
    if review.assessment and review.signed_at and review.state != "r_individual":
        found |= {
            "assessment": review.assessment,
            "signed_by": name_of(review.signed_by),
            "signed_at": stamp(review.signed_at),
        }
    if review.decision and review.state == "r_closed":
        found |= {
            "decision": str(review.get_decision_display()),
            "decision_body": review.body,
            "decision_on": stamp(review.decision_on),
        }
    if round_policies.reads_sheets(look.user, review):
        look.gives("sheets", review.pk, review.turn)
        found |= _revealed(look, review)
    return found


def _moves(look: Look, review: ReviewRound) -> list[Piece]:
    """As the page of the round: in a blind one, whoever answers for the case has no name."""
    known = round_policies.sees_proposer(look.user, review)
    return [
        {
            "at": stamp(row.at),
            "new": str(row.get_new_display()),
            "by": name_of(row.by) if known or row.move != "answer" else "",
        }
        for row in review.moves.select_related("by").order_by("pk")
    ]


def _revealed(look: Look, review: ReviewRound) -> Piece:
    """Sheets, flags and disagreements, as the pages show them after the reveal."""
    page = open_sheets_page(look.user, review)
    return {
        "sheets": [_sheet(row["sheet"], row["additions"]) for row in page["sheets"]],
        "answers": [_side_by_side(part, row) for part in page["parts"] for row in part["rows"]],
        "flags": [_flag(one) for one in reviewing.flags_of(review)],
        "disagreements": [
            {
                "question": one.question.id,
                "text": str(one.question.text),
                "values": one.values,
                "note": one.note.note if one.note else "",
            }
            for one in reviewing.disagreements(review)
        ],
    }


def _sheet(sheet: Any, additions: list[Any]) -> Piece:
    return {
        "name": sheet.assignment.reviewer.name,
        "recommendation": str(sheet.get_recommendation_display()),
        "note": sheet.note,
        "sealed_at": stamp(sheet.sealed_at),
        "sha256": sheet.sha256,
        "additions": [
            {"at": stamp(one.at), "question": one.question, "text": one.text, "reason": one.reason}
            for one in additions
        ],
    }


def _side_by_side(part: dict[str, Any], row: Any) -> Piece:
    return {
        "part": str(part["section"].name),
        "question": row.question.id,
        "text": str(row.question.text),
        "given": row.given,
        "answers": [
            {"name": cell["name"], "answer": str(cell["words"]), "reason": cell["reason"]}
            for cell in row.cells
        ],
    }


def _flag(flag: reviewing.Flag) -> Piece:
    return {
        "question": flag.question.id,
        "severity": flag.severity,
        "texts": [str(one) for one in flag.texts],
        "answer": flag.answer.text if flag.answer else "",
        "cause_removed": bool(flag.answer and flag.answer.cause_removed),
    }


# Conditions --------------------------------------------------------------------------------------


def conditions(look: Look) -> list[Piece]:
    """With evidence and history for their readers; for others the words of those that bind."""
    level = condition_policies.reading(look.user, look.case)
    if level == "public":
        rows = Condition.objects.published().filter(case=look.case).order_by("number")
        found = []
        for row in rows:
            look.gives("condition", row.pk, "text")
            found.append({"number": row.number, "text": row.text, "gate": row.get_gate_display()})
        return [{**one, "gate": str(one["gate"])} for one in found]
    rows = Condition.objects.visible_to(look.user).filter(case=look.case).order_by("number")
    people = rows.select_related("owner", "verified_by")
    return [_condition(look, row) for row in people.prefetch_related("evidence", "events__by")]


def _condition(look: Look, row: Condition) -> Piece:
    look.gives("condition", row.pk)
    return {
        "number": row.number,
        "text": row.text,
        "gate": str(row.get_gate_display()),
        "owner": row.owner.name,
        "due_on": stamp(row.due_on),
        "state": str(row.get_state_display()),
        "reason": row.reason if row.state in SAYS_WHY else "",
        "source": str(row.get_source_display()),
        "verified_by": name_of(row.verified_by),
        "verified_at": stamp(row.verified_at),
        "waived_body": row.waived_body,
        "waived_on": stamp(row.waived_on),
        "evidence": [
            _handed_in(look, row, one)
            for one in row.evidence.select_related("file", "by").order_by("number")
        ],
        "events": [
            {
                "at": stamp(one.at),
                "by": name_of(one.by),
                "kind": str(one.get_kind_display()),
                "text": one.text,
            }
            for one in sorted(row.events.all(), key=lambda one: one.pk)
        ],
    }


def _handed_in(look: Look, condition: Condition, row: Any) -> Piece:
    found = {
        "number": row.number,
        "at": stamp(row.at),
        "by": row.by.name,
        "text": row.text,
        "link": row.link,
        "file": None,
    }
    if row.file is not None:
        path = f"vilkaar-{condition.number:02}-dokumentation-{row.number:02}"
        found["file"] = look.carries(path, condition.text[:100], row.file)
    return found


# What was frozen, and who was heard --------------------------------------------------------------


def snapshots(look: Look) -> list[Piece]:
    """Every snapshot with its hash; in words the one that the page shows."""
    shown = snapshot_page(look.user, look.case)["row"]
    if shown is None:
        return []
    look.gives("snapshot", shown.pk)
    rows = CaseSnapshot.objects.filter(case=look.case).order_by("number")
    if not look.full:
        rows = rows.filter(pk=shown.pk)
    pieces = _pieces(look)
    return [
        {
            "number": row.number,
            "at": stamp(row.at),
            "by": row.by.name if look.full else "",
            "revision": row.revision,
            "sha256": row.sha256,
            "pieces": pieces if row.pk == shown.pk else [],
        }
        for row in rows.select_related("by")
    ]


def _pieces(look: Look) -> list[Piece]:
    return [
        {
            "heading": str(one["heading"]),
            "lines": [
                {"label": str(line.label), "value": str(line.value)} for line in one["lines"]
            ],
        }
        for one in snapshot_page(look.user, look.case)["pieces"]
    ]


def hearings(look: Look) -> list[Piece]:
    """Everybody who was heard: of earlier hearings what they showed, of the newest the answers."""
    if not look.full:
        return []
    rows = list(Hearing.objects.filter(case=look.case).select_related("opened_by", "closed_by"))
    rows.sort(key=lambda row: row.pk)
    return [_hearing(look, row, is_newest=row is rows[-1]) for row in rows]


def _hearing(look: Look, row: Hearing, *, is_newest: bool) -> Piece:
    row.case = look.case
    given = standing_replies(row) if is_newest else []
    replies = [one for one in given if hearing_policies.reads_reply(look.user, row, one)]
    questions = row.questions if is_newest else []
    return {
        "state": str(row.get_state_display()),
        "parties": [str(one.label) for one in row.parties],
        "opened_at": stamp(row.opened_at),
        "opened_by": row.opened_by.name,
        "deadline": stamp(row.deadline),
        "revision": row.revision,
        "questions": [{"id": one["id"], "text": one["text"]} for one in questions],
        "replies": [_reply(look, one) for one in replies],
        "summary": row.summary,
        "account": row.account,
        "reason": row.reason,
        "closed_at": stamp(row.closed_at),
        "closed_by": name_of(row.closed_by),
    }


def _reply(look: Look, row: HearingReply) -> Piece:
    look.gives("reply", row.pk)
    return {
        "party": str(row.get_party_display()),
        "who": row.who or row.by.name,
        "on": stamp(row.answered_on or row.at),
        "answers": {str(key): value for key, value in sorted(row.answers.items())},
    }
