"""A whole meeting in six browsers at once: the secretary, the chair, three members, the wall.

The members never load their live page anew: what happens comes to them. One of them is
disqualified from item 2.
"""

import io
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize, expect

from committee.models import Committee, User
from demo.clock import at
from meetings.models import AgendaItem, Meeting, VoteRound
from meetings.services.attachments import add_attachment
from meetings.services.issuing import issue_agenda
from meetings.services.items import add_item
from meetings.services.planning import create_meeting
from meetings.services.texts import save_texts
from tests.browser.conftest import OpenPage
from tests.browser.drivers import Pointer
from tests.core.file_samples import pdf_bytes

pytestmark = pytest.mark.browser

# A poll comes every four seconds; the machine may be busy.
FOLLOWS_WITHIN_MS = 20_000
DESK: ViewportSize = {"width": 1366, "height": 768}
TABLET: ViewportSize = {"width": 820, "height": 1180}
MOTION = "Udvalget indstiller en pilot på seks måneder til Økonomiudvalget."
AMENDED = "Udvalget indstiller en pilot på tre måneder til Økonomiudvalget."
DISSENT = "Tre måneder er for kort tid til at lære noget af piloten."
RESERVATION = "Jeg tager forbehold for pilotens længde."
PUBLIC_TITLE = "Tilbud på afprøvning af chatbot"
SECRET_TITLE = "Tilbud fra Nordlys Data"
SECRET_TEXT = "Nordlys Data forlanger 412.000 kr. om året."
SECRET_DECISION = "Udvalget peger på Nordlys Data."
SECRET_FILE = "Prisen er 412.000 kr. om året."
PUBLIC_DECISION = "Udvalget har peget på en leverandør. Prisen er fortrolig."
SECRETS = (SECRET_TITLE, SECRET_TEXT, SECRET_DECISION, SECRET_FILE, "Nordlys")
CLOSING = {
    "access": "closed",
    "closing_ground": "Offentlighedslovens § 30, nr. 2",
    "closing_reason": "Tilbuddet rummer en leverandørs priser.",
    "public_title": PUBLIC_TITLE,
}
# Nine of the fifteen, so that eight are left to decide when one of them is disqualified.
IN_BROWSERS = {"Astrid Holmboe", "Kirsten Dalbæk", "Noah Lindeskov", "Amira Solbjerg"}
SAY_IT_ALOUD = ("Jeppe Ravnkilde", "Mogens Tvedegaard", "Signe Overbæk", "Camilla Brorholt")
SAYS_NOTHING = "Farida Stensgaard"
LATE = "Line Hvidtved"
AWAY = (
    *("Henning Åbrink", "Ida Marie Vestergren", "Lars Peter Nørholt"),
    *("Rasmus Egelykke", "Tobias Kragelund"),
)
PRESENT = (*sorted(IN_BROWSERS), *SAY_IT_ALOUD, SAYS_NOTHING)


@dataclass
class Room:
    """Everybody's browser, and the meeting they are at."""

    meeting: Meeting
    items: list[AgendaItem]
    drain: Callable[[], int]
    secretary: Pointer
    chair: Pointer
    kirsten: Pointer
    noah: Pointer
    amira: Pointer
    wall: Pointer
    everybody: list[Pointer] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"/moeder/{self.meeting.pk}/"

    def item(self, number: int) -> str:
        return f"{self.address}punkt/{self.items[number - 1].pk}/"

    @property
    def members(self) -> list[Pointer]:
        return [self.kirsten, self.noah, self.amira]


@pytest.fixture
def room(open_page: OpenPage, committee: Committee, drain_outbox: Callable[[], int]) -> Room:
    meeting, items = an_issued_meeting(committee)
    drain_outbox()

    def sit_down(username: str, size: ViewportSize) -> Pointer:
        page = open_page(username)
        page.set_viewport_size(size)
        return Pointer(page)

    return Room(
        meeting,
        items,
        drain_outbox,
        secretary=sit_down("sekretariat", DESK),
        chair=sit_down("formand", DESK),
        kirsten=sit_down("medlem", TABLET),
        noah=sit_down("borgermedlem", TABLET),
        amira=sit_down("borger-2", TABLET),
        wall=sit_down("formand", DESK),
    )


