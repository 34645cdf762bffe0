"""Rendering behind the locked fetcher: what gets out, what comes in, same bytes."""

import io
import logging
from datetime import UTC, datetime

import pikepdf
import pytest

from core.documents import DocumentError, Embedded, palette_css, pdf_prose, render_pdf, validate_ua
from core.documents.loose import UnusableFile, as_pdf, loose_page
from core.documents.prose import pdf_html
from tests.meetings.samples import Colours, blank_pdf, picture

CREATED = datetime(2026, 3, 11, 8, 14, tzinfo=UTC)
HOSTILE = (
    '<img src="file:///etc/passwd"><img src="http://example.org/x.png">'
    '<link rel="stylesheet" href="file:///etc/hostname"><link rel="attachment" href="/etc/passwd">'
    "<style>@import url(file:///etc/passwd)</style><script>alert(1)</script>"
    "![x](file:///etc/passwd) [y](file:///etc/passwd) [z](/etc/passwd) [a](#nowhere)"
)


def text_of(data: bytes) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    return " ".join(text.replace("\u00a0", " ").split())


def render(html: str = "", **more: object) -> bytes:
    context = {"palette_css": palette_css(Colours()), "heading": "Prøve", "html": html}
    arguments = {"template": "pdf/loose.html", "context": context, "title": "Prøve"}
    return render_pdf(**{**arguments, "created": CREATED, **more})  # type: ignore[arg-type]


@pytest.fixture
def fetcher():  # type: ignore[no-untyped-def]
    from core.documents.fetcher import LockedFetcher

    return LockedFetcher()


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "file://example.org/etc/passwd",
        "http://127.0.0.1/",
        "https://example.org/",
        "ftp://example.org/",
        "FILE:///etc/passwd",
        "{static}/pdf/../../manage.py",
        "{static}/pdf/%2e%2e/%2e%2e/manage.py",
        "{static}/pdf/document.css/../../../manage.py",
    ],
)
def test_fetcher_refuses_whatever_is_not_on_the_list(fetcher, url, settings) -> None:  # type: ignore[no-untyped-def]
    address = url.replace("{static}", f"file://{settings.STATICFILES_DIRS[0]}")

    with pytest.raises(ValueError, match="may not fetch"):
        fetcher.fetch(address)


def test_fetcher_serves_data_and_own_files(fetcher, settings) -> None:  # type: ignore[no-untyped-def]
    own = f"file://{settings.STATICFILES_DIRS[0]}/pdf/document.css"

    assert fetcher.fetch("data:text/plain,hej").read() == b"hej"
    assert b"@page" in fetcher.fetch(own).read()


def test_fetcher_refuses_a_symlink_out_of_the_folder(fetcher, settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path / "pdf"
    folder.mkdir()
    (folder / "x.css").symlink_to("/etc/passwd")
    settings.STATICFILES_DIRS = [tmp_path]

    with pytest.raises(ValueError, match="may not fetch"):
        fetcher.fetch(f"file://{folder}/x.css")


def test_render_pdf_is_tagged_danish_and_conforms() -> None:
    data = render(pdf_prose("Hej\n\n| a | b |\n| --- | --- |\n| 1 | 2 |", under=1))

    assert validate_ua(data) == []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert str(pdf.Root.Lang) == "da"
        assert str(pdf.docinfo["/Title"]) == "Prøve"
        scopes = [
            o.A.Scope
            for o in pdf.objects
            if isinstance(o, pikepdf.Dictionary) and o.get("/S") == "/TH"
        ]
        assert scopes == ["/Column", "/Column"]


def test_render_pdf_gives_the_same_bytes_twice() -> None:
    assert render("<p>Hej</p>") == render("<p>Hej</p>")


def test_render_pdf_refuses_content_that_fetches() -> None:
    from django.utils.safestring import mark_safe

    with pytest.raises(DocumentError):
        render(mark_safe('<img src="file:///etc/passwd" alt="x">'))


def test_render_pdf_seals_with_the_record_inside() -> None:
    record = Embedded(name="protokol.json", data=b'{"a":1}', description="Protokol")

    data = render("<p>Hej</p>", variant="pdf/a-3a", attachments=[record])

    assert (validate_ua(data), validate_ua(data, profile="3a")) == ([], [])
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.attachments["protokol.json"].get_file().read_bytes() == b'{"a":1}'
    assert data == render("<p>Hej</p>", variant="pdf/a-3a", attachments=[record])


def test_hostile_prose_asks_for_nothing_and_stays_text(caplog) -> None:  # type: ignore[no-untyped-def]
    caplog.set_level(logging.WARNING)

    data = render(pdf_prose(HOSTILE, under=1))

    assert [record.name for record in caplog.records if "documents" in record.name] == []
    assert "root:" not in text_of(data)
    assert validate_ua(data) == []


def test_hostile_converted_html_asks_for_nothing(caplog) -> None:  # type: ignore[no-untyped-def]
    caplog.set_level(logging.WARNING)

    data = render(pdf_html(HOSTILE + "<h4>Overskrift</h4><p>Hej</p>"))

    assert [record.name for record in caplog.records if "documents" in record.name] == []
    assert validate_ua(data) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("2. møde, 3. december 2025: drøftet", "<p>2. møde, 3. december 2025: drøftet</p>"),
        ("### Dybt\n\n# Højt", "<h4>Dybt</h4>\n<h4>Højt</h4>"),
        ("# A\n\n### B", "<h4>A</h4>\n<h5>B</h5>"),
        ("[x](/hemmelig)", "<p>x</p>"),
        ("[](https://a.dk/)", None),
    ],
)
def test_pdf_prose_keeps_the_words(source: str, expected: str | None) -> None:
    html = pdf_prose(source).strip()

    assert html == (expected or '<p><a href="https://a.dk/">https://a.dk/</a></p>')


