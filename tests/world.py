"""A small world with everything somebody may not see, for the two nets.

Every text that is not for all carries a word of its own (`secret`), registered with the
subjects who may read it: `test_permissions` asks who may do what in this world, `test_canary`
asks whether a word has reached somebody it was not for.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import docx
import pikepdf
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Model
from django.test import Client, override_settings
from django.utils import timezone
from PIL import Image

from committee.enums import Role
from committee.models import HandOver, HandOverRow, Revisit, User
from core.canonical import canonical_json
from core.drafts import save_draft
from ethics.ai_act import classify
from ethics.models import (
    AiActAssessment,
    AiActReplay,
    AiActReplayRow,
    AnswerChange,
    CaseAnswers,
    CaseSnapshot,
    Condition,
    ConditionEvent,
    ConditionEvidence,
    FlagAnswer,
    ObligationEvidence,
    ReviewAssignment,
    ReviewMove,
    ReviewRound,
    ReviewSheet,
    SheetAddition,
    SpreadNote,
)
from meetings.enums import Access, AttendanceStatus, MeetingKind, MeetingState, VersionKind
from meetings.models import (
    AgendaItem,
    Attachment,
    CorrectionReply,
    Disqualification,
    Dissent,
    FollowUp,
    FollowUpNote,
    InputAnswer,
    ItemText,
    ItemTextRevision,
    Meeting,
    MinutesAddition,
    MinutesApproval,
    Motion,
    PrivateNote,
    ProofOverride,
    PublicationFinding,
    PublicationRequest,
    ReadThrough,
    ReadThroughComment,
    ReadThroughReader,
    ReopenRequest,
    Vote,
    VoteRound,
    WorkshopNote,
)
from meetings.selectors.publication import coming_reading, find_private, public_digest
from meetings.selectors.snapshot import live_snapshot
from meetings.services.decisions import number_decisions
from meetings.services.freezing import freeze
from meetings.services.issuing import issue_agenda
from meetings.services.presence import take_up
from tests.factories import (
    AgendaItemFactory,
    AttachmentFactory,
    AttendanceFactory,
    CommitteeFactory,
    CouncilDecisionFactory,
    DeliverableEvidenceFactory,
    DeliverableFactory,
    DisqualificationFactory,
    InputRoundFactory,
    ItemTextFactory,
    MeetingFactory,
    MembershipFactory,
    RuleProfileFactory,
    SeatGroupFactory,
    ShelfDocumentFactory,
    ShelfFigureFactory,
    StoredFileFactory,
    TermsOfReferenceFactory,
    TermsSectionFactory,
    WorkshopExerciseFactory,
    day,
    days,
    person,
)
from usecases.models import (
    CaseHandOver,
    CaseImport,
    CaseMerge,
    CaseScore,
    CaseSplit,
    CitizenAttempt,
    CitizenProposal,
    Comment,
    CommentVersion,
    ImportRow,
    RankingEntry,
    RankingRound,
    RankingVote,
    Revision,
    SavedView,
    StatusChange,
    UseCase,
)
from usecases.services.words import index_words

SUBJECTS = (
    "anonymous",
    "outsider",
    "member",
    "recused",
    "chair",
    "follow_group",
    "secretariat",
    "admin",
    "former_member",
)
NOBODY: frozenset[str] = frozenset()
SECRETARIAT = frozenset({"secretariat"})
# Both recused people are disqualified from the closed items that are not yet decided; one of
# them, the vice-chair, otherwise sees drafts.
UNBIASED = SECRETARIAT | {"chair"}
PREPARERS = UNBIASED | {"recused_chair"}
READ_CLOSED = UNBIASED | {"member"}
COMMITTEE = READ_CLOSED | {"recused", "recused_chair"}
TABLE = COMMITTEE | {"follow_group"}
NEIGHBOUR = frozenset({"neighbour"})
EVERYBODY = frozenset(SUBJECTS) | NEIGHBOUR | PREPARERS


@dataclass(frozen=True)
class Secret:
    """A word, where it stands, and who may read it."""

    word: str
    place: str
    readers: frozenset[str]


@dataclass
class World:
    """The rows by name, the people, and the words."""

    people: dict[str, User | None] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)
    secrets: list[Secret] = field(default_factory=list)
    rows: SimpleNamespace = field(default_factory=SimpleNamespace)
    media: Path | None = None

    def secret(self, place: str, readers: frozenset[str]) -> str:
        """A new word that stands in `place` (model.field, and what sort of row)."""
        word = f"ZQ{len(self.secrets):03d}KX"
        self.secrets.append(Secret(word, place, readers))
        return word


def text_pdf(words: str, title: str = "") -> bytes:
    """A PDF of one page that says `words`."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    page.Resources = pikepdf.Dictionary(
        Font=pikepdf.Dictionary(
            F1=pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
        )
    )
    page.Contents = pdf.make_stream(f"BT /F1 12 Tf 72 720 Td ({words}) Tj ET".encode())
    if title:
        pdf.docinfo["/Title"] = title
    target = io.BytesIO()
    pdf.save(target)
    return target.getvalue()


def text_docx(words: str) -> bytes:
    document = docx.Document()
    document.add_paragraph(words)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


@contextmanager
def standing_world(blocker: Any, media: Path) -> Iterator[World]:
    """A world for a whole module: built once, and gone at the end."""
    with blocker.unblock(), override_settings(MEDIA_ROOT=media), transaction.atomic():
        yield build_world(media)
        transaction.set_rollback(True)


