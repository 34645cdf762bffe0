"""One row of a foreign table read as a case: its values, its place, and what is wrong."""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.text import clean_text
from core.verdicts import Refused
from usecases.enums import Status
from usecases.exchange.mappings import landkort
from usecases.record import RecordField, code_of, record
from usecases.services.texts import checked

HEAD = ("id", "number", "status", "reported")
# A person of ours cannot be read from a name; contact data is nobody's to bring along.
NEVER = frozenset(one.key for one in record().fields if one.public == "secretariat") | {"owner"}
MONTHS = (
    "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september",
    "oktober", "november", "december",
)  # fmt: skip
NUMERIC = re.compile(r"(\d{1,2})[.\-/ ]+(\d{1,2})[.\-/ ]+(\d{4}|\d{2})")
NAMED = re.compile(r"(\d{1,2})\.?\s+([a-zæøå]+)\s+(\d{4})", re.IGNORECASE)
IN_PROSE = re.compile(
    r"indmeldt(?:\s+(?:den|d\.|i perioden))?\s+(\d{1,2}[.\-/]\d{1,2}[.\-/]\d{2,4})", re.IGNORECASE
)
YES, NO = {"ja", "true", "1", "x", "sand"}, {"nej", "false", "0", "", "falsk"}


@dataclass
class Parsed:
    """A row as it was understood."""

    number: int
    cells: dict[str, str]
    title: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    # Empty when the file says nothing of it.
    status: str = ""
    reported: str = ""
    given_id: str = ""
    unplaced: dict[str, str] = field(default_factory=dict)
    messages: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_held(self) -> bool:
        return any(message["holds"] for message in self.messages)

    @property
    def id_key(self) -> str:
        return _digest("i", self.given_id.casefold()) if self.given_id else ""

    @property
    def place_key(self) -> str:
        title = re.sub(r"\W+", " ", self.title.casefold()).strip()
        return _digest("t", f"{self.values.get('municipality', '')}|{title}")

    @property
    def key(self) -> str:
        """What makes it the same row the next time."""
        return self.id_key or self.place_key

    def tell(self, column: str, text: str, *, holds: bool) -> None:
        self.messages.append({"column": column, "text": text, "holds": holds})


def _digest(kind: str, text: str) -> str:
    return f"{kind}:{hashlib.sha256(text.encode()).hexdigest()[:60]}"


def column_of(heading: str) -> str:
    """The field that a heading fills; empty when it is none of ours."""
    wanted = " ".join(heading.split()).strip(" :*").casefold()
    found = _headings().get(wanted, "")
    return "" if found in NEVER else found


@cache
def _headings() -> dict[str, str]:
    names: dict[str, str] = {}
    for known in record().fields:
        for name in (known.key, known.short, known.label):
            names.setdefault(name.casefold(), known.key)
    return names | landkort().headings


def parse_row(number: int, cells: dict[str, Any], *, allow_unplaced: bool) -> Parsed:
    """Read one row. Never raises: what is wrong is said in its messages."""
    row = Parsed(number, {name: _text(value) for name, value in cells.items()})
    headings: dict[str, str] = {}
    for heading, value in cells.items():
        key = column_of(heading)
        if key and key not in headings:
            headings[key] = heading
            _note_formula(row, heading, value)
    given = {key: cells[heading] for key, heading in headings.items()}
    for key, value in given.items():
        if key not in HEAD:
            _read_value(row, record().by_key[key], headings[key], value)
    row.given_id = _text(given.get("id"))[:200]
    row.title = row.values.get("title", "")
    _check_title(row, headings.get("title", ""))
    _check_place(row, headings.get("municipality", ""), allow_unplaced)
    _read_reported(row, headings.get("reported", ""), given)
    _read_status(row, headings.get("status", ""), given)
    return row


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(str(one) for one in value)
    return "" if value is None else clean_text(str(value))


def _note_formula(row: Parsed, heading: str, value: Any) -> None:
    if isinstance(value, str) and re.match(r"[=@]", value):
        row.tell(heading, _("Looks like a formula. It is kept as text."), holds=False)


def _read_value(row: Parsed, known: RecordField, heading: str, raw: Any) -> None:
    if _text(raw) == "":
        return
    try:
        row.values[known.key] = READERS.get(known.type, _plain)(row, known, heading, raw)
    except Refused as refusal:
        row.tell(heading, str(refusal.reason), holds=True)
    if row.values.get(known.key) is None:
        row.values.pop(known.key, None)


def _plain(row: Parsed, known: RecordField, heading: str, raw: Any) -> Any:
    text = _text(raw)
    if known.key == "summary" and len(text) > known.max_length:
        row.unplaced[heading] = text
        told = _("Longer than %(n)s characters. It is cut short; the whole text is kept.")
        row.tell(heading, told % {"n": known.max_length}, holds=False)
        text = _cut(text, known.max_length)
    return checked(known, text)