def test_lists_are_numbered_as_written() -> None:
    text = text_of(render(pdf_prose("3) tre\n4) fire\n\nså\n\n1. en\n2. to", under=1)))

    assert "3) tre 4) fire så 1. en 2. to" in text


def test_symbols_outside_the_font_are_replaced() -> None:
    data = render(pdf_prose("Klar ✅ og 😀 og ﬁn", under=1))

    assert "Klar ✓ og [tegn U+1F600] og fin" in text_of(data)
    assert validate_ua(data) == []


def test_palette_refuses_what_is_not_a_colour() -> None:
    with pytest.raises(ValueError, match="brand"):
        palette_css(Colours(brand="red;}body{"))


@pytest.mark.parametrize(
    ("data", "media_type", "expected"),
    [
        (b"", "application/pdf", None),
        (b"%PDF-1.7\n%%EOF", "application/pdf", None),
        (blank_pdf(2)[:200], "application/pdf", None),
        (blank_pdf(2), "application/pdf", 3),
        (b"no picture", "image/png", None),
        (picture()[:300], "image/png", None),
        (b"x", "application/zip", None),
    ],
)
def test_unusable_files_say_why(data: bytes, media_type: str, expected: int | None) -> None:
    with pytest.raises(UnusableFile, match=r".+\."):
        as_pdf(
            data,
            media_type=media_type,
            title="x",
            expected_pages=expected,
            created=CREATED,
            palette=Colours(),
            to_html=None,
        )


def test_pictures_become_one_described_page() -> None:
    for kind, media_type in (("PNG", "image/png"), ("JPEG", "image/jpeg")):
        data = as_pdf(
            picture(kind),
            media_type=media_type,
            title="Skærmbillede",
            expected_pages=None,
            created=CREATED,
            palette=Colours(),
            to_html=None,
        )
        assert validate_ua(data) == []


def test_loose_page_carries_its_lines() -> None:
    data = loose_page("Bilag 1", created=CREATED, palette=Colours(), lines=["Kan ikke vises"])

    assert text_of(data) == "Bilag 1 Kan ikke vises"


@pytest.mark.parametrize(
    "source",
    [
        "| a | b |\n| --- | --- |",
        "| | b |\n| --- | --- |\n| 1 | |",
        "[**fed**](https://a.dk/) og [x](http://[::1)",
        "中文 og مرحبا",
        "1) a\n   1) b\n      - c\n2) d\n\n   afsnit",
        "- a\n\n  | x | y |\n  | --- | --- |\n  | 1 | 2 |",
        "x" * 600,
        "-\n- a\n\n#\n\n---",
    ],
)
def test_odd_prose_still_conforms(source: str) -> None:
    assert validate_ua(render(pdf_prose(source, under=1))) == []