@contextmanager
def undone() -> Iterator[None]:
    """Everything that happens inside is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def build_world(media: Path | None = None) -> World:
    """Everything below, in one committee that is public and one that is not."""
    world = World(media=media)
    _bodies(world)
    _people(world)
    _issued(world)
    _held_back(world)
    _draft(world)
    _reading(world)
    _minutes(world)
    _votes(world)
    _follow_ups(world)
    _workshop(world)
    _rounds(world)
    _cancelled(world)
    _private_notes(world)
    _neighbours(world)
    _use_cases(world)
    _ethics_answers(world)
    _reviews(world)
    _saved_views(world)
    _ranking(world)
    _citizens(world)
    _imports(world)
    _conditions(world)
    _ethics(world)
    _ai_act(world)
    _reports(world)
    _mandate(world)
    for row in vars(world.rows).values():
        if isinstance(row, Model):
            row.refresh_from_db()
    _log_in(world)
    return world


# The mandate and the next body ----------------------------------------------------------


def _mandate(world: World) -> None:
    """A successor whose secretariat is the same, and what was handed over and looked at again."""
    rows, by = world.rows, world.people["secretariat"]
    rows.committee.revisit_on = day(400)
    rows.committee.save()
    rows.successor = CommitteeFactory(
        slug="efterfoelger",
        name="Efterfølgeren",
        predecessor=rows.committee,
        municipality=rows.municipality,
    )
    MembershipFactory(user=by, committee=rows.successor, role=Role.SECRETARIAT)
    rows.handed_over = _handed_over(world, rows.committee, rows.successor, TABLE, "open")
    after = CommitteeFactory(slug="efter-lukket", predecessor=rows.closed_body, is_public=False)
    rows.other_handed_over = _handed_over(world, rows.closed_body, after, NEIGHBOUR, "other")
    CaseHandOver.objects.create(
        case=rows.case_other, origin=rows.closed_body, receiver=after, by=world.people["neighbour"]
    )
    words = {
        name: world.secret(f"committee.Revisit.{name} (not public)", NEIGHBOUR)
        for name in ("text", "decided_by", "evidence_title", "evidence_url")
    }
    words["evidence_url"] = f"/x/{words['evidence_url']}"
    Revisit.objects.create(
        committee=rows.closed_body,
        due_on=day(-9),
        held_on=day(-8),
        outcome="upheld",
        by=world.people["neighbour"],
        **words,
    )


def _handed_over(
    world: World, giver: Any, receiver: Any, readers: frozenset[str], sort: str
) -> HandOver:
    """The work of `giver`, with a thing that stayed."""
    row = HandOver.objects.create(
        giver=giver,
        receiver=receiver,
        decision="Kommunalbestyrelsen, punkt 7",
        note=world.secret(f"committee.HandOver.note ({sort})", readers),
        by=world.people["secretariat"],
    )
    HandOverRow.objects.create(
        hand_over=row,
        kind="case",
        object_id=1,
        state="pilot",
        left_out=world.secret(f"committee.HandOverRow.left_out ({sort})", readers),
    )
    return row


# Bodies and people --------------------------------------------------------------------


def _bodies(world: World) -> None:
    rows = world.rows
    rows.committee = CommitteeFactory(slug="aaben", name="Det åbne udvalg")
    rows.municipality = rows.committee.municipality
    rows.municipality.logo.save("vaaben.png", ContentFile(_picture()))
    rows.terms = TermsOfReferenceFactory(committee=rows.committee)
    TermsSectionFactory(terms=rows.terms)
    SeatGroupFactory(terms=rows.terms)
    rows.deliverable = DeliverableFactory(terms=rows.terms)
    DeliverableEvidenceFactory(deliverable=rows.deliverable)
    CouncilDecisionFactory(committee=rows.committee)
    rows.profile = RuleProfileFactory(terms=rows.terms)
    rows.shelf = ShelfDocumentFactory(committee=rows.committee)
    ShelfFigureFactory(document=rows.shelf)
    hidden = world.secret("committee.Committee.name (not public)", NEIGHBOUR | {"admin"})
    texts = {
        name: world.secret(f"committee.Committee.{name} (not public)", NEIGHBOUR | {"admin"})
        for name in ("full_name", "question", "summary", "legal_basis", "secretariat_unit")
    }
    rows.closed_body = CommitteeFactory(
        slug="lukket-udvalg",
        name=f"Nævn {hidden}",
        is_public=False,
        municipality=rows.municipality,
        **texts,
    )
    _hidden_terms(world)


def _picture() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (4, 4), "#0b4f5c").save(target, "PNG")
    return target.getvalue()


def _hidden_terms(world: World) -> None:
    """Kommissorium and papers of a body that is not public."""
    rows = world.rows
    own = NEIGHBOUR | {"admin"}

    def word(place: str, readers: frozenset[str] = own) -> str:
        return world.secret(f"committee.{place} (not public)", readers)

    terms = TermsOfReferenceFactory(committee=rows.closed_body)
    TermsSectionFactory(
        terms=terms, heading=word("TermsSection.heading"), text=word("TermsSection.text")
    )
    SeatGroupFactory(
        terms=terms, name=word("SeatGroup.name"), short_name=word("SeatGroup.short_name")
    )
    rows.other_deliverable = DeliverableFactory(
        terms=terms,
        title=word("Deliverable.title"),
        description=word("Deliverable.description"),
    )
    DeliverableEvidenceFactory(
        deliverable=rows.other_deliverable,
        title=word("DeliverableEvidence.title"),
        url=f"/x/{word('DeliverableEvidence.url')}",
    )
    CouncilDecisionFactory(
        committee=rows.closed_body,
        title=word("CouncilDecision.title"),
        item=word("CouncilDecision.item"),
        url=f"https://example.dk/{word('CouncilDecision.url')}",
    )
    RuleProfileFactory(
        terms=terms, label=word("RuleProfile.label"), adopted=word("RuleProfile.adopted")
    )
    shelf = ShelfDocumentFactory(
        committee=rows.closed_body,
        title=word("ShelfDocument.title"),
        summary=word("ShelfDocument.summary"),
        url=f"https://example.dk/{word('ShelfDocument.url')}",
    )
    ShelfFigureFactory(
        document=shelf, value=word("ShelfFigure.value"), label=word("ShelfFigure.label")
    )


def _people(world: World) -> None:
    committee = world.rows.committee

    def somebody(name: str, *roles: str, **more: Any) -> User:
        own = frozenset({name, "admin"})
        facts = {
            "email": f"{world.secret('committee.User.email', own).lower()}@example.dk",
            "username": world.secret("committee.User.username", own).lower(),
            "calendar_token": world.secret("committee.User.calendar_token", frozenset({name})),
            "name": f"Fru {name.replace('_', ' ').title()}",
        }
        return person(more.pop("body", committee), *roles, **facts, **more)

    world.people = {
        "anonymous": None,
        "outsider": somebody("outsider"),
        "member": somebody("member", Role.MEMBER),
        "recused": somebody("recused", Role.MEMBER),
        "chair": somebody("chair", Role.CHAIR),
        "recused_chair": somebody("recused_chair", Role.VICE_CHAIR),
        "follow_group": somebody("follow_group", Role.FOLLOW_GROUP),
        "secretariat": somebody("secretariat", Role.SECRETARIAT),
        "admin": somebody("admin", is_staff=True, is_superuser=True),
        "former_member": somebody("former_member", Role.MEMBER),
        "neighbour": somebody("neighbour", Role.SECRETARIAT, body=world.rows.closed_body),
    }
    world.people["former_member"].memberships.update(valid_to=day(-1))


def _log_in(world: World) -> None:
    for name, user in world.people.items():
        world.clients[name] = client_of(user)


def client_of(user: User | None, **session: Any) -> Client:
    """A browser in which `user` has logged in; `session` is put into theirs."""
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    if session:
        store = client.session
        store.update(session)
        store.save()
    return client


# Items ------------------------------------------------------------------------------------


def _text(world: World, item: AgendaItem, key: str, place: str, readers: frozenset[str]) -> None:
    """A current text and the text it was before, which nobody is shown."""
    row = ItemTextFactory(
        item=item,
        key=key,
        text=f"Ordet {world.secret(f'meetings.ItemText.text ({place})', readers)} står her.",
        version=2,
        **_heading(world, key, place, readers),
    )
    old = world.secret(f"meetings.ItemTextRevision.text ({place})", NOBODY)
    ItemTextRevision.objects.create(item_text=row, number=1, text=old)
    ItemTextRevision.objects.create(item_text=row, number=2, text=row.text)


def _heading(world: World, key: str, place: str, readers: frozenset[str]) -> dict[str, str]:
    """An import keeps headings of its own; they are as closed as the text below them."""
    if key != "background":
        return {}
    return {"heading": world.secret(f"meetings.ItemText.heading ({place})", readers)}


def _closed_item(world: World, meeting: Meeting, readers: frozenset[str], place: str) -> AgendaItem:
    """An item whose public heading (alone) is for everybody."""

    def word(name: str) -> str:
        return world.secret(f"meetings.{name} ({place})", readers)

    item = AgendaItemFactory(
        meeting=meeting,
        closed=True,
        title=f"Intern {word('AgendaItem.title')}",
        closing_reason=f"Fordi {word('AgendaItem.closing_reason')}",
        presenter=word("AgendaItem.presenter"),
        public_title="Et tilbud om drift",
    )
    for key in ("summary", "background", "recommendation"):
        _text(world, item, key, place, readers)
    return item


def _attachment(
    world: World, item: AgendaItem, place: str, readers: frozenset[str], **more: Any
) -> Attachment:
    """A file with words in its title, its name, its bytes and what was read out of it."""

    def word(name: str) -> str:
        return world.secret(f"{name} ({place})", readers)

    body = word("core.StoredFile bytes")
    if more.pop("docx", False):
        data, suffix = text_docx(body), "docx"
        kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    else:
        data, suffix, kind = text_pdf(body, word("PDF title")), "pdf", "application/pdf"
    file = StoredFileFactory(
        data=data, filename=f"{word('core.StoredFile.filename')}.{suffix}", media_type=kind
    )
    return AttachmentFactory(
        item=item,
        file=file,
        title=f"Bilag {word('meetings.Attachment.title')}",
        text=f"{body} {world.secret(f'meetings.Attachment.text ({place})', NOBODY)}",
        **more,
    )


def _meeting(world: World, **fields: Any) -> Meeting:
    if "online_link" not in fields:
        word = world.secret("meetings.Meeting.online_link", COMMITTEE)
        fields["online_link"] = f"https://example.dk/{word}"
    if "unplaced" not in fields:
        fields["unplaced"] = world.secret("meetings.Meeting.unplaced", PREPARERS)
    return MeetingFactory(committee=world.rows.committee, **fields)


# Meetings ---------------------------------------------------------------------------------


def _held_back(world: World) -> None:
    """Sent to the members; citizens wait, though what was found has its reason by now."""
    meeting = world.rows.held_back = _meeting(world)
    item = AgendaItemFactory(meeting=meeting, title="Punkt, der venter")
    word = world.secret("an open item that is held back", TABLE)
    ItemTextFactory(item=item, text=f"Ring 22 33 44 55 om {word}.", version=1)
    issue_agenda(meeting=meeting, expected=1, by=world.people["secretariat"])
    for finding in find_private(meeting, coming_reading(meeting, "agenda")):
        PublicationFinding.objects.create(
            meeting=meeting,
            key=finding.key,
            kind=finding.kind,
            place=finding.place.name,
            reason=world.secret("meetings.PublicationFinding.reason (agenda)", PREPARERS),
            resolved_by=world.people["secretariat"],
        )
    meeting.agenda_withdraw_reason = world.secret(
        "meetings.Meeting.agenda_withdraw_reason", EVERYBODY
    )
    meeting.agenda_withdrawn_at = timezone.now()
    meeting.save()


def _issued(world: World) -> None:
    """Issued once with one of each, and worked on since."""
    rows, people = world.rows, world.people
    meeting = rows.issued = _meeting(world)
    rows.open = AgendaItemFactory(meeting=meeting, title="Velkomst og orientering")
    rows.open_word = world.secret("an open item's text", EVERYBODY)
    ItemTextFactory(item=rows.open, text=f"Den åbne tekst, {rows.open_word}.", version=1)
    rows.open_file_word = world.secret("an open file", EVERYBODY)
    rows.open_file = AttachmentFactory(
        item=rows.open,
        title=f"Åbent {rows.open_file_word}",
        file=StoredFileFactory(data=text_pdf(rows.open_file_word)),
    )
    rows.closed_on_open = _attachment(
        world, rows.open, "closed, on an open item", COMMITTEE, access=Access.CLOSED
    )
    rows.closed = _closed_item(world, meeting, READ_CLOSED, "closed item")
    rows.closed_file = _attachment(world, rows.closed, "closed", READ_CLOSED, access=Access.CLOSED)
    rows.closed_docx = _attachment(
        world, rows.closed, "closed DOCX", READ_CLOSED, access=Access.CLOSED, docx=True
    )
    rows.deleted = _closed_item(world, meeting, NOBODY, "removed before it was issued")
    rows.deleted_file = _attachment(world, rows.open, "removed", NOBODY)
    _remove(rows.deleted, rows.deleted_file)
    rows.disqualification = _disqualify(world, rows.closed)
    note = world.secret("version.note", COMMITTEE)
    issue_agenda(meeting=meeting, expected=1, by=people["secretariat"], note=note)
    rows.attendance = AttendanceFactory(
        meeting=meeting,
        member=people["member"],
        status=AttendanceStatus.APOLOGY,
        note=world.secret("meetings.Attendance.note (an answer)", PREPARERS | {"member"}),
    )
    _unissued(world)


def _disqualify(world: World, item: AgendaItem, readers: frozenset[str] = UNBIASED) -> Any:
    """Both recused people, who read their own grounds; the member's row is returned."""
    for name in ("recused_chair", "recused"):
        row = DisqualificationFactory(
            item=item,
            member=world.people[name],
            grounds=world.secret("meetings.Disqualification.grounds", readers | {name}),
        )
    return row