def an_issued_meeting(committee: Committee) -> tuple[Meeting, list[AgendaItem]]:
    """Four items; item 2 is closed and has a closed attachment."""
    by = User.objects.get(username="sekretariat")
    now = timezone.now()
    with at(now - timedelta(days=9)):
        meeting = create_meeting(
            committee=committee,
            starts_at=now,
            ends_at=now + timedelta(hours=3),
            place="Rådhuset, mødesal D",
            by=by,
        )
        items = [
            _item(meeting, by, "Pilot med chatbot", "Skal piloten begynde?"),
            _item(meeting, by, SECRET_TITLE, SECRET_TEXT, **CLOSING),
            _item(meeting, by, "Nyt fra følgegruppen", "Gruppen fortæller.", kind="briefing"),
            _item(meeting, by, "Temadag", "Udvalget drøfter dagen.", kind="discussion"),
        ]
        data = pdf_bytes(f"<p>{SECRET_FILE}</p>")
        add_attachment(item=items[1], data=data, filename="Priser.pdf", access="closed", by=by)
        issue_agenda(meeting=meeting, expected=1, by=by)
    return meeting, items


def _item(meeting: Meeting, by: User, title: str, text: str, **fields: Any) -> AgendaItem:
    item = add_item(meeting=meeting, title=title, by=by, minutes=20, **fields)
    item.meeting = meeting
    save_texts(item=item, texts={"summary": text}, versions={}, by=by)
    return item


def follows(hand: Pointer, *texts: str, within: str = "main") -> None:
    """The text comes to the page by itself."""
    for text in texts:
        expect(hand.page.locator(within)).to_contain_text(text, timeout=FOLLOWS_WITHIN_MS)


def no_longer(hand: Pointer, *texts: str, within: str = "main") -> None:
    for text in texts:
        expect(hand.page.locator(within)).not_to_contain_text(text, timeout=FOLLOWS_WITHIN_MS)


def about(words: str, more: str) -> re.Pattern[str]:
    """The name of a button whose last words are for those who do not see the page."""
    return re.compile(rf"^{re.escape(words)}\s*{re.escape(more)}$")


def is_not_open_yet(hand: Pointer, button: str) -> None:
    """The button is there and says why it does nothing."""
    found = hand.page.get_by_role("button", name=button, exact=True)
    expect(found).to_have_attribute("aria-disabled", "true")
    expect(found).to_have_attribute("title", re.compile("."))


