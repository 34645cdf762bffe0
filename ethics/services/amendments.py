"""Changes that members want in a section: proposed, put on a newer text, answered."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.canonical import sha256_hex
from core.merging import three_way
from core.text import clean_text
from core.verdicts import Refused, StaleState
from ethics.enums.guidelines import VersionState
from ethics.models import Amendment, AmendmentText, Guideline, SectionRevision
from ethics.policies import guidelines as policies
from ethics.services.guidelines import (
    Decided,
    body_text,
    current_version,
    locked,
    open_draft,
    section_of,
    write_section,
)
from ethics.workflow_guidelines import AMENDMENT

LONGEST_REASON = 2500


def mark_of(text: str) -> str:
    """Which text somebody saw: what is written on it names it."""
    return sha256_hex(text.encode())


@transaction.atomic
def propose_amendment(
    *, guideline: Guideline, number: int, text: str, reason: str, seen: str, by: Any
) -> Amendment:
    """Propose another text of section `number`, written on the text whose mark is `seen`.

    Raises `StaleState` when the section says something else by now.
    """
    guideline = locked(guideline)
    policies.can_amend(by, guideline).require()
    base = section_of(current_version(guideline), number).text
    text = _new_text(text, base)
    reason = _reason(reason, _("Write why the text should be another."))
    _require_seen(base, seen)
    row = Amendment.objects.create(
        guideline=guideline, section_number=number, author=by, reason=reason
    )
    AmendmentText.objects.create(amendment=row, number=1, base=base, text=text, by=by)
    _record("propose_amendment", row, by, section=number)
    return row


def _new_text(text: str, base: str) -> str:
    text = body_text(text)
    if not text:
        raise Refused(_("Write how the section should read."), "text")
    if text == base:
        raise Refused(_("The text is the same as now. Change what should be another."), "text")
    return text


def _reason(reason: str, missing: str, field: str = "reason") -> str:
    reason = clean_text(reason)
    if not reason:
        raise Refused(missing, field)
    if len(reason) > LONGEST_REASON:
        raise Refused(_("Write at most %(n)s characters.") % {"n": LONGEST_REASON}, field)
    return reason


def _require_seen(base: str, seen: str) -> None:
    if mark_of(base) != seen:
        raise StaleState(_("The section was changed while you were writing. Your text is kept."))


def on_new_text(*, guideline: Guideline, number: int, text: str, seen: str) -> str:
    """What was typed on the text whose mark is `seen`, put on the section as it reads now.

    Where both changed the same words, both stand there. Reads only.
    """
    now = section_of(current_version(guideline), number).text
    rows = SectionRevision.objects.filter(
        section__version__guideline=guideline, section__number=number
    )
    base = next((row.text for row in rows.order_by("-pk") if mark_of(row.text) == seen), "")
    return three_way(base, clean_text(text), now)[0] if base else text


def newest_text(amendment: Amendment) -> AmendmentText:
    return amendment.texts.get(number=amendment.texts_count)


@transaction.atomic
def rebase_amendment(*, amendment: Amendment, text: str, seen: str, by: Any) -> Amendment:
    """Put the proposed change on the section as it reads now; the text before it is kept."""
    row = _locked(amendment)
    policies.can_rebase(by, row).require()
    base = section_of(current_version(row.guideline), row.section_number).text
    text = _new_text(text, base)
    _require_seen(base, seen)
    row.texts_count += 1
    row.save(update_fields=["texts_count"])
    AmendmentText.objects.create(amendment=row, number=row.texts_count, base=base, text=text, by=by)
    _record("rebase_amendment", row, by, text=row.texts_count)
    return row


@transaction.atomic
def withdraw_amendment(*, amendment: Amendment, by: Any) -> Amendment:
    row = _locked(amendment)
    policies.can_withdraw(by, row).require()
    AMENDMENT.apply(row, "withdraw", answered_at=timezone.now(), answered_by=by)
    _record("withdraw_amendment", row, by)
    return row


@transaction.atomic
def accept_amendment(
    *, amendment: Amendment, decided: Decided, by: Any, texts: int, answer: str = ""
) -> Amendment:
    """Write the change into the draft (which begins now if there is none).

    `texts` is which of its texts was seen. Raises `StaleState` when it has another one by now,
    or when the section has changed since: it must first be put on the new text, or declined.
    """
    row = _answerable(amendment, texts, by)
    reference = decided.checked()
    current = current_version(row.guideline)
    wanted = newest_text(row)
    if section_of(current, row.section_number).text != wanted.base:
        raise StaleState(
            _(
                "The section has changed since the change was proposed. Put it on the new text "
                "first, or decline it."
            )
        )
    is_draft = current.state == VersionState.DRAFT
    draft = current if is_draft else open_draft(guideline=row.guideline, by=by)
    write_section(section_of(draft, row.section_number), text=wanted.text, by=by)
    facts = _answer_facts(answer, by) | reference
    AMENDMENT.apply(row, "accept", **facts, into=draft)
    _record("accept_amendment", row, by, version=draft.number, section=row.section_number)
    return row


@transaction.atomic
def decline_amendment(
    *, amendment: Amendment, decided: Decided, by: Any, texts: int, answer: str
) -> Amendment:
    """Record that the meeting declined it, and why."""
    row = _answerable(amendment, texts, by)
    reference = decided.checked()
    answer = _reason(answer, _("Write why it was declined."), "answer")
    AMENDMENT.apply(row, "decline", **_answer_facts(answer, by), **reference)
    _record("decline_amendment", row, by, section=row.section_number)
    return row


def _answer_facts(answer: str, by: Any) -> dict[str, Any]:
    text = clean_text(answer)[:LONGEST_REASON]
    return {"answer": text, "answered_at": timezone.now(), "answered_by": by}


def _answerable(amendment: Amendment, texts: int, by: Any) -> Amendment:
    row = _locked(amendment)
    policies.can_run(by, row.guideline.committee_id).require()
    if not policies.is_open(row):
        raise StaleState(policies.is_open(row).reason)
    if row.texts_count != texts:
        raise StaleState(_("The proposed change has a new text. Read it before you answer."))
    return row


def _locked(amendment: Amendment) -> Amendment:
    """The guideline's row is the lock, so that answers and edits come one after the other."""
    locked(amendment.guideline)
    rows = Amendment.objects.select_related("guideline__committee")
    return rows.get(pk=amendment.pk)


def _record(verb: str, row: Amendment, by: Any, **facts: Any) -> None:
    data = {"guideline": row.guideline_id, **facts}
    audit.record(f"ethics.{verb}", row, by=by, scope=row.guideline.committee, data=data)
