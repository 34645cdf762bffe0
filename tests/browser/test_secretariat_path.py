"""The main job in a browser: from an empty agenda to published minutes, in three ways.

One script of steps is carried out with the mouse, without JavaScript, and by keyboard alone.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.utils import timezone
from docx import Document
from playwright.sync_api import Page, expect

from committee.models import Committee
from demo.committee import PASSWORD
from meetings.models import Meeting
from meetings.selectors.approval import asked_members
from meetings.services.approval import answer_minutes
from tests.browser.conftest import OpenContext
from tests.browser.drivers import Keyboard, Pointer
from tests.core.file_samples import pdf_bytes

pytestmark = pytest.mark.browser

GROUND = "Offentlighedslovens § 30, nr. 2 (drifts- og forretningsforhold)"
SECRET_TITLE = "Tilbud fra Nordlys Data"
SECRET_TEXT = "Nordlys Data forlanger 412.000 kr. om året."
SECRET_DECISION = "Udvalget peger på Nordlys Data."
SECRET_FILE = "Prisbilag"
PUBLIC_TITLE = "Valg af leverandør til oversættelse"
PUBLIC_DECISION = "Udvalget har peget på en leverandør. Prisen er fortrolig."
SECRETS = (SECRET_TITLE, SECRET_TEXT, SECRET_DECISION, SECRET_FILE, "Nordlys")
DRAFT_TEXT = "Vi vil bruge kunstig intelligens, hvor den giver tid til mennesker."
DECISION = "Udvalget godkendte udkastet til en ambition."
BRIEFING = "Udvalget tog orienteringen til efterretning."


@dataclass
class Way:
    """One way of working, and the person at the keyboard."""

    driver: Callable[[Page], Pointer]
    options: dict[str, Any]


WAYS = {
    "javascript": Way(Pointer, {}),
    "no-javascript": Way(Pointer, {"java_script_enabled": False}),
    "keyboard": Way(Keyboard, {}),
}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> Way:
    return WAYS[request.param]


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """An open PDF and a closed DOCX."""
    pdf = tmp_path / "ambition.pdf"
    pdf.write_bytes(pdf_bytes("<h1>Udkast til ambition</h1><p>Første udkast.</p>"))
    docx = tmp_path / "priser.docx"
    document = Document()
    document.add_paragraph("412.000 kr. om året")
    document.save(str(docx))
    return {"pdf": pdf, "docx": docx}


@pytest.fixture
def desk(
    way: Way, open_context: OpenContext, committee: Committee, drain_outbox: Callable[[], int]
) -> Iterator["Desk"]:
    """The secretariat's browser, not yet logged in."""
    desk = Desk(way, open_context, drain_outbox)
    yield desk
    assert desk.faults() == []


class Desk:
    """The secretariat at work, and whoever looks over the same meeting."""

    def __init__(self, way: Way, open_context: OpenContext, drain: Callable[[], int]) -> None:
        self.way = way
        self.open_context = open_context
        self.drain = drain
        self.hand = self.sit_down()
        self.page = self.hand.page

    def sit_down(self, username: str = "") -> Pointer:
        return self.way.driver(self.open_context(username, **self.way.options).new_page())

    def faults(self) -> list[str]:
        return self.hand.faults if isinstance(self.hand, Keyboard) else []

    @property
    def has_javascript(self) -> bool:
        return self.way.options.get("java_script_enabled", True)

    def pdf(self, page: Page, link: str) -> str:
        """The text of the PDF behind a link of the page, with its blanks made one."""
        address = page.get_by_role("link", name=link).first.get_attribute("href")
        assert address, link
        return self.pdf_at(page, address)

    def pdf_at(self, page: Page, address: str) -> str:
        answer = page.context.request.get(address)
        assert answer.headers["content-type"] == "application/pdf", (address, answer.status)
        document = pypdfium2.PdfDocument(io.BytesIO(answer.body()))
        return " ".join(
            " ".join(sheet.get_textpage().get_text_range() for sheet in document).split()
        )


# The steps -------------------------------------------------------------------------------


def test_from_an_empty_agenda_to_published_minutes(desk, files):
    address = plan_the_meeting(desk)
    write_three_items(desk, address)
    attach_two_files(desk, address, files)
    issue_version_one(desk, address)
    open_the_agenda_and_the_pack(desk, address)
    approve_the_public_part(desk, address)
    others_read_the_agenda(desk, address)
    add_an_item_and_issue_again(desk, address)
    move_an_item(desk, address)
    hold_the_meeting(desk, address)
    send_lock_and_publish(desk, address)
    open_the_minutes(desk, address)
    others_read_the_minutes(desk, address)