def keep_picture(page: Page, name: str) -> None:
    """For whoever wants to look: `SCREENSHOTS=<folder>`. Nothing is written otherwise."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


# The steps --------------------------------------------------------------------------------


def test_a_whole_meeting_with_five_people_and_a_wall(room):
    the_disqualified_member_tells_and_loses_the_papers(room)
    the_meeting_opens(room)
    item_1_is_amended_and_voted_on_by_name(room)
    item_2_is_decided_without_the_disqualified_member(room)
    somebody_comes_and_somebody_leaves_at_item_3(room)
    the_last_item_and_the_end(room)
    the_minutes_are_proved_complete(room)
    the_members_approve(room)
    sealed = the_chair_locks(room)
    the_sealed_pdf_tells_what_happened(sealed)
    the_disqualified_members_pdf_lacks_item_2(room)
    two_persons_publish(room)


def the_disqualified_member_tells_and_loses_the_papers(room: Room) -> None:
    """From the next request page, file and pack are without item 2."""
    noah, file = room.noah, room.items[1].attachments.get()
    paper = f"{room.address}bilag/{file.pk}/"
    noah.page.goto(room.item(2))
    noah.reads(SECRET_TITLE, SECRET_TEXT)
    assert status_of(noah, paper) == 200
    assert SECRET_FILE in pdf_text(noah, f"{room.address}dokument/pack/")

    noah.link("Meld inhabilitet")
    noah.write("Hvad er din forbindelse til sagen?", "Min søster arbejder i firmaet.")
    noah.button("Send til sekretariatet")
    noah.reads("Du har sagt, at du kan være inhabil.")
    noah.lacks(*SECRETS)
    room.drain()

    noah.page.goto(room.item(2))
    noah.reads(PUBLIC_TITLE)
    noah.lacks(*SECRETS)
    assert status_of(noah, paper) == 404
    assert_without_secrets(pdf_text(noah, f"{room.address}dokument/pack/", room))


def the_meeting_opens(room: Room) -> None:
    live = room.address + "live/"
    for hand in room.members:
        hand.page.goto(live)
        hand.reads("Mødet er ikke i gang lige nu.")
    desk = room.secretary
    desk.page.goto(room.address + "referat/")
    desk.button("Begynd mødet")
    desk.reads("Mødet er begyndt.")
    desk.page.goto(live)
    for name in PRESENT:
        desk.choose(f"Fremmøde, {name}", "Til stede")
    for name in AWAY:
        desk.choose(f"Fremmøde, {name}", "Afbud")
    desk.button("Gem navneopråbet")
    desk.reads("Fremmødet er gemt.", "Mødet åbnes")
    keep_picture(desk.page, "secretary-opening")
    room.chair.page.goto(live)
    room.chair.button("Dagsordenen er godkendt")
    the_body_finds_the_member_disqualified(room)
    room.chair.button("Alle er spurgt om inhabilitet")
    for hand in room.members:
        hand.page.goto(live)
        hand.reads("9 / 15", "Beslutningsdygtigt")
    room.wall.page.goto(live + "storskaerm/")
    room.wall.reads("9 af 15 til stede")


def the_body_finds_the_member_disqualified(room: Room) -> None:
    """By a vote in which he takes no part."""
    chair, noah = room.chair, room.noah
    chair.reads("Habilitet, der skal afgøres", "Noah Lindeskov")
    chair.link(about("Begrundelse og afstemning", ": Noah Lindeskov"))
    case = chair.page.url
    chair.reads("Min søster arbejder i firmaet.")
    chair.button("Åbn afstemning ved navn")
    chair.button("For: inhabil")
    for hand in (room.kirsten, room.amira):
        hand.page.goto(case)
        hand.button("For: inhabil")
        hand.reads("Du stemte For")
    noah.page.goto(case)
    noah.reads("Er Noah Lindeskov habil?")
    expect(noah.page.get_by_role("button", name="For: inhabil")).to_have_count(0)
    desk = room.secretary
    desk.page.goto(case)
    keep_picture(desk.page, "secretary-recusal")
    for name in (*SAY_IT_ALOUD, SAYS_NOTHING):
        desk.button(about("For", f", {name}"))
        desk.reads(f"{name} stemte For")
    desk.reads("8 af 8 har stemt.")
    desk.button("Luk afstemningen")
    desk.reads("Noah Lindeskov er inhabil og deltager ikke i punktet.", "8 for")
    noah.page.goto(case)
    noah.reads("Udvalget har afgjort, at du er inhabil i dette punkt.")
    chair.page.goto(room.address + "live/")


def item_1_is_amended_and_voted_on_by_name(room: Room) -> None:
    desk = room.secretary
    desk.page.goto(room.address + "live/")
    desk.button("Tag punkt 1 op")
    for hand in (*room.members, room.chair):
        follows(hand, "1. Pilot med chatbot")
    follows(room.wall, "Punkt 1 af 4", "Pilot med chatbot")

    two_motions_are_written_down_and_voted_on(room)
    the_one_who_voted_against_dissents(room)
    desk.button("Brug den vedtagne tekst som udkast til beslutningen")
    desk.reads("Den vedtagne tekst er udkast til beslutningen.")
    expect(desk.page.locator("#decision-text")).to_have_value(AMENDED)
    desk.choose("Udfald", "Vedtaget med ændringer")
    desk.button("Gem beslutningen")
    desk.reads("Beslutningen er gemt.")
    follows(room.amira, DISSENT)
    keep_picture(desk.page, "secretary-decided")


def two_motions_are_written_down_and_voted_on(room: Room) -> None:
    desk, noah = room.secretary, room.noah
    write_motion(desk, "Hovedforslag", "Astrid Holmboe", MOTION)
    write_motion(desk, "Ændringsforslag", "Kirsten Dalbæk", AMENDED)
    desk.page.goto(room.address + "live/")
    desk.button(about("Vedtaget uden optælling", ", Ændringsforslag 1"))
    desk.reads("Resultatet er noteret.")
    desk.button(about("Åbn afstemning ved navn", ", Hovedforslag 2"))
    desk.reads("Afstemningen er åben. Medlemmerne kan stemme nu.")
    follows(room.wall, "0 af 9")

    for hand in (*room.members, room.chair):
        follows(hand, "Stem nu: Hovedforslag", AMENDED)
    keep_picture(room.kirsten.page, "member-open-vote")
    for hand, choice in (
        (room.chair, "For"),
        (room.kirsten, "For"),
        (noah, "Imod"),
        (room.amira, "Undlader"),
    ):
        hand.button(choice)
        follows(hand, f"{choice}")
        expect(hand.page.locator(".ur-ballot__done")).to_contain_text(choice)
    for name in SAY_IT_ALOUD:
        desk.button(about("For", f", {name}"))
        desk.reads(f"{name} stemte For")
    desk.reads("8 af 9 har stemt")
    follows(room.wall, "8 af 9")
    keep_picture(desk.page, "secretary-open-vote")
    keep_picture(room.chair.page, "chair-open-vote")
    keep_picture(room.wall.page, "wall-open-vote")
    desk.button("Luk afstemningen")
    desk.reads("Afstemningen er lukket: Vedtaget.")
    for hand in room.members:
        follows(hand, "6 for · 1 imod · 1 undlader")
    follows(room.wall, "Vedtaget")
    keep_picture(room.wall.page, "wall-result")


def the_one_who_voted_against_dissents(room: Room) -> None:
    noah = room.noah
    noah.unfold("Skriv afvigende mening: Hovedforslag")
    noah.write("Afvigende mening", DISSENT)
    noah.button("Sæt den i referatet")
    noah.reads(DISSENT)


def write_motion(desk: Pointer, kind: str, proposer: str, text: str) -> None:
    if desk.page.url.endswith("/live/"):
        desk.link("Forslag")
    desk.choose("Slags forslag", kind)
    desk.choose("Stillet af", proposer)
    desk.write("Tekst", text)
    desk.button("Skriv forslaget ind")
    desk.reads("Forslaget er skrevet ind.")


def write_decision(desk: Pointer, text: str, outcome: str) -> None:
    desk.page.get_by_role("textbox", name="Beslutning", exact=True).fill(text)
    desk.choose("Udfald", outcome)
    desk.button("Gem beslutningen")
    desk.reads("Beslutningen er gemt.")


def item_2_is_decided_without_the_disqualified_member(room: Room) -> None:
    desk, noah = room.secretary, room.noah
    desk.button("Tag punkt 2 op")
    follows(room.kirsten, f"2. {SECRET_TITLE}", "Noah Lindeskov deltager ikke i dette punkt")
    follows(noah, f"2. {PUBLIC_TITLE}")
    follows(room.wall, PUBLIC_TITLE)
    desk.reads("8 / 15", "Beslutningsdygtigt")
    keep_picture(noah.page, "disqualified-member")
    write_decision(desk, SECRET_DECISION, "Vedtaget")
    for hand in (noah, room.wall):
        assert_without_secrets(hand.page.content())
    desk.link("Åbn i redigering")
    desk.write("Offentlig beslutningstekst", PUBLIC_DECISION)
    desk.button("Gem og luk")
    desk.reads("Punkt 2 er gemt.")
    desk.page.goto(room.address + "live/")


def somebody_comes_and_somebody_leaves_at_item_3(room: Room) -> None:
    desk = room.secretary
    desk.button("Tag punkt 3 op")
    follows(room.noah, "3. Nyt fra følgegruppen", "9 / 15")
    for name, move in ((LATE, "Kom"), (SAYS_NOTHING, "Gik")):
        desk.unfold("Nogen kom eller gik")
        desk.choose("Medlem", name)
        desk.button(move)
        expect(desk.page.locator(".ur-present li", has_text=name)).to_contain_text(
            "Gik" if move == "Gik" else "."
        )
    follows(room.amira, "9 / 15")
    expect(room.amira.page.locator(".ur-present li.in", has_text=LATE)).to_be_visible(
        timeout=FOLLOWS_WITHIN_MS
    )
    keep_picture(room.chair.page, "chair-live")


def the_last_item_and_the_end(room: Room) -> None:
    """Item 3 is left without its outcome; a task is given at item 4."""
    desk = room.secretary
    desk.button("Tag punkt 4 op")
    follows(room.kirsten, "4. Temadag")
    write_decision(desk, "Udvalget drøftede dagen.", "Drøftet")
    desk.button("Afslut punkt 4")
    follows(room.kirsten, "Alle punkter er behandlet.")
    desk.page.goto(room.address + "referat/")
    desk.link("Tilføj opfølgning i punkt 4")
    due = timezone.localdate() + timedelta(days=20)
    desk.write("Hvad skal der gøres?", "Send programmet til medlemmerne.")
    desk.choose("Person", "Kirsten Dalbæk")
    for label, value in (("Dag", due.day), ("Måned", due.month), ("År", due.year)):
        desk.write(label, str(value))
    desk.button("Tilføj opfølgning")
    desk.reads("Opfølgningen er tilføjet.")
    desk.page.goto(room.address + "referat/")
    desk.button("Afslut mødet")
    desk.reads("Mødet er slut. Skriv referatet.")
    follows(room.noah, "Mødet er ikke i gang lige nu.")


def the_minutes_are_proved_complete(room: Room) -> None:
    """One line is mended, one goes out with a reason."""
    desk = room.secretary
    expected = f"Der mangler stemmer om punkt 1 fra {SAYS_NOTHING}"
    desk.reads("Er referatet fuldstændigt?", "Der mangler 2 ting.", expected)
    keep_picture(desk.page, "secretary-proof")
    is_not_open_yet(desk, "Send referatet til godkendelse")
    desk.link("Skriv beslutningen i punkt 3")
    desk.write("Beslutningens tekst", "Udvalget tog orienteringen til efterretning.")
    desk.choose("Udfald", "Taget til efterretning")
    desk.button("Gem og luk")
    desk.reads("Punkt 3 er gemt.")
    desk.page.goto(room.address + "referat/")
    desk.reads("Der mangler 1 ting.")
    desk.unfold("Send uden")
    why = desk.page.get_by_label(re.compile("^Fordi"))
    why.fill("Hun var ude af lokalet, da der blev stemt.")
    desk.button("Gem begrundelsen")
    desk.reads("Der mangler ikke noget.", "Sendes uden, begrundet")
    desk.button("Send referatet til godkendelse")
    desk.reads("Referatet er sendt til godkendelse.")


def the_members_approve(room: Room) -> None:
    """One approves, one with a reservation, one asks for a correction that is not made."""
    desk, page = room.secretary, room.address + "referat/godkend/"
    answers = (
        (room.kirsten, "Jeg godkender referatet", "", ""),
        (room.noah, "Jeg godkender med et forbehold", "1. Pilot med chatbot", RESERVATION),
        (room.amira, "Jeg beder om en rettelse", "4. Temadag", "Der mangler en dato."),
        (room.chair, "Jeg godkender referatet", "", ""),
    )
    for hand, answer, item, text in answers:
        hand.page.goto(page)
        if hand is room.kirsten:
            keep_picture(hand.page, "member-approval")
        hand.page.get_by_role("radio", name=answer, exact=True).check()
        if text:
            hand.choose("Hvad det handler om", item)
            hand.write("Dit forbehold, eller det, der skal rettes", text)
        hand.button("Send svaret")
        hand.reads("Dit svar er gemt.")
    assert_without_secrets(room.noah.page.content())
    room.chair.page.goto(room.address + "referat/")
    is_not_open_yet(room.chair, "Lås referatet")

    desk.page.goto(page)
    desk.unfold("Svar")
    desk.tick("Det bliver ikke rettet")
    desk.write("Det, du svarer medlemmet", "Datoen blev ikke aftalt på mødet.")
    desk.button("Send svaret")
    desk.reads("Medlemmet kan læse dit svar nu.")
    for place, name in enumerate((*SAY_IT_ALOUD, SAYS_NOTHING, LATE), start=5):
        desk.choose("Medlem", name)
        desk.button("Notér som godkendt")
        desk.reads(f"{place} af 10 har svaret")
    desk.reads("noteret af Maja Skovlund")
    keep_picture(desk.page, "secretary-approval")
    room.amira.page.goto(page)
    room.amira.reads("Datoen blev ikke aftalt på mødet.")


def the_chair_locks(room: Room) -> str:
    """The sealed PDF as the chair's browser gets it."""
    chair = room.chair
    chair.page.goto(room.address + "referat/")
    chair.button("Lås referatet")
    chair.reads("Referatet er låst.")
    return pdf_text(chair, f"{room.address}dokument/minutes/?udgave=full", room, "sealed")