def _cases(world: World) -> None:
    """One that waits for the committee, about an open item, and one being voted on."""
    rows, people = world.rows, world.people
    rows.running_case = DisqualificationFactory(
        item=rows.running_disputed,
        member=people["recused"],
        declared_by=people["chair"],
        source="other",
        grounds=world.secret("meetings.Disqualification.grounds (open item)", COMMITTEE),
    )
    rows.case_round = VoteRound.objects.create(
        disqualification=rows.secret_case, number=1, method="name", opened_by=people["chair"]
    )
    earlier = VoteRound.objects.create(
        disqualification=rows.running_case, number=1, method="name", opened_by=people["chair"],
        closed_at=timezone.now(), outcome="adopted",
    )  # fmt: skip
    Dissent.objects.create(
        round=earlier,
        member=people["chair"],
        text=world.secret("meetings.Dissent.text (a case)", COMMITTEE),
        reason=world.secret("meetings.Dissent.reason (a case)", COMMITTEE),
        recorded_by=people["secretariat"],
    )


def _remove(item: AgendaItem, attachment: Attachment) -> None:
    item.removed_at = attachment.removed_at = timezone.now()
    item.save()
    attachment.save()


def _unissued(world: World) -> None:
    """What the secretariat has written since version 1."""
    rows = world.rows
    later = "after version 1"
    rows.draft_item = AgendaItemFactory(
        meeting=rows.issued,
        title=f"Nyt {world.secret(f'meetings.AgendaItem.title (new, {later})', PREPARERS)}",
        presenter=world.secret(f"meetings.AgendaItem.presenter ({later})", PREPARERS),
        case_id=world.secret(f"meetings.AgendaItem.case_id ({later})", PREPARERS),
    )
    _text(world, rows.draft_item, "summary", later, PREPARERS)
    rows.draft_file = _attachment(world, rows.draft_item, later, PREPARERS)
    title = f"Velkomst {world.secret(f'meetings.AgendaItem.title ({later})', PREPARERS)}"
    AgendaItem.objects.filter(pk=rows.open.pk).update(title=title)
    word = world.secret(f"meetings.ItemText.text ({later})", PREPARERS)
    ItemText.objects.filter(item=rows.open, key="summary").update(text=f"Nu {word}.", version=2)
    closed = world.secret(f"meetings.ItemText.text (closed, {later})", UNBIASED)
    ItemText.objects.filter(item=rows.closed, key="summary").update(text=closed, version=3)
    title = world.secret(f"meetings.AgendaItem.title (closed, {later})", UNBIASED)
    AgendaItem.objects.filter(pk=rows.closed.pk).update(title=title)
    _attachment(world, rows.closed, f"closed, {later}", UNBIASED, access=Access.CLOSED)
    typed = world.secret("core.Draft.fields", SECRETARIAT)
    save_draft(
        owner=world.people["secretariat"],
        form=f"item:{rows.open.pk}",
        fields={"summary": typed},
        base_versions={"summary": 2},
    )


def _draft(world: World) -> None:
    """A meeting that nobody but those who prepare it knows of."""
    rows = world.rows

    def word(name: str) -> str:
        return world.secret(f"meetings.{name} (draft meeting)", PREPARERS)

    rows.draft = _meeting(
        world,
        title=f"Kladdemøde {word('Meeting.title')}",
        place=word("Meeting.place"),
        online_link=f"https://example.dk/{word('Meeting.online_link')}",
        unplaced=word("Meeting.unplaced"),
    )
    rows.draft_open = AgendaItemFactory(
        meeting=rows.draft,
        title=f"Punkt {word('AgendaItem.title')}",
        case_id=word("AgendaItem.case_id"),
    )
    rows.draft_closed = AgendaItemFactory(
        meeting=rows.draft,
        closed=True,
        title=word("AgendaItem.title"),
        public_title=f"Om {word('AgendaItem.public_title')}",
        closing_ground=word("AgendaItem.closing_ground"),
        closing_reason=word("AgendaItem.closing_reason"),
    )
    _text(world, rows.draft_open, "summary", "draft meeting", PREPARERS)
    rows.draft_open_file = _attachment(world, rows.draft_open, "draft meeting", PREPARERS)


def _reading(world: World) -> None:
    """A draft that a member, the recused and the follow group read before it is issued."""
    rows, people = world.rows, world.people
    asked = {"member", "recused", "follow_group"}
    everybody = PREPARERS | asked

    def word(name: str, readers: frozenset[str]) -> str:
        return world.secret(f"meetings.{name} (read-through)", readers)

    rows.reading = _meeting(
        world,
        state=MeetingState.READ_THROUGH,
        title=f"Gennemlæst {word('Meeting.title', everybody)}",
        online_link="",
    )
    rows.reading_open = AgendaItemFactory(
        meeting=rows.reading, title=word("AgendaItem.title", everybody)
    )
    _text(world, rows.reading_open, "summary", "read-through", everybody)
    rows.reading_file = _attachment(world, rows.reading_open, "read-through", everybody)
    rows.reading_closed = _closed_item(
        world, rows.reading, READ_CLOSED, "closed item in read-through"
    )
    rows.reading_closed_file = _attachment(
        world,
        rows.reading_closed,
        "closed, in read-through",
        READ_CLOSED,
        access=Access.CLOSED,
    )
    rows.reading_case = _disqualify(world, rows.reading_closed)
    snapshot = live_snapshot(rows.reading, VersionKind.AGENDA, number=1) | {"unplaced": ""}
    rows.read_through = ReadThrough.objects.create(
        meeting=rows.reading,
        body=canonical_json(snapshot).decode(),
        opened_at=timezone.now(),
        opened_by=people["secretariat"],
        due_at=days(3),
    )
    for name in sorted(asked):
        ReadThroughReader.objects.create(read_through=rows.read_through, reader=people[name])
    rows.comment = ReadThroughComment.objects.create(
        read_through=rows.read_through,
        item=rows.reading_open,
        author=people["member"],
        text=word("ReadThroughComment.text", SECRETARIAT | {"member"}),
    )


def _minutes(world: World) -> None:
    """Three meetings that have been held: for approval, locked and published."""
    for state, ago in (
        (MeetingState.APPROVAL, 7),
        (MeetingState.LOCKED, 21),
        (MeetingState.PUBLISHED, 35),
    ):
        _held(world, state, days(-ago))
    world.rows.running = _meeting(
        world, starts_at=timezone.now() - timedelta(hours=1), online_link=""
    )
    running = world.rows.running
    world.rows.running_item = AgendaItemFactory(meeting=running, title="Nu")
    world.rows.running_disputed = AgendaItemFactory(meeting=running, title="Hvem må være med?")
    world.rows.running_closed = _closed_item(world, running, COMMITTEE, "on the table")
    issue_agenda(meeting=world.rows.running, expected=1, by=world.people["secretariat"])
    Meeting.objects.filter(pk=world.rows.running.pk).update(
        state=MeetingState.IN_SESSION, held_from=running.starts_at
    )
    running.refresh_from_db()
    take_up(item=world.rows.running_closed, by=world.people["secretariat"])


