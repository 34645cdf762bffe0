"""A new version of the rules is run on stored answers; only what changed is re-opened.

The list of changed cases is made first and shown. Re-opening replaces their assessment by a draft
under the new rules and tells `ethics.hooks.law_changed`; the case's tier stays until somebody
has concluded the draft.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from committee.models import Committee, User
from core import audit, outbox
from core.verdicts import Refused, StaleState
from ethics import hooks
from ethics.ai_act import Rules, classify, rules_of, rulesets
from ethics.enums.aiact import AssessmentState, ReplayState
from ethics.models import AiActAssessment, AiActReplay, AiActReplayRow
from ethics.policies import aiact as policies
from ethics.selectors.aiact import differences, draft_of
from ethics.services.aiact_duties import refresh_gates
from usecases.enums import FINAL
from usecases.services.texts import fresh

CHECK, APPLY = "ethics.check_replay", "ethics.apply_replay"
CHUNK = 250


@dataclass(frozen=True)
class Change:
    """One assessment, and what is different under the other rules."""

    assessment: int
    case: int
    changes: list[dict[str, str]]
    result: dict[str, Any]


def concluded_in(committee: Committee) -> QuerySet[AiActAssessment]:
    """What a replay looks at: concluded assessments of cases that are not closed."""
    rows = AiActAssessment.objects.filter(
        case__committee=committee,
        case__merged_into__isnull=True,
        state=AssessmentState.CONCLUDED,
    )
    return rows.exclude(case__status__in=FINAL).order_by("pk")


def find_changes(rows: QuerySet[AiActAssessment], rules: Rules) -> Iterator[Change | None]:
    """Each assessment under the other rules: what changed, or nothing. Stores nothing."""
    wanted = rows.values_list("pk", "case_id", "answers", "result")
    for pk, case_id, answers, stored in wanted.iterator(chunk_size=CHUNK):
        known = {name: answer for name, answer in answers.items() if name in rules.by_id}
        new = classify(known, rules).stored()
        changes = differences(stored, new)
        yield Change(pk, case_id, changes, new) if changes else None


def known_rules(reference: str) -> Rules:
    """Raises `Refused` for a version that there is not."""
    if reference not in rulesets():
        raise Refused(_("There is no such version of the rules."), "ruleset")
    return rules_of(reference)


@transaction.atomic
def begin_replay(*, committee: Committee, ruleset: str, by: User | None) -> AiActReplay:
    """Let the worker run the stored answers; nobody (`by=None`) is the system."""
    if by is not None:
        policies.can_replay(by, committee).require()
    known_rules(ruleset)
    replay = AiActReplay.objects.create(committee=committee, ruleset=ruleset, by=by)
    facts = {"ruleset": ruleset}
    audit.record("ethics.begin_replay", replay, by=by, scope=committee, data=facts)
    payload = {"replay": replay.pk}
    key = f"{CHECK}:{replay.pk}"
    outbox.enqueue(kind=CHECK, key=key, payload=payload, by=by.pk if by else None)
    return replay


def check_replay(replay: AiActReplay, report: outbox.Report) -> None:
    """Make the list of what changes. The same when run again."""
    if replay.state != ReplayState.CHECKING:
        return
    replay.rows.all().delete()
    rules, rows = rules_of(replay.ruleset), concluded_in(replay.committee)
    total, replay.looked_at = rows.count(), 0
    found = find_changes(rows, rules)
    while chunk := list(islice(found, CHUNK)):
        AiActReplayRow.objects.bulk_create(
            AiActReplayRow(
                replay=replay,
                assessment_id=change.assessment,
                changes=change.changes,
                result=change.result,
            )
            for change in chunk
            if change is not None
        )
        replay.looked_at += len(chunk)
        told = _("%(done)s of %(all)s assessments") % {"done": replay.looked_at, "all": total}
        report(told, 100 * replay.looked_at // max(total, 1))
    replay.state = ReplayState.CHECKED
    replay.save()


@transaction.atomic
def confirm_replay(*, replay: AiActReplay, by: User | None) -> AiActReplay:
    """Re-open the cases of the list. Raises `StaleState` when that has been asked before."""
    if by is not None:
        policies.can_replay(by, replay.committee).require()
    waiting = AiActReplay.objects.filter(pk=replay.pk, state=ReplayState.CHECKED)
    if not waiting.update(state=ReplayState.APPLYING):
        raise StaleState(_("The cases are being re-opened already."))
    replay.refresh_from_db()
    audit.record("ethics.confirm_replay", replay, by=by, scope=replay.committee)
    payload = {"replay": replay.pk}
    key = f"{APPLY}:{replay.pk}"
    outbox.enqueue(kind=APPLY, key=key, payload=payload, by=by.pk if by else None)
    return replay


def apply_replay(replay: AiActReplay, report: outbox.Report) -> None:
    """Re-open each changed case in a transaction of its own; goes on where it stopped."""
    if replay.state != ReplayState.APPLYING:
        return
    rows = replay.rows.filter(reopened_at__isnull=True).select_related("assessment__case")
    total = rows.count()
    for done, row in enumerate(list(rows), 1):
        _reopen(replay, row)
        told = _("%(done)s of %(all)s cases") % {"done": done, "all": total}
        report(told, 100 * done // total)
    with transaction.atomic():
        unchanged = concluded_in(replay.committee).exclude(
            pk__in=replay.rows.values_list("assessment", flat=True)
        )
        AiActAssessment.objects.filter(
            pk__in=list(unchanged.filter(concluded_at__lt=replay.at).values_list("pk", flat=True))
        ).update(confirmed_under=replay.ruleset)
        replay.state, replay.done_at = ReplayState.DONE, timezone.now()
        replay.reopened = replay.rows.filter(reopened_at__isnull=False).count()
        replay.save()
        facts = {"ruleset": replay.ruleset, "reopened": replay.reopened}
        audit.record(
            "ethics.finish_replay", replay, by=replay.by, scope=replay.committee, data=facts
        )


@transaction.atomic
def _reopen(replay: AiActReplay, row: AiActReplayRow) -> None:
    case = fresh(row.assessment.case)
    old = AiActAssessment.objects.get(pk=row.assessment_id)
    if old.state != AssessmentState.CONCLUDED or case.status in FINAL:
        return  # Somebody has concluded a newer one meanwhile, or the case is closed.
    now = timezone.now()
    old.state, old.superseded_at = AssessmentState.SUPERSEDED, now
    old.save(update_fields=["state", "superseded_at"])
    draft = draft_of(case) or _draft_from(old)
    draft.ruleset, draft.result = replay.ruleset, row.result
    draft.tier, draft.disposition = row.result["tier"], row.result["disposition"]
    draft.version += 1
    draft.updated_at, draft.updated_by = now, None
    draft.save()
    row.reopened_at = now
    row.save(update_fields=["reopened_at"])
    told = {"ruleset": replay.ruleset, "number": old.number, "changes": row.changes}
    audit.record("ethics.law_changed", case, by=replay.by, scope=case.committee, data=told)
    refresh_gates(case)
    for listener in hooks.law_changed:
        listener(case, row.changes, replay.by)


def _draft_from(old: AiActAssessment) -> AiActAssessment:
    newest = old.case.ai_act_assessments.order_by("-number").first()
    number = newest.number + 1 if newest else 1
    return AiActAssessment(case=old.case, number=number, answers=dict(old.answers), version=0)


def get_replay(pk: int) -> AiActReplay:
    return AiActReplay.objects.select_related("committee", "by").get(pk=pk)
