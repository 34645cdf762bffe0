"""What WeasyPrint leaves out of the tag tree, added in document order."""

import io
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, String


def finish_structure(data: bytes) -> bytes:
    """Give every header cell its scope and every table its own cell ids.

    A table that crosses a page is written as two tables with the same ids; ids must be unique.
    """
    with pikepdf.open(io.BytesIO(data)) as pdf:
        if "/StructTreeRoot" in pdf.Root:
            for number, table in enumerate(_tables(pdf.Root.StructTreeRoot), start=1):
                _finish_table(table, number)
        return save(pdf)


def save(pdf: pikepdf.Pdf) -> bytes:
    """Return the bytes of `pdf`, with an identifier made from the content."""
    buffer = io.BytesIO()
    pdf.save(buffer, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return buffer.getvalue()


def _tables(root: Object) -> Iterator[Object]:
    return (node for node in _walk(root) if node.get("/S") == Name.Table)


def _walk(node: Object) -> Iterator[Object]:
    """Yield structure elements below `node`, parents first, in reading order."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        kids = current.get("/K", None)
        if isinstance(kids, Array):
            stack.extend(kid for kid in reversed(list(kids)) if isinstance(kid, Dictionary))
        elif isinstance(kids, Dictionary):
            stack.append(kids)


def _finish_table(table: Object, number: int) -> None:
    for cell in list(_walk(table)):
        kind = cell.get("/S", None)
        if kind not in (Name.TH, Name.TD):
            continue
        if "/ID" in cell:
            cell.ID = String(f"t{number}-{cell.ID}")
        attributes = cell.get("/A", None)
        if not isinstance(attributes, Dictionary):
            continue
        if "/Headers" in attributes:
            attributes.Headers = Array([String(f"t{number}-{h}") for h in attributes.Headers])
        if kind == Name.TH:
            in_head = cell.P.P.get("/S", None) == Name.THead
            attributes.Scope = Name.Column if in_head else Name.Row