def plan_the_meeting(desk: Desk) -> str:
    hand, day = desk.hand, timezone.localdate() + timedelta(days=30)
    hand.page.goto("/moeder/")
    hand.link("Log ind", within="body")
    hand.write("Brugernavn eller e-mail", "sekretariat")
    hand.write("Adgangskode", PASSWORD)
    hand.button("Log ind")
    hand.page.wait_for_url(lambda url: "log-ind" not in url)
    hand.page.goto("/moeder/")
    hand.reads("Der er ingen møder endnu.")
    hand.link("Nyt møde")
    hand.button("Planlæg mødet")
    hand.reads("Skriv datoen med dag, måned og år")
    hand.write("Dag", f"{day.day}")
    hand.write("Måned", f"{day.month}")
    hand.write("År", f"{day.year}")
    hand.write("Begynder", "17.00")
    hand.write("Slutter", "20.00")
    hand.write("Sted", "Rådhuset, mødesal D")
    hand.button("Planlæg mødet")
    hand.reads("er planlagt", "Dagsordenen er tom")
    return hand.page.url


def write_three_items(desk: Desk, address: str) -> None:
    hand = desk.hand
    hand.link("Tilføj punkt")
    hand.write("Overskrift", "Udkast til en ambition")
    hand.button("Tilføj punktet")
    hand.write("Resumé", DRAFT_TEXT)
    hand.button("Gem og luk")
    hand.reads("Punkt 1 er gemt.")

    hand.link("Tilføj punkt")
    hand.write("Overskrift", SECRET_TITLE)
    hand.tick("Lukket: Kun udvalget læser punktet")
    hand.button("Tilføj punktet")
    hand.reads("Vælg det lovgrundlag, punktet er lukket efter.")
    hand.choose("Lovgrundlag for at lukke punktet", GROUND)
    hand.write("Derfor skal punktet være lukket", "Tilbuddet rummer en forretningshemmelighed.")
    hand.write("Offentlig overskrift", PUBLIC_TITLE)
    hand.button("Tilføj punktet")
    hand.write("Resumé", SECRET_TEXT)
    hand.button("Gem og luk")

    hand.link("Tilføj punkt")
    hand.write("Overskrift", "Nyt fra følgegruppen")
    hand.choose("Type", "Orientering")
    hand.button("Tilføj punktet")
    hand.button("Gem og luk")
    hand.reads("Udkast til en ambition", SECRET_TITLE, "Nyt fra følgegruppen")


def attach_two_files(desk: Desk, address: str, files: dict[str, Path]) -> None:
    hand = desk.hand
    for item, title, file in (
        ("Udkast til en ambition", "Udkastet", files["pdf"]),
        (SECRET_TITLE, SECRET_FILE, files["docx"]),
    ):
        hand.link(item)
        hand.link("Tilføj bilag")
        hand.upload("Fil", file)
        hand.write("Titel", title)
        hand.button("Læg filen ved")
        hand.reads(f"”{title}” er lagt ved.")
        hand.button("Gem og luk")
    hand.reads("1 bilag, 1 af dem er lukket")


def issue_version_one(desk: Desk, address: str) -> None:
    hand = desk.hand
    hand.link("Kontrollér og udsend")
    hand.reads(SECRET_TITLE, PUBLIC_TITLE)
    hand.button("Udsend version 1")
    hand.reads("Version 1 af dagsordenen er udsendt til 15 medlemmer.")


def open_the_agenda_and_the_pack(desk: Desk, address: str) -> None:
    """Before the worker has been there the page says so; afterwards it has the file."""
    hand = desk.hand
    hand.page.goto(address + "dokument/agenda/?udgave=full")
    hand.reads("Dokumentet venter på sin tur.")
    desk.drain()
    if desk.has_javascript:
        expect(hand.page.locator("#progress")).to_contain_text("Dokumentet er klar.")
    agenda = desk.pdf_at(hand.page, address + "dokument/agenda/?udgave=full")
    pack = desk.pdf_at(hand.page, address + "dokument/pack/?udgave=full")
    hand.page.goto(address)

    for text in (DRAFT_TEXT, SECRET_TITLE, SECRET_TEXT, "Rådhuset, mødesal D"):
        assert text in agenda
    for text in (SECRET_TEXT, "Første udkast.", "412.000 kr. om året", "Bilag 1.1"):
        assert text in pack


