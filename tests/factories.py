"""Rows to test with, made as plainly as the models allow (the services have their own tests).

`person(committee, Role.CHAIR)` is the short way to somebody with rights.
"""

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory, Password

from committee.enums import BodyKind, DeliverableStatus, Role, SeatKind, ShelfKind
from committee.models import (
    Committee,
    CouncilDecision,
    Deliverable,
    DeliverableEvidence,
    Membership,
    Municipality,
    RuleProfile,
    SeatGroup,
    ShelfDocument,
    ShelfFigure,
    TermsOfReference,
    TermsSection,
    User,
)
from core.canonical import sha256_hex
from core.models import StoredFile
from core.store import store_bytes
from meetings.enums import Access, ItemKind, MeetingKind, MeetingState
from meetings.models import (
    AgendaItem,
    Attachment,
    Attendance,
    Disqualification,
    InputRound,
    IssuedVersion,
    ItemText,
    Meeting,
    WorkshopExercise,
)

PASSWORD = "demo-udvalgsrum"


def days(count: int) -> Any:
    """Midday, `count` days from now: far from any change of date."""
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    return noon + timedelta(days=count)


def day(count: int) -> Any:
    return timezone.localdate() + timedelta(days=count)


# People and bodies -----------------------------------------------------------------


class MunicipalityFactory(DjangoModelFactory):
    class Meta:
        model = Municipality

    name = factory.Sequence(lambda n: f"Prøvekommune {n}")
    contact_email = "sekretariat@example.dk"


class CommitteeFactory(DjangoModelFactory):
    """A public task committee in the middle of its mandate."""

    class Meta:
        model = Committee

    municipality = factory.SubFactory(MunicipalityFactory)
    kind = BodyKind.TASK
    slug = factory.Sequence(lambda n: f"udvalg-{n}")
    name = factory.Sequence(lambda n: f"Udvalg {n}")
    full_name = factory.LazyAttribute(lambda o: f"Opgaveudvalget {o.name}")
    legal_basis = "Kommunestyrelseslovens § 17, stk. 4"
    mandate_from = factory.LazyFunction(lambda: day(-100))
    mandate_to = factory.LazyFunction(lambda: day(200))
    is_public = True


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person-{n}")
    email = factory.LazyAttribute(lambda o: f"{o.username}@example.dk")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = Password(PASSWORD)


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    committee = factory.SubFactory(CommitteeFactory)
    role = Role.MEMBER
    valid_from = factory.LazyFunction(lambda: day(-50))


def person(committee: Committee | None, *roles: str, **fields: Any) -> User:
    """A new user with `roles` in `committee`; one without roles only logs in."""
    user: User = UserFactory(**fields)
    for role in roles:
        MembershipFactory(user=user, committee=committee, role=role)
    return user


# What a body stands on -------------------------------------------------------------


class CouncilDecisionFactory(DjangoModelFactory):
    class Meta:
        model = CouncilDecision

    committee = factory.SubFactory(CommitteeFactory)
    decided_on = factory.LazyFunction(lambda: day(-120))
    item = "22"
    title = factory.Sequence(lambda n: f"Kommunalbestyrelsens beslutning {n}")


class TermsOfReferenceFactory(DjangoModelFactory):
    class Meta:
        model = TermsOfReference

    committee = factory.SubFactory(CommitteeFactory)
    version = factory.LazyAttribute(
        lambda o: TermsOfReference.objects.filter(committee=o.committee).count() + 1
    )
    adopted_on = factory.LazyFunction(lambda: day(-120))


class TermsSectionFactory(DjangoModelFactory):
    class Meta:
        model = TermsSection

    terms = factory.SubFactory(TermsOfReferenceFactory)
    position = factory.Sequence(lambda n: n + 1)
    heading = factory.Sequence(lambda n: f"Afsnit {n}")
    text = "Kommissoriets tekst."


class DeliverableFactory(DjangoModelFactory):
    class Meta:
        model = Deliverable

    terms = factory.SubFactory(TermsOfReferenceFactory)
    position = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"Leverance {n}")
    status = DeliverableStatus.NOT_STARTED


class DeliverableEvidenceFactory(DjangoModelFactory):
    class Meta:
        model = DeliverableEvidence

    deliverable = factory.SubFactory(DeliverableFactory)
    title = factory.Sequence(lambda n: f"Dokumentation {n}")
    url = "/moeder/"
    on = factory.LazyFunction(lambda: day(-1))


class SeatGroupFactory(DjangoModelFactory):
    class Meta:
        model = SeatGroup

    terms = factory.SubFactory(TermsOfReferenceFactory)
    position = factory.Sequence(lambda n: n + 1)
    kind = SeatKind.CITIZEN
    name = factory.Sequence(lambda n: f"Pladsgruppe {n}")
    short_name = factory.LazyAttribute(lambda o: f"fra {o.name}")
    minimum = 1
    maximum = 4


class RuleProfileFactory(DjangoModelFactory):
    class Meta:
        model = RuleProfile

    terms = factory.SubFactory(TermsOfReferenceFactory)
    label = factory.Sequence(lambda n: f"regler-{n}")
    rules_ref = "opgaveudvalg@1"
    valid_from = factory.LazyFunction(lambda: day(-110))


class ShelfDocumentFactory(DjangoModelFactory):
    class Meta:
        model = ShelfDocument

    committee = factory.SubFactory(CommitteeFactory)
    position = factory.Sequence(lambda n: n + 1)
    kind = ShelfKind.STRATEGY
    title = factory.Sequence(lambda n: f"Baggrundsdokument {n}")


