"""What a file says beside its pages."""

import io

import docx
import pikepdf
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo

from core.files import BadFile
from core.files.kinds import MEDIA_TYPES
from core.files.metadata import Hidden, hidden_text
from tests.core.file_samples import docx_bytes, odt_bytes

CHANGE = (
    '<w:{name} {ns} w:id="1" w:author="Ane Bo"><w:r><w:{text}>{words}</w:{text}></w:r></w:{name}>'
)


def marked_docx() -> bytes:
    """An author, a deletion, an insertion and a comment."""
    document = docx.Document()
    document.core_properties.author = "Ane Bo"
    document.core_properties.title = "Notat"
    paragraph = document.add_paragraph("Teksten")
    for name, text, words in (("del", "delText", "slettet 010190-1234"), ("ins", "t", "sat ind")):
        xml = CHANGE.format(name=name, text=text, words=words, ns=nsdecls("w"))
        paragraph._p.append(parse_xml(xml))
    document.add_comment(paragraph.runs, text="Er det rigtigt?", author="Bo Ane", initials="BA")
    return docx_bytes(document)


def noted_pdf() -> bytes:
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(200, 200))
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Text,
        Rect=[0, 0, 9, 9],
        Contents="Husk at slette",
    )
    page.Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(note)]))
    pdf.docinfo["/Author"] = "Ane Bo"
    pdf.docinfo["/Title"] = "Notat"
    pdf.docinfo["/Producer"] = "Et program"
    with pdf.open_metadata(update_docinfo=False) as meta:
        meta["dc:creator"] = ["Bo Ane"]
    target = io.BytesIO()
    pdf.save(target)
    return target.getvalue()


def test_docx_tells_its_author_comments_and_tracked_changes():
    told = hidden_text(marked_docx(), MEDIA_TYPES["docx"])

    assert Hidden("author", "Ane Bo") in told
    assert Hidden("property", "Notat") in told
    assert Hidden("comment", "Bo Ane: Er det rigtigt?") in told
    assert Hidden("tracked", "Ane Bo: slettet 010190-1234") in told
    assert Hidden("tracked", "Ane Bo: sat ind") in told


def test_pdf_tells_its_author_title_and_notes():
    told = hidden_text(noted_pdf(), MEDIA_TYPES["pdf"])

    assert set(told) == {
        Hidden("author", "Ane Bo"), Hidden("author", "Bo Ane"), Hidden("property", "Notat"),
        Hidden("comment", "Husk at slette"),
    }  # fmt: skip


def test_odt_tells_its_title():
    assert Hidden("property", "Høringssvar") in hidden_text(odt_bytes(), MEDIA_TYPES["odt"])


def photo(media_type: str = "JPEG") -> bytes:
    """A photo as a telephone takes it: who, where, and what somebody wrote into it."""
    image, exif = Image.new("RGB", (8, 8)), Image.Exif()
    exif[ExifTags.Base.Artist] = "Ane Bo"
    exif[ExifTags.Base.ImageDescription] = "Børnehaven".encode()
    exif[ExifTags.Base.XPComment] = "Spørg 010190-1234".encode("utf-16-le")
    exif[ExifTags.IFD.GPSInfo] = {
        ExifTags.GPS.GPSLatitudeRef: "N",
        ExifTags.GPS.GPSLatitude: (55.0, 45.0, 0.0),
        ExifTags.GPS.GPSLongitudeRef: "E",
        ExifTags.GPS.GPSLongitude: (12.0, 30.0, 36.0),
    }
    target = io.BytesIO()
    image.save(target, media_type, exif=exif)
    return target.getvalue()


@pytest.mark.parametrize("kind", ["jpeg", "png"])
def test_a_photo_tells_who_took_it_and_where(kind):
    assert set(hidden_text(photo(kind.upper()), MEDIA_TYPES[kind])) == {
        Hidden("author", "Ane Bo"),
        Hidden("property", "Børnehaven"),
        Hidden("comment", "Spørg 010190-1234"),
        Hidden("location", "55.75000 N, 12.51000 E"),
    }


def test_the_words_of_a_png_are_told_also_behind_the_picture():
    words, target = PngInfo(), io.BytesIO()
    words.add_text("Author", "Ane Bo")
    words.add_itxt("Comment", "Ring ikke før ni", zip=True)
    words.add_text("Software", "Et program")
    Image.new("RGB", (8, 8)).save(target, "PNG", pnginfo=words)

    told = hidden_text(target.getvalue(), MEDIA_TYPES["png"])
    assert told == [Hidden("author", "Ane Bo"), Hidden("comment", "Ring ikke før ni")]


def test_a_bare_picture_tells_nothing():
    target = io.BytesIO()
    Image.new("RGB", (8, 8)).save(target, "JPEG")

    assert hidden_text(target.getvalue(), MEDIA_TYPES["jpeg"]) == []


@pytest.mark.parametrize("kind", ["pdf", "docx", "odt", "png", "jpeg"])
def test_a_broken_file_is_said_to_be_broken(kind):
    with pytest.raises(BadFile):
        hidden_text(b"ikke en fil", MEDIA_TYPES[kind])
