"""A case goes to the body that takes over. What was said, decided and frozen stays as it was."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committee.models import Committee
from core import audit
from core.verdicts import StaleState
from usecases import policies
from usecases.models import CaseHandOver, UseCase
from usecases.services.texts import fresh


@transaction.atomic
def hand_case(*, case: UseCase, receiver: Committee, by: Any) -> CaseHandOver:
    """Give the case to another body; its number and its address stay the same.

    Raises `NotAllowed` for what is closed or not this person's, `StaleState` when another body
    has it by now.
    """
    seen = case.committee_id
    case = fresh(case)
    if case.committee_id != seen:
        raise StaleState(_("The case has gone to another body meanwhile. Nothing was changed."))
    policies.can_hand_case(by, case, receiver).require()
    origin = case.committee
    case.committee, case.handed_on = receiver, True
    case.updated_at = timezone.now()
    if case.decision and case.decided_in_id is None:
        case.decided_in = origin
    case.save(update_fields=["committee", "decided_in", "handed_on", "updated_at"])
    row = CaseHandOver.objects.create(case=case, origin=origin, receiver=receiver, by=by)
    for body in (origin, receiver):
        facts = {"from": origin.pk, "to": receiver.pk}
        audit.record("usecases.hand_over", case, by=by, scope=body, data=facts)
    return row
