"""Text and HTML of uploaded documents, and their names."""

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.files import extract_text, safe_filename, to_html
from tests.core import file_samples as samples


def test_to_html_of_docx_keeps_headings_lists_and_tables() -> None:
    assert to_html(samples.docx_bytes(), "docx") == (
        "<h1>Baggrund</h1><p>Vi afprøver ny teknologi.</p>"
        "<ul><li>Velkomst</li><li>Oplæg</li></ul>"
        "<table><tbody><tr><td><p>Navn</p></td><td><p>Plads</p></td></tr>"
        "<tr><td><p>Æblegård</p></td><td><p>Formand</p></td></tr></tbody></table>"
    )


def test_to_html_of_odt_keeps_headings_lists_and_tables() -> None:
    assert to_html(samples.odt_bytes(), "odt") == (
        "<h2>Svar fra følgegruppen</h2><p>Vi er <strong>enige</strong> i det meste.</p>"
        "<ol><li>At vi drøfter</li><li>At vi beslutter</li></ol>"
        "<table><tbody><tr><td><p>Navn</p></td><td><p>Plads</p></td></tr>"
        "<tr><td><p>Æblegård</p></td><td><p>Formand</p></td></tr></tbody></table>"
    )


def test_to_html_leaves_no_markup_from_the_text() -> None:
    document = docx.Document()
    document.add_paragraph("<script>alert(1)</script> & <b>fed</b>")

    html = to_html(samples.docx_bytes(document), "docx")

    assert html == "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;fed&lt;/b&gt;</p>"


def test_to_html_of_odt_leaves_deleted_text_and_comments_out() -> None:
    content = f"""<office:document-content xmlns:office="{NS}office:1.0" xmlns:text="{NS}text:1.0">
        <office:body><office:text><text:tracked-changes><text:changed-region><text:deletion>
        <text:p>slettet</text:p></text:deletion></text:changed-region></text:tracked-changes>
        <text:p>Hej<office:annotation><text:p>note</text:p></office:annotation><text:s text:c="2"/>
        du
        </text:p></office:text></office:body></office:document-content>"""
    data = samples.rezip(samples.odt_bytes(), **{"content.xml": content.encode()})

    assert to_html(data, "odt").split() == ["<p>Hej", "du", "</p>"]


NS = "urn:oasis:names:tc:opendocument:xmlns:"


def test_to_html_gives_the_words_of_an_image() -> None:
    document = docx.Document()
    picture = document.add_paragraph("Se ").add_run()
    import io

    shape = picture.add_picture(io.BytesIO(samples.image_bytes()))
    shape._inline.docPr.set("descr", "kort over <rådhuset>")

    assert to_html(samples.docx_bytes(document), "docx") == "<p>Se kort over &lt;rådhuset&gt;</p>"


def test_extract_text_divides_the_pages_of_a_pdf() -> None:
    data = samples.pdf_bytes("<p>Første</p><p style='break-before:page'>Anden</p>")

    assert extract_text(data, "pdf") == "Første\fAnden"


def test_extract_text_of_a_table_keeps_its_rows() -> None:
    assert extract_text(samples.odt_bytes(), "odt").split("\n")[-1] == "Formand"


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("Bilag 1 – æøå ÆØÅ.pdf", "Bilag 1 – æøå ÆØÅ.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        (r"C:\Users\mig\referat.docx", "referat.docx"),
        ("faktura\u202efdp.exe.pdf", "fakturafdp.exe.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "a Set-Cookie- x=1.pdf"),
        ('a"b;c.pdf', "a-b-c.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("a\u030arhus.pdf", "århus.pdf"),
        ("  . skjult.pdf. ", "skjult.pdf"),
    ],
)
def test_safe_filename_is_fit_to_show(given_name: str, shown: str) -> None:
    assert safe_filename(given_name) == shown


def test_safe_filename_shortens_and_keeps_the_type() -> None:
    name = safe_filename("å" * 400 + ".docx")

    assert (len(name), name[-6:]) == (150, "å.docx")


@given(st.text(max_size=300))
def test_safe_filename_is_never_empty_and_stable(name: str) -> None:
    safe = safe_filename(name)

    assert safe
    assert safe_filename(safe) == safe
    assert not set(safe) & set('/\\"\r\n\x00')