def _held(world: World, state: MeetingState, when: Any) -> None:
    rows, people = world.rows, world.people
    meeting = _meeting(world, starts_at=when, unplaced="")
    setattr(rows, state.value, meeting)
    published = state == MeetingState.PUBLISHED
    members = COMMITTEE
    item = AgendaItemFactory(meeting=meeting, title="Beslutning om budget")
    closed = _closed_item(world, meeting, members, f"closed item, {state.value}")
    issue_agenda(meeting=meeting, expected=1, by=people["secretariat"])
    if state == MeetingState.LOCKED:
        ItemTextFactory(item=item, key="background", text="Mødestedet er Strandvejen 12.")
    opened = members if not published else None
    place = f"decision, {state.value}"
    if opened is None:
        rows.published_word = world.secret("published minutes", EVERYBODY)
        ItemTextFactory(item=item, key="decision", text=f"Vedtaget {rows.published_word}.")
        ItemTextFactory(item=closed, key="public_decision", text="Drøftet.")
    else:
        _text(world, item, "decision", place, TABLE)
        if state == MeetingState.LOCKED:
            ItemTextFactory(item=closed, key="public_decision", text="Drøftet.")
        else:
            _text(world, closed, "public_decision", place, TABLE)
    _text(world, closed, "decision", f"closed {place}", members)
    AttendanceFactory(
        meeting=meeting,
        member=people["member"],
        status=AttendanceStatus.PRESENT,
        note="",
        remark=world.secret(f"meetings.Attendance.remark ({state.value})", COMMITTEE),
    )
    meeting.refresh_from_db()
    meeting.state, meeting.minutes_version = MeetingState.APPROVAL, 1
    meeting.save()
    _sent(world, meeting, state, (item, closed))
    meeting.state, meeting.public_minutes = state, int(published)
    if state == MeetingState.LOCKED:
        meeting.withdrawn_at = timezone.now()
        meeting.withdraw_reason = world.secret("meetings.Meeting.withdraw_reason", EVERYBODY)
    meeting.save()
    if state == MeetingState.LOCKED:
        _asked(world, meeting)


def _sent(
    world: World, meeting: Meeting, state: MeetingState, items: tuple[AgendaItem, AgendaItem]
) -> None:
    """Freeze the minutes with what stands under their items."""
    item, closed = items
    if state == MeetingState.LOCKED:
        _after_the_lock(world, meeting, closed)
    snapshot = live_snapshot(meeting, VersionKind.MINUTES, number=1)
    if state == MeetingState.LOCKED:
        snapshot |= {"overrides": _overrides(world, closed), **_reservations(world, closed)}
    version = freeze(meeting, snapshot, by=world.people["secretariat"])
    if state == MeetingState.APPROVAL:
        _answers(world, version, item, closed)
    else:
        number_decisions(meeting, version)
    if state == MeetingState.PUBLISHED:
        world.rows.decision = item.numbered
        world.rows.decision_closed = closed.numbered


def _answers(world: World, version: Any, item: AgendaItem, closed: AgendaItem) -> None:
    """A member approves with a reservation, the chair wants a correction of a closed item."""
    rows, people = world.rows, world.people

    def say(name: str, answer: str, about: AgendaItem, readers: frozenset[str]) -> MinutesApproval:
        return MinutesApproval.objects.create(
            version=version,
            member=people[name],
            number=1,
            answer=answer,
            item=about,
            text=world.secret(f"meetings.MinutesApproval.text ({answer})", readers),
            recorded_by=people[name],
        )

    rows.reservation = say("member", "reservation", item, PREPARERS | {"member"})
    rows.correction = say("chair", "correction", closed, UNBIASED)
    CorrectionReply.objects.create(
        approval=rows.correction,
        accepted=False,
        text=world.secret("meetings.CorrectionReply.text", UNBIASED),
        by=people["secretariat"],
    )


def _after_the_lock(world: World, meeting: Meeting, closed: AgendaItem) -> None:
    """An addition about a closed item, an earlier reopening, and one that is asked for."""
    people = world.people

    def word(field: str, readers: frozenset[str] = COMMITTEE) -> str:
        return world.secret(f"meetings.{field}", readers)

    MinutesAddition.objects.create(
        meeting=meeting,
        number=1,
        item=closed,
        text=word("MinutesAddition.text (closed item, locked)"),
        public_text=word("MinutesAddition.public_text (locked)", TABLE),
        reason=word("MinutesAddition.reason (closed item, locked)"),
        by=people["secretariat"],
    )
    ReopenRequest.objects.create(
        meeting=meeting,
        reason=word("ReopenRequest.reason (approved, locked)"),
        asked_by=people["secretariat"],
        approved_by=people["chair"],
        approved_at=timezone.now(),
    )
    ReopenRequest.objects.create(
        meeting=meeting,
        reason=word("ReopenRequest.reason (waiting)", PREPARERS),
        asked_by=person(world.rows.committee, Role.SECRETARIAT, name="Kollega B"),
    )


def _overrides(world: World, closed: AgendaItem) -> list[dict[str, Any]]:
    row = ProofOverride.objects.create(
        meeting=closed.meeting,
        key="x",
        item=closed,
        line=world.secret("meetings.ProofOverride.line (closed item, locked)", COMMITTEE),
        reason=world.secret("meetings.ProofOverride.reason (closed item, locked)", COMMITTEE),
        by=world.people["secretariat"],
    )
    facts = {"item": closed.pk, "item_number": closed.position, "at": row.at.isoformat()}
    return [{**facts, "text": row.line, "reason": row.reason, "by": str(row.by)}]


def _reservations(world: World, closed: AgendaItem) -> dict[str, Any]:
    """On a closed item, and on the whole of minutes that have one."""
    at = timezone.now().isoformat()
    return {
        "reservations": [
            {
                "name": "Medlem",
                "item": item,
                "item_number": number,
                "text": world.secret(f"a reservation on {what} (locked)", COMMITTEE),
                "at": at,
            }
            for item, number, what in (
                (closed.pk, closed.position, "a closed item"),
                (None, None, "the whole"),
            )
        ]
    }


def _asked(world: World, meeting: Meeting) -> None:
    """A colleague has asked for the publication; what looks private has its reason."""
    colleague = person(world.rows.committee, Role.SECRETARIAT, name="Kollega")
    for index, finding in enumerate(find_private(meeting)):
        PublicationFinding.objects.create(
            meeting=meeting,
            key=finding.key,
            kind=finding.kind,
            place=finding.place.name,
            reason=world.secret(f"meetings.PublicationFinding.reason ({index})", PREPARERS),
            resolved_by=colleague,
        )
    PublicationRequest.objects.create(
        meeting=meeting,
        number=1,
        sha256=public_digest(coming_reading(meeting)),
        asked_by=colleague,
    )


def _votes(world: World) -> None:
    """A motion to be voted on, and a meeting with an open vote and two that were closed."""
    rows = world.rows
    word = world.secret("meetings.Motion.text", COMMITTEE)
    rows.motion = _motion(world, rows.running_item, f"Vi gør {word}.")
    _present(world, rows.running)
    rows.voting = _meeting(
        world, starts_at=timezone.now() - timedelta(hours=2), online_link="", unplaced=""
    )
    rows.voting_item = AgendaItemFactory(meeting=rows.voting, title="Afstemning")
    rows.voting_closed = _closed_item(world, rows.voting, READ_CLOSED, "closed item with a vote")
    rows.secret_case = _disqualify(world, rows.voting_closed, READ_CLOSED)
    issue_agenda(meeting=rows.voting, expected=1, by=world.people["secretariat"])
    Meeting.objects.filter(pk=rows.voting.pk).update(state=MeetingState.IN_SESSION)
    _present(world, rows.voting)
    rows.vote_round = _vote_round(world, rows.voting_item, COMMITTEE, "an open vote")
    rows.lost_round = _vote_round(world, rows.voting_item, COMMITTEE, "a vote")
    rows.secret_round = _vote_round(world, rows.voting_closed, READ_CLOSED, "a closed item's vote")
    _close(rows.lost_round, world.people["member"])
    _close(rows.secret_round, world.people["chair"])
    _cases(world)
    Dissent.objects.create(
        round=rows.secret_round,
        member=world.people["chair"],
        text=world.secret("meetings.Dissent.text (closed item)", READ_CLOSED),
        reason=world.secret("meetings.Dissent.reason (closed item)", READ_CLOSED),
        recorded_by=world.people["secretariat"],
    )