def _cut(text: str, length: int) -> str:
    head = text[: length - 1].rsplit(" ", 1)[0].rstrip(" ,;:")
    return f"{head}…"


def _choice(row: Parsed, known: RecordField, heading: str, raw: Any) -> Any:
    found = _code(known, _text(raw))
    if found:
        return found
    row.unplaced[heading] = _text(raw)
    if known.key != "municipality":
        told = _("“%(value)s” is not one of the answers. The field is left empty.")
        row.tell(heading, told % {"value": _text(raw)[:60]}, holds=False)
    return None


def _choices(row: Parsed, known: RecordField, heading: str, raw: Any) -> Any:
    parts = raw if isinstance(raw, list) else re.split(r"[;|]", _text(raw))
    codes = [_code(known, str(part).strip()) for part in parts]
    if not all(codes):
        row.unplaced[heading] = _text(raw)
        told = _("“%(value)s” is not one of the answers. The field is left empty.")
        row.tell(heading, told % {"value": _text(raw)[:60]}, holds=False)
        return None
    return checked(known, codes)


def _code(known: RecordField, text: str) -> str:
    if known.key == "municipality":
        return text if text in known.choices else code_of(text)
    wanted = text.casefold()
    words = {label.casefold(): code for code, label in known.choices.items()}
    if known.key == "field":
        words = landkort().fields | words
    return text if text in known.choices else words.get(wanted, "")


def _yes_no(row: Parsed, known: RecordField, heading: str, raw: Any) -> bool:
    text = _text(raw).casefold()
    if text not in YES | NO:
        raise Refused(_("Write “Ja” or “Nej”."))
    return text in YES


def _date(row: Parsed, known: RecordField, heading: str, raw: Any) -> date:
    return read_date(raw)


READERS: dict[str, Any] = {
    "choice": _choice,
    "multi_choice": _choices,
    "boolean": _yes_no,
    "date": _date,
}


def read_date(raw: Any) -> date:
    """A date as people write it. Raises `Refused` for a text that is none."""
    if isinstance(raw, date):
        return raw
    text = _text(raw)
    try:
        if found := NUMERIC.fullmatch(text):
            day, month, year = (int(part) for part in found.groups())
            return date(year + 2000 if year < 100 else year, month, day)
        if found := NAMED.fullmatch(text):
            month = MONTHS.index(found[2].casefold()) + 1
            return date(int(found[3]), month, int(found[1]))
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused(
            _("“%(value)s” is not a date. Write it as 25.02.2026.") % {"value": text[:40]}
        ) from error


def _check_title(row: Parsed, heading: str) -> None:
    if not row.title and not row.is_held:
        row.tell(heading, _("The title is missing."), holds=True)


def _check_place(row: Parsed, heading: str, allowed: bool) -> None:
    if row.values.get("municipality"):
        return
    name = row.unplaced.get(heading, "")
    told = _("The municipality is missing.")
    if name:
        told = _("There is no municipality called “%(name)s”.") % {"name": name[:60]}
    row.tell(heading, told, holds=not allowed)


def _read_reported(row: Parsed, heading: str, given: dict[str, Any]) -> None:
    """The day it was reported: from its own column, else from the description."""
    raw = given.get("reported")
    in_prose = IN_PROSE.search(_text(given.get("summary")))
    if not _text(raw) and in_prose:
        raw = in_prose[1]
    if not _text(raw):
        return
    try:
        found = read_date(raw)
    except Refused as refusal:
        row.tell(heading, str(refusal.reason), holds=True)
        return
    if found > timezone.localdate():
        row.tell(heading, _("The date lies in the future."), holds=True)
    row.reported = found.isoformat()


def _read_status(row: Parsed, heading: str, given: dict[str, Any]) -> None:
    """Where the project is, as its owners say it; unknown is submitted."""
    text = _text(given.get("status"))
    words = landkort()
    if text:
        labels = {str(status.label).casefold(): status.value for status in Status}
        ours = text if text in Status.values else labels.get(text.casefold(), "")
        found = ours or words.status.get(text.casefold(), "")
        if found in ("", Status.DRAFT, Status.WITHDRAWN):
            row.unplaced[heading] = text
            told = _("The status “%(status)s” is not known. It comes in as submitted.")
            row.tell(heading, told % {"status": text[:60]}, holds=False)
            return
        row.status = found
        return
    prose = _text(given.get("summary")).casefold()
    row.status = next((s for phrase, s in words.prose_status.items() if phrase in prose), "")
