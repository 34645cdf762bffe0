"""Rows of a CSV, XLSX or JSON file, one at a time; what cannot be read is `BadFile`."""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.files.archives import FAULTS, check_members, open_archive
from core.files.errors import BadFile, readable_size
from core.files.names import extension
from core.tables import unguarded
from core.text import clean_text

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 50_000
LONGEST_CELL = 100_000
# So far down a heading row may stand, under a title and a blank line.
HEADING_WITHIN = 10
CHUNK = 65_536
# What the library raises inside a damaged spreadsheet.
DAMAGED = (*FAULTS, IndexError, TypeError, AttributeError)


@dataclass
class Table:
    """The headings, and the rows below them with their numbers as the file shows them."""

    headings: list[str]
    rows: Iterator[tuple[int, dict[str, Any]]]
    notes: list[str] = field(default_factory=list)


def check_size(size: int) -> None:
    """Refuse by size, before anything is read."""
    if size > MAX_BYTES:
        raise BadFile(
            _("The file is %(size)s. It may be at most %(limit)s. Split it into several files.")
            % {"size": readable_size(size), "limit": readable_size(MAX_BYTES)}
        )
    if not size:
        raise BadFile(_("The file is empty. Choose the right file and try again."))


@contextmanager
def open_table(stream: BinaryIO, filename: str, knows: Any) -> Iterator[Table]:
    """The table in the file. `knows(heading)` says whether a heading is one of ours."""
    reader = {".csv": _csv, ".txt": _csv, ".xlsx": _xlsx, ".json": _json}.get(extension(filename))
    if reader is None:
        raise BadFile(_("Files of this type cannot be imported. Use CSV, XLSX or JSON."))
    try:
        with reader(stream, knows) as table:
            yield table
    except csv.Error as error:
        raise BadFile(
            _("The file is not a table that can be read. Save it again as CSV.")
        ) from error


def _find_headings(
    rows: Iterator[tuple[int, list[Any]]], knows: Any
) -> tuple[list[str], Iterator[tuple[int, dict[str, Any]]]]:
    """The first row with a heading for the title; what follows is data."""
    for count, (_number, cells) in enumerate(rows):
        headings = [" ".join(clean_text(str(cell or "")).split()) for cell in cells]
        if any(knows(heading) == "title" for heading in headings):
            return headings, _as_dicts(headings, rows)
        if count >= HEADING_WITHIN:
            break
    raise BadFile(
        _("No column with titles was found. Give it the heading “Projekttitel” or “Titel”.")
    )


def _as_dicts(
    headings: list[str], rows: Iterator[tuple[int, list[Any]]]
) -> Iterator[tuple[int, dict[str, Any]]]:
    for count, (number, cells) in enumerate(rows):
        if count >= MAX_ROWS:
            raise BadFile(
                _("The file has more than %(n)s rows. Split it into several files.")
                % {"n": MAX_ROWS}
            )
        found: dict[str, Any] = {}
        for heading, cell in zip(headings, cells, strict=False):
            if heading and heading not in found:
                found[heading] = cell
        if any(value not in (None, "") for value in found.values()):
            yield number, found


# CSV ----------------------------------------------------------------------------------------


@contextmanager
def _csv(stream: BinaryIO, knows: Any) -> Iterator[Table]:
    encoding = _encoding(stream)
    text = io.TextIOWrapper(stream, encoding=encoding, newline="", errors="replace")
    try:
        delimiter = _delimiter(text)
        csv.field_size_limit(LONGEST_CELL)
        reader = csv.reader(text, delimiter=delimiter)
        headings, rows = _find_headings(_csv_rows(reader), knows)
        notes = []
        if encoding == "cp1252":
            notes.append(_("The file is in Windows' old character set. It was read as that."))
        yield Table(headings, rows, notes)
    finally:
        text.detach()


def _csv_rows(reader: Any) -> Iterator[tuple[int, list[Any]]]:
    for cells in reader:
        yield reader.line_num, [unguarded(cell) for cell in cells]