def _present(world: World, meeting: Meeting) -> None:
    for name in ("chair", "member", "recused"):
        AttendanceFactory(
            meeting=meeting, member=world.people[name], status=AttendanceStatus.PRESENT, note=""
        )


def _motion(world: World, item: AgendaItem, text: str, **fields: Any) -> Motion:
    by = world.people["chair"]
    position = item.motions.count() + 1
    return Motion.objects.create(
        item=item, text=text, position=position, proposer=by, recorded_by=by, **fields
    )


def _vote_round(world: World, item: AgendaItem, readers: frozenset[str], place: str) -> VoteRound:
    text = f"Tekst {world.secret(f'meetings.Motion.text ({place})', readers)}."
    motion = _motion(world, item, text, kind="addition", state="open")
    return VoteRound.objects.create(
        motion=motion, number=1, method="name", opened_by=world.people["secretariat"]
    )


def _close(row: VoteRound, loser: User | None) -> None:
    Vote.objects.create(round=row, member=loser, choice="against", recorded_by=loser)
    row.votes_against, row.outcome = 1, "rejected"
    row.closed_at = timezone.now()
    row.save()
    row.motion.state = "closed"
    row.motion.save()


def _follow_ups(world: World) -> None:
    """Of an open and of a closed item of minutes out for approval, and a postponed item."""
    rows = world.rows
    items = {item.access: item for item in rows.approval.items.on_agenda()}
    rows.held_item, rows.held_closed = items[Access.OPEN], items[Access.CLOSED]
    AgendaItem.objects.filter(pk__in=[rows.held_item.pk, rows.held_closed.pk]).update(
        outcome="postponed", released=True
    )
    # Its member is disqualified only now, after the minutes were sent.
    late = _disqualify(world, rows.held_closed, READ_CLOSED)
    late.state, late.settled_at = "upheld", timezone.now()
    late.late_reason = world.secret(
        "meetings.Disqualification.late_reason", READ_CLOSED | {"recused"}
    )
    late.save()
    # Minutes with a question that is not decided cannot be locked.
    Disqualification.objects.filter(item=rows.held_closed, state="raised").update(
        state="upheld", settled_at=timezone.now()
    )
    rows.follow_up = _follow_up(world, rows.held_item, "open item", COMMITTEE)
    rows.closed_follow_up = _follow_up(world, rows.held_closed, "postponed and closed", READ_CLOSED)
    rows.done_follow_up = _follow_up(
        world,
        rows.held_item,
        "dropped",
        COMMITTEE,
        state="dropped",
        closed_at=timezone.now(),
        drop_reason=world.secret("meetings.FollowUp.drop_reason", NOBODY),
    )


def _follow_up(
    world: World, item: AgendaItem, place: str, readers: frozenset[str], **more: Any
) -> FollowUp:
    """Overdue, owned by a unit, with a report on how far it is."""

    def word(name: str) -> str:
        return world.secret(f"meetings.{name} ({place})", readers)

    row = FollowUp.objects.create(
        item=item,
        text=f"Opgave {word('FollowUp.text')}",
        owner_unit=word("FollowUp.owner_unit"),
        due_on=day(-2),
        created_by=world.people["secretariat"],
        **more,
    )
    FollowUpNote.objects.create(
        follow_up=row,
        kind="dropped" if more else "progress",
        text=word("FollowUpNote.text"),
        written_by=world.people["secretariat"],
    )
    return row


def _workshop(world: World) -> None:
    rows, people = world.rows, world.people

    def word(name: str) -> str:
        return world.secret(f"meetings.{name}", TABLE)

    rows.workshop = _meeting(
        world,
        kind=MeetingKind.WORKSHOP,
        announced_at=timezone.now(),
        title="Arbejdsdag",
        online_link="",
    )
    rows.exercise = WorkshopExerciseFactory(
        meeting=rows.workshop,
        title=word("WorkshopExercise.title"),
        instruction=word("WorkshopExercise.instruction"),
        prompts=[word("WorkshopExercise.prompts")],
    )
    rows.note = WorkshopNote.objects.create(
        exercise=rows.exercise,
        group=word("WorkshopNote.group"),
        prompt=word("WorkshopNote.prompt"),
        text=word("WorkshopNote.text"),
        author=people["member"],
    )
    rows.draft_workshop = _meeting(
        world, kind=MeetingKind.WORKSHOP, title="Skjult arbejdsdag", online_link=""
    )


def _rounds(world: World) -> None:
    rows, people = world.rows, world.people

    def word(name: str, readers: frozenset[str]) -> str:
        return world.secret(f"meetings.{name}", readers)

    rows.round = InputRoundFactory(
        meeting=rows.issued,
        title=f"Runde {word('InputRound.title', COMMITTEE)}",
        question=word("InputRound.question", COMMITTEE),
    )
    InputAnswer.objects.create(
        round=rows.round,
        author=people["member"],
        text=word("InputAnswer.text (open round)", frozenset({"member"})),
        saved_at=timezone.now(),
    )
    rows.closed_round = InputRoundFactory(
        meeting=rows.issued, title="Lukket runde", state="closed", closed_at=timezone.now()
    )
    InputAnswer.objects.create(
        round=rows.closed_round,
        author=people["chair"],
        text=word("InputAnswer.text (closed round)", COMMITTEE),
        saved_at=timezone.now(),
    )
    save_draft(
        owner=people["recused"],
        form=f"round:{rows.round.pk}",
        fields={"text": world.secret("core.Draft.fields (input)", frozenset({"recused"}))},
        base_versions={},
    )


def _cancelled(world: World) -> None:
    """Called off before anybody had heard of it."""
    world.rows.cancelled = _meeting(
        world,
        state=MeetingState.CANCELLED,
        title=f"Aflyst {world.secret('meetings.Meeting.title (never announced)', PREPARERS)}",
        cancel_reason=world.secret("meetings.Meeting.cancel_reason (never announced)", PREPARERS),
    )


def _private_notes(world: World) -> None:
    """One's own, with quotations of what the text no longer says."""
    rows = world.rows
    _private_note(world, "secretariat", rows.open, "draft")
    _private_note(world, "follow_group", rows.open, "of the follow group")
    rows.private_note = _private_note(world, "member", rows.open, "open item")
    rows.closed_private_note = _private_note(world, "member", rows.closed, "closed item")
    _private_note(world, "recused", rows.closed, "disqualified", quoted=False)
    _private_note(world, "member", rows.deleted, "on what was taken off", quoted=False)
    save_draft(
        owner=world.people["member"],
        form=f"note:{rows.open.pk}",
        fields={"text": world.secret("core.Draft.fields (note)", frozenset({"member"}))},
        base_versions={},
    )


def _private_note(
    world: World, owner: str, item: AgendaItem, place: str, *, quoted: bool = True
) -> PrivateNote:
    own = frozenset({owner})

    def word(name: str, readers: frozenset[str]) -> str:
        return world.secret(f"meetings.PrivateNote.{name} ({place})", readers)

    return PrivateNote.objects.create(
        owner=world.people[owner],
        item=item,
        # Not named after the item: one's own words outlive every change of access to it.
        text=f"Husk {world.secret(f'meetings.PrivateNote.text (own words, {place})', own)}",
        section="summary",
        quote=f"Der stod engang {word('quote', own if quoted else NOBODY)} i teksten",
        prefix=f"lige før {word('prefix', NOBODY)} ",
        suffix=f" og så {word('suffix', NOBODY)}",
        quoted_from=1,
    )


