"""Tables as files that spreadsheets open without harm, written piece by piece."""

import csv
import io
import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import Any

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GUARDED = re.compile(r"'+[=+\-@\t\r]")
PIECE = 65_536


def guarded(text: str) -> str:
    """The cell as a spreadsheet cannot take for a formula (OWASP); `unguarded` takes it back."""
    if text and (text[0] in "=+-@\t\r" or GUARDED.match(text)):
        return f"'{text}"
    return text


def unguarded(text: str) -> str:
    return text[1:] if GUARDED.match(text) else text


def csv_pieces(heads: list[list[str]], lines: Iterable[list[str]]) -> Iterator[bytes]:
    """With the mark that makes Excel read it as UTF-8, and semicolons as it expects in Danish."""
    yield b"\xef\xbb\xbf"
    for part in (heads, lines):
        for line in part:
            buffer = io.StringIO()
            csv.writer(buffer, delimiter=";").writerow([guarded(cell) for cell in line])
            yield buffer.getvalue().encode()


def xlsx_pieces(title: str, heads: list[str], lines: Iterable[list[str]]) -> Iterator[bytes]:
    """One sheet, in which every cell is text."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.append(heads)
    for line in lines:
        sheet.append([_text_cell(sheet, text) for text in line])
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def _text_cell(sheet: Any, text: str) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell = WriteOnlyCell(sheet, value=str(ILLEGAL_CHARACTERS_RE.sub("", text)))
    # Text, whatever it begins with: never a formula.
    cell.data_type = "s"
    return cell


def json_pieces(
    head: dict[str, Any],
    key: str,
    found: Iterable[dict[str, Any]],
    tail: Callable[[], dict[str, Any]] = dict,
) -> Iterator[bytes]:
    """One object with a list in it, a row at a time; `tail` is asked when all rows are out."""
    yield f"{_dumped(head)[:-1]}, {json.dumps(key)}: [\n".encode()
    comma = ""
    for row in found:
        yield f"{comma}{_dumped(row)}".encode()
        comma = ",\n"
    rest = "".join(f", {_dumped(name)}: {_dumped(value)}" for name, value in tail().items())
    yield f"\n]{rest}}}\n".encode()


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