def _encoding(stream: BinaryIO) -> str:
    """By the mark at the beginning, else UTF-8 if the whole file is that, else CP1252."""
    import codecs

    first = stream.read(4)
    stream.seek(0)
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        while chunk := stream.read(CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    finally:
        stream.seek(0)
    return "utf-8-sig"


def _delimiter(text: io.TextIOWrapper) -> str:
    """The sign that stands most often in the first lines; Danish spreadsheets use semicolons."""
    sample = text.read(4096)
    text.seek(0)
    lines = sample.splitlines()[:HEADING_WITHIN]
    counts = {sign: max((line.count(sign) for line in lines), default=0) for sign in ";\t,"}
    return max(counts, key=lambda sign: counts[sign])


# XLSX ---------------------------------------------------------------------------------------


@contextmanager
def _xlsx(stream: BinaryIO, knows: Any) -> Iterator[Table]:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    data = stream.read()
    with open_archive(data) as archive:
        check_members(archive)
        merged = any(_has_merged(archive, name) for name in archive.namelist())
    try:
        # Formulas stay the text that they are: nothing is evaluated.
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False)
    except (*DAMAGED, InvalidFileException) as error:
        raise BadFile(_("The spreadsheet is damaged. Save it again as XLSX.")) from error
    try:
        yield _sheet(book, knows, merged)
    finally:
        book.close()


def _has_merged(archive: Any, name: str) -> bool:
    if not name.startswith("xl/worksheets/sheet"):
        return False
    with archive.open(name) as member:
        last = b""
        while chunk := member.read(CHUNK):
            if b"<mergeCell " in last + chunk:
                return True
            last = chunk[-16:]
    return False


def _sheet(book: Any, knows: Any, merged: bool) -> Table:
    """The first sheet that can be seen and has our headings."""
    hidden = [sheet for sheet in book.worksheets if sheet.sheet_state != "visible"]
    refusal: BadFile | None = None
    for sheet in book.worksheets:
        if sheet in hidden:
            continue
        try:
            headings, rows = _find_headings(_xlsx_rows(sheet), knows)
        except BadFile as error:
            refusal = error
            continue
        return Table(headings, rows, _xlsx_notes(book, sheet, len(hidden), merged))
    raise refusal or BadFile(_("The spreadsheet has no sheet that can be seen."))


def _xlsx_notes(book: Any, sheet: Any, hidden: int, merged: bool) -> list[str]:
    notes = []
    if len(book.worksheets) > 1:
        notes.append(_("Only the sheet “%(sheet)s” was read.") % {"sheet": sheet.title})
    if hidden:
        found = ngettext(
            "%(n)s hidden sheet was left out.", "%(n)s hidden sheets were left out.", hidden
        )
        notes.append(found % {"n": hidden})
    if merged:
        notes.append(_("The sheet has merged cells. Only the first cell of each holds the value."))
    return notes


def _xlsx_rows(sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    # A sheet may claim a million columns that it does not have.
    sheet.reset_dimensions()
    rows = enumerate(sheet.iter_rows(max_col=200), start=1)
    while True:
        try:
            number, cells = next(rows)
        except StopIteration:
            return
        except DAMAGED as error:
            # Whatever is wrong inside shows itself only as the rows are read.
            raise BadFile(_("The spreadsheet is damaged. Save it again as XLSX.")) from error
        yield number, [_cell(cell.value) for cell in cells]


def _cell(value: Any) -> Any:
    """Dates stay dates; whole numbers lose Excel's decimals; the rest is text."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date) or value is None:
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)


# JSON ---------------------------------------------------------------------------------------


@contextmanager
def _json(stream: BinaryIO, knows: Any) -> Iterator[Table]:
    """Our own export, or one made for a foreign standard: see `usecases.exchange.records`."""
    from usecases.exchange.records import rows_of_json

    try:
        data = json.loads(stream.read().decode("utf-8-sig"))
        # Half a character (a lone surrogate) can be written in JSON but kept nowhere.
        data = json.loads(json.dumps(data, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        raise BadFile(_("The file is not valid JSON. Export it again.")) from error
    rows = rows_of_json(data)
    headings = list(dict.fromkeys(key for row in rows for key in row))
    if "title" not in headings:
        raise BadFile(_("The file is not an export of cases. Export it again as JSON."))
    yield Table(headings, iter(enumerate(rows, start=1)))
