"""One PDF from a document of ours and the files that follow it.

Our own part keeps its tags. Foreign pages keep their boxes and their rotation; what could act
on its own in them is taken out, and each gets a stamp that readers of the tags do not hear.
"""

import io
import re
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, OutlineItem, Page, Pdf

from core.documents.foreign import disarm, states_left_open, visible_box
from core.documents.structure import save

SCHEME = "appendix:"
UA_PART = re.compile(rb'<rdf:Description[^>]*pdfuaid:part="1"[^>]*/>|pdfuaid:part="1"')
STAMP_MARGIN = 17.0  # points from the edge of an A4 page


@dataclass(frozen=True, slots=True)
class Appendix:
    """A PDF to append: the address our own links use, and the bookmark it gets below `under`."""

    key: str
    data: bytes
    bookmark: str
    under: str


def address(key: str) -> str:
    """The address a link in our own part uses for the appendix `key`."""
    return f"{SCHEME}{key}"


def page_count(data: bytes) -> int:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return len(pdf.pages)


def assemble(own: bytes, appendices: Sequence[Appendix], stamps: bytes) -> bytes:
    """Return `own` followed by the appendices; page n of them carries page n of `stamps`."""
    with ExitStack() as stack:
        pdf = stack.enter_context(pikepdf.open(io.BytesIO(own)))
        starts: dict[str, int] = {}
        first = len(pdf.pages)
        for appendix in appendices:
            starts[appendix.key] = len(pdf.pages)
            source = stack.enter_context(pikepdf.open(io.BytesIO(appendix.data)))
            disarm(source)
            pdf.pages.extend(source.pages)
        if appendices:
            _stamp(pdf, first, stack.enter_context(pikepdf.open(io.BytesIO(stamps))))
            _drop_ua_claim(pdf)
        _point_links(pdf, first, starts)
        _bookmark(pdf, appendices, starts)
        return save(pdf)


def _stamp(pdf: Pdf, first: int, stamps: Pdf) -> None:
    for index, stamp in enumerate(stamps.pages):
        page = pdf.pages[first + index]
        form = pdf.copy_foreign(stamp.as_form_xobject())
        page.add_resource(form, Name.XObject, Name.UrStamp, replace_existing=True)
        closing = b"Q " * (1 + states_left_open(page))
        size = float(stamp.mediabox[2]), float(stamp.mediabox[3])
        page.contents_add(b"q\n", prepend=True)
        page.contents_add(b"\n" + closing + _drawing(page, *size))


def _drawing(page: Page, width: float, height: float) -> bytes:
    """Draw the stamp upright at the lower right corner of the page as it is shown."""
    left, bottom, right, top = visible_box(page)
    turn = int(page.obj.get("/Rotate", 0)) % 360
    shown_width = top - bottom if turn in (90, 270) else right - left
    shown_height = right - left if turn in (90, 270) else top - bottom
    # A stamp readable on A4 is scaled with the page, so that a plan on A0 shows it too.
    scale = min(max(min(shown_width, shown_height) / 595, 0.4), 4.0)
    scale = min(scale, 0.95 * shown_width / width)
    u = shown_width - (width + STAMP_MARGIN) * scale
    v = STAMP_MARGIN * scale
    a, b, c, d, e, f = {
        0: (1, 0, 0, 1, left + u, bottom + v),
        90: (0, 1, -1, 0, right - v, bottom + u),
        180: (-1, 0, 0, -1, right - u, top - v),
        270: (0, -1, 1, 0, left + v, top - u),
    }[turn if turn in (0, 90, 180, 270) else 0]
    matrix = (a * scale, b * scale, c * scale, d * scale, e, f)
    numbers = " ".join(f"{number:.4f}" for number in matrix)
    artifact = "/Artifact <</Type /Pagination /Subtype /Footer>> BDC"
    return f"{artifact} q {numbers} cm /UrStamp Do Q EMC".encode()


def _drop_ua_claim(pdf: Pdf) -> None:
    """Foreign pages may be untagged, so the whole must not call itself PDF/UA."""
    metadata = pdf.Root.get("/Metadata", None)
    if isinstance(metadata, pikepdf.Stream):
        metadata.write(UA_PART.sub(b"", metadata.read_bytes()))


def _point_links(pdf: Pdf, first: int, starts: dict[str, int]) -> None:
    for page in list(pdf.pages)[:first]:
        for note in page.obj.get("/Annots", []):
            key = _appendix_key(note)
            if key in starts:
                del note["/A"]
                note.Dest = Array([pdf.pages[starts[key]].obj, Name.Fit])


def _appendix_key(note: Object) -> str:
    uri = str(note.get("/A", Dictionary()).get("/URI", ""))
    return uri.removeprefix(SCHEME) if uri.startswith(SCHEME) else ""


def _bookmark(pdf: Pdf, appendices: Sequence[Appendix], starts: dict[str, int]) -> None:
    from core.documents.glyphs import drawable  # leads to weasyprint, a slow import

    with pdf.open_outline() as outline:
        by_title = {item.title: item for item in reversed(outline.root)}
        for appendix in appendices:
            above = by_title.get(drawable(appendix.under))
            place = above.children if above else outline.root
            place.append(OutlineItem(appendix.bookmark, starts[appendix.key], "Fit"))
