"""A case under review with the people of a round, brought to any state through the services."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from committee.enums import Role, SeatKind
from committee.models import Membership, User
from ethics.enums.rounds import Conflict, RoundState
from ethics.models import ReviewRound
from ethics.questionnaire import Question, current, visible
from ethics.services import reviewers, rounds, sheets
from tests.factories import (
    MembershipFactory,
    SeatGroupFactory,
    TermsOfReferenceFactory,
    day,
    person,
)
from tests.usecases import scenes as cases
from usecases.enums import RiskTier
from usecases.services import facts

R = RoundState


@dataclass
class Round:
    """Everybody a test speaks of, the case, and its round."""

    case_scene: cases.Scene
    council: User
    citizen: User
    ethicist: User
    extra: User
    dpo: User
    review: ReviewRound

    def __getattr__(self, name: str) -> Any:
        return getattr(self.case_scene, name)

    def fresh(self) -> ReviewRound:
        """The round as the database has it."""
        self.review = ReviewRound.objects.select_related("case__committee").get(pk=self.review.pk)
        return self.review

    def again(self, name: str) -> Any:
        """The person as the next request would fetch them; nobody is the system."""
        return None if name == "system" else User.objects.get(pk=getattr(self, name).pk)

    def move(self, move: str, name: str = "secretary", **more: Any) -> ReviewRound:
        """As `name`; a move that needs words gets them unless the test gives its own."""
        words = {**WORDS.get(move, {}), **more}
        self.review = rounds.move_round(
            review=self.fresh(), move=move, by=self.again(name), **words
        )
        return self.review


def seated(committee: Any, seat: Any, name: str) -> User:
    user = person(None, name=name)
    MembershipFactory(user=user, committee=committee, role=Role.MEMBER, seat_group=seat)
    return user


def a_round(**more: Any) -> Round:
    """A submitted case whose first review is in screening, classified."""
    scene = cases.a_scene()
    terms = TermsOfReferenceFactory(committee=scene.committee)
    council = SeatGroupFactory(terms=terms, kind=SeatKind.COUNCIL, position=1)
    citizens = SeatGroupFactory(terms=terms, kind=SeatKind.CITIZEN, position=2)
    ethics = SeatGroupFactory(terms=terms, kind=SeatKind.CITIZEN, position=3, brings_ethics=True)
    Membership.objects.filter(user=scene.chair).update(seat_group=council)
    people = {
        "council": seated(scene.committee, council, "Kommunalbestyrelsesmedlem"),
        "citizen": seated(scene.committee, citizens, "Borgermedlem"),
        "ethicist": seated(scene.committee, ethics, "Etiker"),
        "extra": seated(scene.committee, citizens, "Endnu et medlem"),
        "dpo": person(scene.committee, Role.DPO, name="Rådgiver"),
    }
    cases.submit(scene)
    facts.record_classification(
        case=scene.fresh(), tier=RiskTier.MINIMAL, ruleset="ai_act@1", by=scene.secretary
    )
    cases.act(scene, "take_up", scene.secretary)
    return Round(scene, review=ReviewRound.objects.get(case=scene.case), **people)


REVIEWERS = ("council", "citizen", "ethicist")


def assign(scene: Round, *names: str) -> None:
    for name in names or REVIEWERS:
        reviewers.assign_reviewer(
            review=scene.fresh(), reviewer=scene.again(name), by=scene.again("secretary")
        )


def declare(scene: Round, name: str, answer: str = Conflict.NO, grounds: str = "") -> None:
    reviewers.declare_impartiality(
        review=scene.fresh(), answer=answer, grounds=grounds, by=scene.again(name)
    )


def good(question: Question) -> dict[str, Any]:
    """An answer that raises no flag, with its reason."""
    if question.type == "text":
        return {"value": "Det er skrevet.", "reason": "", "evidence": ""}
    flagged = {key for flag in question.flags for key in flag.when}
    values = [value for value, _name in question.choices]
    if question.type == "scale_0_4":
        steps = [value for value in values if value.isdigit() and value not in flagged]
        value: Any = int(steps[0] if question.scale == "impact" else steps[-1])
    else:
        value = next(one for one in values if one not in flagged and one != "unknown")
    if question.type == "multi":
        value = [value]
    return {"value": value, "reason": "Fordi.", "evidence": ""}


def good_answers(**own: Any) -> dict[str, Any]:
    """Everything that is asked, answered well; `own` are values of one's own."""
    known = current()
    answers: dict[str, Any] = {}
    for question in known.questions:
        answers[question.id] = good(question)
        if question.id in own:
            answers[question.id] = {"value": own[question.id], "reason": "Min.", "evidence": ""}
    asked = {one.id for one in visible(known, answers)}
    return {key: one for key, one in answers.items() if key in asked}


