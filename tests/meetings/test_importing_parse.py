"""Reading minutes into a meeting."""

import json
from datetime import date, time
from pathlib import Path

import pytest

from meetings.importing import ParsedMinutes, as_dict, parse_minutes
from tests.meetings import minutes_samples as samples


def read(text: str) -> ParsedMinutes:
    return parse_minutes(text.encode(), "referat.txt")


def keys(parsed: ParsedMinutes, at: int = 0) -> list[tuple[str, str]]:
    return [(section.key, section.heading) for section in parsed.items[at].sections]


def test_parse_gentofte_form_reads_the_meeting() -> None:
    parsed = parse_minutes(samples.form("gentofte_form.md"), "referat.md")

    assert parsed.title == "REFERAT Opgaveudvalg Grøn Skole i Eksempelby Kommune d. 14-01-2026"
    assert parsed.committee_name == "Opgaveudvalg Grøn Skole i Eksempelby Kommune"
    assert (parsed.date, parsed.start_time) == (date(2026, 1, 14), time(16, 30))
    assert parsed.place == "Biblioteket, lokale 2"


def test_parse_gentofte_form_reads_an_open_item() -> None:
    item = parse_minutes(samples.form("gentofte_form.md"), "referat.md").items[0]

    assert (item.number, item.access, item.case_id) == (1, "open", "EMN-2026-00012")
    assert item.heading == "1. møde i Opgaveudvalget Grøn Skole"
    assert [(part.key, part.heading, part.text) for part in item.sections] == [
        ("summary", "Resumé", "Udvalget holder sit første møde."),
        (
            "agenda",
            "Dagsorden for første møde",
            '- Velkomst\n  - Navne og roller\n  - "Huset" og dets regler\n- Næste gang',
        ),
        (
            "recommendation",
            "Indstilling",
            """Forvaltningen indstiller

Til opgaveudvalget Grøn Skole:

1) At udvalget drøfter kommissoriet.
2) At udvalget vælger to emner.""",
        ),
        ("earlier_decisions", "Tidligere beslutninger", ""),
    ]
    assert item.decision is not None
    assert item.decision.text == "Drøftet. Udvalget valgte energi og mad."
    assert item.attachments == ("Kommissorium.pdf", "Tidsplan for foråret.pdf")


def test_parse_gentofte_form_reads_a_closed_item_and_keeps_the_unknown() -> None:
    parsed = parse_minutes(samples.form("gentofte_form.md"), "referat.md")

    item = parsed.items[1]
    assert (item.access, item.access_stated, item.attachments) == ("closed", True, ())
    assert parsed.unplaced == ("### Lovgrundlag", "Offentlighedslovens § 30, nr. 2.")
    assert len(parsed.warnings) == 2


def test_parse_norddjurs_form_joins_broken_lines() -> None:
    parsed = parse_minutes(samples.form("norddjurs_form.txt"), "referat.txt")

    item = parsed.items[0]
    assert keys(parsed) == [
        ("case_path", "Sagsgang"),
        ("presentation", "Sagsfremstilling"),
        ("relations", "Sammenhæng til andre politikker/strategier og fagområder"),
        ("economy", "Økonomiske konsekvenser"),
        ("recommendation", "Indstilling"),
    ]
    assert "hvert eneste AI-genererede svar, før det blev sendt til" in item.sections[1].text
    assert "\n" not in item.sections[1].text
    assert item.decision is not None
    assert [len(part.split()) for part in item.decision.text.split("\n\n")] == [21, 17]
    assert (parsed.committee_name, parsed.date) == ("Teknikudvalget for Driften", date(2026, 2, 5))
    assert parsed.unplaced == ()


