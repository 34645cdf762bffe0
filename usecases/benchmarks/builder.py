"""A register of any size, with the rows that the services would leave: texts, words, revisions.

The services are too slow to make ten years of work in a minute; a test holds a row from here
against one from them. What else comes to hang on a case (comments) gets a function of its own
here, that takes the register that `a_register` returns.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from committee.enums import Role
from committee.models import Committee, Municipality, User
from committee.services import appoint_member, create_committee, create_user
from core.canonical import canonical_json, sha256_hex
from usecases.enums import RiskTier, SimilarAnswer, Status
from usecases.models import (
    CaseFollow,
    CaseWord,
    Comment,
    CommentVersion,
    Revision,
    StatusChange,
    UseCase,
)
from usecases.record import RecordField, municipalities, record
from usecases.services.texts import content_of
from usecases.services.words import words_of

BATCH = 500
# How the states are spread after some years; what is alive is the smaller part.
SPREAD = {
    Status.DRAFT: 4,
    Status.SUBMITTED: 8,
    Status.UNDER_ASSESSMENT: 12,
    Status.PARKED: 10,
    Status.APPROVED_FOR_PILOT: 4,
    Status.PILOT: 8,
    Status.PILOT_ENDED: 5,
    Status.APPROVED_FOR_OPERATION: 3,
    Status.OPERATION: 22,
    Status.SUSPENDED: 2,
    Status.RETIRED: 8,
    Status.REJECTED: 10,
    Status.WITHDRAWN: 4,
}
WHAT_TEXT = """chatbot mailsortering referater journalisering oversættelse aktindsigt vejledning
ruteplan skemalægning fakturakontrol billedgenkendelse talegenkendelse brevskrivning opsummering
visitation høringssvar byggesager affaldssortering vedligehold bemanding telefonpasning"""
WHO_TEXT = """borgere sagsbehandlere plejecentre skoler biblioteker hjemmeplejen jobcentret ydelse
byplanlæggere dagtilbud tandplejen vejvæsenet virksomheder politikere frivillige"""
WORDS_TEXT = """ventetid kvalitet tidspunkt spørgsmål svar formular ansøgning post opkald møde
dagsorden bilag kontrol fejl overblik frist samtale registrering arkiv budget aftale leverandør data
sikkerhed rettighed afgørelse partshøring klage tilsyn rapport måling erfaring undervisning
vejledning sprog oversigt mangler systemer skærm telefon besøg borgerkontakt opfølgning"""

WHAT, WHO, WORDS = WHAT_TEXT.split(), WHO_TEXT.split(), WORDS_TEXT.split()


@dataclass
class Register:
    """Those who read, and the ids of the cases."""

    committees: list[Committee]
    secretary: User
    member: User
    employee: User
    cases: list[int]


def a_register(cases: int, *, seed: int = 1) -> Register:
    """Two bodies (one not public) and so many cases of all municipalities and states."""
    admin = User.objects.create_superuser("admin@example.dk", username="admin", name="Admin")
    home = Municipality.objects.create(name="Gentofte Kommune", contact_email="ai@example.dk")
    bodies = [_body(home, "ai", admin), _body(home, "lukket", admin)]
    Committee.objects.filter(pk=bodies[1].pk).update(is_public=False)
    people = [_person(f"person-{number}", admin) for number in range(40)]
    secretary, member, employee = people[:3]
    day = timezone.localdate() - timedelta(days=1)
    for user, role in ((secretary, Role.SECRETARIAT), (member, Role.MEMBER)):
        appoint_member(committee=bodies[0], user=user, role=role, valid_from=day, by=admin)
    made: list[int] = []
    # The same register every time.
    chance = random.Random(seed)  # noqa: S311
    rows = _cases(chance, cases, bodies, people)
    while batch := [row for _n, row in zip(range(BATCH), rows, strict=False)]:
        made += store(batch)
    return Register(bodies, secretary, member, employee, made)


def _body(home: Municipality, slug: str, by: User) -> Committee:
    day = timezone.localdate()
    return create_committee(
        municipality=home,
        slug=slug,
        name=slug,
        full_name=f"Opgaveudvalget {slug}",
        kind="task",
        legal_basis="Kommunestyrelseslovens § 17, stk. 4",
        mandate_from=day - timedelta(days=1),
        mandate_to=day + timedelta(days=365),
        section_template="gentofte@1",
        by=by,
    )


def _person(name: str, by: User) -> User:
    return create_user(email=f"{name}@example.dk", username=name, name=name.title(), by=by)


def store(batch: list[UseCase]) -> list[int]:
    """Write cases with what the services write beside them. Returns their ids."""
    UseCase.objects.bulk_create(batch)
    submitted = [case for case in batch if case.submitted_at]
    Revision.objects.bulk_create(_revision(case) for case in submitted)
    StatusChange.objects.bulk_create(
        StatusChange(case=case, move="submit", old=Status.DRAFT, new=Status.SUBMITTED,
                     at=case.submitted_at or case.created_at, by=case.proposer)
        for case in submitted
    )  # fmt: skip
    CaseWord.objects.bulk_create((w for case in batch for w in words_of(case)), batch_size=2_000)
    return [case.pk for case in batch]


def _revision(case: UseCase) -> Revision:
    body = canonical_json({"record": case.record_ref, "fields": content_of(case)})
    return Revision(
        case=case, number=1, body=body.decode(), sha256=sha256_hex(body), by=case.proposer
    )


def _cases(
    chance: random.Random, count: int, bodies: list[Committee], people: list[User]
) -> Iterator[UseCase]:
    statuses = chance.choices(list(SPREAD), weights=list(SPREAD.values()), k=count)
    now = timezone.now()
    for number, status in enumerate(statuses):
        body = bodies[0] if chance.random() < 0.9 else bodies[1]
        submitted = now - timedelta(hours=3650 * 24 * (count - number) / count)
        by = chance.choice(people)
        yield a_case(chance, body, by, status=status, submitted=submitted, number=number)


def a_case(
    chance: random.Random,
    committee: Committee,
    proposer: User,
    *,
    status: Status,
    submitted: datetime,
    number: int,
) -> UseCase:
    """One case with every field of the record filled as far as its state asks; not stored."""
    case = UseCase(
        committee=committee, proposer=proposer, status=status, owner=proposer,
        status_since=submitted + timedelta(days=chance.randrange(60)),
        title=f"AI til {chance.choice(WHAT)} for {chance.choice(WHO)}",
        summary=_prose(chance, 350),
        municipality=chance.choice(list(municipalities())),
        contact_name=proposer.name, contact_email=proposer.email,
        created_at=submitted, updated_at=submitted,
        similar_answer=SimilarAnswer.NONE,
    )  # fmt: skip
    for key in ("field", "target_group"):
        setattr(case, key, chance.choice(list(record().by_key[key].choices)))
    case.answers = {
        known.key: value
        for known in record().fields
        if not known.is_column and (value := _value(chance, known, submitted.date()))
    }
    if status != Status.DRAFT:
        case.submitted_at, case.revision = submitted, 1
        case.reference = f"AI-{submitted.year}-{number + 1:05d}"
    if status not in (Status.DRAFT, Status.SUBMITTED):
        case.risk_tier, case.ruleset = chance.choice(RiskTier.values), "ai_act@1"
    return case


def _value(chance: random.Random, known: RecordField, day: date) -> Any:
    """Something that the declaration allows; nothing where a row of ours can do without."""
    if known.type == "long_text":
        return _prose(chance, min(known.max_length, 600))
    if known.type == "text":
        return f"{chance.choice(WHO)} {chance.choice(WORDS)}"[: known.max_length]
    if known.type == "choice":
        return chance.choice(list(known.choices))
    if known.type == "multi_choice":
        return [next(iter(known.choices))]
    return day.isoformat() if known.type == "date" else None


def _prose(chance: random.Random, length: int) -> str:
    words = chance.choices([*WORDS, *WHAT, *WHO], k=length // 9)
    return " ".join(words)[:length].strip().capitalize()


# The discussion ---------------------------------------------------------------------------------

# Every so many comments in a case begin a thread; the others answer it.
THREAD = 5


def comments(register: Register, count: int, *, most: int = 5_000, seed: int = 1) -> int:
    """So many comments on what was submitted, `most` of them on one case; returns that case."""
    # The same discussions every time.
    chance = random.Random(seed)  # noqa: S311
    rows = UseCase.objects.filter(pk__in=register.cases, submitted_at__isnull=False)
    cases = list(rows.order_by("pk").values_list("pk", "revision", "submitted_at"))
    # One that the member who reads it is inside of.
    inside = rows.filter(status=Status.OPERATION, committee__memberships__user=register.member)
    talked = inside.order_by("pk").values_list("pk", flat=True)[0]
    authors = [register.secretary.pk, register.member.pk]
    most = min(most, count)
    shares = [(count - most) // len(cases)] * len(cases)
    for at in range((count - most) % len(cases)):
        shares[at] += 1
    pending: list[Comment] = []
    for (pk, revision, since), share in zip(cases, shares, strict=True):
        number = share + (most if pk == talked else 0)
        day = since or timezone.now()
        pending += discussion(
            chance, pk, revision=revision, since=day, authors=authors, count=number
        )
        if len(pending) >= 5_000:
            store_comments(chance, pending)
            pending = []
    store_comments(chance, pending)
    return talked


def discussion(
    chance: random.Random,
    case: int,
    *,
    revision: int,
    since: datetime,
    authors: list[int],
    count: int,
) -> list[Comment]:
    """The comments of one case, in threads; not stored."""
    made: list[Comment] = []
    for number in range(1, count + 1):
        first = made[(number - 1) // THREAD * THREAD] if (number - 1) % THREAD else None
        made.append(
            Comment(
                case_id=case, number=number, parent=first, author_id=chance.choice(authors),
                at=since + timedelta(minutes=number), revision=revision,
            )
        )  # fmt: skip
    return made


def store_comments(chance: random.Random, made: list[Comment]) -> None:
    """Write comments with what the services write beside them."""
    Comment.objects.bulk_create([row for row in made if row.parent is None], batch_size=2_000)
    # The first of each thread has its id now.
    Comment.objects.bulk_create([row for row in made if row.parent], batch_size=2_000)
    CommentVersion.objects.bulk_create(
        (
            CommentVersion(comment=row, number=1, text=_prose(chance, 180), at=row.at)
            for row in made
        ),
        batch_size=2_000,
    )
    follows = sorted({(row.case_id, row.author_id) for row in made})
    CaseFollow.objects.bulk_create(
        [CaseFollow(case_id=case, user_id=user) for case, user in follows], batch_size=2_000
    )