def approve_the_public_part(desk: Desk, address: str) -> None:
    """The members have the agenda; citizens get its open part from a second person."""
    citizen = desk.sit_down()
    citizen.page.goto(address)
    citizen.lacks("Udkast til en ambition")
    citizen.page.context.close()
    chair = desk.sit_down("formand")
    chair.page.goto(address + "dagsorden/offentliggoer/")
    chair.reads("Det ser borgerne fra nu af", PUBLIC_TITLE)
    chair.lacks(*SECRETS, within="main")
    chair.button("Godkend og offentliggør")
    chair.reads("Dagsordenen er offentlig.")
    chair.page.context.close()
    desk.drain()


def others_read_the_agenda(desk: Desk, address: str) -> None:
    for username in ("borgermedlem", "formand", ""):
        page = desk.sit_down(username).page
        page.goto(address)
        expect(page.locator("main")).to_contain_text("Udkast til en ambition")
        heading = PUBLIC_TITLE if not username else SECRET_TITLE
        expect(page.locator("main")).to_contain_text(heading)
        if username != "formand":
            texts = [desk.pdf(page, "Dagsorden som PDF"), desk.pdf(page, "Mødepakke")]
            assert [SECRET_TEXT in text for text in texts] == [bool(username)] * 2
        if not username:
            assert_no_secret(page.content(), *texts)
        page.context.close()


def add_an_item_and_issue_again(desk: Desk, address: str) -> None:
    hand = desk.hand
    hand.link("Tilføj punkt")
    hand.write("Overskrift", "Temadag for medarbejderne")
    hand.button("Tilføj punktet")
    hand.button("Gem og luk")
    hand.reads("1 ændring siden:", "(nyt)")
    hand.link("Se ændringerne")
    hand.reads("Nyt", "Punkt 4: Temadag for medarbejderne")
    hand.page.goto(address)
    hand.link("Kontrollér og udsend igen")
    hand.reads("Ændringer siden version 1", "Punkt 4: Temadag for medarbejderne")
    hand.button("Udsend version 2")
    hand.reads("Version 2 af dagsordenen er udsendt til 15 medlemmer.")
    desk.drain()


def move_an_item(desk: Desk, address: str) -> None:
    """There and back again, so that the rest of the path is the same."""
    hand, page = desk.hand, desk.page
    up = page.get_by_role("button", name="Flyt punkt 2 op", exact=True)
    arrow = up.get_attribute("id")
    hand.button("Flyt punkt 2 op")
    if desk.has_javascript:
        expect(page.locator("#live")).to_have_text("Punkt 2 er nu punkt 1.")
        expect(page.locator(f"#{arrow}")).to_be_focused()
        expect(page.locator(f"#{arrow}")).to_have_accessible_name("Flyt punkt 1 op")
    else:
        hand.reads("Punkt 2 er nu punkt 1.")
    expect(page.locator(".ur-item .t").first).to_have_text(SECRET_TITLE)
    hand.button("Flyt punkt 1 ned")
    expect(page.locator(".ur-item .t").first).to_have_text("Udkast til en ambition")


def hold_the_meeting(desk: Desk, address: str) -> None:
    hand = desk.hand
    hand.link("Hold mødet")
    hand.button("Begynd mødet")
    hand.reads("Mødet er begyndt.")
    hand.link("Deltagere")
    for name in ENOUGH_TO_DECIDE:
        hand.choose(f"Fremmøde, {name}", "Til stede")
    for name in AWAY:
        hand.choose(f"Fremmøde, {name}", "Afbud")
    hand.write("Bemærkning i referatet, Noah Lindeskov", "Til eksamen")
    hand.button("Gem fremmødet")
    hand.reads("Fremmødet er gemt.")
    hand.link("Referat")
    decide(hand, 1, DECISION, "Vedtaget")
    decide(hand, 2, SECRET_DECISION, "Vedtaget", PUBLIC_DECISION)
    decide(hand, 3, BRIEFING, "Taget til efterretning")
    decide(hand, 4, "Udvalget drøftede dagen.", "Drøftet")
    hand.button("Afslut mødet")
    hand.reads("Mødet er slut. Skriv referatet.")


