"""A body with open work of every kind, and the body that comes after it."""

from dataclasses import dataclass
from typing import Any

from committee.enums import Role
from committee.models import Committee, HandOver, User
from ethics.models import Condition
from meetings.enums import Access, MeetingState
from meetings.models import FollowUp, Meeting
from reports.selectors.handover import open_work
from reports.services.handover import Plan, hand_over
from tests.ethics.scenes import a_condition
from tests.ethics.scenes_rounds import Round, a_round, assign
from tests.factories import (
    AgendaItemFactory,
    CommitteeFactory,
    MeetingFactory,
    MembershipFactory,
    day,
    person,
)
from tests.usecases import scenes as cases
from usecases.enums import Decision, DecisionAccess, SimilarAnswer, Status
from usecases.models import UseCase
from usecases.services import texts

GROUND = "Offentlighedslovens § 30, nr. 2"
SECRET = "HEMMELIGGRUNDELSE"
DECISION = "Kommunalbestyrelsen, punkt 7"
SECRET_TASK = "HEMMELIGOPGAVE"


@dataclass
class After:
    """The two bodies, their people, and what is open."""

    round: Round
    giver: Committee
    receiver: Committee
    people: dict[str, User]
    under_review: UseCase
    draft: UseCase
    decided: UseCase
    condition: Condition
    secret_condition: Condition
    meeting: Meeting
    open_task: FollowUp
    closed_task: FollowUp

    def again(self, name: str) -> User:
        """The person as the next request would fetch them."""
        return User.objects.get(pk=self.people[name].pk)

    def plan(self, **more: Any) -> Plan:
        """What the secretary sees now, all ticked."""
        seen = open_work(self.giver, self.again("both")).mark
        return Plan(**({"seen": seen, "decision": DECISION} | more))

    def hand_over(self, name: str = "both", **more: Any) -> HandOver:
        return hand_over(
            giver=self.giver, receiver=self.receiver, plan=self.plan(**more), by=self.again(name)
        )


def another_case(scene: Round, title: str, status: str, **decision: Any) -> UseCase:
    """A case of the same people, brought to `status` the shortest way."""
    own = scene.case_scene
    kept = own.case
    own.case = texts.create_case(committee=own.committee, values={"title": title}, by=own.proposer)
    if decision:
        cases.submit(own)
        cases.act(own, "take_up", own.secretary)
        cases.decide(own, Decision.PILOT, **decision)
    elif status != Status.DRAFT:
        cases.fill(own, *cases.ALL_STAGES)
        texts.answer_similar(case=own.fresh(), answer=SimilarAnswer.NONE, by=own.proposer)
        cases.act(own, "submit", own.proposer)
        for step in cases.WAYS[Status(status)]:
            cases.STEPS[step](own)
    made, own.case = own.fresh(), kept
    return made


def a_hand_over() -> After:
    """Cases in review, in draft, decided and rejected; conditions; follow-ups of a meeting."""
    scene = a_round()
    giver = scene.committee
    assign(scene)
    receiver = CommitteeFactory(
        name="Næste udvalg", slug="naeste", predecessor=giver, municipality=giver.municipality
    )
    both = scene.secretary
    MembershipFactory(user=both, committee=receiver, role=Role.SECRETARIAT)
    condition = a_condition(scene.case_scene)
    closed = {"access": DecisionAccess.CLOSED, "ground": GROUND, "reasons": SECRET}
    decided = another_case(scene, "AI til lukket brug", Status.APPROVED_FOR_PILOT, **closed)
    kept, scene.case_scene.case = scene.case_scene.case, decided
    secret = a_condition(scene.case_scene, text="HEMMELIGTVILKAAR")
    scene.case_scene.case = kept
    another_case(scene, "AI, der blev afvist", Status.REJECTED)
    meeting = MeetingFactory(committee=giver, state=MeetingState.MINUTES_DRAFT, agenda_version=1)
    facts = {"owner": scene.member, "due_on": day(9), "created_by": both}
    opened = AgendaItemFactory(meeting=meeting, released=True)
    shut = AgendaItemFactory(
        meeting=meeting,
        access=Access.CLOSED,
        title="HEMMELIGTITEL",
        public_title="Udbud af et fagsystem",
        closing_ground=GROUND,
        closing_reason="Fordi.",
        released=True,
    )
    people = {
        "both": both,
        "old_secretary": scene.second,
        "old_chair": scene.chair,
        "old_member": scene.member,
        "old_reviewer": scene.council,
        "old_follower": scene.follower,
        "proposer": scene.proposer,
        "owner": scene.owner,
        "outsider": scene.outsider,
        "new_secretary": person(receiver, Role.SECRETARIAT, name="Ny sekretær"),
        "new_member": person(receiver, Role.MEMBER, name="Nyt medlem"),
        "new_follower": person(receiver, Role.FOLLOW_GROUP, name="Ny følgegruppe"),
    }
    return After(
        round=scene,
        giver=giver,
        receiver=receiver,
        people=people,
        under_review=scene.fresh().case,
        draft=another_case(scene, "AI i kladde", Status.DRAFT),
        decided=decided,
        condition=condition,
        secret_condition=secret,
        meeting=meeting,
        open_task=FollowUp.objects.create(item=opened, text="Åben opgave", **facts),
        closed_task=FollowUp.objects.create(item=shut, text=SECRET_TASK, **facts),
    )
