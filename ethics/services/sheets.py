"""Sheets: saved by their reviewer, sealed by hash, added to; and what is said of them together."""

import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.canonical import canonical_json, sha256_hex
from core.text import clean_text
from core.verdicts import NotAllowed, Refused, StaleState
from ethics import questionnaire as engine
from ethics import reviewing
from ethics.enums.rounds import RoundState, SheetAdvice
from ethics.models import FlagAnswer, ReviewRound, ReviewSheet, SheetAddition, SpreadNote
from ethics.policies import rounds as policies
from ethics.services.rounds import fresh

LONGEST = 5000


def sheet_of(review: ReviewRound, user: Any) -> ReviewSheet | None:
    """The reader's own sheet of this turn."""
    return next((s for s in review.turn_sheets if s.assignment.reviewer_id == user.pk), None)


def own_sheet(review: ReviewRound, user: Any) -> ReviewSheet:
    """The same, to be written in. Raises `NotAllowed`, or `StaleState` once it is sealed."""
    sheet = sheet_of(review, user)
    if sheet is not None and sheet.sealed_at and policies.sees_own_sheet(user):
        raise StaleState(_("Your sheet is sealed already. Nothing was changed."))
    policies.can_fill(user, review, sheet).require()
    if sheet is None:
        raise NotAllowed(_("Only the assigned reviewers have a sheet."))
    return sheet


@transaction.atomic
def save_section(*, review: ReviewRound, answers: Mapping[str, Any], by: Any) -> ReviewSheet:
    """Keep answers in one's own sheet. They were checked by the questionnaire's form."""
    review = fresh(review)
    sheet = own_sheet(review, by)
    known = engine.by_ref(sheet.questionnaire_ref)
    merged = {
        **sheet.answers,
        **{key: value for key, value in answers.items() if key in known.by_id},
    }
    sheet.answers, sheet.saved_at = merged, timezone.now()
    sheet.save(update_fields=["answers", "saved_at"])
    return sheet


@transaction.atomic
def seal_sheet(*, review: ReviewRound, recommendation: str, by: Any, note: str = "") -> ReviewSheet:
    """Close one's sheet for good: canonical JSON, a secret salt, and its hash.

    Raises `StaleState` when it is sealed already, `Refused` while a question lacks its answer.
    """
    review = fresh(review)
    sheet = own_sheet(review, by)
    if recommendation not in SheetAdvice.values:
        raise Refused(_("Choose what you would recommend."), "recommendation")
    note = clean_text(note)
    if len(note) > LONGEST:
        raise Refused(_("Write at most %(n)s characters.") % {"n": LONGEST}, "note")
    if gaps := reviewing.lacking(review, sheet):
        names = ", ".join(one.id for one in gaps[:8])
        raise Refused(_("These questions have no answer yet: %(names)s.") % {"names": names})
    now = timezone.now()
    body = canonical_json(
        {
            "schema": 1,
            "review": review.pk,
            "turn": sheet.turn,
            "revision": sheet.revision,
            "questionnaire": sheet.questionnaire_ref,
            "reviewer": by.pk,
            "answers": sheet.answers,
            "recommendation": recommendation,
            "note": note,
            "salt": secrets.token_hex(16),
        }
    )
    late = review.state == RoundState.DISCUSSION
    done = ReviewSheet.objects.filter(pk=sheet.pk, sealed_at__isnull=True).update(
        body=body.decode(),
        sha256=sha256_hex(body),
        sealed_at=now,
        # The others are open: a late one joins them, written without having seen them.
        revealed_at=now if late else None,
        recommendation=recommendation,
        note=note,
    )
    if not done:
        raise StaleState(_("Your sheet is sealed already. Nothing was changed."))
    sheet.refresh_from_db()
    data = {"turn": sheet.turn, "sha256": sheet.sha256, "late": late}
    audit.record("ethics.seal_sheet", review, by=by, scope=review.case.committee, data=data)
    return sheet


@transaction.atomic
def add_to_sheet(
    *, sheet: ReviewSheet, text: str, reason: str, by: Any, question: str = ""
) -> SheetAddition:
    """Say something more, or other, than one has sealed; the sheet itself stays as it is."""
    review = fresh(sheet.assignment.round)
    sheet = ReviewSheet.objects.select_related("assignment").get(pk=sheet.pk)
    policies.can_add(by, review, sheet).require()
    text, reason = clean_text(text), clean_text(reason)
    if question and question not in engine.by_ref(sheet.questionnaire_ref).by_id:
        raise Refused(_("Choose one of the questions."), "question")
    for field, value in (("text", text), ("reason", reason)):
        if not value:
            raise Refused(_("Write what you add, and why."), field)
        if len(value) > LONGEST:
            raise Refused(_("Write at most %(n)s characters.") % {"n": LONGEST}, field)
    row = SheetAddition.objects.create(
        sheet=sheet, question=question, text=text, reason=reason, by=by
    )
    data = {"question": question} if question else {}
    audit.record("ethics.add_to_sheet", review, by=by, scope=review.case.committee, data=data)
    return row


# The discussion -------------------------------------------------------------------------------


@transaction.atomic
def answer_flag(
    *,
    review: ReviewRound,
    question: str,
    severity: str,
    by: Any,
    text: str = "",
    condition: int | None = None,
    cause_removed: bool = False,
) -> FlagAnswer:
    """Say what is done about a flag. A blocker goes away only with its cause, and words for it."""
    review = fresh(review)
    if severity == "blocker":
        policies.can_remove_blocker(by, review).require()
    else:
        policies.can_discuss(by, review).require()
    flag = next(
        (
            one
            for one in reviewing.flags_of(review)
            if (one.question.id, one.severity) == (question, severity)
        ),
        None,
    )
    if flag is None:
        raise Refused(_("Nobody has raised this flag."), "question")
    if condition is not None and not review.case.conditions.filter(pk=condition).exists():
        raise Refused(_("Choose one of the case's conditions."), "condition")
    text = clean_text(text)[:LONGEST]
    if not text and condition is None:
        raise Refused(_("Write what is done about it."), "text")
    if cause_removed and not text:
        raise Refused(_("Write how the cause was removed."), "text")
    row, _made = FlagAnswer.objects.update_or_create(
        round=review,
        turn=review.turn,
        question=question,
        severity=severity,
        defaults={
            "text": text,
            "condition": condition,
            "cause_removed": cause_removed and severity == "blocker",
            "at": timezone.now(),
            "by": by,
        },
    )
    data = {"question": question, "severity": severity, "cause_removed": row.cause_removed}
    audit.record("ethics.answer_flag", review, by=by, scope=review.case.committee, data=data)
    return row


@transaction.atomic
def note_spread(*, review: ReviewRound, question: str, note: str, by: Any) -> SpreadNote:
    """Write down what was said of a disagreement."""
    review = fresh(review)
    policies.can_discuss(by, review).require()
    if question not in {one.question.id for one in reviewing.disagreements(review)}:
        raise Refused(_("This question is not on the discussion list."), "question")
    note = clean_text(note)
    if not note:
        raise Refused(_("Write what was said."), "note")
    if len(note) > LONGEST:
        raise Refused(_("Write at most %(n)s characters.") % {"n": LONGEST}, "note")
    row, _made = SpreadNote.objects.update_or_create(
        round=review,
        turn=review.turn,
        question=question,
        defaults={"note": note, "at": timezone.now(), "by": by},
    )
    data = {"question": question}
    audit.record("ethics.note_spread", review, by=by, scope=review.case.committee, data=data)
    return row
