"""Agenda, minutes and pack from the snapshot alone."""

import hashlib
import io
from typing import Any

import pikepdf
import pytest
from django.utils import translation

from core.canonical import canonical_json, sha256_hex
from core.documents import validate_ua
from meetings.documents import agenda_pdf, minutes_pdf, pack_pdf
from meetings.redaction import public_snapshot
from tests.core.test_documents import HOSTILE, text_of
from tests.meetings.samples import (
    CLOSED_WORDS,
    LIGHT,
    RED,
    Colours,
    attachment,
    blank_pdf,
    item,
    minimal,
    picture,
    rich,
    section,
    snapshot,
)

PALETTE = Colours()


def bookmarks(data: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(data)) as pdf, pdf.open_outline() as outline:
        return [entry.title for entry in outline.root]


def all_strings(data: bytes) -> str:
    """Every string and every readable stream of the file, as one text."""
    found = [text_of(data)]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Stream):
                found.append(thing.read_bytes().decode("utf-8", "ignore"))
                found.append(thing.read_bytes().decode("utf-16-be", "ignore"))
            found.extend(strings_in(thing))
    return "\n".join(found)


def strings_in(thing: Any, depth: int = 0) -> list[str]:
    if isinstance(thing, pikepdf.String):
        return [str(thing)]
    if depth > 3 or isinstance(thing, pikepdf.Page):
        return []
    if isinstance(thing, pikepdf.Array):
        return [text for part in thing for text in strings_in(part, depth + 1)]
    if isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
        return [text for key in thing.keys() for text in strings_in(thing[key], depth + 1)]  # noqa: SIM118
    return []


def in_order(text: str, words: list[str]) -> bool:
    place = -1
    for word in words:
        place = text.find(word, place + 1)
        if place < 0:
            return False
    return True


FILES = {
    31: blank_pdf(2),
    32: b"docx",
    51: picture(),
    61: blank_pdf(1, rotate=90),
    62: blank_pdf(1, rotate=270, size=(842, 1190)),
    81: blank_pdf(2),
}


def pack(data: dict[str, Any], *, edition: str = "full", files: Any = None) -> bytes:
    stored = FILES if files is None else files
    return pack_pdf(
        data,
        palette=PALETTE,
        edition=edition,  # type: ignore[arg-type]
        read_attachment=lambda row: stored[row["id"]],
        progress=lambda words, part: None,
        to_html=lambda data, kind: "<h1>Samlet input</h1><p>Brødtekst</p>",
    )


def test_minutes_read_like_the_committee_is_used_to() -> None:
    text = text_of(minutes_pdf(minimal(), palette=PALETTE, edition="public"))

    assert in_order(
        text,
        [
            "Referat",
            "Mødedato",
            "Onsdag den 25. februar 2026 kl. 17.00–20.00",
            "Mødested",
            "Indholdsfortegnelse",
            "1 (Åben) 2. møde i Opgaveudvalget AI i Gentofte",
            "Sags ID: EMN-2025-08223",
            "Resumé",
            "Baggrund",
            "Dagsorden for andet møde",
            "Velkomst",
            "Indstilling",
            "Forvaltningen indstiller",
            "1) At udvalget",
            "2) At udvalget",
            "Tidligere beslutninger:",
            "Beslutninger:",
            "Bilag",
        ],
    )


@pytest.mark.parametrize("edition", ["full", "public"])
@pytest.mark.parametrize(("render", "kind"), [(agenda_pdf, "agenda"), (minutes_pdf, "minutes")])
def test_documents_conform_and_have_a_bookmark_per_item(
    render: Any, kind: str, edition: str
) -> None:
    data = render(rich(kind), palette=PALETTE, edition=edition)

    assert validate_ua(data) == []
    numbered = [title for title in bookmarks(data) if title[0].isdigit()]
    assert len(numbered) == 9
    assert numbered[0] == "1 (Åben) Godkendelse af dagsorden"
    assert numbered[5].startswith("6 (Lukket) ")


def test_language_of_the_reader_does_not_reach_the_document() -> None:
    danish = agenda_pdf(rich("agenda"), palette=PALETTE, edition="full")

    with translation.override("en"):
        assert agenda_pdf(rich("agenda"), palette=PALETTE, edition="full") == danish


def test_same_snapshot_gives_the_same_sha256() -> None:
    first, second = (
        hashlib.sha256(minutes_pdf(rich(), palette=PALETTE, edition="full", sealed=True)).digest()
        for _ in range(2)
    )

    assert first == second


@pytest.mark.parametrize("palette", [LIGHT, RED])
def test_other_colours_render_and_conform(palette: Colours) -> None:
    assert validate_ua(minutes_pdf(rich(), palette=palette, edition="full")) == []


def test_sealed_minutes_carry_the_record_they_print() -> None:
    data = minutes_pdf(rich(), palette=PALETTE, edition="public", sealed=True)

    record = canonical_json(public_snapshot(rich()))
    assert (validate_ua(data), validate_ua(data, profile="3a")) == ([], [])
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.attachments["protokol.json"].get_file().read_bytes() == record
    assert f"Protokol sha256 {sha256_hex(record)}" in text_of(data)
    assert "Version 1 af 11. marts 2026 kl. 9.14, låst" in text_of(data).replace("\u00a0", " ")


