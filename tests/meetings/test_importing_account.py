"""No import loses or invents a word."""

import dataclasses
import io
from pathlib import Path

import mammoth
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.importing import account, parse_minutes, source_text
from meetings.importing.headings import LABELS, SECTIONS
from tests.meetings import minutes_samples as samples

NAMES = sorted(name for names in SECTIONS.values() for name in names)
WORDS = st.text("abcdefghijklmnopqrstuvwxyzæøåÆØÅ0123456789", min_size=1, max_size=12)
SENTENCES = st.lists(WORDS, min_size=1, max_size=18).map(" ".join)
HEADINGS = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "# ", "### ", "**"]),
    st.one_of(st.sampled_from(NAMES), SENTENCES),
    st.sampled_from(["", ":", "**", "**:", "."]),
)
ITEMS = st.builds(
    "{}{}{} {}".format,
    st.sampled_from(["", "# ", "## **", "Punkt ", "# Punkt ", "Sag nr. "]),
    st.integers(0, 120),
    st.sampled_from(["", ".", ":", " (Åben)", " (Lukket)", ")"]),
    SENTENCES,
)
FIELDS = st.builds(
    "{}{}{}".format,
    st.sampled_from(sorted(label for labels in LABELS.values() for label in labels)),
    st.sampled_from([": ", "\t", " ", ""]),
    st.one_of(SENTENCES, st.sampled_from(["03-12-2025 kl. 17:00", "1. maj 2026", "25/1234"])),
)
ENTRIES = st.builds(
    "{}{} {}".format,
    st.sampled_from(["", "  ", "    ", "\t"]),
    st.sampled_from(["-", "*", "•", "o", "- o", "1)", "2.", "- 1)", "–", "- 1) 2)"]),
    SENTENCES,
)
ODD = st.sampled_from(
    ["", "---", "Indholdsfortegnelse", "Noget.....\t3", "Side 2 af 6", "| a | b |", "| --- | --- |",
     "Lukkede punkter", "Lukket punkt", "Mødet sluttede kl. 19.52", "Ingen bilag", "EMN-2025-08223",
     "\f", "Beslutning i Udvalget den 28-11-2024", "Referat fra møde i", "o", "**", "#", "AI-",
     "Indstilling: At det drøftes", "Bilag: 1) a.pdf", "a_b __c__ **d**", "§ 17, stk. 4 & 5 %"]
)  # fmt: skip
ANY = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=40)
LINES = st.lists(st.one_of(HEADINGS, ITEMS, FIELDS, ENTRIES, ODD, SENTENCES, ANY), max_size=40)


@pytest.mark.parametrize("path", samples.files(), ids=lambda path: path.name)
def test_account_of_every_document_is_even(path: Path) -> None:
    data = path.read_bytes()

    assert account(parse_minutes(data, path.name), source_text(data, path.name)) == ((), ())


@pytest.mark.parametrize("name", ["referat.docx", "referat.pdf"])
def test_account_of_documents_is_even(name: str) -> None:
    data = samples.docx_minutes() if name.endswith("docx") else samples.pdf_minutes()

    assert account(parse_minutes(data, name), source_text(data, name)) == ((), ())


def test_account_of_docx_holds_against_its_raw_text() -> None:
    data = samples.docx_minutes()
    raw = mammoth.extract_raw_text(io.BytesIO(data)).value

    lost, invented = account(parse_minutes(data, "referat.docx"), raw)

    # Word counts its numbered lists itself; the numbers are not in its text.
    assert (lost, invented) == ((), ("1", "2"))


@settings(max_examples=300, deadline=None)
@given(LINES, st.sampled_from(["\n", "\n\n", " \n\n", "\r\n"]))
def test_account_of_any_minutes_is_even(lines: list[str], end: str) -> None:
    text = "Tekst" + end + end.join(lines)
    data = text.encode()

    assert account(parse_minutes(data, "a.txt"), source_text(data, "a.txt")) == ((), ())


def test_account_names_what_is_lost() -> None:
    data = samples.form("plain_form.txt")
    parsed = parse_minutes(data, "a.txt")

    poorer = dataclasses.replace(parsed, unplaced=())

    assert account(poorer, source_text(data, "a.txt")).lost == (
        "Deltagere", "Anna", "Eksempel", "Eksempel", "Bo",
    )  # fmt: skip


def test_account_names_what_is_invented() -> None:
    data = samples.form("plain_form.txt")
    parsed = parse_minutes(data, "a.txt")

    richer = dataclasses.replace(parsed, place="Rådhuset Rådhuset", committee_name="Byrådet")

    assert account(richer, source_text(data, "a.txt")).invented == ("Rådhuset", "Byrådet")
