"""Dilemmas: written, argued on both sides, settled, and published one by one."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from committee.models import Committee
from committee.policies import still_works
from core import audit
from core.canonical import canonical_json, sha256_hex
from core.text import clean_text
from core.verdicts import Refused, StaleState
from ethics.enums.guidelines import DilemmaState, Side
from ethics.models import Argument, Dilemma, DilemmaPublication, Guideline
from ethics.policies import guidelines as policies
from ethics.selectors.dilemmas import public_body
from ethics.services.guidelines import current_version
from ethics.workflow_guidelines import DILEMMA

LONGEST = 5000


@transaction.atomic
def create_dilemma(
    *,
    committee: Committee,
    title: str,
    situation: str,
    by: Any,
    guideline: Guideline | None = None,
    section: int | None = None,
) -> Dilemma:
    """Write a dilemma that the committee discusses."""
    policies.can_argue(by, committee.pk).require()
    still_works(committee).require()
    row = Dilemma(committee=committee, created_by=by)
    _fill(row, title, situation, guideline, section)
    row.save()
    audit.record("ethics.create_dilemma", row, by=by, scope=committee)
    return row


def _fill(
    row: Dilemma, title: str, situation: str, guideline: Guideline | None, section: int | None
) -> None:
    row.title = " ".join(title.split())[:120]
    row.situation = _text(situation, "situation")
    if not row.title:
        raise Refused(_("Give the dilemma a title."), "title")
    if not row.situation:
        raise Refused(_("Describe the situation."), "situation")
    if (guideline is None) != (section is None):
        raise Refused(_("Choose a section of a guideline."), "section")
    if guideline is not None and section is not None:
        _require_section(row, guideline, section)
    row.guideline, row.section_number = guideline, section


def _require_section(row: Dilemma, guideline: Guideline, section: int) -> None:
    sections = current_version(guideline).sections.filter(number=section, removed=False)
    if guideline.committee_id != row.committee_id or not sections.exists():
        raise Refused(_("Choose a section of a guideline."), "section")


def _text(text: str, field: str) -> str:
    text = clean_text(text)
    if len(text) > LONGEST:
        raise Refused(_("Write at most %(n)s characters.") % {"n": LONGEST}, field)
    return text


@transaction.atomic
def edit_dilemma(
    *,
    dilemma: Dilemma,
    title: str,
    situation: str,
    state: str,
    stance: str,
    version: int,
    by: Any,
    guideline: Guideline | None = None,
    section: int | None = None,
) -> Dilemma:
    """Change what it says and whether it is settled. What was published stays as it was."""
    row = _locked(dilemma)
    policies.can_run(by, row.committee_id).require()
    if row.version != version:
        raise StaleState(_("Somebody else changed the dilemma meanwhile. Your text is kept."))
    if state not in DilemmaState.values:
        raise Refused(_("Choose one of the answers."), "state")
    _fill(row, title, situation, guideline, section)
    row.stance = _text(stance, "stance")
    if state == DilemmaState.SETTLED and not row.stance:
        raise Refused(_("Write where the committee stands."), "stance")
    row.version += 1
    row.save()
    if state != row.state:
        DILEMMA.apply(row, "settle" if state == DilemmaState.SETTLED else "reopen")
    facts = {"version": row.version, "state": str(row.state)}
    audit.record("ethics.edit_dilemma", row, by=by, scope=row.committee, data=facts)
    return row


@transaction.atomic
def add_argument(*, dilemma: Dilemma, side: str, text: str, by: Any, source: str = "") -> Argument:
    """Record an argument on one side, one's own or that of the workshop in `source`."""
    row = _locked(dilemma)
    policies.can_argue(by, row.committee_id).require()
    if not policies.can_add_argument(by, row):
        raise StaleState(policies.can_add_argument(by, row).reason)
    if side not in Side.values:
        raise Refused(_("Choose one of the sides."), "side")
    text = _text(text, "text")
    if not text:
        raise Refused(_("Write the argument."), "text")
    source = " ".join(source.split())[:200]
    found = Argument.objects.create(dilemma=row, side=side, text=text, source=source, author=by)
    facts = {"argument": found.pk, "side": side}
    audit.record("ethics.add_argument", row, by=by, scope=row.committee, data=facts)
    return found


@transaction.atomic
def publish_dilemma(*, dilemma: Dilemma, expected: str, by: Any) -> DilemmaPublication:
    """Freeze it as it is and let citizens read it. What is added later is not published.

    Raises `StaleState` when it is not what its reader saw (whose hash is `expected`).
    """
    row = _locked(dilemma)
    policies.can_run(by, row.committee_id).require()
    body = canonical_json(public_body(row))
    if sha256_hex(body) != expected:
        raise StaleState(_("The dilemma has changed since you saw it. Read it again."))
    if row.published and row.published.sha256 == expected:
        raise StaleState(_("It is published as it is now. Nothing was changed."))
    found = DilemmaPublication.objects.create(
        dilemma=row, body=body.decode(), sha256=expected, by=by
    )
    row.published = found
    row.save(update_fields=["published"])
    facts = {"sha256": expected}
    audit.record("ethics.publish_dilemma", row, by=by, scope=row.committee, data=facts)
    return found


@transaction.atomic
def unpublish_dilemma(*, dilemma: Dilemma, by: Any) -> Dilemma:
    """Take it away from citizens. What was published is kept in the history."""
    row = _locked(dilemma)
    policies.can_run(by, row.committee_id).require()
    if row.published is None:
        raise StaleState(_("It is not published. Nothing was changed."))
    row.published = None
    row.save(update_fields=["published"])
    audit.record("ethics.unpublish_dilemma", row, by=by, scope=row.committee)
    return row


def _locked(dilemma: Dilemma) -> Dilemma:
    rows = Dilemma.objects.select_for_update(of=("self",))
    return rows.select_related("committee", "published").get(pk=dilemma.pk)
