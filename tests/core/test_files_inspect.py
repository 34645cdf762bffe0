"""The door for uploads."""

import io
import struct
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from django.utils import translation

from core.files import BadFile, inspect, sniff
from tests.core import file_samples as samples


@pytest.fixture(autouse=True)
def english():
    """The sentences are compared in the language of the code."""
    with translation.override("en"):
        yield


DOCUMENT = "word__document.xml"


def refusal(data: bytes | Path, filename: str, **limits: int) -> str:
    with translation.override("en"), pytest.raises(BadFile) as caught:
        inspect(data, filename, **limits)
    return str(caught.value.reason)


def test_inspect_pdf_reads_pages_title_and_text() -> None:
    found = inspect(samples.pdf_bytes(), "Referat.PDF")

    assert (found.kind, found.media_type, found.pages) == ("pdf", "application/pdf", 1)
    assert (found.filename, found.title) == ("Referat.PDF", "Mødebog")
    assert "Vi drøftede rød grød." in found.text


def test_inspect_docx_reads_title_and_text() -> None:
    found = inspect(samples.docx_bytes(), "kommissorium.docx")

    assert (found.kind, found.pages, found.title) == ("docx", None, "Kommissorium for udvalget")
    assert found.text.split("\n")[:2] == ["Baggrund", "Vi afprøver ny teknologi."]


def test_inspect_odt_reads_title_and_text() -> None:
    found = inspect(samples.odt_bytes(), "svar.odt")

    assert (found.kind, found.pages, found.title) == ("odt", None, "Høringssvar")
    assert found.text.split("\n")[:2] == ["Svar fra følgegruppen", "Vi er enige i det meste."]


@pytest.mark.parametrize(
    ("form", "filename", "kind"),
    [("PNG", "kort.png", "png"), ("JPEG", "foto.jpg", "jpeg"), ("JPEG", "foto.jpeg", "jpeg")],
)
def test_inspect_image_is_one_page_without_text(form: str, filename: str, kind: str) -> None:
    found = inspect(samples.image_bytes(form), filename)

    assert (found.kind, found.pages, found.title, found.text) == (kind, 1, "", "")


def test_inspect_reads_a_path(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    path.write_bytes(samples.pdf_bytes())

    found = inspect(path, "Æble og ål.pdf")

    assert (found.filename, found.size) == ("Æble og ål.pdf", len(samples.pdf_bytes()))


def test_inspect_says_the_size_and_the_limit() -> None:
    said = refusal(bytes(62 * 1024 * 1024), "stor.pdf")

    assert said == "The file is 62\u00a0MB. It may be at most 25\u00a0MB."


def test_inspect_measures_a_path_before_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "upload"
    with path.open("wb") as file:
        file.truncate(10**12)

    assert refusal(path, "stor.pdf").endswith("It may be at most 25\u00a0MB.")


def test_inspect_lets_in_a_file_of_exactly_the_limit() -> None:
    data = samples.pdf_bytes()

    assert inspect(data, "a.pdf", limit=len(data)).size == len(data)
    assert refusal(data, "a.pdf", limit=len(data) - 1).startswith("The file is")


def test_inspect_refuses_an_empty_file() -> None:
    assert refusal(b"", "a.pdf").startswith("The file is empty.")


@pytest.mark.parametrize("filename", ["virus.exe", "side.html", "a.doc", "tegning.svg", "a.pdf.js"])
def test_inspect_refuses_other_extensions(filename: str) -> None:
    assert "cannot be used here" in refusal(samples.pdf_bytes(), filename)


def test_inspect_refuses_a_name_without_a_type() -> None:
    assert refusal(samples.pdf_bytes(), "referat").startswith("The file name has no type.")


@pytest.mark.parametrize("filename", ["a.pdf", "a.docx", "a.odt", "a.png", "a.jpg"])
def test_inspect_refuses_a_renamed_program(filename: str) -> None:
    said = refusal(b"MZ\x90\x00" + bytes(500), filename)

    assert f"named .{filename[2:]}, but its content is something else" in said


def test_inspect_names_what_a_misnamed_file_is() -> None:
    said = refusal(samples.docx_bytes(), "a.pdf")

    assert said.startswith("The file is named .pdf, but it is a Word document (DOCX).")


@pytest.mark.parametrize(
    ("data", "filename"),
    [
        (samples.pdf_bytes(), "a.pdf"),
        (samples.docx_bytes(), "a.docx"),
        (samples.odt_bytes(), "a.odt"),
        (samples.image_bytes("PNG"), "a.png"),
        (samples.image_bytes("JPEG"), "a.jpg"),
    ],
)
@pytest.mark.parametrize("share", [0.3, 0.7, 0.95])
def test_inspect_refuses_a_file_cut_short(data: bytes, filename: str, share: float) -> None:
    said = refusal(data[: int(len(data) * share)], filename)

    assert said.startswith("The file is damaged or cut short.")


def test_inspect_refuses_a_flipped_byte_in_an_archive() -> None:
    data = bytearray(samples.docx_bytes())
    at = data.index(b"word/document.xml") + 60
    data[at] ^= 0xFF

    assert refusal(bytes(data), "a.docx").startswith("The file is damaged or cut short.")


@pytest.mark.parametrize("user", ["hemmelig", ""])
def test_inspect_refuses_a_locked_pdf(user: str) -> None:
    assert refusal(samples.locked_pdf_bytes(user), "a.pdf").startswith("The file is protected")


def test_inspect_refuses_an_old_word_file() -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)

    assert refusal(data, "a.docx").startswith("The file is an old Word file")