class ShelfFigureFactory(DjangoModelFactory):
    class Meta:
        model = ShelfFigure

    document = factory.SubFactory(ShelfDocumentFactory, kind=ShelfKind.SURVEY)
    position = factory.Sequence(lambda n: n + 1)
    value = "61 %"
    label = "svarede ja (prøvetal)"


# Meetings ----------------------------------------------------------------------------


def _profile_of(meeting: Any) -> RuleProfile:
    found = RuleProfile.objects.filter(terms__committee=meeting.committee).first()
    return found or RuleProfileFactory(terms__committee=meeting.committee)


class MeetingFactory(DjangoModelFactory):
    """A meeting in two weeks, still a draft nobody but the secretariat sees."""

    class Meta:
        model = Meeting

    committee = factory.SubFactory(CommitteeFactory)
    number = factory.LazyAttribute(
        lambda o: Meeting.objects.filter(committee=o.committee).count() + 1
    )
    kind = MeetingKind.ORDINARY
    title = factory.LazyAttribute(lambda o: f"{o.number}. møde i {o.committee.name}")
    starts_at = factory.LazyFunction(lambda: days(14))
    ends_at = factory.LazyAttribute(lambda o: o.starts_at + timedelta(hours=3))
    place = "Rådhuset, mødesal D"
    state = MeetingState.DRAFT
    rule_profile = factory.LazyAttribute(_profile_of)
    section_template = "gentofte@1"
    agenda_due = factory.LazyAttribute(lambda o: o.starts_at - timedelta(days=6))
    material_due = factory.LazyAttribute(lambda o: o.starts_at - timedelta(days=5))
    minutes_due = factory.LazyAttribute(lambda o: o.starts_at + timedelta(days=7))


class AgendaItemFactory(DjangoModelFactory):
    """An open item; `closed=True` makes it a closed one with ground, reason and heading."""

    class Meta:
        model = AgendaItem

    class Params:
        closed = factory.Trait(
            access=Access.CLOSED,
            public_title=factory.Sequence(lambda n: f"Offentlig overskrift {n}"),
            closing_ground="Offentlighedslovens § 30, nr. 2",
            closing_reason="Sagen rummer forretningsforhold.",
        )

    meeting = factory.SubFactory(MeetingFactory)
    position = factory.LazyAttribute(
        lambda o: AgendaItem.objects.filter(meeting=o.meeting, removed_at=None).count() + 1
    )
    kind = ItemKind.DECISION
    title = factory.Sequence(lambda n: f"Punkt {n}")


class ItemTextFactory(DjangoModelFactory):
    class Meta:
        model = ItemText

    item = factory.SubFactory(AgendaItemFactory)
    key = "summary"
    text = "Et resumé."
    version = 1
    saved_at = factory.LazyFunction(timezone.now)


class StoredFileFactory(DjangoModelFactory):
    """Bytes in the test's own store; `data=` chooses them."""

    class Meta:
        model = StoredFile

    data = b"%PDF-1.4 test"
    filename = "bilag.pdf"
    media_type = "application/pdf"

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> StoredFile:
        return store_bytes(kwargs.pop("data"), **kwargs)


class AttachmentFactory(DjangoModelFactory):
    class Meta:
        model = Attachment

    item = factory.SubFactory(AgendaItemFactory)
    position = factory.LazyAttribute(
        lambda o: Attachment.objects.filter(item=o.item, removed_at=None).count() + 1
    )
    title = factory.Sequence(lambda n: f"Bilag {n}")
    access = Access.OPEN
    file = factory.SubFactory(StoredFileFactory)
    pages = 1


class AttendanceFactory(DjangoModelFactory):
    class Meta:
        model = Attendance

    meeting = factory.SubFactory(MeetingFactory)
    member = factory.SubFactory(UserFactory)


class DisqualificationFactory(DjangoModelFactory):
    class Meta:
        model = Disqualification

    item = factory.SubFactory(AgendaItemFactory)
    member = factory.SubFactory(UserFactory)
    grounds = "Personlig interesse i sagen"
    declared_by = factory.SelfAttribute("member")


class IssuedVersionFactory(DjangoModelFactory):
    class Meta:
        model = IssuedVersion

    meeting = factory.SubFactory(MeetingFactory)
    kind = "agenda"
    number = 1
    body = "{}"
    sha256 = factory.LazyAttribute(lambda o: sha256_hex(o.body.encode()))
    issued_at = factory.LazyFunction(timezone.now)


class InputRoundFactory(DjangoModelFactory):
    class Meta:
        model = InputRound

    meeting = factory.SubFactory(MeetingFactory)
    committee = factory.SelfAttribute("meeting.committee")
    title = factory.Sequence(lambda n: f"Inputrunde {n}")
    question = "Hvad mener du?"
    opened_at = factory.LazyFunction(timezone.now)
    closes_at = factory.LazyFunction(lambda: days(5))


class WorkshopExerciseFactory(DjangoModelFactory):
    class Meta:
        model = WorkshopExercise

    meeting = factory.SubFactory(MeetingFactory, kind=MeetingKind.WORKSHOP)
    position = factory.Sequence(lambda n: n + 1)
    exercise_ref = "ai-mareridt@1"
    title = "AI-mareridt"
    instruction = "Beskriv det værste, der kan ske."
