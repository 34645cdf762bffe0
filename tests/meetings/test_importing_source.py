"""What an import can read, and how it says no."""

from time import perf_counter

import pytest
from django.utils import translation

from meetings.importing import ImportRefused, as_dict, parse_minutes
from tests.core import file_samples
from tests.meetings import minutes_samples as samples


@pytest.fixture(autouse=True)
def english():
    """The sentences are compared in the language of the code."""
    with translation.override("en"):
        yield


TEXT = samples.form("gentofte_form.md").decode()


def refusal(data: bytes, filename: str) -> str:
    with translation.override("en"), pytest.raises(ImportRefused) as caught:
        parse_minutes(data, filename)
    return str(caught.value.reason)


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
        TEXT.encode("latin-1"),
        TEXT.encode("cp1252"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        TEXT.replace("ø", "o\u0338").replace("å", "a\u030a").replace("o\u0338", "ø").encode(),
        TEXT.replace(" ", "\u00a0").encode(),
    ],
    ids=[
        "bom",
        "utf16",
        "utf16le",
        "utf16be",
        "utf32",
        "latin1",
        "cp1252",
        "crlf",
        "cr",
        "nfd",
        "nbsp",
    ],
)
def test_parse_reads_every_encoding_alike(data: bytes) -> None:
    plain = parse_minutes(TEXT.encode(), "referat.txt")

    assert as_dict(parse_minutes(data, "referat.txt")) == as_dict(plain)


def test_parse_reads_the_dash_and_quotes_of_windows() -> None:
    data = "Beslutning\n\nMødet – som ”aftalt” – slutter.\n".encode("cp1252")

    item = parse_minutes(data, "a.txt").items[0]

    assert item.decision is not None
    assert item.decision.text == "Mødet – som ”aftalt” – slutter."


def test_parse_trusts_the_bytes_before_the_name() -> None:
    parsed = parse_minutes(samples.docx_minutes(), "referat.txt")

    assert parsed.items[0].heading == "Velkomst"


@pytest.mark.parametrize(
    ("data", "filename", "said"),
    [
        (b"", "a.txt", "The file is empty."),
        (b" \r\n\t\n", "a.txt", "There is no text in the file."),
        (b"\xef\xbb\xbf---\n", "a.md", "There is no text in the file."),
        (bytes(range(256)) * 20, "a.txt", "The file cannot be read as text."),
        (b"MZ\x90\x00" + bytes(300) + b"program", "a.txt", "The file cannot be read as text."),
        (b"{\\rtf1\\ansi hej}", "a.rtf", "The file is in Rich Text Format."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "a.doc", "The file is an old Word file"),
        (file_samples.locked_pdf_bytes(), "a.pdf", "The file is protected"),
        (file_samples.pdf_bytes()[:400], "a.pdf", "The file is damaged or cut short."),
        (file_samples.pdf_bytes("<p></p>"), "a.pdf", "There is no text in the file."),
        (file_samples.image_bytes(), "a.png", "There is no text in the file."),
        (b"hej", "a.docx", "The file is named .docx, but its content is something else."),
        (bytes(26 * 1024 * 1024), "a.txt", "The file is 26\u00a0MB."),
    ],
)
def test_parse_says_why_it_cannot_read(data: bytes, filename: str, said: str) -> None:
    assert refusal(data, filename)[: len(said)] == said


def test_parse_refuses_a_docx_that_bursts() -> None:
    data = file_samples.rezip(samples.docx_minutes(), **{"word/media/a": bytes(30 * 1024 * 1024)})

    assert refusal(data, "a.docx").startswith("The file unpacks to far more")


HOSTILE = ["# " + " " * 60_000 + "a", "." * 60_000 + "x", "**a" * 20_000, "- " * 30_000,
           "Punkt 1 " + "(" * 60_000, "1." * 30_000]  # fmt: skip


@pytest.mark.parametrize("line", HOSTILE, ids=lambda line: line[:9])
def test_parse_is_not_slow_on_hostile_lines(line: str) -> None:
    started = perf_counter()

    parse_minutes(f"Referat\n\n{line}\n\n{line}\n\nBeslutning\n{line}".encode(), "a.txt")

    assert perf_counter() - started < 2
