"""A committee of any size with a meeting to measure, made through the services only."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from committee.enums import Role
from committee.models import Committee, Municipality, User
from committee.services import (
    NewSection,
    adopt_rule_profile,
    adopt_terms,
    appoint_member,
    create_committee,
    create_user,
)
from meetings.enums import AttendanceStatus, ItemKind, MotionKind, OpeningStep
from meetings.models import AgendaItem, Meeting, Motion
from meetings.services.holding import move_meeting
from meetings.services.issuing import issue_agenda
from meetings.services.items import add_item
from meetings.services.motions import propose
from meetings.services.planning import create_meeting
from meetings.services.presence import complete_step, record_attendance
from meetings.services.texts import save_texts

# About a page of prose, as items have it.
PROSE = (
    "Udvalget skal tage stilling til, hvor kommunen begynder. Forvaltningen har set på opgaver, "
    "der tager tid fra borgerne, og på de data, der allerede findes.\n\n"
    "- Løsningen støtter medarbejderen og træffer ingen afgørelser.\n"
    "- Borgeren får at vide, når teksten er lavet med hjælp fra en maskine.\n"
    "- Erfaringerne samles op efter seks måneder.\n\n"
    "| År | Udgift | Besparelse |\n|---|---|---|\n| 2026 | 450.000 kr. | 0 kr. |\n"
    "| 2027 | 120.000 kr. | 380.000 kr. |\n\n"
    "Sagen har ingen konsekvenser for personalets antal. Den behandles igen, når afprøvningen "
    "er slut, og resultaterne er lagt frem for følgegruppen."
)
RECOMMENDATION = "1) At udvalget godkender afprøvningen.\n2) At resultatet fremlægges om et år."


@dataclass
class Body:
    """Everybody and everything that a benchmark acts with."""

    committee: Committee
    secretary: User
    members: list[User]
    meeting: Meeting
    items: list[AgendaItem] = field(default_factory=list)
    motions: list[Motion] = field(default_factory=list)

    @property
    def chair(self) -> User:
        return self.members[0]


def a_body(members: int, *, items: int) -> Body:
    """A committee with so many seats, and a draft meeting now with so many written items."""
    now = timezone.now()
    day = timezone.localdate() - timedelta(days=1)
    admin = User.objects.create_superuser("admin@example.dk", username="admin", name="Admin")
    committee = create_committee(
        municipality=Municipality.objects.create(
            name="Prøvekommunen", contact_email="udvalg@example.dk"
        ),
        slug="maaling",
        name="Måling",
        full_name="Opgaveudvalget Måling",
        kind="task",
        legal_basis="Kommunestyrelseslovens § 17, stk. 4",
        mandate_from=day,
        mandate_to=day + timedelta(days=365),
        section_template="gentofte@1",
        by=admin,
    )
    section = NewSection("Formål", "Udvalget findes kun, mens der måles.")
    terms = adopt_terms(committee=committee, adopted_on=day, sections=[section], by=admin)
    adopt_rule_profile(terms=terms, label="1", rules_ref="opgaveudvalg@1", valid_from=day, by=admin)
    secretary = _person(committee, "sekretariat", Role.SECRETARIAT, admin)
    roles = [Role.CHAIR] + [Role.MEMBER] * (members - 1)
    people = [
        _person(committee, f"medlem-{number}", role, admin)
        for number, role in enumerate(roles, start=1)
    ]
    meeting = create_meeting(
        committee=committee, starts_at=now, ends_at=now + timedelta(hours=3), by=secretary
    )
    body = Body(committee, secretary, people, meeting)
    body.items = [_item(body, number) for number in range(1, items + 1)]
    return body


def _person(committee: Committee, name: str, role: str, by: User) -> User:
    user = create_user(email=f"{name}@example.dk", username=name, name=name.capitalize(), by=by)
    day = timezone.localdate() - timedelta(days=1)
    appoint_member(committee=committee, user=user, role=role, valid_from=day, by=by)
    return user


def _item(body: Body, number: int) -> AgendaItem:
    item = add_item(
        meeting=body.meeting,
        title=f"Afprøvning af løsning {number} i hjemmeplejen",
        kind=ItemKind.DECISION,
        case_id=f"EMN-2026-{number:05}",
        minutes=5,
        by=body.secretary,
    )
    write(body, item, summary=PROSE, background=PROSE, recommendation=RECOMMENDATION)
    return item


def write(body: Body, item: AgendaItem, **texts: str) -> None:
    """Save texts on an item that has none under these keys."""
    save_texts(item=item, texts=texts, versions=dict.fromkeys(texts, 0), by=body.secretary)


def begin(body: Body) -> None:
    """Issue the agenda and open the meeting with everybody there."""
    meeting, by = body.meeting, body.secretary
    issue_agenda(meeting=meeting, expected=1, by=by)
    move_meeting(meeting=meeting, move="begin", by=by)
    here = {member.pk: (AttendanceStatus.PRESENT.value, "") for member in body.members}
    record_attendance(meeting=meeting, statuses=here, by=by)
    for step in OpeningStep.values:
        complete_step(meeting=meeting, step=step, by=by)


def move_on(body: Body, item: AgendaItem) -> Motion:
    """Write down the main motion of an item."""
    motion = propose(
        item=item,
        kind=MotionKind.MAIN,
        proposer=body.chair,
        text="Udvalget godkender afprøvningen.",
        by=body.secretary,
    )
    body.motions.append(motion)
    return motion
