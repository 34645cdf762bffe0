"""Files for tests, made by code so that what they hold can be read here."""

import io
import zipfile
from functools import cache

import docx
import pikepdf
from odf import opendocument, style, table, text
from PIL import Image

ROWS = (("Navn", "Plads"), ("Æblegård", "Formand"))


def docx_bytes(document: "docx.document.Document | None" = None) -> bytes:
    target = io.BytesIO()
    (document or docx_document()).save(target)
    return target.getvalue()


def docx_document() -> "docx.document.Document":
    document = docx.Document()
    document.core_properties.title = "Kommissorium for udvalget"
    document.add_heading("Baggrund", level=1)
    document.add_paragraph("Vi afprøver ny teknologi.")
    document.add_paragraph("Velkomst", style="List Bullet")
    document.add_paragraph("Oplæg", style="List Bullet")
    grid = document.add_table(rows=0, cols=2)
    for row in ROWS:
        for cell, value in zip(grid.add_row().cells, row, strict=True):
            cell.text = value
    return document


def odt_bytes() -> bytes:
    document = opendocument.OpenDocumentText()
    document.meta.addElement(odf_title("Høringssvar"))
    bold = style.Style(name="Fed", family="text")
    bold.addElement(style.TextProperties(fontweight="bold"))
    document.automaticstyles.addElement(bold)
    numbered = text.ListStyle(name="Tal")
    numbered.addElement(text.ListLevelStyleNumber(level="1", numformat="1"))
    document.automaticstyles.addElement(numbered)
    document.text.addElement(text.H(outlinelevel=2, text="Svar fra følgegruppen"))
    paragraph = text.P(text="Vi er ")
    paragraph.addElement(text.Span(stylename=bold, text="enige"))
    paragraph.addText(" i det meste.")
    document.text.addElement(paragraph)
    document.text.addElement(_odf_list(numbered))
    document.text.addElement(_odf_table())
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def odf_title(words: str):
    from odf import dc

    return dc.Title(text=words)


def _odf_list(numbered):
    entries = text.List(stylename=numbered)
    for words in ("At vi drøfter", "At vi beslutter"):
        item = text.ListItem()
        item.addElement(text.P(text=words))
        entries.addElement(item)
    return entries


def _odf_table():
    grid = table.Table(name="Pladser")
    for row in ROWS:
        line = table.TableRow()
        for value in row:
            cell = table.TableCell()
            cell.addElement(text.P(text=value))
            line.addElement(cell)
        grid.addElement(line)
    return grid


@cache
def pdf_bytes(
    body: str = "<h1>Referat</h1><p>Vi drøftede rød grød.</p>", title: str = "Mødebog"
) -> bytes:
    import weasyprint

    page = f"<html lang=da><head><title>{title}</title></head><body>{body}</body></html>"
    return weasyprint.HTML(string=page).write_pdf()


def locked_pdf_bytes(user: str = "hemmelig") -> bytes:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf_bytes())) as pdf:
        pdf.save(target, encryption=pikepdf.Encryption(owner="ejer", user=user))
    return target.getvalue()


def image_bytes(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    target = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(target, kind)
    return target.getvalue()


def rezip(data: bytes, **members: bytes) -> bytes:
    """`data` as a ZIP with `members` added or replaced; `__` in a name is a slash."""
    target = io.BytesIO()
    added = {name.replace("__", "/"): content for name, content in members.items()}
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in added:
                new.writestr(name, old.read(name))
        for name, content in added.items():
            new.writestr(name, content)
    return target.getvalue()
