"""Hear the employees (MED) and the follow group about a case."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committee.enums import Role
from committee.models import Membership
from core import audit, outbox
from core.text import clean_text
from core.verdicts import Refused, StaleState
from ethics.enums.hearings import HearingState, Party
from ethics.hearing_questions import CURRENT
from ethics.models import Hearing, HearingReply
from ethics.policies import hearings as policies
from ethics.workflow_guidelines import HEARING
from usecases.models import UseCase
from usecases.services.texts import fresh

SEND = "ethics.send_hearing"
OPENED, CLOSED = "opened", "closed"
MOST_QUESTIONS = 20
LONGEST_QUESTION = 300
LONGEST = 5000


@transaction.atomic
def open_hearing(
    *, case: UseCase, parties: Sequence[str], questions: Sequence[str], deadline: date, by: Any
) -> Hearing:
    """Ask them. Raises `Refused` without parties or questions, `StaleState` when one is open."""
    policies.can_open(by, case).require()
    case = fresh(case)
    policies.can_open(by, case).require()
    if case.hearings.filter(state=HearingState.OPEN).exists():
        raise StaleState(_("There is an open hearing of the proposal already."))
    asked = {party for party in Party if party in parties}
    if not asked or len(asked) != len(set(parties)):
        raise Refused(_("Choose who is heard."), "parties")
    if deadline < timezone.localdate():
        raise Refused(_("Choose a date that is still to come."), "deadline")
    row = Hearing.objects.create(
        case=case,
        asks_med=Party.MED in asked,
        asks_follow_group=Party.FOLLOW_GROUP in asked,
        questions=_questions(questions),
        questions_ref=CURRENT,
        deadline=deadline,
        revision=case.revision,
        opened_by=by,
    )
    facts = {"parties": sorted(asked), "deadline": str(deadline), "revision": case.revision}
    _record("open_hearing", row, by, **facts)
    for user in sorted(heard(row)):
        _queue(row, user, OPENED, by)
    return row


def _questions(lines: Sequence[str]) -> list[dict[str, str]]:
    texts = [" ".join(clean_text(line).split()) for line in lines]
    texts = [text for text in texts if text]
    if not texts:
        raise Refused(_("Write at least one question."), "questions")
    if len(texts) > MOST_QUESTIONS:
        raise Refused(_("Ask at most %(n)s questions.") % {"n": MOST_QUESTIONS}, "questions")
    if any(len(text) > LONGEST_QUESTION for text in texts):
        words = {"n": LONGEST_QUESTION}
        raise Refused(_("A question has at most %(n)s characters.") % words, "questions")
    return [{"id": f"{number}", "text": text} for number, text in enumerate(texts, 1)]


def heard(hearing: Hearing) -> set[int]:
    """The people who are asked to answer: the follow group, and who writes down MED's answer."""
    found: set[int] = set()
    if hearing.asks_follow_group:
        rows = Membership.objects.active().filter(
            committee=hearing.case.committee_id, role=Role.FOLLOW_GROUP, user__is_active=True
        )
        found |= set(rows.values_list("user", flat=True))
    if hearing.asks_med and hearing.case.owner_id:
        found.add(hearing.case.owner_id)
    return found


@transaction.atomic
def reply(
    *,
    hearing: Hearing,
    party: str,
    answers: Mapping[str, str],
    by: Any,
    who: str = "",
    answered_on: date | None = None,
) -> HearingReply:
    """Record an answer; a later one of the same people stands instead, and the first is kept.

    For MED it must say who answered and when. Raises `StaleState` when the hearing is over.
    """
    row = locked(hearing)
    policies.can_reply(by, row).require()
    if policies.party_of(by, row) != party:
        raise Refused(_("You cannot answer for them."))
    if not policies.is_answered(row):
        raise StaleState(policies.is_answered(row).reason)
    kept = _answers(row, answers)
    facts = _whose(who, answered_on) if party == Party.MED else {}
    found = HearingReply.objects.create(hearing=row, party=party, answers=kept, by=by, **facts)
    _record("reply_to_hearing", row, by, party=party, reply=found.pk, late=row.is_late)
    return found


def _answers(hearing: Hearing, answers: Mapping[str, str]) -> dict[str, str]:
    known = {one["id"] for one in hearing.questions}
    if set(answers) - known:
        raise Refused(_("The hearing does not ask that."))
    kept = {key: clean_text(text) for key, text in answers.items()}
    for key, text in kept.items():
        if len(text) > LONGEST:
            raise Refused(_("Write at most %(n)s characters.") % {"n": LONGEST}, f"answer-{key}")
    kept = {key: text for key, text in kept.items() if text}
    if not kept:
        raise Refused(_("Answer at least one of the questions."))
    return kept


def _whose(who: str, answered_on: date | None) -> dict[str, Any]:
    who = " ".join(who.split())[:200]
    if not who:
        raise Refused(_("Write who has answered, for example the name of the committee."), "who")
    if answered_on is None or answered_on > timezone.localdate():
        raise Refused(_("Write the day they answered. It cannot be in the future."), "answered_on")
    return {"who": who, "answered_on": answered_on}


@transaction.atomic
def close_hearing(*, hearing: Hearing, summary: str, account: str, seen: int, by: Any) -> Hearing:
    """End it with what it showed and how that was taken into account.

    `seen` is how many answers the one who closes has read; more by now is a `StaleState`.
    """
    row = locked(hearing)
    policies.can_hear(by, row.case).require()
    row.summary, row.account = _text(summary, "summary"), _text(account, "account")
    if not row.summary:
        raise Refused(_("Write what the hearing showed."), "summary")
    if not row.account:
        raise Refused(_("Write how it was taken into account."), "account")
    if row.replies.count() != seen:
        raise StaleState(_("There is a new answer. Read it before you close the hearing."))
    facts: dict[str, Any] = {"closed_at": timezone.now(), "closed_by": by}
    HEARING.apply(row, "close", summary=row.summary, account=row.account, **facts)
    _record("close_hearing", row, by, replies=seen)
    answered = set(row.replies.values_list("by", flat=True))
    for user in sorted((heard(row) | answered) - {by.pk}):
        _queue(row, user, CLOSED, by)
    return row


@transaction.atomic
def cancel_hearing(*, hearing: Hearing, reason: str, by: Any) -> Hearing:
    """Call it off. The answers are kept."""
    row = locked(hearing)
    policies.can_hear(by, row.case).require()
    row.reason = _text(reason, "reason")
    if not row.reason:
        raise Refused(_("Write the reason."), "reason")
    now = timezone.now()
    HEARING.apply(row, "cancel", reason=row.reason, closed_at=now, closed_by=by)
    _record("cancel_hearing", row, by)
    return row


def _text(text: str, field: str) -> str:
    text = clean_text(text)
    if len(text) > LONGEST:
        raise Refused(_("Write at most %(n)s characters.") % {"n": LONGEST}, field)
    return text


def locked(hearing: Hearing) -> Hearing:
    rows = Hearing.objects.select_for_update(of=("self",)).select_related("case__committee")
    return rows.get(pk=hearing.pk)


def _queue(row: Hearing, user: int, what: str, by: Any) -> None:
    outbox.enqueue(
        kind=SEND,
        key=f"hearing:{row.pk}:{what}:{user}",
        payload={"hearing": row.pk, "user": user, "what": what},
        by=by.pk,
    )


def _record(verb: str, row: Hearing, by: Any, **facts: Any) -> None:
    data = {"hearing": row.pk, **facts}
    audit.record(f"ethics.{verb}", row.case, by=by, scope=row.case.committee, data=data)
