"""Two cases that are one, and one case that is two. Every address stays alive."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.text import clean_text
from core.verdicts import Refused, StaleState
from usecases import policies
from usecases.enums import SimilarAnswer
from usecases.models import CaseMerge, CaseSplit, UseCase
from usecases.record import record
from usecases.services.telling import follow_unless_refused, listeners, tell_merge, tell_split
from usecases.services.texts import create_case, fresh

LONGEST_REASON = 2000


@transaction.atomic
def merge_cases(*, case: UseCase, into: UseCase, reason: str, by: Any) -> CaseMerge:
    """Let `case` go into `into`. Its text and comments stay where they are and can be read.

    A case that has gone cannot take others in, so there are no circles. Both rows are locked in
    the order of their ids: of two merges at once the second finds the first and is refused.
    """
    policies.can_merge(by, case).require()
    case, into = _locked_pair(case, into)
    if case.merged_into_id:
        raise StaleState(_("Somebody has merged the proposal already. Nothing was changed."))
    policies.can_merge(by, case).require()
    why = _checked_reason(reason)
    _check_target(case, into, by)
    case.merged_into = into
    case.updated_at = into.updated_at = timezone.now()
    case.save(update_fields=["merged_into", "updated_at"])
    into.save(update_fields=["updated_at"])
    row = CaseMerge.objects.create(case=case, into=into, reason=why, by=by)
    tell_merge(case, into, by)
    follow_unless_refused(into, sorted(listeners(case)))
    audit.record("usecases.merge", case, by=by, scope=case.committee, data={"into": into.pk})
    audit.record("usecases.take_in", into, by=by, scope=into.committee, data={"merged": case.pk})
    return row


def _locked_pair(case: UseCase, into: UseCase) -> tuple[UseCase, UseCase]:
    rows = {pk: fresh(row) for pk, row in sorted({case.pk: case, into.pk: into}.items())}
    return rows[case.pk], rows[into.pk]


def _check_target(case: UseCase, into: UseCase, by: Any) -> None:
    if case.pk == into.pk:
        raise Refused(_("Choose another proposal than this one."), "into")
    if case.committee_id != into.committee_id:
        raise Refused(_("Both proposals must belong to the same committee."), "into")
    verdict = policies.can_take_in(by, into)
    if not verdict:
        raise Refused(verdict.reason, "into")


def _checked_reason(reason: str) -> str:
    why = clean_text(reason)[:LONGEST_REASON]
    if not why:
        raise Refused(_("Write the reason."), "reason")
    return why


@transaction.atomic
def split_case(*, case: UseCase, title: str, problem: str, reason: str, by: Any) -> UseCase:
    """Take a part of the case out as a proposal of its own.

    The new one is a draft of whoever splits, with the text of the old one but for `title` and
    `problem`, so that nothing is asked twice. The owner and the contact are the same, but
    a citizen's name and address stay in the one case where they are deleted in time. It goes
    through the whole life cycle and carries where it comes from.
    """
    policies.can_merge(by, case).require()
    case = fresh(case)
    policies.can_merge(by, case).require()
    why = _checked_reason(reason)
    if " ".join(title.split()).casefold() == case.title.casefold():
        raise Refused(_("Give the new proposal a title of its own."), "title")
    values = {key: case.value(key) for key in _copied(case) if case.is_filled(key)}
    values |= {"title": title} | ({"problem": problem} if clean_text(problem) else {})
    part = create_case(committee=case.committee, values=values, by=by, is_example=case.is_example)
    _answer_similar(part, case)
    CaseSplit.objects.create(case=part, origin=case, revision=case.revision, reason=why, by=by)
    tell_split(case, part, by)
    follow_unless_refused(part, sorted(listeners(case)))
    audit.record("usecases.split", case, by=by, scope=case.committee, data={"part": part.pk})
    return part


def _copied(case: UseCase) -> list[str]:
    known = record().fields
    return [one.key for one in known if one.public != "secretariat" or not case.is_from_citizen]


def _answer_similar(part: UseCase, origin: UseCase) -> None:
    """It is like the one it was taken out of; whoever splits has said why."""
    words = {"number": origin.number}
    part.similar_answer = SimilarAnswer.DIFFERENT
    part.similar_note = _("Taken out of %(number)s.") % words
    part.similar_shown = [origin.pk]
    part.save(update_fields=["similar_answer", "similar_note", "similar_shown"])
