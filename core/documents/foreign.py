"""Pages of a stranger's PDF before they stand in a document of ours."""

from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf

SAFE_ACTIONS = {"/URI", "/GoTo"}
WEB = ("http://", "https://", "mailto:")


def disarm(pdf: Pdf) -> None:
    """Take out what acts on its own, and ties to a tag tree that stays behind."""
    names = _named_places(pdf)
    for page in pdf.pages:
        for key in ("/AA", "/StructParents", "/PieceInfo", "/Thumb", "/B"):
            if key in page.obj:
                del page.obj[key]
        notes = page.obj.get("/Annots", None)
        if isinstance(notes, Array):
            page.obj.Annots = Array([note for note in notes if _keep(note, names)])


def visible_box(page: Page) -> tuple[float, float, float, float]:
    """The part of the page that is shown, as left, bottom, right, top."""
    numbers = [float(number) for number in page.cropbox]
    media = [float(number) for number in page.mediabox]
    left, right = sorted((numbers[0], numbers[2]))
    bottom, top = sorted((numbers[1], numbers[3]))
    return (
        max(left, min(media[0], media[2])),
        max(bottom, min(media[1], media[3])),
        min(right, max(media[0], media[2])),
        min(top, max(media[1], media[3])),
    )


def states_left_open(page: Page) -> int:
    """How many graphics states the page's own drawing forgets to close."""
    try:
        steps = [str(step.operator) for step in pikepdf.parse_content_stream(page, "q Q")]
    except (pikepdf.PdfError, pikepdf.PdfParsingError, ValueError, TypeError):
        return 0
    return max(steps.count("q") - steps.count("Q"), 0)


def _keep(note: Object, names: dict[str, Any]) -> bool:
    if not isinstance(note, Dictionary):
        return False
    for key in ("/AA", "/StructParent", "/Popup"):
        if key in note:
            del note[key]
    if note.get("/Subtype", None) in (Name.FileAttachment, Name.RichMedia, Name.Screen, Name.Movie):
        return False
    if note.get("/Subtype", None) == Name.Link:
        return _resolve(note, names)
    if "/A" in note and str(note.A.get("/S", "")) not in SAFE_ACTIONS:
        del note["/A"]
    return True


def _resolve(link: Object, names: dict[str, Any]) -> bool:
    """Whether the link leads anywhere once the names of its own file are gone."""
    action = link.get("/A", Dictionary())
    if str(action.get("/S", "")) == "/URI":
        return str(action.get("/URI", "")).startswith(WEB)
    target = link.get("/Dest", action.get("/D", None))
    if target is not None and not isinstance(target, Array):
        target = names.get(str(target))
    if isinstance(target, Dictionary):
        target = target.get("/D", None)
    if not isinstance(target, Array) or not len(target) or not isinstance(target[0], Dictionary):
        return False
    if "/A" in link:
        del link["/A"]
    link.Dest = target
    return True


def _named_places(pdf: Pdf) -> dict[str, Any]:
    places: dict[str, Any] = {}
    old = pdf.Root.get("/Dests", None)
    if isinstance(old, Dictionary):
        places.update({str(key): old[str(key)] for key in old.keys()})  # noqa: SIM118
    tree = pdf.Root.get("/Names", Dictionary()).get("/Dests", None)
    if isinstance(tree, Dictionary):
        try:
            places.update({str(key): value for key, value in pikepdf.NameTree(tree).items()})
        except (pikepdf.PdfError, ValueError, TypeError, RuntimeError):
            return places
    return places