def _neighbours(world: World) -> None:
    """Another body, not public, with one of most things."""
    rows, by = world.rows, world.people["neighbour"]

    def word(name: str) -> str:
        return world.secret(f"meetings.{name} (another body)", NEIGHBOUR)

    meeting = rows.other = MeetingFactory(
        committee=rows.closed_body,
        title=f"Møde {word('Meeting.title')}",
        place=word("Meeting.place"),
        kind=MeetingKind.WORKSHOP,
    )
    rows.other_item = AgendaItemFactory(
        meeting=meeting,
        title=f"Punkt {word('AgendaItem.title')}",
        case_id=word("AgendaItem.case_id"),
        presenter=word("AgendaItem.presenter"),
    )
    _text(world, rows.other_item, "summary", "another body", NEIGHBOUR)
    rows.other_file = _attachment(world, rows.other_item, "another body", NEIGHBOUR)
    issue_agenda(meeting=meeting, expected=1, by=by)
    _text(world, rows.other_item, "decision", "decision of another body", NEIGHBOUR)
    minutes = live_snapshot(meeting, VersionKind.MINUTES, number=1)
    number_decisions(meeting, freeze(meeting, minutes, by=by))
    rows.decision_other = rows.other_item.numbered
    rows.other_private_note = PrivateNote.objects.create(
        owner=by, item=rows.other_item, text=word("PrivateNote.text")
    )
    rows.other_round = InputRoundFactory(
        meeting=meeting, title=word("InputRound.title"), question=word("InputRound.question")
    )
    rows.other_exercise = WorkshopExerciseFactory(
        meeting=meeting, title=word("WorkshopExercise.title")
    )
    rows.other_note = WorkshopNote.objects.create(
        exercise=rows.other_exercise, group="Vi", text=word("WorkshopNote.text"), author=by
    )
    rows.other_follow_up = FollowUp.objects.create(
        item=rows.other_item,
        text=word("FollowUp.text"),
        owner_unit="Naboen",
        due_on=day(3),
        created_by=by,
    )
    rows.other_disqualification = DisqualificationFactory(
        item=rows.other_item, member=by, grounds=word("Disqualification.grounds")
    )
    rows.other_case_round = VoteRound.objects.create(
        disqualification=rows.other_disqualification, number=1, method="name", opened_by=by
    )
    rows.other_motion = Motion.objects.create(
        item=rows.other_item, text=word("Motion.text"), position=1, proposer=by, recorded_by=by
    )
    rows.other_vote_round = VoteRound.objects.create(
        motion=rows.other_motion, number=1, method="name", opened_by=by
    )
    rows.other_read_through = ReadThrough.objects.create(
        meeting=meeting,
        body=canonical_json(live_snapshot(meeting, VersionKind.AGENDA, number=1)).decode(),
        opened_at=timezone.now(),
        opened_by=by,
        due_at=days(3),
    )
    rows.other_comment = ReadThroughComment.objects.create(
        read_through=rows.other_read_through, author=by, text=word("ReadThroughComment.text")
    )


# Use cases ----------------------------------------------------------------------------------


def _use_cases(world: World) -> None:
    """A draft, one that was submitted, one whose title is public, a public one, a neighbour's."""
    rows = world.rows
    mine = frozenset({"member", "secretariat"})
    rows.case_draft = _case(world, "a draft", mine, mine, status="draft", submitted_at=None)
    note = world.secret("usecases.UseCase.similar_note (a draft)", mine)
    UseCase.objects.filter(pk=rows.case_draft.pk).update(similar_note=note)
    rows.case_submitted = _case(world, "submitted", TABLE, mine, reference="AI-2026-901")
    rows.case_title = _case(
        world, "under assessment", TABLE, mine, status="under_assessment", reference="AI-2026-902",
        title="Titlen er for alle",
    )  # fmt: skip
    rows.case_public = _case(
        world, "public, inside", TABLE, mine, status="pilot", reference="AI-2026-903",
        title="Hele sagen er for alle", summary="Kort og offentligt", status_reason="", answers={},
        decision="approve_pilot", decision_body="Økonomiudvalget", decision_on=day(-9),
        decision_recorded_at=days(-9), decision_access="closed", decision_ground="§ 10",
    )  # fmt: skip
    for name in ("reasons", "conditions", "dissent", "deviation"):
        field = f"decision_{name}"
        setattr(rows.case_public, field, world.secret(f"usecases.UseCase.{field}", COMMITTEE))
    rows.case_public.answers = {
        "problem": world.secret("a public case's text", EVERYBODY),
        "risks": world.secret("usecases.UseCase.answers (inside)", TABLE),
    }
    rows.case_public.save()
    rows.case_other = _case(
        world, "another body", NEIGHBOUR, NEIGHBOUR, committee=rows.closed_body,
        proposer=world.people["neighbour"], reference="AI-2026-904",
    )  # fmt: skip
    _comments(world)


def _comments(world: World) -> None:
    """What is said inside, also of a public case; one that was taken away; a merge and a split."""
    rows, people = world.rows, world.people
    rows.case_comment = _comment(world, rows.case_public, "member", "public case", TABLE)
    rows.case_closed_comment = _comment(world, rows.case_submitted, "member", "submitted", TABLE)
    removed = _comment(world, rows.case_submitted, "member", "removed", SECRETARIAT)
    removed.removed_at, removed.removed_by = days(-1), people["secretariat"]
    removed.removed_reason = world.secret("usecases.Comment.removed_reason", TABLE)
    removed.save()
    rows.case_other_comment = _comment(
        world, rows.case_other, "neighbour", "another body", NEIGHBOUR
    )
    by = people["secretariat"]
    rows.case_merged = _case(
        world, "merged", TABLE, frozenset({"member", "secretariat"}),
        status="under_assessment", reference="AI-2026-905", title="Den er lagt sammen",
        merged_into=rows.case_submitted,
    )  # fmt: skip
    CaseMerge.objects.create(
        case=rows.case_merged, into=rows.case_submitted, by=by,
        reason=world.secret("usecases.CaseMerge.reason", TABLE),
    )  # fmt: skip
    CaseSplit.objects.create(
        case=rows.case_public, origin=rows.case_submitted, revision=1, by=by,
        reason=world.secret("usecases.CaseSplit.reason", TABLE),
    )  # fmt: skip


def _comment(world: World, case: UseCase, who: str, place: str, readers: frozenset[str]) -> Comment:
    """A comment that was edited once."""
    number = case.comments.count() + 1
    row = Comment.objects.create(
        case=case, number=number, author=world.people[who], revision=1, version=2, section="idea"
    )
    for version in (1, 2):
        word = world.secret(f"usecases.CommentVersion.text ({place}, {version})", readers)
        CommentVersion.objects.create(comment=row, number=version, text=f"Jeg mener {word}.")
    return row


def _saved_views(world: World) -> None:
    """A view that is shared by its link, one that is not, and somebody else's."""
    rows, everybody = world.rows, frozenset(SUBJECTS) - {"anonymous"} | {"recused_chair"}
    for key, owner, readers in (
        ("shared", "member", everybody | NEIGHBOUR),
        ("private", "member", frozenset({"member"})),
        ("other", "neighbour", NEIGHBOUR),
    ):
        view = SavedView.objects.create(
            token=f"{key}-1",
            owner=world.people[owner],
            name=world.secret(f"usecases.SavedView.name ({key})", readers),
            query="status=pilot",
            is_shared=key == "shared",
        )
        setattr(rows, f"{key}_view", view)


def _reports(world: World) -> None:
    from tests.world_reports import reports

    reports(world)


def _ai_act(world: World) -> None:
    """Assessments with their reasons, a draft, evidence of duties, and two replays."""
    rows = world.rows
    mine = frozenset({"member", "secretariat"})
    for case, by, readers, state in (
        (rows.case_public, "member", TABLE, "concluded"),
        (rows.case_submitted, "member", TABLE, "concluded"),
        (rows.case_draft, "member", mine, "draft"),
        (rows.case_other, "neighbour", NEIGHBOUR, "concluded"),
    ):
        place = f"{case.reference or 'a draft'}"
        answers = {
            "T-01": {
                "value": "yes",
                "reason": world.secret(f"ethics.AiActAssessment.reason ({place})", readers),
                "evidence": world.secret(f"ethics.AiActAssessment.evidence ({place})", readers),
            },
            "T-01x": {"value": "no", "reason": "Det ses ikke.", "evidence": ""},
        }
        result = classify(answers, assume=True).stored()
        concluded = state == "concluded"
        row = AiActAssessment.objects.create(
            case=case, number=1, state=state, ruleset="ai_act@1", answers=answers,
            result=result if concluded else {}, tier="transparency" if concluded else "",
            disposition="determined" if concluded else "", revision=1,
            concluded_at=days(-3) if concluded else None,
            concluded_by=world.people["secretariat"] if concluded else None,
        )  # fmt: skip
        if concluded:
            ObligationEvidence.objects.create(
                case=case, code="OB-50-1", by=world.people[by],
                text=world.secret(f"ethics.ObligationEvidence.text ({place})", readers),
                link=f"https://example.dk/"
                f"{world.secret(f'ethics.ObligationEvidence.link ({place})', readers)}",
            )  # fmt: skip
            if case in (rows.case_submitted, rows.case_other):
                key = "ai_act_replay" if case == rows.case_submitted else "other_ai_act_replay"
                replay = AiActReplay.objects.create(
                    committee=case.committee, ruleset="ai_act@1", state="checked", looked_at=2
                )
                AiActReplayRow.objects.create(replay=replay, assessment=row, result=result)
                setattr(rows, key, replay)


