"""Django template to PDF/UA-1 (working copies) or PDF/A-3a + PDF/UA-1 (sealed) bytes."""

import logging
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from django.template.loader import render_to_string
from django.utils import translation

from core.documents.structure import finish_structure
from core.models import OutboxCause

# "plain" has no tags: for what is laid over pages as an artifact.
Variant = Literal["pdf/ua-1", "pdf/a-3a", "plain"]
STYLESHEETS = ("pdf/document.css",)
CODE_POINT = re.compile(r"U\+([0-9A-F]{4,6})")

# What PDF/A wants to know before a file may also call itself PDF/UA-1.
UA_CLAIM = b"""<rdf:Description rdf:about="" \
xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" \
xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>\
<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>\
<rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>\
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289 that the file follows</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>\
</rdf:Description></rdf:RDF>"""


class DocumentError(Exception):
    """A document that would come out wrong; carries what the engine complained about."""

    outbox_cause = OutboxCause.CONTENT

    def __init__(self, messages: Sequence[str]) -> None:
        super().__init__("; ".join(messages))
        self.messages = list(messages)


@dataclass(frozen=True, slots=True)
class Embedded:
    """A file that travels inside the PDF, such as the machine-readable record."""

    name: str
    data: bytes
    description: str
    relationship: Literal["Data", "Source", "Supplement"] = "Data"


@dataclass(frozen=True, slots=True)
class Rendering:
    """What was given to WeasyPrint."""

    html: str
    variant: Variant


_record: ContextVar[list[Rendering] | None] = ContextVar("renderings", default=None)


@contextmanager
def recorded() -> Iterator[list[Rendering]]:
    """Collect what `render_pdf` gives to WeasyPrint inside the block; for measurements."""
    found: list[Rendering] = []
    token = _record.set(found)
    try:
        yield found
    finally:
        _record.reset(token)


def render_pdf(
    *,
    template: str,
    context: Mapping[str, Any],
    title: str,
    created: datetime,
    lang: str = "da",
    variant: Variant = "pdf/ua-1",
    attachments: Sequence[Embedded] = (),
) -> bytes:
    """Render `template` to a tagged PDF; the same arguments always give the same bytes.

    Raises `DocumentError` when the content asks for anything that is refused or missing.
    """
    stamp = created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    document = {"title": title, "lang": lang, "created": stamp}
    with translation.override(lang):
        html = render_to_string(template, {**context, "document": document})
    data, complaints = _attempt(html, created, variant, attachments)
    if complaints and (undrawable := _undrawable(complaints)):
        data, complaints = _attempt(_named(html, undrawable), created, variant, attachments)
    if complaints:
        raise DocumentError(complaints)
    if (found := _record.get()) is not None:
        found.append(Rendering(html, variant))
    return finish_structure(data)


def _attempt(
    html: str, created: datetime, variant: Variant, attachments: Sequence[Embedded]
) -> tuple[bytes, list[str]]:
    with _complaints() as complaints:
        data = _write(html, created, variant, attachments)
    return data, complaints


def _undrawable(complaints: Sequence[str]) -> set[str]:
    """The characters no font of this machine can draw, when nothing else is wrong."""
    if not all(complaint.startswith(".notdef") for complaint in complaints):
        return set()
    return {chr(int(code, 16)) for line in complaints for code in CODE_POINT.findall(line)}


def _named(html: str, characters: set[str]) -> str:
    """Name what cannot be drawn: the reader sees that something stood there, and what."""
    from core.documents.glyphs import named

    return html.translate({ord(char): named(char) for char in sorted(characters)})


def _write(
    html: str, created: datetime, variant: Variant, attachments: Sequence[Embedded]
) -> bytes:
    # weasyprint is a slow import: only the worker that renders pays for it.
    from weasyprint import CSS, HTML, Attachment
    from weasyprint.text.fonts import FontConfiguration

    from core.documents.fetcher import LockedFetcher, static_path
    from core.documents.glyphs import drawable

    fetcher, fonts = LockedFetcher(), FontConfiguration()
    styles = [
        CSS(filename=static_path(name), url_fetcher=fetcher, font_config=fonts)
        for name in STYLESHEETS
    ]
    # No base address: a relative address in a text can then not point at a file of ours.
    page = HTML(string=drawable(html), url_fetcher=fetcher)
    pdf_variant = None if variant == "plain" else variant
    laid_out = page.render(stylesheets=styles, font_config=fonts, pdf_variant=pdf_variant)
    if variant == "pdf/a-3a":
        _claim_both(laid_out.metadata)
    when = created.astimezone(UTC)
    files = [
        Attachment(
            string=item.data, name=item.name, description=item.description,
            relationship=item.relationship, created=when, modified=when,
        )
        for item in attachments
    ]  # fmt: skip
    return bytes(laid_out.write_pdf(pdf_variant=pdf_variant, attachments=files))


def _claim_both(metadata: Any) -> None:
    """Make WeasyPrint write PDF/A-3a and PDF/UA-1 into one file, with readable metadata."""
    generate, include = metadata.generate_rdf_metadata, metadata.include_in_pdf

    def generate_both(*args: Any, **kwargs: Any) -> bytes:
        return bytes(generate(*args, **kwargs)).replace(b"</rdf:RDF>", UA_CLAIM)

    def include_plain(
        pdf: Any,
        variant: str,
        version: int,
        conformance: str | None,
        compress: bool,
    ) -> None:
        # PDF/A forbids a filter on the metadata stream.
        include(pdf, variant, version, conformance, False)

    metadata.generate_rdf_metadata, metadata.include_in_pdf = generate_both, include_plain


class _Collector(logging.Handler):
    """Keeps what WeasyPrint says in this thread; another thread has its own document."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.thread = threading.get_ident()
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self.thread:
            self.messages.append(record.getMessage())


@contextmanager
def _complaints() -> Iterator[list[str]]:
    log, collector = logging.getLogger("weasyprint"), _Collector()
    log.addHandler(collector)
    try:
        yield collector.messages
    finally:
        log.removeHandler(collector)