def test_parse_plain_form_reads_items_by_what_follows_them() -> None:
    parsed = parse_minutes(samples.form("plain_form.txt"), "referat.txt")

    assert [(item.number, item.heading) for item in parsed.items] == [
        (1, "Godkendelse af dagsorden"),
        (2, "Status på spor 2"),
    ]
    assert parsed.items[1].case_id == "25/1234"
    assert parsed.items[1].decision is not None
    assert parsed.items[1].decision.text == "Punkt 1: Taget til efterretning."
    assert (parsed.start_time, parsed.end_time) == (time(17), time(19, 25))
    assert parsed.unplaced == ("Deltagere: Anna Eksempel, Bo Eksempel",)


@pytest.mark.parametrize("path", samples.seed(samples.GENTOFTE_SEED))
def test_parse_gentofte_seed_places_every_line(path: Path) -> None:
    parsed = parse_minutes(path.read_bytes(), path.name)

    assert (parsed.date, parsed.start_time) == (date(2025, 12, 3), time(17))
    assert parsed.place == "Venstre side af Kantinen"
    assert [key for key, _ in keys(parsed)] == [
        "summary", "background", "agenda", "recommendation", "earlier_decisions",
    ]  # fmt: skip
    assert parsed.items[0].case_id == "EMN-2025-08223"
    assert (parsed.items[0].access_stated, parsed.items[0].attachments) == (True, ())
    assert parsed.unplaced == ()
    assert parsed.warnings == ()
    assert [line.role for line in parsed.structure] == [
        "date", "label", "contents", "contents", "rule", "number", "repeated", "repeated",
    ]  # fmt: skip


@pytest.mark.parametrize("path", samples.seed(samples.NORDDJURS_SEED))
def test_parse_norddjurs_seed_places_every_line(path: Path) -> None:
    parsed = parse_minutes(path.read_bytes(), path.name)

    assert parsed.committee_name == "Områdeudvalget for Administrationen"
    assert parsed.date == date(2024, 11, 28)
    assert parsed.items[0].decision is not None
    assert parsed.items[0].decision.text.count("\n\n") == 4
    assert (parsed.unplaced, parsed.structure) == ((), ())


def test_parse_docx_reads_styles_tables_and_lists() -> None:
    parsed = parse_minutes(samples.docx_minutes(), "referat.docx")

    item = parsed.items[0]
    assert (parsed.date, parsed.place) == (date(2026, 1, 14), "Biblioteket")
    assert (item.heading, item.access, item.case_id) == ("Velkomst", "open", "EMN-2026-00012")
    assert item.sections[1].text == (
        "Forvaltningen indstiller\n\n"
        "1) At udvalget drøfter kommissoriet.\n2) At udvalget vælger to emner."
    )
    assert item.decision is not None
    assert item.decision.text == "Drøftet og **vedtaget**"
    assert (item.attachments, parsed.unplaced) == (("Kommissorium.pdf",), ())


def test_parse_pdf_sets_heads_and_feet_aside() -> None:
    parsed = parse_minutes(samples.pdf_minutes(), "referat.pdf")

    item = parsed.items[0]
    assert parsed.title == "Referat af møde i Opgaveudvalget Grøn Skole"
    assert parsed.committee_name == "Opgaveudvalget Grøn Skole"
    assert [part.key for part in item.sections] == ["summary", "recommendation"]
    assert "\n" not in item.sections[0].text
    assert parsed.unplaced == ()
    assert [line.text for line in parsed.structure if line.role == "page"] == [
        "Grøn Skole", "Side 1 af 2", "Grøn Skole", "Side 2 af 2",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "heading",
    ["Indstilling", "### Indstilling", "**Indstilling:**", "INDSTILLING", "## **Indstillinger**:",
     "indstilling.", "# 3. Indstilling"],
)  # fmt: skip
def test_parse_knows_a_heading_however_it_is_written(heading: str) -> None:
    parsed = read(f"Sagsgang\nOA\n\n{heading}\n\nAt det drøftes.\n")

    assert [part.key for part in parsed.items[0].sections] == ["case_path", "recommendation"]
    assert parsed.items[0].sections[1].text == "At det drøftes."


