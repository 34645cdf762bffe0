"""The demo's committees: “AI i Gentofte”, and a small one that is not public.

Dates, articles, numbers and the composition are those of the kommissorium of 24 June 2025; the
sentences are ours and the persons are invented, which their title says.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from committee.enums import BodyKind, DeliverableStatus, Role, SeatKind, ShelfKind
from committee.models import Committee, Municipality, SeatGroup, TermsOfReference, User
from committee.services import (
    NewDeliverable,
    NewEvidence,
    NewSeats,
    NewSection,
    adopt_rule_profile,
    adopt_terms,
    appoint_member,
    create_committee,
    create_user,
    save_shelf_document,
    set_deliverable_status,
)

PASSWORD = "demo-udvalgsrum"  # noqa: S105 - the demo says it aloud
FICTIONAL = "fiktiv person (demo)"
ADOPTED = date(2025, 6, 24)
APPOINTED = date(2025, 9, 29)
MANDATE_END = date(2026, 6, 30)
EXTENSION = timedelta(days=240)

COUNCIL = "fra kommunalbestyrelsen"
YOUNG = "under 30"
DAILY = "med AI som dagligt arbejde"
ETHICS = "med etik som fag"
LARGE = "fra en større virksomhed eller myndighed"


@dataclass(frozen=True)
class Person:
    """One invented person: where they sit, or what they do beside the table."""

    username: str
    name: str
    role: str
    seat: str = ""


SEATED_PEOPLE = (
    Person("formand", "Astrid Holmboe", Role.CHAIR, COUNCIL),
    Person("naestformand", "Jeppe Ravnkilde", Role.VICE_CHAIR, COUNCIL),
    Person("medlem", "Kirsten Dalbæk", Role.MEMBER, COUNCIL),
    Person("medlem-4", "Mogens Tvedegaard", Role.MEMBER, COUNCIL),
    Person("medlem-5", "Signe Overbæk", Role.MEMBER, COUNCIL),
    Person("borgermedlem", "Noah Lindeskov", Role.MEMBER, YOUNG),
    Person("borger-2", "Amira Solbjerg", Role.MEMBER, DAILY),
    Person("borger-3", "Rasmus Egelykke", Role.MEMBER, DAILY),
    Person("borger-4", "Line Hvidtved", Role.MEMBER, DAILY),
    Person("borger-5", "Tobias Kragelund", Role.MEMBER, DAILY),
    Person("borger-6", "Ida Marie Vestergren", Role.MEMBER, ETHICS),
    Person("borger-7", "Henning Åbrink", Role.MEMBER, ETHICS),
    Person("borger-8", "Farida Stensgaard", Role.MEMBER, LARGE),
    Person("borger-9", "Lars Peter Nørholt", Role.MEMBER, LARGE),
    Person("borger-10", "Camilla Brorholt", Role.MEMBER, LARGE),
)
OTHER_PEOPLE = (
    Person("sekretariat", "Maja Skovlund", Role.SECRETARIAT),
    Person("foelgegruppe", "Ole Bakkegaard", Role.FOLLOW_GROUP),
    Person("foelgegruppe-2", "Pernille Ahlmark", Role.FOLLOW_GROUP),
    Person("foelgegruppe-3", "Yusuf Enghave", Role.FOLLOW_GROUP),
    Person("bedoemmer", "Birgitte Lindhardtsen", Role.REVIEWER),
    Person("systemejer", "Claus Nymarken", Role.SYSTEM_OWNER),
    Person("raadslaeser", "Else Thorsager", Role.COUNCIL_READER),
)

SEATS = (
    NewSeats(SeatKind.COUNCIL, "Medlemmer fra kommunalbestyrelsen", COUNCIL, 5, 5),
    NewSeats(
        SeatKind.CITIZEN,
        "Borgere og erhvervsdrivende",
        "blandt borgere og erhvervsdrivende",
        10,
        10,
        parts=(
            NewSeats(SeatKind.CITIZEN, "Under 30 år og bruger ofte AI", YOUNG, 2, 4),
            NewSeats(SeatKind.CITIZEN, "Arbejder med AI til daglig", DAILY, 2, 4),
            NewSeats(
                SeatKind.CITIZEN,
                "Arbejder eller har arbejdet med etik",
                ETHICS,
                1,
                2,
                brings_ethics=True,
            ),
            NewSeats(
                SeatKind.CITIZEN, "Kender AI fra en større virksomhed eller myndighed", LARGE, 2, 4
            ),
        ),
    ),
)

SECTIONS = (
    NewSection(
        "Baggrund",
        "Kommunen vil tidligt afprøve ny teknologi og samtidig være til at stole på. Udvalget skal "
        "hjælpe med at finde balancen mellem mulighederne, loven og etikken.\n\n"
        "Inden udvalget går i gang, bliver borgerne spurgt om deres holdning til AI.",
    ),
    NewSection(
        "Formål",
        "Udvalget peger på, hvor og hvordan kommunen kan få langt mere ud af AI end i dag, så det "
        "kan mærkes hos borgere, virksomheder og medarbejdere. Det ser særligt på opgaver, der "
        "tager tid fra borgerne, fx dokumentation og manuel kontrol.",
    ),
    NewSection(
        "Udvalgets opgaver",
        "Udvalget bygger videre på Digitaliseringsplanen og Datastrategien og løser fire "
        "opgaver:\n\n"
        "1. en samlet ambition for brugen af AI\n"
        "2. etiske retningslinjer for ansvarlig brug af AI\n"
        "3. områder, hvor AI kan tages i brug i driften\n"
        "4. en temadag for medarbejderne\n\n"
        "Arbejdet bliver set efter igen efter to år.",
    ),
    NewSection(
        "Sammensætning",
        "Fem medlemmer kommer fra kommunalbestyrelsen. Ti er borgere eller erhvervsdrivende fra "
        "fire grupper. Kommunalbestyrelsen udpeger formand og næstformand. Direktøren for Økonomi "
        "og Digitalisering koordinerer sekretariatet.",
    ),
    NewSection(
        "Arbejdsform",
        "Udvalget bestemmer selv, hvordan det arbejder, inden for loven, styrelsesvedtægten og "
        "kommunalbestyrelsens beslutninger. På første møde får det et forslag til mødeplan. En "
        "følgegruppe af medarbejdere giver faglig sparring.",
    ),
    NewSection("Tidsplan", "Udvalget begynder i 3. kvartal 2025 og slutter i 2. kvartal 2026."),
    NewSection("Økonomi", "Udgifterne holdes inden for det budget, der er."),
)

AMBITION = "En samlet ambition for AI"
GUIDELINES = "Etiske retningslinjer"
THEME_DAY = "En temadag for medarbejdere"
DELIVERABLES = (
    NewDeliverable(AMBITION, "Hvor langt og hvor bredt kommunen vil bruge AI."),
    NewDeliverable(GUIDELINES, "Retningslinjer for ansvarlig brug af AI i kommunen."),
    NewDeliverable("Egnede områder", "Steder i driften, hvor løsninger med AI kan tages i brug."),
    NewDeliverable(
        THEME_DAY, "En dag, hvor ambitionen og borgernes svar bliver prøvet af på opgaverne."
    ),
)

SHELF = (
    (
        ShelfKind.STRATEGY,
        "Digitaliseringsplanen",
        "Kommer fra Opgaveudvalget for Digitalisering og Teknologi. Udvalget bygger videre på den.",
    ),
    (
        ShelfKind.STRATEGY,
        "Datastrategien",
        "Kommer fra Opgaveudvalget for Digitalisering og Teknologi. Udvalget bygger videre på den.",
    ),
    (
        ShelfKind.GUIDELINE,
        "Dataetisk kompas",
        "Kommunalbestyrelsens kompas, som de etiske retningslinjer for AI tager afsæt i.",
    ),
    (
        ShelfKind.OTHER,
        "Strategioplæg for AI",
        "Forvaltningens eget oplæg, som udvalget kan bruge i sit arbejde.",
    ),
)
SURVEY_SUMMARY = (
    "Gennemført, inden udvalget begyndte. Undersøgelsens egne tal er ikke lagt ind her; tallene "
    "herunder er demotal, der viser, hvordan de kommer til at stå."
)


def seed_committee() -> Committee:
    """“AI i Gentofte” with its people, rules and shelf; returns it. Runs on an empty database."""
    admin = seed_administrator()
    municipality = Municipality.objects.create(
        name="Gentofte Kommune", contact_email="udvalgsrum@example.dk", contact_phone="00 00 00 00"
    )
    committee = _create_body(municipality, admin)
    terms = adopt_terms(
        committee=committee,
        adopted_on=ADOPTED,
        adopted_by=committee.council_decisions.get(item="22"),
        sections=SECTIONS,
        seats=SEATS,
        deliverables=DELIVERABLES,
        by=admin,
    )
    adopt_rule_profile(
        terms=terms,
        label="2025-1",
        rules_ref="opgaveudvalg@2",
        valid_from=date(2025, 7, 1),
        adopted="Demoens regelsæt, tænkt vedtaget på udvalgets første møde",
        by=admin,
    )
    _appoint_everybody(committee, terms, admin)
    secretary = User.objects.get(username="sekretariat")
    _report_progress(terms, secretary)
    _fill_shelf(committee, secretary)
    return committee


def seed_administrator() -> User:
    """The first administrator, as `createsuperuser` would make one."""
    return User.objects.create_superuser(
        "admin@example.dk", PASSWORD, username="admin", name="Administrator", title=FICTIONAL
    )


def mandate_end() -> date:
    """The end that the kommissorium sets; later where the demo is shown after that day."""
    return max(MANDATE_END, timezone.localdate() + EXTENSION) if extended() else MANDATE_END


def extended() -> bool:
    """Is the demo shown so late that its meetings to come need a longer mandate?"""
    return timezone.localdate() + timedelta(days=60) > MANDATE_END


def extension() -> tuple[tuple[date, str, str], ...]:
    """The invented decision that prolongs the mandate, where one is needed."""
    if not extended():
        return ()
    return ((MANDATE_END - timedelta(days=20), "", "Forlængelse af mandatet (kun i demoen)"),)


def _create_body(municipality: Municipality, admin: User) -> Committee:
    finance = create_committee(
        municipality=municipality,
        kind=BodyKind.STANDING,
        slug="oekonomiudvalget",
        name="Økonomiudvalget",
        full_name="Økonomiudvalget",
        summary="Opgaveudvalget AI i Gentofte er nedsat under Økonomiudvalget.",
        by=admin,
    )
    return create_committee(
        municipality=municipality,
        kind=BodyKind.TASK,
        slug="ai-i-gentofte",
        name="AI i Gentofte",
        full_name="Opgaveudvalget AI i Gentofte",
        question="Hvordan skal kommunen bruge kunstig intelligens?",
        summary="Fem politikere og ti borgere og erhvervsdrivende sætter retningen for AI i "
        "kommunen: en ambition, etiske retningslinjer og de områder, hvor AI kan hjælpe.\n\n"
        "Udvalget findes. Personerne på denne side er opdigtede til demoen.",
        parent=finance,
        legal_basis="Kommunestyrelseslovens § 17, stk. 4",
        mandate_from=date(2025, 7, 1),
        mandate_to=mandate_end(),
        revisit_on=date(2028, 6, 30),
        secretariat_unit="Koordineres af direktøren for Økonomi og Digitalisering",
        section_template="gentofte@1",
        decisions=(
            (ADOPTED, "22", "Kommissorium for opgaveudvalget AI i Gentofte Kommune"),
            (APPOINTED, "30", "Udpegning af opgaveudvalgets 15 medlemmer"),
            *extension(),
        ),
        by=admin,
    )


def _appoint_everybody(committee: Committee, terms: TermsOfReference, admin: User) -> None:
    seats = {group.short_name: group for group in SeatGroup.objects.filter(terms=terms)}
    for person in (*OTHER_PEOPLE, *SEATED_PEOPLE):
        appoint_member(
            committee=committee,
            user=_create_person(person, admin),
            role=person.role,
            seat_group=seats.get(person.seat),
            valid_from=APPOINTED if person.seat else ADOPTED,
            by=admin,
        )


def _create_person(person: Person, admin: User) -> User:
    return create_user(
        email=f"{person.username}@example.dk",
        username=person.username,
        name=person.name,
        title=FICTIONAL,
        password=PASSWORD,
        by=admin,
    )


def _report_progress(terms: TermsOfReference, secretary: User) -> None:
    """The second meeting discussed the ambition and the guidelines; both are under way."""
    evidence = NewEvidence(
        "Referat af 2. møde, punkt 1 (EMN-2025-08223)", "/moeder/", date(2025, 12, 3)
    )
    for title in (AMBITION, GUIDELINES):
        set_deliverable_status(
            deliverable=terms.deliverables.get(title=title),
            status=DeliverableStatus.IN_PROGRESS,
            evidence=evidence,
            by=secretary,
        )


def _fill_shelf(committee: Committee, secretary: User) -> None:
    for kind, title, summary in SHELF:
        save_shelf_document(
            committee=committee, kind=kind, title=title, summary=summary, by=secretary
        )
    save_shelf_document(
        committee=committee,
        kind=ShelfKind.SURVEY,
        title="Undersøgelse af borgernes holdning til AI",
        summary=SURVEY_SUMMARY,
        figures=(
            ("61 %", "Demotal: vil gerne møde AI, når det giver hurtigere svar"),
            ("78 %", "Demotal: vil vide, når de taler med en AI"),
        ),
        by=secretary,
    )


# The other committee -----------------------------------------------------------------------

OTHER_SECTIONS = (
    NewSection("Formål", "Udvalget er opdigtet og viser, at et udvalg kan være lukket for andre."),
)
OTHER_MEMBERS = (
    Person("sekretariat-andet", "Vibeke Demsgaard", Role.SECRETARIAT),
    Person("formand-andet", "Torben Kærulf", Role.CHAIR, COUNCIL),
)


def seed_other_committee() -> Committee:
    """A body of another municipality that only its own people see; after `seed_committee`."""
    admin = User.objects.get(username="admin")
    committee = create_committee(
        municipality=Municipality.objects.create(name="Demokommunen", colour="#7a1f5c"),
        slug="demoudvalget",
        name="Demoudvalget",
        full_name="Opgaveudvalget Demo",
        summary="Et opdigtet udvalg i en opdigtet kommune.",
        mandate_from=date(2025, 8, 1),
        mandate_to=date(2027, 7, 31),
        section_template="norddjurs@1",
        is_public=False,
        by=admin,
    )
    terms = adopt_terms(
        committee=committee,
        adopted_on=ADOPTED,
        sections=OTHER_SECTIONS,
        seats=(NewSeats(SeatKind.COUNCIL, "Medlemmer fra byrådet", COUNCIL, 1, 3),),
        by=admin,
    )
    adopt_rule_profile(
        terms=terms,
        label="2025-1",
        rules_ref="opgaveudvalg@2",
        valid_from=date(2025, 8, 1),
        by=admin,
    )
    seats = {group.short_name: group for group in terms.seat_groups.all()}
    for person in OTHER_MEMBERS:
        appoint_member(
            committee=committee,
            user=_create_person(person, admin),
            role=person.role,
            seat_group=seats.get(person.seat),
            valid_from=APPOINTED,
            by=admin,
        )
    return committee