# Eight of the fifteen.
ENOUGH_TO_DECIDE = (
    "Astrid Holmboe",
    "Jeppe Ravnkilde",
    "Kirsten Dalbæk",
    "Mogens Tvedegaard",
    "Signe Overbæk",
    "Amira Solbjerg",
    "Camilla Brorholt",
    "Farida Stensgaard",
)
AWAY = (
    "Noah Lindeskov",
    "Henning Åbrink",
    "Ida Marie Vestergren",
    "Lars Peter Nørholt",
    "Line Hvidtved",
    "Rasmus Egelykke",
    "Tobias Kragelund",
)


def decide(hand: Pointer, number: int, text: str, outcome: str, public: str = "") -> None:
    hand.link(f"Skriv beslutningen til punkt {number}")
    hand.choose("Udfald", outcome)
    if public:
        hand.write("Intern beslutningstekst", text)
        hand.write("Offentlig beslutningstekst", public)
    else:
        hand.write("Beslutningens tekst", text)
    hand.button("Gem og luk")
    hand.reads(f"Punkt {number} er gemt.")
    hand.link("Referat")


def send_lock_and_publish(desk: Desk, address: str) -> None:
    hand = desk.hand
    hand.button("Send referatet til godkendelse")
    hand.reads("Referatet er sendt til godkendelse.")
    approve_the_minutes(address)
    hand.page.goto(address + "referat/")
    hand.button("Lås referatet")
    hand.reads("Referatet er låst.")
    hand.link("Kontrollér og offentliggør")
    hand.reads(PUBLIC_TITLE)
    hand.lacks(*SECRETS, within="main")
    hand.button("Bed om offentliggørelse")
    hand.reads("Du har bedt om det.", "En anden skal godkende det.")
    chair = desk.sit_down("formand")
    chair.page.goto(address + "offentliggoer/")
    chair.reads("Det ser borgerne fra nu af", DECISION, PUBLIC_DECISION)
    chair.lacks(*SECRETS, within="main")
    chair.button("Godkend og offentliggør")
    chair.reads("Referatet er offentliggjort.")
    chair.page.context.close()
    desk.page.goto(address)
    desk.drain()


def approve_the_minutes(address: str) -> None:
    """Everybody who was there; how they do it is walked in the test of a whole meeting."""
    meeting = Meeting.objects.get(pk=int(address.rstrip("/").rpartition("/")[2]))
    for user in asked_members(meeting):
        answer_minutes(meeting=meeting, version=1, member=user, answer="approve", by=user)


def open_the_minutes(desk: Desk, address: str) -> None:
    full = desk.pdf_at(desk.page, address + "dokument/minutes/")
    public = desk.pdf_at(desk.page, address + "dokument/minutes/?udgave=public")

    for text in (DRAFT_TEXT, DECISION, SECRET_TITLE, SECRET_DECISION, PUBLIC_DECISION):
        assert text in full
    for text in (DRAFT_TEXT, DECISION, BRIEFING, PUBLIC_TITLE, PUBLIC_DECISION):
        assert text in public
    assert_no_secret(public)


def others_read_the_minutes(desk: Desk, address: str) -> None:
    """Item by item, the members see everything and the citizens the public side only."""
    for username in ("borgermedlem", "formand", ""):
        page = desk.sit_down(username).page
        pages = [_read(page, address, item) for item in range(1, 5)]
        page.goto(address + "bilag/")
        attachments = page.inner_text("body")
        assert DECISION in pages[0]
        assert PUBLIC_DECISION in pages[1]
        assert "Udkastet" in attachments
        if username:
            assert SECRET_DECISION in pages[1]
            assert SECRET_FILE in attachments
        else:
            page.goto(address)
            text = desk.pdf(page, "Referat som PDF")
            assert PUBLIC_DECISION in text
            assert_no_secret(*pages, attachments, page.content(), text)
        page.context.close()


def _read(page: Page, address: str, number: int) -> str:
    """The page of an item, reached as readers reach it."""
    page.goto(address)
    ways = "ol.ur-readlist a.t, .ur-item .button-icon-only:last-child"
    page.locator(ways).nth(number - 1).click()
    expect(page.locator("main h1")).to_be_visible()
    return page.content()


def assert_no_secret(*texts: str) -> None:
    assert [(secret, text[:80]) for secret in SECRETS for text in texts if secret in text] == []
