"""A committee with its people, and a meeting brought to any state through the services."""

from dataclasses import dataclass, field
from typing import Any

from committee.enums import Role
from committee.models import Committee, User
from meetings.models import AgendaItem, Attachment, Meeting
from meetings.selectors.approval import asked_members
from meetings.selectors.recusals import unsettled
from meetings.services.approval import answer_minutes
from meetings.services.attachments import add_attachment
from meetings.services.disqualification import settle_late
from meetings.services.holding import move_meeting, record_decision
from meetings.services.issuing import issue_agenda
from meetings.services.items import add_item
from meetings.services.minutes import lock_minutes, send_for_approval
from meetings.services.planning import cancel_meeting, create_meeting
from meetings.services.presence import record_attendance
from meetings.services.publication import ask_publication, publish_minutes
from meetings.services.texts import save_texts
from tests.factories import CommitteeFactory, RuleProfileFactory, days, person
from tests.meetings.samples import picture

CLOSED = {
    "access": "closed",
    "closing_ground": "Offentlighedslovens § 30, nr. 2",
    "closing_reason": "HEMMELIGGRUND",
    "public_title": "Udbud af et fagsystem",
}
# The way through the states, as the services take it.
ROAD = ["draft", "issued", "in_session", "minutes_draft", "approval", "locked", "published"]


@dataclass
class Scene:
    """Everybody and everything a test speaks of."""

    committee: Committee
    secretary: User
    chair: User
    member: User
    recused: User
    follower: User
    outsider: User
    meeting: Meeting
    items: list[AgendaItem] = field(default_factory=list)

    @property
    def opened(self) -> AgendaItem:
        return self.items[0]

    @property
    def closed(self) -> AgendaItem:
        return self.items[1]

    def fresh(self) -> Meeting:
        """The meeting as the database has it, as the next request would fetch it."""
        return Meeting.objects.get(pk=self.meeting.pk)

    def again(self, user: User) -> User:
        """The person as the next request would fetch them, without remembered roles."""
        return User.objects.get(pk=user.pk)


def a_scene(*, items: bool = True, **fields: Any) -> Scene:
    """A meeting in draft with an open item and a closed one, each with a text."""
    committee = CommitteeFactory(**fields)
    RuleProfileFactory(terms__committee=committee)
    secretary = person(committee, Role.SECRETARIAT, name="Sekretær B")
    scene = Scene(
        committee=committee,
        secretary=secretary,
        chair=person(committee, Role.CHAIR, name="Formand"),
        member=person(committee, Role.MEMBER, name="Medlem"),
        recused=person(committee, Role.MEMBER, name="Inhabilt medlem"),
        follower=person(committee, Role.FOLLOW_GROUP, name="Følgegruppe"),
        outsider=person(None, name="Udenforstående"),
        meeting=create_meeting(
            committee=committee, starts_at=days(14), ends_at=days(14).replace(hour=15), by=secretary
        ),
    )
    if items:
        scene.items = [
            add_item(meeting=scene.meeting, title="Åbent punkt", by=secretary),
            add_item(meeting=scene.meeting, title="HEMMELIGTITEL", **CLOSED, by=secretary),
        ]
        write(scene, scene.opened, summary="Åbent resumé")
        write(scene, scene.closed, summary="HEMMELIGTEKST")
    return scene


def write(scene: Scene, item: AgendaItem, **texts: str) -> None:
    """Save texts on top of what is there."""
    versions = dict(item.texts.values_list("key", "version"))
    item.meeting = scene.meeting
    saved = save_texts(item=item, texts=texts, versions=versions, by=scene.secretary)
    assert saved.conflicts == []


def attach(scene: Scene, item: AgendaItem, title: str = "Bilag", access: str = "") -> Attachment:
    """A small picture on the item."""
    item.meeting = scene.meeting
    return add_attachment(
        item=item,
        data=picture(),
        filename=f"{title}.png",
        title=title,
        access=access,
        by=scene.secretary,
    )


def issue(scene: Scene, note: str = "") -> Any:
    number = scene.meeting.agenda_version + 1
    return issue_agenda(meeting=scene.meeting, expected=number, note=note, by=scene.secretary)


def decide(scene: Scene, item: AgendaItem, text: str = "Vedtaget.", public: str = "") -> None:
    """An outcome and its texts."""
    item = AgendaItem.objects.get(pk=item.pk)
    item.meeting = scene.meeting
    texts = {"decision": text} | ({"public_decision": public} if public else {})
    versions = dict(item.texts.values_list("key", "version"))
    record_decision(
        item=item, outcome="adopted", texts=texts, versions=versions, by=scene.secretary
    )


def attend(scene: Scene) -> None:
    here = [scene.chair, scene.member, scene.recused]
    statuses = {person.pk: ("present", "") for person in here}
    record_attendance(meeting=scene.meeting, statuses=statuses, by=scene.secretary)


def _finish(scene: Scene) -> None:
    attend(scene)
    decide(scene, scene.opened, "Åben beslutning")
    decide(scene, scene.closed, "HEMMELIGBESLUTNING", "Offentlig beslutning")
    for case in unsettled(scene.fresh()):
        settle_late(case=case, upheld=True, by=scene.secretary, reason="Glemt i mødet")
    send_for_approval(meeting=scene.meeting, by=scene.secretary)


def approve(scene: Scene) -> None:
    """Everybody who was there approves the minutes."""
    number = scene.fresh().minutes_version
    for user in asked_members(scene.meeting):
        answer_minutes(
            meeting=scene.meeting, version=number, member=user, answer="approve", by=user
        )


def lock(scene: Scene) -> None:
    """Everybody approves, the chair locks."""
    approve(scene)
    lock_minutes(meeting=scene.meeting, by=scene.chair)


def publish(scene: Scene) -> None:
    """The secretary asks, the chair approves."""
    ask_publication(meeting=scene.meeting, by=scene.secretary)
    publish_minutes(meeting=scene.meeting, by=scene.chair)


STEPS = {
    "issued": issue,
    "in_session": lambda s: move_meeting(meeting=s.meeting, move="begin", by=s.secretary),
    "minutes_draft": lambda s: move_meeting(meeting=s.meeting, move="end", by=s.secretary),
    "approval": _finish,
    "locked": lock,
    "published": publish,
}


def bring_to(scene: Scene, state: str) -> Scene:
    """Take the meeting along the road to `state`; cancelled is reached from issued."""
    if state == "cancelled":
        bring_to(scene, "issued")
        cancel_meeting(meeting=scene.meeting, reason="Sygdom", by=scene.secretary)
        return scene
    for step in ROAD[ROAD.index(scene.meeting.state) + 1 : ROAD.index(state) + 1]:
        STEPS[step](scene)
    return scene