def seal(scene: Round, name: str, note: str = "", **own: Any) -> Any:
    by = scene.again(name)
    sheets.save_section(review=scene.fresh(), answers=good_answers(**own), by=by)
    return sheets.seal_sheet(review=scene.fresh(), recommendation="recommend", note=note, by=by)


def handed_out(scene: Round) -> None:
    assign(scene)
    for name in REVIEWERS:
        declare(scene, name)
    scene.move("start_individual")


def discussed(scene: Round) -> None:
    """Every flag and disagreement has its words."""
    from ethics import reviewing

    for one in reviewing.disagreements(scene.fresh()):
        sheets.note_spread(
            review=scene.fresh(), question=one.question.id, note="Drøftet.", by=scene.secretary
        )
    for flag in reviewing.unanswered_flags(scene.fresh()):
        sheets.answer_flag(
            review=scene.fresh(),
            question=flag.question.id,
            severity=flag.severity,
            text="Det gør vi noget ved.",
            by=scene.secretary,
        )


def bring_to(scene: Round, state: str) -> Round:
    """The shortest way from screening."""
    for step in WAYS[RoundState(state)]:
        STEPS[step](scene)
    assert scene.fresh().state == state
    return scene


def _tomorrow() -> Any:
    return timezone.now() + timedelta(days=7)


WORDS: dict[str, dict[str, Any]] = {
    "ask_for_information": {"reason": "Vi mangler noget."},
    "cancel": {"reason": "Det var en fejl."},
    "defer": {"reason": "Vi venter.", "revisit_on": day(30)},
    "fast_track": {"assessment": "Alt er i orden.", "impartial": True},
    "sign_assessment": {"assessment": "Samlet er den god."},
    "put_on_agenda": {"on": day(30), "title": "Mails med AI", "published_on": day(0)},
    "take_up_again": {"on": day(40), "title": "Mails med AI", "published_on": day(0)},
    "recommend": {
        "outcome": "recommend", "on": day(0), "reasons": "Den hjælper.", "present": 5,
    },
    "send_to_body": {"body": "Økonomiudvalget"},
    "record_decision": {
        "decision": "approve_pilot", "on": day(0), "reasons": "Det hjælper.",
        "body": "Økonomiudvalget",
    },
}  # fmt: skip
STEPS: dict[str, Any] = {
    "ask": lambda s: s.move("ask_for_information"),
    "start": handed_out,
    "seal": lambda s: [seal(s, name) for name in REVIEWERS],
    "reveal": lambda s: s.move("reveal"),
    "discuss": discussed,
    "sign": lambda s: s.move("sign_assessment"),
    "agenda": lambda s: s.move("put_on_agenda"),
    "defer": lambda s: s.move("defer", "chair"),
    "recommend": lambda s: s.move("recommend", "chair"),
    "send": lambda s: s.move("send_to_body"),
    "decide": lambda s: s.move("record_decision"),
    "cancel": lambda s: s.move("cancel"),
}
TO_DISCUSSION = ("start", "seal", "reveal")
TO_ASSESSED = (*TO_DISCUSSION, "discuss", "sign")
TO_AGENDA = (*TO_ASSESSED, "agenda")
TO_DECISION = (*TO_AGENDA, "recommend", "send")
WAYS: dict[RoundState, tuple[str, ...]] = {
    R.SCREENING: (),
    R.NEEDS_INFO: ("ask",),
    R.INDIVIDUAL: ("start",),
    R.DISCUSSION: TO_DISCUSSION,
    R.ASSESSED: TO_ASSESSED,
    R.AGENDA: TO_AGENDA,
    R.DEFERRED: (*TO_AGENDA, "defer"),
    R.RECOMMENDED: (*TO_AGENDA, "recommend"),
    R.DECISION: TO_DECISION,
    R.CLOSED: (*TO_DECISION, "decide"),
    R.CANCELLED: ("cancel",),
}