def test_inspect_refuses_macros_by_name_type_and_member() -> None:
    plain = samples.docx_bytes()
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        types = archive.read("[Content_Types].xml")
    typed = types.replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
    )

    said = {
        refusal(plain, "a.docm"),
        refusal(samples.rezip(plain, **{"[Content_Types].xml": typed}), "a.docx"),
        refusal(
            samples.rezip(plain, **{"word/vbaProject.bin": b"x"}),
            "a.docx",
        ),
        refusal(samples.rezip(samples.odt_bytes(), **{"Basic/Standard/a.xml": b"<a/>"}), "a.odt"),
    }

    assert [text[:31] for text in said] == ["The document holds macros. Save"]


def test_inspect_refuses_a_zip_bomb_by_ratio() -> None:
    data = samples.rezip(samples.docx_bytes(), word__media__a=bytes(30 * 1024 * 1024))

    assert refusal(data, "a.docx").startswith("The file unpacks to far more")


def test_inspect_refuses_a_zip_bomb_by_number() -> None:
    many = {f"word/media/{at}": b"" for at in range(3001)}

    assert refusal(samples.rezip(samples.docx_bytes(), **many), "a.docx").startswith("The file unp")


def test_inspect_refuses_entities_and_depth_in_xml() -> None:
    laughs = b'<!DOCTYPE a [<!ENTITY b "ha">]><a>&b;</a>'
    deep = b"<a>" * 5000 + b"</a>" * 5000

    for content in (laughs, deep):
        data = samples.rezip(samples.docx_bytes(), **{"word/styles.xml": content})
        assert refusal(data, "a.docx").startswith("The file holds instructions")


def test_inspect_refuses_a_locked_odt() -> None:
    manifest = b"<manifest><file-entry><encryption-data/></file-entry></manifest>"
    data = samples.rezip(samples.odt_bytes(), **{"META-INF/manifest.xml": manifest})

    assert refusal(data, "a.odt").startswith("The file is protected")


def test_inspect_refuses_two_files_in_one() -> None:
    said = refusal(samples.image_bytes() + samples.docx_bytes(), "a.png")

    assert said.startswith("The file holds another file behind the document.")


def test_inspect_refuses_too_many_pixels_before_unpacking_them() -> None:
    def chunk(name: bytes, content: bytes) -> bytes:
        crc = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", 9000, 9000, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"x")

    assert refusal(data, "a.png") == (
        "The image is 9000 × 9000 pixels. It may be at most 50 million pixels."
    )


def test_inspect_never_raises_anything_else() -> None:
    for data, name in ((samples.pdf_bytes(), "a.pdf"), (samples.docx_bytes(), "a.docx")):
        for at in range(0, len(data), len(data) // 40):
            broken = data[:at] + b"\xff\x00\xff\x00" + data[at + 4 :]
            with suppress(BadFile):
                assert inspect(broken, name).filename == name


def test_sniff_tells_kinds_by_content() -> None:
    assert sniff(samples.pdf_bytes()) == "pdf"
    assert sniff(samples.docx_bytes()) == "docx"
    assert sniff(samples.odt_bytes()) == "odt"
    assert sniff(samples.image_bytes("JPEG")) == "jpeg"
    assert sniff(b"PK\x03\x04 not a zip") is None
    assert sniff(b"hej") is None