def _imports(world: World) -> None:
    """A file that was read and waits, and a neighbour's."""
    rows = world.rows
    for key, committee, by, readers in (
        ("case_import", rows.committee, "secretariat", frozenset({"secretariat"})),
        ("other_import", rows.closed_body, "neighbour", NEIGHBOUR),
    ):

        def word(field: str, readers: frozenset[str] = readers, key: str = key) -> str:
            return world.secret(f"usecases.{field} ({key})", readers)

        row = CaseImport.objects.create(
            committee=committee,
            by=world.people[by],
            file=StoredFileFactory(
                data=b"Titel;Kommune",
                media_type="text/csv",
                filename=f"{word('CaseImport.file')}.csv",
            ),
            state="checked",
            columns={word("CaseImport.columns"): "title"},
            unused=[word("CaseImport.unused")],
            rows_read=2,
        )
        setattr(rows, key, row)
        ImportRow.objects.create(
            batch=row,
            number=2,
            action="held",
            title=word("ImportRow.title"),
            messages=[{"column": "", "text": word("ImportRow.messages"), "holds": True}],
            cells={row.unused[0]: word("ImportRow.cells")},
        )
        ImportRow.objects.create(batch=row, number=3, action="new", title="Ny")
    rows.case_public.source = {
        "file": "landkort.csv",
        "row": 2,
        "unplaced": {"Andet": world.secret("usecases.UseCase.source", TABLE)},
    }
    rows.case_public.save()


def _case(
    world: World, place: str, readers: frozenset[str], contact: frozenset[str], **fields: Any
) -> UseCase:
    def word(name: str, who: frozenset[str] = readers) -> str:
        return world.secret(f"usecases.UseCase.{name} ({place})", who)

    facts: dict[str, Any] = {
        "committee": world.rows.committee,
        "proposer": world.people["member"],
        "status": "submitted",
        "submitted_at": days(-3),
        "status_since": days(-2),
        "revision": 2,
        "title": "",
        "summary": "",
        **fields,
    }
    facts["title"] = facts["title"] or f"Forslag {word('title')}"
    facts["summary"] = facts["summary"] or f"Kort {word('summary')}"
    if "status_reason" not in facts:
        facts["status_reason"] = word("status_reason")
    if "answers" not in facts:
        facts["answers"] = {"problem": word("answers")}
    case = UseCase.objects.create(
        **facts,
        contact_name=word("contact_name", contact),
        contact_email=f"{word('contact_email', contact).lower()}@example.dk",
        contact_phone=word("contact_phone", contact),
    )
    index_words(case)
    for number in (1, 2):
        body = canonical_json({"fields": {"problem": word(f"Revision.body {number}")}})
        Revision.objects.create(case=case, number=number, body=body.decode(), sha256="0" * 64)
    StatusChange.objects.create(
        case=case, move="submit", old="draft", new=case.status, reason=word("reason", NOBODY)
    )
    return case


# Answers on ethics ------------------------------------------------------------------------------


def _ethics_answers(world: World) -> None:
    """Answers of a public case (published, unpublished, no longer asked) and of the others."""
    rows, mine = world.rows, frozenset({"member", "secretariat"})

    def word(place: str, readers: frozenset[str]) -> str:
        return world.secret(f"ethics.CaseAnswers.answers ({place})", readers)

    def answer(value: Any, reason: str = "", evidence: str = "") -> dict[str, Any]:
        return {"value": value, "reason": reason, "evidence": evidence}

    public = {
        "A1": answer(f"Vi vil {word('published', EVERYBODY)}."),
        "A5": answer(word("unpublished text", TABLE)),
        "C1": answer("none", word("published reason", EVERYBODY)),
        "C2": answer("no", word("no longer asked", TABLE)),
        "D3": answer(1, word("unpublished reason", TABLE), word("unpublished evidence", TABLE)),
        "E1": answer(2, "Prøvet.", word("evidence", TABLE)),
    }
    rows.case_answers = _answers_of(world, rows.case_public, public)
    for name, readers in (
        ("case_submitted", TABLE),
        ("case_title", TABLE),
        ("case_draft", mine),
        ("case_other", NEIGHBOUR),
    ):
        texts = [word(f"{name} {part}", readers) for part in ("value", "reason", "evidence")]
        own = {"A1": answer(texts[0]), "E1": answer(2, texts[1], texts[2])}
        _answers_of(world, getattr(rows, name), own)


def _answers_of(world: World, case: UseCase, answers: dict[str, Any]) -> CaseAnswers:
    """With an earlier answer that nobody is shown any more."""
    sheet = CaseAnswers.objects.create(
        case=case, questionnaire_ref="etik@1", version=2, answers=answers
    )
    by = world.people["secretariat"]
    old = {"value": world.secret("ethics.AnswerChange.answer (earlier)", NOBODY)}
    for number, kept in ((1, dict.fromkeys(answers, old)), (2, answers)):
        for key, answer in kept.items():
            AnswerChange.objects.create(
                sheet=sheet, version=number, question_id=key, answer=answer, by=by
            )
    return sheet


# Reviews ------------------------------------------------------------------------------------------


def _reviews(world: World) -> None:
    """Sheets under seal, sheets that were revealed, and a review of another body."""
    rows, people = world.rows, world.people

    def word(place: str, readers: frozenset[str] = NOBODY) -> str:
        return world.secret(f"ethics.{place}", readers)

    # The vice-chair is partial in this case; the member's own proposal it is.
    inside = COMMITTEE - {"recused_chair"}
    rows.review_open = ReviewRound.objects.create(
        case=rows.case_submitted, number=1, kind="initial", state="r_individual", revision=2,
        questionnaire_ref="etik@1", turn=1, deadline=days(5),
        reason=word("ReviewRound.reason (open)", inside),
        answers={"A1": _given(word("ReviewRound.answers (open)", frozenset({"chair"})))},
    )  # fmt: skip
    sealed = _review_seat(rows.review_open, people["recused"], "citizen")
    _review_sheet(world, sealed, "sealed", NOBODY, sealed_at=days(-1))
    rows.review_seat = _review_seat(rows.review_open, people["chair"], "council")
    _review_sheet(world, rows.review_seat, "being written", frozenset({"chair"}))
    _review_seat(
        rows.review_open, people["recused_chair"], "council", conflict="yes",
        grounds=word("ReviewAssignment.grounds", SECRETARIAT),
    )  # fmt: skip

    texts = {
        name: word(f"ReviewRound.{name} (closed)", COMMITTEE)
        for name in ("reason", "assessment", "agenda_item", "agenda_title", "reasons", "dissent")
    }
    kept = {
        name: word(f"ReviewRound.{name}")
        for name in ("decision_reasons", "decision_deviation", "agenda_ground")
    }
    judges = COMMITTEE - {"member"}
    rows.review_closed = ReviewRound.objects.create(
        case=rows.case_public, number=1, kind="initial", state="r_closed", revision=2, turn=1,
        questionnaire_ref="etik@1", revealed_at=days(-9), signed_at=days(-8), closed_at=days(-7),
        agenda_on=day(-8), recommended_on=day(-8), outcome="recommend", decision="approve_pilot",
        decision_on=day(-7), signed_by=people["chair"],
        agenda_url=f"/moeder/{word('ReviewRound.agenda_url', COMMITTEE)}/",
        body=word("ReviewRound.body", COMMITTEE),
        answers={"A5": _given(word("ReviewRound.answers (closed)", judges))},
        **texts, **kept,
    )  # fmt: skip
    ReviewMove.objects.create(
        round=rows.review_closed, move="cancel", old="r_screening", new="r_closed",
        reason=word("ReviewMove.reason"),
    )  # fmt: skip
    open_at = {"sealed_at": days(-10), "revealed_at": days(-9)}
    for name, step in (("recused", 0), ("chair", 4)):
        seat = _review_seat(rows.review_closed, people[name], "citizen")
        rows.review_sheet = _review_sheet(world, seat, f"{name}'s", judges, step=step, **open_at)
    SheetAddition.objects.create(
        sheet=rows.review_sheet, by=people["chair"], text=word("SheetAddition.text", judges),
        reason=word("SheetAddition.reason", judges),
    )  # fmt: skip
    FlagAnswer.objects.create(
        round=rows.review_closed, turn=1, question="A1", severity="major", by=people["chair"],
        text=word("FlagAnswer.text", judges),
    )  # fmt: skip
    SpreadNote.objects.create(
        round=rows.review_closed, turn=1, question="E1", by=people["chair"],
        note=word("SpreadNote.note", judges),
    )  # fmt: skip
    rows.review_other = ReviewRound.objects.create(
        case=rows.case_other,
        number=1,
        kind="initial",
        state="r_needs_info",
        revision=2,
        questionnaire_ref="etik@1",
        reason=word("ReviewRound.reason (other)", NEIGHBOUR),
    )
    rows.review_other_seat = _review_seat(rows.review_other, people["outsider"], "expert")
    rows.review_other_sheet = _review_sheet(world, rows.review_other_seat, "other", NOBODY)


