"""Freezing what a decision rests on."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.canonical import sha256_hex
from core.verdicts import StaleState
from ethics.models import CaseSnapshot
from ethics.snapshots import gathered
from usecases import policies
from usecases.enums import FINAL, Status
from usecases.models import UseCase
from usecases.services.texts import fresh


@transaction.atomic
def take_snapshot(case: UseCase, by: Any) -> CaseSnapshot:
    """Freeze everything that is known of the case. The same facts again are the same snapshot."""
    case = fresh(case)
    policies.runs(by, case).require()
    if case.status == Status.DRAFT or case.status in FINAL:
        raise StaleState(_("The proposal is a draft or closed. Nothing was changed."))
    body = gathered(case)
    digest = sha256_hex(body)
    newest = newest_snapshot(case)
    if newest is not None and newest.sha256 == digest:
        return newest
    row = CaseSnapshot.objects.create(
        case=case,
        number=newest.number + 1 if newest else 1,
        revision=case.revision,
        body=body.decode(),
        sha256=digest,
        by=by,
    )
    facts = {"number": row.number, "revision": row.revision, "sha256": digest}
    audit.record("ethics.take_snapshot", row, by=by, scope=case.committee, data=facts)
    return row


def newest_snapshot(case: UseCase) -> CaseSnapshot | None:
    """What was frozen last of the case."""
    return CaseSnapshot.objects.filter(case=case).order_by("-number").first()
