"""Hearings as pages, rounds and reports need them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from ethics.enums.hearings import HearingState, Party
from ethics.models import Hearing, HearingReply
from ethics.policies import hearings as policies
from usecases.models import UseCase


@dataclass(frozen=True)
class Answer:
    """What one of those who were heard said, question by question."""

    party: Party
    who: str
    on: date
    answers: dict[str, str]
    is_late: bool


@dataclass(frozen=True)
class HearingFacts:
    """A hearing as a review round or a report takes it in. Its texts are not public."""

    state: str
    parties: list[Party]
    questions: list[dict[str, str]]
    deadline: date
    revision: int
    answers: list[Answer]
    summary: str
    account: str
    closed_at: datetime | None

    @property
    def is_closed(self) -> bool:
        return self.state == HearingState.CLOSED


def newest_hearing(case: UseCase) -> Hearing | None:
    """The open one or the last that was closed; one that was called off counts for nothing."""
    rows = Hearing.objects.filter(case=case).exclude(state=HearingState.CANCELLED)
    found = rows.order_by("-pk").first()
    if found is not None:
        found.case = case
    return found


def hearing_of(case: UseCase) -> HearingFacts | None:
    """What is known of the case's hearing; nothing when nobody is or was heard. Two queries."""
    hearing = newest_hearing(case)
    if hearing is None:
        return None
    return HearingFacts(
        state=hearing.state,
        parties=hearing.parties,
        questions=hearing.questions,
        deadline=hearing.deadline,
        revision=hearing.revision,
        answers=[_answer(hearing, one) for one in standing_replies(hearing)],
        summary=hearing.summary,
        account=hearing.account,
        closed_at=hearing.closed_at,
    )


def standing_replies(hearing: Hearing) -> list[HearingReply]:
    """The newest answer of each, in the order they came."""
    rows = hearing.replies.select_related("by").order_by("pk")
    newest = {row.key: row for row in rows}
    return sorted(newest.values(), key=lambda row: row.pk)


def _answer(hearing: Hearing, row: HearingReply) -> Answer:
    on = row.answered_on or timezone.localdate(row.at)
    return Answer(Party(row.party), row.who or row.by.name, on, row.answers, on > hearing.deadline)


def hearing_page(user: Any, case: UseCase) -> dict[str, Any]:
    """The hearing with the answers that the reader reads, and the earlier ones that ended."""
    rows = Hearing.objects.filter(case=case).select_related("opened_by", "closed_by")
    hearings = list(rows.order_by("-pk"))
    for one in hearings:
        one.case = case
    hearing = hearings[0] if hearings else None
    runs = bool(policies.can_hear(user, case))
    context: dict[str, Any] = {
        "case": case,
        "hearing": hearing,
        "earlier": hearings[1:],
        "runs": runs,
        "opens": bool(policies.can_open(user, case)) and not (hearing and hearing.is_open),
    }
    if hearing is None:
        return context
    replies = standing_replies(hearing)
    read = [one for one in replies if policies.reads_reply(user, hearing, one)]
    return context | {
        "parties": hearing.parties,
        "questions": [_with_answers(hearing, question, read) for question in hearing.questions],
        "answered": len(replies),
        "unread": len(replies) - len(read),
        "replies_seen": hearing.replies.count(),
        "answers": hearing.is_open and bool(policies.can_reply(user, hearing)),
    }


def _with_answers(
    hearing: Hearing, question: dict[str, str], replies: list[HearingReply]
) -> dict[str, Any]:
    answers = [(_answer(hearing, one), one.answers.get(question["id"], "")) for one in replies]
    return {**question, "answers": [pair for pair in answers if pair[1]]}


def own_reply(user: Any, hearing: Hearing) -> HearingReply | None:
    """What `user` answered last, or what was last written down for MED."""
    party = policies.party_of(user, hearing)
    rows = hearing.replies.filter(party=party)
    if party == Party.FOLLOW_GROUP:
        rows = rows.filter(by=user)
    return rows.order_by("-pk").first()
