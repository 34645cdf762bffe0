"""A committee with the people of a case, and a case brought to any state through the services."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from committee.enums import Role
from committee.models import Committee, User
from tests.factories import CommitteeFactory, MunicipalityFactory, day, person
from usecases import hooks
from usecases.enums import Decision, RiskTier, SimilarAnswer, Status
from usecases.models import UseCase
from usecases.record import RecordField, record
from usecases.services import facts, texts
from usecases.services.moves import move_case

S = Status


@dataclass
class Scene:
    """Everybody a test speaks of, and the case."""

    committee: Committee
    proposer: User
    owner: User
    secretary: User
    second: User
    chair: User
    member: User
    reviewer: User
    follower: User
    outsider: User
    case: UseCase

    def fresh(self) -> UseCase:
        """The case as the database has it."""
        return UseCase.objects.select_related("committee").get(pk=self.case.pk)

    def again(self, name: str) -> Any:
        """The person as the next request would fetch them; nobody is the system."""
        return None if name == "system" else User.objects.get(pk=getattr(self, name).pk)


def filled(known: RecordField, scene_owner: Any = None) -> Any:
    """A value that the declaration allows."""
    if known.type == "person":
        return scene_owner
    simple = {
        "date": day(400),
        "boolean": True,
        "number": 1,
        "link": "https://example.dk/",
        "email": "nogen@example.dk",
    }
    if known.type in simple:
        return simple[known.type]
    if known.choices:
        first = next(iter(known.choices))
        return [first] if known.type == "multi_choice" else first
    return f"{known.short} er skrevet."[: known.max_length]


def values_for(*stages: str, owner: Any = None, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """Everything that must be filled by these stages."""
    found = {
        one.key: filled(one, owner)
        for one in record().required_at(*stages)
        if one.key not in without
    }
    if "pilot_start" in found:
        found |= {"pilot_start": day(1), "pilot_end": day(60)}
    return found


def a_scene(**fields: Any) -> Scene:
    """A draft that has no more than a title."""
    municipality = MunicipalityFactory(name="Gentofte Kommune")
    committee = CommitteeFactory(municipality=municipality, **fields)
    proposer = person(None, name="Forslagsstiller")
    case = texts.create_case(committee=committee, values={"title": "AI til mails"}, by=proposer)
    return Scene(
        committee=committee,
        proposer=proposer,
        owner=person(None, name="Systemejer"),
        secretary=person(committee, Role.SECRETARIAT, name="Sekretær"),
        second=person(committee, Role.SECRETARIAT, name="Sekretær B"),
        chair=person(committee, Role.CHAIR, name="Formand"),
        member=person(committee, Role.MEMBER, name="Medlem"),
        reviewer=person(committee, Role.REVIEWER, name="Bedømmer"),
        follower=person(committee, Role.FOLLOW_GROUP, name="Følgegruppe"),
        outsider=person(None, name="Ansat"),
        case=case,
    )


ALL_STAGES = ("submission", "review", "pilot", "operation", "retirement")


def fill(scene: Scene, *stages: str, by: Any = None) -> UseCase:
    """Fill in what the stages require."""
    case = scene.fresh()
    values = {"title": case.title} | {
        key: value
        for key, value in values_for(*stages, owner=scene.owner).items()
        if key != "title"
    }
    scene.case = texts.save_values(
        case=case, values=values, version=case.version, by=by or scene.proposer
    )
    return scene.case


def act(scene: Scene, move: str, by: Any, **more: Any) -> UseCase:
    scene.case = move_case(case=scene.fresh(), move=move, by=by, **more)
    return scene.case


def submit(scene: Scene) -> UseCase:
    fill(scene, *ALL_STAGES)
    texts.answer_similar(case=scene.fresh(), answer=SimilarAnswer.NONE, by=scene.proposer)
    return act(scene, "submit", scene.proposer)


@contextmanager
def no_gates() -> Iterator[None]:
    """Without what higher apps ask of an approval; that is theirs to test."""
    gates, hooks.gates = hooks.gates, []
    try:
        yield
    finally:
        hooks.gates = gates


def decide(scene: Scene, decision: str, *, gated: bool = False, **more: Any) -> UseCase:
    """Record the decision and carry it out."""
    by = scene.secretary
    facts.record_classification(
        case=scene.fresh(), tier=RiskTier.TRANSPARENCY, ruleset="ai_act@1", by=by
    )
    words = {"body": "Økonomiudvalget", "on": day(-1), "reasons": "Fordi det hjælper."} | more
    record = facts.DecisionRecord(decision=decision, **words)
    facts.record_decision(case=scene.fresh(), record=record, by=by)
    with nullcontext() if gated else no_gates():
        return act(scene, decision, by)


def ready(scene: Scene, gate: str) -> None:
    """Everything that the start asks for."""
    by = scene.secretary
    facts.set_conditions_met(case=scene.fresh(), gate=gate, met=True, by=by)
    facts.set_obligations_met(case=scene.fresh(), gate=gate, met=True, by=by)
    facts.approve_register_entry(case=scene.fresh(), by=scene.second)


def bring_to(scene: Scene, status: str) -> UseCase:
    """Take a fresh draft the shortest way to `status`."""
    if status == S.DRAFT:
        return scene.case
    submit(scene)
    for step in WAYS[Status(status)]:
        STEPS[step](scene)
    assert scene.case.status == status
    return scene.case


STEPS: dict[str, Any] = {
    "take_up": lambda s: act(s, "take_up", s.secretary),
    "park": lambda s: act(s, "park", s.secretary, reason="Vi venter.", revisit_on=day(30)),
    "withdraw": lambda s: act(s, "withdraw", s.proposer, reason="Fortrudt."),
    "approve_pilot": lambda s: decide(s, Decision.PILOT),
    "approve_operation": lambda s: decide(s, Decision.OPERATION),
    "reject": lambda s: decide(s, Decision.REJECT),
    "start_pilot": lambda s: (ready(s, "pilot"), act(s, "start_pilot", s.owner)),
    "end_pilot": lambda s: act(s, "end_pilot", s.owner),
    "start_operation": lambda s: (ready(s, "operation"), act(s, "start_operation", s.owner)),
    "suspend": lambda s: act(s, "suspend", s.chair, reason="En hændelse."),
    "retire": lambda s: act(s, "retire", s.owner),
}
PILOT = ("take_up", "approve_pilot", "start_pilot")
OPERATION = ("take_up", "approve_operation", "start_operation")
WAYS: dict[Status, tuple[str, ...]] = {
    S.SUBMITTED: (),
    S.UNDER_ASSESSMENT: ("take_up",),
    S.PARKED: ("park",),
    S.WITHDRAWN: ("withdraw",),
    S.APPROVED_FOR_PILOT: PILOT[:2],
    S.PILOT: PILOT,
    S.PILOT_ENDED: (*PILOT, "end_pilot"),
    S.APPROVED_FOR_OPERATION: OPERATION[:2],
    S.OPERATION: OPERATION,
    S.SUSPENDED: (*OPERATION, "suspend"),
    S.RETIRED: (*OPERATION, "retire"),
    S.REJECTED: ("take_up", "reject"),
}
