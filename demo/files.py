"""The demo's attachments: real PDF, DOCX and PNG files with a line of text in each."""

from datetime import UTC, datetime
from io import BytesIO

MADE = datetime(2025, 10, 1, tzinfo=UTC)


def attachment_bytes(kind: str, title: str, text: str) -> tuple[bytes, str]:
    """The file and its name. Raises `KeyError` for a kind the demo does not make."""
    makers = {"pdf": _pdf, "docx": _docx, "png": _png}
    return makers[kind](title, text), f"{title}.{kind}"


def _pdf(title: str, text: str) -> bytes:
    from core.branding import palette
    from core.documents import palette_css, render_pdf

    context = {"title": title, "text": text, "palette_css": palette_css(palette("#0b4f5c"))}
    return render_pdf(
        template="pdf/demo_attachment.html", context=context, title=title, created=MADE
    )


def _docx(title: str, text: str) -> bytes:
    from docx import Document

    document = Document()
    document.add_heading(title, level=1)
    for sentence in text.split(". "):
        document.add_paragraph(sentence, style="List Bullet")
    document.core_properties.created = document.core_properties.modified = MADE
    document.core_properties.author = "Udvalgsrum, demo"
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _png(title: str, text: str) -> bytes:
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (900, 420), "white")
    draw = ImageDraw.Draw(image)
    for index, word in enumerate(text.split(" - ")):
        left = 40 + index * 290
        draw.rectangle((left, 150, left + 240, 270), outline="black", width=3)
        draw.text((left + 70, 200), word, fill="black")
    draw.text((40, 60), title, fill="black")
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