def the_sealed_pdf_tells_what_happened(text: str) -> None:
    assert [part for part in EXPECTED if part not in text] == []


EXPECTED = (
    "Astrid Holmboe",
    LATE,
    "Rasmus Egelykke",
    "Udvalget afgjorde med stemmerne 8 for og 0 imod (0 undlod), at Noah Lindeskov er inhabil.",
    "Noah Lindeskov forlod lokalet kl.",
    "For 6 Astrid Holmboe",
    "Imod 1 Noah Lindeskov",
    "Undlader 1 Amira Solbjerg",
    AMENDED,
    "Afvigende mening, Noah Lindeskov",
    DISSENT,
    RESERVATION,
    SECRET_DECISION,
    "Hun var ude af lokalet, da der blev stemt.",
    "Send programmet til medlemmerne.",
    "sha256",
)


def the_disqualified_members_pdf_lacks_item_2(room: Room) -> None:
    text = pdf_text(room.noah, f"{room.address}dokument/minutes/", room)
    assert DISSENT in text
    assert PUBLIC_DECISION in text
    assert_without_secrets(text)
    room.noah.page.goto(room.item(2))
    room.noah.reads(PUBLIC_DECISION)
    room.noah.lacks(*SECRETS)


def two_persons_publish(room: Room) -> None:
    desk, chair, page = room.secretary, room.chair, room.address + "offentliggoer/"
    desk.page.goto(page)
    desk.lacks(*SECRETS, within="main")
    reasons = desk.page.get_by_label("Hvorfor må alle læse det?")
    for place in range(reasons.count()):
        reasons.nth(place).fill("Det er sagt på et åbent punkt.")
    keep_picture(desk.page, "secretary-publish")
    if reasons.count():
        desk.button("Gem begrundelserne")
    desk.button("Bed om offentliggørelse")
    desk.reads("En anden skal godkende det.")
    chair.page.goto(page)
    chair.button("Godkend og offentliggør")
    chair.reads("Referatet er offentliggjort.")
    assert VoteRound.objects.filter(motion__isnull=False).count() == 2


# What the browsers fetch --------------------------------------------------------------------


def status_of(hand: Pointer, address: str) -> int:
    return hand.page.context.request.get(address).status


def pdf_text(hand: Pointer, address: str, room: Room | None = None, name: str = "") -> str:
    """The text of a PDF, as this browser gets it; `room` lets the worker make it first."""
    answer = hand.page.context.request.get(address)
    if room and answer.headers["content-type"] != "application/pdf":
        if b"lav/" in answer.body():
            hand.page.goto(address)
            hand.page.locator("main form button").first.click()
        room.drain()
        answer = hand.page.context.request.get(address)
    assert answer.headers["content-type"] == "application/pdf", (address, answer.status)
    folder = os.environ.get("SCREENSHOTS")
    if name and folder:
        (Path(folder) / f"{name}.pdf").write_bytes(answer.body())
    pages = pypdfium2.PdfDocument(io.BytesIO(answer.body()))
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())


def assert_without_secrets(text: str) -> None:
    assert [secret for secret in SECRETS if secret in text] == []