@pytest.mark.parametrize(
    ("written", "key"),
    [("Okonomiske konsekvenser", "economy"), ("Resume", "summary"),
     ("Sagsfrernstilling", "presentation"),
     ("Sagsfremstiliing", "presentation"), ("Bagrund", None), ("Sagsgange", "case_path"),
     ("Bilag:", None)],
)  # fmt: skip
def test_parse_forgives_a_scanner_one_letter(written: str, key: str | None) -> None:
    parsed = read(f"Beslutning\n\nGodkendt.\n\n{written}\n\nTekst.\n")

    assert [part.key for part in parsed.items[0].sections] == ([key] if key else [])


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Mødedato: onsdag den 25. februar 2026", date(2026, 2, 25)),
        ("**Dato** 25-02-2026", date(2026, 2, 25)),
        ("Mødedato\t25.02.2026 kl. 17.00", date(2026, 2, 25)),
        ("Mødedato\n25/2 2026", date(2026, 2, 25)),
        ("Mødedato: 2026-02-25", date(2026, 2, 25)),
        ("Mødedato: 31-02-2026", None),
    ],
)
def test_parse_reads_dates_as_they_are_written(line: str, day: date | None) -> None:
    assert read(f"{line}\n\nBeslutning\nGodkendt.\n").date == day


def test_parse_says_closed_when_anything_says_closed() -> None:
    text = "# Punkt 1: Salg af grund (Åben)\n\n## 1 (Lukket) Salg af grund\n\nBeslutning: Solgt.\n"

    parsed = read(text)

    assert [(item.heading, item.access) for item in parsed.items] == [("Salg af grund", "closed")]


def test_parse_takes_access_from_the_group() -> None:
    text = "# Referat\n\nLukkede punkter\n\n## 1. Ansættelse\n\nBeslutning: Godkendt.\n"

    assert [item.access for item in read(text).items] == ["closed"]


def test_parse_does_not_take_a_numbered_sentence_for_an_item() -> None:
    text = "Beslutning\n\nPunkt 1: Godkendt.\n\n2. Udsat til næste møde\n\nPunkt 3 bortfalder.\n"

    parsed = read(text)

    assert len(parsed.items) == 1
    assert parsed.items[0].decision is not None
    assert parsed.items[0].decision.text.count("\n\n") == 2


def test_parse_takes_the_last_decision_as_the_meetings_own() -> None:
    text = (
        "Tidligere beslutninger\n\nBeslutning i Økonomiudvalget den 01-12-2025\nAnbefalet.\n\n"
        "Beslutning i Kommunalbestyrelsen den 15-12-2025\nVedtaget.\n"
    )

    item = read(text).items[0]

    assert [(part.key, part.text) for part in item.sections] == [
        ("earlier_decisions", ""),
        ("earlier_decisions", "Anbefalet."),
    ]
    assert item.decision is not None
    assert item.decision.text == "Vedtaget."


def test_parse_keeps_tables() -> None:
    text = "Økonomi\n\n| År | Kr. |\n| --- | --- |\n| 2026 | 100 |\n"

    assert read(text).items[0].sections[0].text == "| År | Kr. |\n| --- | --- |\n| 2026 | 100 |"


def test_parse_without_a_heading_keeps_all_text_unplaced() -> None:
    parsed = read("Kære alle\n\nHusk kage.\n")

    assert (parsed.items, parsed.unplaced) == ((), ("Kære alle", "Husk kage."))
    assert len(parsed.warnings) == 1


def test_as_dict_can_be_written_as_json() -> None:
    parsed = parse_minutes(samples.form("gentofte_form.md"), "referat.md")

    written = json.loads(json.dumps(as_dict(parsed)))

    assert written == as_dict(parsed)
    assert (written["date"], written["start_time"], written["end_time"]) == (
        "2026-01-14", "16:30", None,
    )  # fmt: skip
    assert written["items"][0]["attachments"] == ["Kommissorium.pdf", "Tidsplan for foråret.pdf"]
