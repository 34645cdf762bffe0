"""Who answers which question of a case, and who reads the answers."""

from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from core.verdicts import YES, Verdict, no
from ethics.questionnaire import Question, Questionnaire
from usecases.enums import FINAL, PUBLIC, Actor, Status
from usecases.models import UseCase
from usecases.policies import MERGED, actors, reading_level

A = Actor
# Until a manager is named, the proposer answers for the owner; data protection, security and
# lawyers sit as reviewers. The secretariat writes down what it has been told by any of them.
ANSWERERS: dict[str, frozenset[Actor]] = {
    "proposer": frozenset({A.PROPOSER, A.OWNER, A.SECRETARIAT}),
    "owner": frozenset({A.PROPOSER, A.OWNER, A.SECRETARIAT}),
    "secretariat": frozenset({A.SECRETARIAT}),
    "legal": frozenset({A.DPO, A.SECRETARIAT}),
    "dpo": frozenset({A.DPO, A.SECRETARIAT}),
    "security": frozenset({A.SECURITY, A.SECRETARIAT}),
}
ASKED: dict[str, Any] = {
    "proposer": _("the proposer"),
    "owner": _("the system owner"),
    "secretariat": _("the secretariat"),
    "legal": _("a lawyer"),
    "dpo": _("the data protection officer"),
    "security": _("information security"),
}


def takes_answers(case: UseCase) -> Verdict:
    """Are answers still given? Says nothing about by whom."""
    if case.merged_into_id:
        return no(MERGED)
    if case.status in FINAL:
        return no(_("The proposal is closed. Its answers are kept as they were."))
    return YES


def _here(user: Any, case: UseCase) -> frozenset[Actor]:
    """What `user` is to the case now, as the record's own fields see it."""
    found = actors(user, case)
    if case.status == Status.DRAFT:
        found -= {A.SECRETARIAT, A.DPO, A.SECURITY}
    if case.status in PUBLIC:
        found -= {A.PROPOSER}
    return found


def can_answer(user: Any, case: UseCase, question: Question) -> Verdict:
    """Is the question this person's to answer, now?"""
    verdict = takes_answers(case)
    if not verdict:
        return verdict
    if ANSWERERS[question.answered_by] & _here(user, case):
        return YES
    return no(_("This is answered by %(who)s.") % {"who": ASKED[question.answered_by]})


def answered_by(
    user: Any, case: UseCase, questionnaire: Questionnaire, *, once: bool = False
) -> frozenset[str]:
    """The ids of the questions that `user` may answer, or once could (`once`)."""
    if not once and not takes_answers(case):
        return frozenset()
    mine = actors(user, case) if once else _here(user, case)
    return frozenset(one.id for one in questionnaire.questions if ANSWERERS[one.answered_by] & mine)


def can_answer_some(user: Any, case: UseCase) -> Verdict:
    """Has `user` anything to answer?"""
    verdict = takes_answers(case)
    if not verdict:
        return verdict
    if _here(user, case) & frozenset().union(*ANSWERERS.values()):
        return YES
    return no(_("Only those who answer for the proposal, and its experts, answer here."))


def might_have_answered(user: Any, case: UseCase) -> bool:
    """Might they have been answering before the case moved on?"""
    return bool(actors(user, case) & frozenset().union(*ANSWERERS.values()))


def can_renew(user: Any, case: UseCase) -> Verdict:
    """Go over to a newer version of the questionnaire."""
    verdict = takes_answers(case)
    if not verdict:
        return verdict
    if _here(user, case) & {A.OWNER, A.PROPOSER, A.SECRETARIAT}:
        return YES
    return no(_("Only those who answer for the proposal go over to the new version."))


def reads_answers(user: Any, case: UseCase) -> Literal["full", "public", ""]:
    """All answers, those that are published, or none."""
    level = reading_level(user, case)
    return level if level in ("full", "public") else ""