@pytest.mark.parametrize("kind", ["agenda", "minutes", "sealed", "pack"])
def test_public_edition_holds_nothing_of_a_closed_item(kind: str) -> None:
    source = rich("minutes" if kind == "sealed" else "agenda" if kind == "pack" else kind)
    make = {
        "agenda": lambda: agenda_pdf(source, palette=PALETTE, edition="public"),
        "minutes": lambda: minutes_pdf(source, palette=PALETTE, edition="public"),
        "sealed": lambda: minutes_pdf(source, palette=PALETTE, edition="public", sealed=True),
        "pack": lambda: pack(source, edition="public"),
    }

    found = all_strings(make[kind]())

    assert [word for word in CLOSED_WORDS if word in found] == []
    assert "Tilbud på afprøvning af chatbot til borgere" in found


def test_full_edition_shows_the_closed_item_and_what_had_no_place() -> None:
    text = text_of(minutes_pdf(rich(), palette=PALETTE, edition="full"))

    assert in_order(text, ["HEMMELIGTEKST", "HEMMELIGBESLUTNING", "Beslutning, offentlig tekst"])
    assert "Ikke placeret" in text
    assert "lukket bilag" in text


def test_agenda_lists_what_changed() -> None:
    text = text_of(agenda_pdf(rich("agenda"), palette=PALETTE, edition="public"))

    assert in_order(text, ["Ændringer siden version 1 Punkt", "Nyt", "Ændret", "Udgået", "Flyttet"])
    assert "En lukket sag udgår" in text
    assert "Beslutningspunkt · kl. 17.00–17.05 (5 min.)" in text


def test_hostile_words_stay_words_everywhere(caplog: pytest.LogCaptureFixture) -> None:
    only = item(
        1,
        HOSTILE,
        presenter=HOSTILE,
        case_id=HOSTILE,
        sections=[section("s", HOSTILE, HOSTILE, HOSTILE)],
        decision={"heading": HOSTILE, "outcome": "", "text": HOSTILE},
        attachments=[attachment(1, HOSTILE, HOSTILE)],
    )
    source = snapshot([only], municipality=HOSTILE, unplaced=HOSTILE)
    source["meeting"].update(title=HOSTILE, place=HOSTILE, chair=HOSTILE)
    source["attendance"] = [
        {"name": HOSTILE, "role": HOSTILE, "status": "present", "note": HOSTILE}
    ]

    data = minutes_pdf(source, palette=PALETTE, edition="full")

    assert [entry for entry in caplog.records if "documents" in entry.name] == []
    assert "root:x:" not in all_strings(data)
    assert validate_ua(data) == []


@pytest.mark.parametrize(("outcome", "text", "printed"), [
    ("adopted", "Vi gør det.", "Beslutning Vedtaget Vi gør det."),
    ("Vedtaget", "Vi gør det.", "Beslutning Vedtaget Vi gør det."),
    ("postponed", "", "Beslutning Udsat"),
    ("", "Vi gør det.", "Beslutning Vi gør det."),
])  # fmt: skip
def test_decision_has_its_outcome_above_its_words(outcome, text, printed) -> None:
    """A code, or the word that a meeting's own snapshot has."""
    decision = {"heading": "Beslutning", "outcome": outcome, "text": text}

    data = minutes_pdf(
        snapshot([item(1, "Sag", decision=decision)]), palette=PALETTE, edition="full"
    )

    assert printed in " ".join(text_of(data).split())


def test_very_long_and_very_many_are_set() -> None:
    long = snapshot([item(1, "Lang", sections=[section("s", "Resumé", "ord " * 20_000)])])
    many = snapshot([item(n, f"Punkt nummer {n}") for n in range(1, 61)])

    assert validate_ua(minutes_pdf(long, palette=PALETTE, edition="full")) == []
    assert len(bookmarks(minutes_pdf(many, palette=PALETTE, edition="full"))) == 60


def test_pack_counts_points_and_stamps() -> None:
    data = pack(rich("agenda"))

    with pikepdf.open(io.BytesIO(data)) as pdf:
        pages = [page.obj.objgen for page in pdf.pages]
        notes = [
            n
            for p in pdf.pages
            for n in p.obj.get("/Annots", [])
            if isinstance(n.get("/Dest"), pikepdf.Array)
        ]
        targets = [pages.index(note.Dest[0].objgen) + 1 for note in notes]
        with pdf.open_outline() as outline:
            nested = [child.title for entry in outline.root for child in entry.children]
    own = len(pages) - (2 + 1 + 1 + 1 + 1 + 1)
    assert sorted(set(targets)) == [own + 1, own + 3, own + 4, own + 5, own + 6, own + 7]
    assert nested[:2] == ["Bilag 3.1 AI-ambition, udkast 2", "Bilag 3.2 Samlet skriftligt input"]
    text = text_of(data)
    assert f"Bilag 3.1 · side 2 · samlet side {own + 2} af {len(pages)}" in text
    assert "Filen har 2 sider tilbage ud af 4" in text
    assert data == pack(rich("agenda"))


def test_pack_stamps_rotated_pages_upright_at_the_lower_right() -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(pack(rich("agenda")))
    for page in list(document)[-3:-1]:
        width, height = page.get_size()
        image = page.render(scale=1).to_pil().convert("L")
        corner = image.crop((int(width * 0.6), int(height * 0.93), int(width), int(height)))
        assert min(corner.tobytes()) < 100


def test_pack_without_attachments_is_accessible_as_a_whole() -> None:
    assert validate_ua(pack(minimal())) == []


def test_pack_survives_attachments_that_are_gone_or_locked() -> None:
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(blank_pdf())) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="a", user="b"))

    text = text_of(pack(rich("agenda"), files={31: locked.getvalue(), 62: b"%PDF-1.4 garbage"}))

    assert "Filen er låst med en adgangskode." in text
    assert "Filen er beskadiget" in text
    assert "Filen kunne ikke hentes." in text