def _given(text: str) -> dict[str, str]:
    return {"value": text, "reason": "", "evidence": ""}


def _review_seat(
    review: ReviewRound, person: Any, capacity: str, conflict: str = "no", **more: Any
) -> ReviewAssignment:
    return ReviewAssignment.objects.create(
        round=review, reviewer=person, capacity=capacity, conflict=conflict, **more
    )


def _review_sheet(
    world: World, seat: ReviewAssignment, place: str, readers: frozenset[str],
    step: int = 2, **facts: Any,
) -> ReviewSheet:  # fmt: skip
    """The words of a sheet; what is being written shows its last page when it is complete."""

    def word(name: str, who: frozenset[str] = readers) -> str:
        return world.secret(f"ethics.ReviewSheet.{name} ({place})", who)

    answers = {
        "A1": _given(""),
        "E1": {"value": step, "reason": word("answers"), "evidence": ""},
    }
    note = word("note") if "sealed_at" in facts else ""
    return ReviewSheet.objects.create(
        assignment=seat, turn=1, revision=2, questionnaire_ref="etik@1", answers=answers,
        note=note, body=word("body", NOBODY), recommendation="recommend",
        sha256="0" * 64 if "sealed_at" in facts else "", **facts,
    )  # fmt: skip


# Ranking, and proposals from citizens ---------------------------------------------------------


def _ranking(world: World) -> None:
    """A score, an open round, a closed one, and one of a body that is not one's own."""
    rows = world.rows
    by = world.people["secretariat"]
    rows.case_score = CaseScore.objects.create(
        case=rows.case_submitted, scales_ref="ranking@1", value=4, feasibility=3, risk=2, by=by,
        reason=world.secret("usecases.CaseScore.reason", COMMITTEE),
    )  # fmt: skip
    CaseScore.objects.create(
        case=rows.case_public, scales_ref="ranking@1", value=2, feasibility=3, risk=5, by=by,
        reason=world.secret("usecases.CaseScore.reason (public case)", COMMITTEE),
    )  # fmt: skip
    cases = [rows.case_submitted, rows.case_title]
    rows.ranking_open = _ranking_round(world, "open", COMMITTEE, rows.committee, cases, by)
    rows.ranking_closed = _ranking_round(
        world, "closed", COMMITTEE, rows.committee, cases, by, closed_at=days(-1), voters=1,
        opened_at=days(-9), closes_at=days(-1),
    )  # fmt: skip
    rows.ranking_other = _ranking_round(
        world, "another body", NEIGHBOUR, rows.closed_body, [rows.case_other],
        world.people["neighbour"],
    )  # fmt: skip


def _ranking_round(
    world: World,
    place: str,
    readers: frozenset[str],
    committee: Any,
    cases: list[UseCase],
    by: Any,
    **fields: Any,
) -> RankingRound:
    facts = {"votes_each": 5, "most_per_case": 3, "closes_at": days(9), **fields}
    title = world.secret(f"usecases.RankingRound.title ({place})", readers)
    row = RankingRound.objects.create(
        committee=committee, title=f"Runde {title}", opened_by=by, **facts
    )
    total = 3 if row.is_closed else None
    for case in cases:
        entry = RankingEntry.objects.create(round=row, case=case, total=total)
        RankingVote.objects.create(entry=entry, member=by, count=2)
    return row


def _citizens(world: World) -> None:
    """What waits for its click is nobody's; what was confirmed is followed by its address."""
    rows = world.rows

    def word(name: str) -> str:
        return world.secret(f"usecases.CitizenProposal.{name}", NOBODY)

    rows.citizen_waiting = CitizenProposal.objects.create(
        committee=rows.committee, title=word("title"), problem=word("problem"),
        helps=word("helps"), name=word("name"), email=f"{word('email').lower()}@example.dk",
        status_token=word("status_token"),
    )  # fmt: skip
    rows.citizen_confirmed = CitizenProposal.objects.create(
        committee=rows.committee, title=word("title (confirmed)"), case=rows.case_title,
        confirmed_at=days(-2), status_token=word("status_token (confirmed)"),
    )  # fmt: skip
    CitizenAttempt.objects.create(sender="0" * 64)


# Conditions -----------------------------------------------------------------------------------


def _conditions(world: World) -> None:
    """Of a decision behind closed doors and an open one, proposed, and a neighbour's."""
    rows = world.rows
    inside = {"gate": "operation", "in_force_at": days(-8)}
    rows.condition = _condition(
        world, "closed decision", rows.case_public, COMMITTEE, COMMITTEE, state="handed_in",
        handed_in_by=world.people["member"], handed_in_at=days(-1), **inside,
    )  # fmt: skip
    rows.condition_evidence = _evidence(world, rows.condition, "closed decision", COMMITTEE)
    rows.condition_late = _condition(
        world, "turned down", rows.case_public, COMMITTEE, COMMITTEE, state="rejected",
        due_on=day(-3), **inside,
    )  # fmt: skip
    _condition(
        world, "waived", rows.case_public, COMMITTEE, COMMITTEE, state="waived", waived_on=day(-1),
        waived_body=world.secret("ethics.Condition.waived_body", COMMITTEE), **inside,
    )  # fmt: skip
    rows.case_decided = _case(
        world, "decided in the open", TABLE, frozenset({"member", "secretariat"}),
        status="operation", reference="AI-2026-906", title="Afgjort for åbne døre",
        summary="Kort og offentligt", status_reason="", answers={}, decision="approve_operation",
        decision_body="Økonomiudvalget", decision_on=day(-9), decision_recorded_at=days(-9),
        decision_reasons="Fordi.",
    )  # fmt: skip
    rows.condition_open = _condition(
        world, "open decision", rows.case_decided, EVERYBODY, TABLE, state="in_force", **inside
    )
    _evidence(world, rows.condition_open, "open decision", TABLE)
    rows.condition_proposed = _condition(
        world, "proposed", rows.case_submitted, TABLE, TABLE, state="proposed"
    )
    rows.condition_other = _condition(
        world, "another body", rows.case_other, NEIGHBOUR, NEIGHBOUR,
        owner=world.people["neighbour"],
    )  # fmt: skip
    _evidence(world, rows.condition_other, "another body", NEIGHBOUR)
    _snapshot(world)


def _snapshot(world: World) -> None:
    """What was decided on behind closed doors; with a piece that nobody shows any more."""

    def word(place: str, readers: frozenset[str]) -> str:
        return world.secret(f"ethics.CaseSnapshot.body ({place})", readers)

    fields = {"problem": word("public", EVERYBODY), "risks": word("inside", TABLE)}
    pieces = {
        "proposal": {"revision": 2, "sha256": "0" * 64, "fields": fields},
        "conditions": [{"number": 1, "gate": "pilot", "text": word("condition", COMMITTEE)}],
        "gone": word("a piece without its provider", NOBODY),
    }
    CaseSnapshot.objects.create(
        case=world.rows.case_public,
        number=1,
        revision=2,
        body=canonical_json({"pieces": pieces}).decode(),
        sha256="1" * 64,
        at=days(-10),
        by=world.people["secretariat"],
    )


def _condition(
    world: World,
    place: str,
    case: UseCase,
    readers: frozenset[str],
    inside: frozenset[str],
    **fields: Any,
) -> Condition:
    facts: dict[str, Any] = {"owner": world.people["member"], "gate": "pilot", "due_on": day(9)}
    row = Condition.objects.create(
        case=case,
        number=case.conditions.count() + 1,
        text=f"Vilkår {world.secret(f'ethics.Condition.text ({place})', readers)}",
        # Shown while it tells where the condition stands.
        reason=world.secret(
            f"ethics.Condition.reason ({place})",
            inside if fields.get("state") in ("rejected", "waived") else NOBODY,
        ),
        **{**facts, **fields},
    )
    word = world.secret(f"ethics.ConditionEvent.text ({place})", inside)
    ConditionEvent.objects.create(condition=row, kind="changed", text=word)
    return row


def _evidence(
    world: World, row: Condition, place: str, readers: frozenset[str]
) -> ConditionEvidence:
    def word(field: str) -> str:
        return world.secret(f"ethics.ConditionEvidence.{field} ({place})", readers)

    file = StoredFileFactory(data=text_pdf(word("file")), filename=f"{word('filename')}.pdf")
    return ConditionEvidence.objects.create(
        condition=row,
        number=1,
        text=word("text"),
        link=f"https://example.dk/{word('link')}",
        file=file,
        by=row.owner,
    )


# Ethics ---------------------------------------------------------------------------------------


def _ethics(world: World) -> None:
    """Each part builds its own; see the modules."""
    from tests import world_guidelines

    world_guidelines.guidelines(world)
    world_guidelines.dilemmas(world)
    world_guidelines.hearings(world)
