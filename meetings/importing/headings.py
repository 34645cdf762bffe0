"""The words that minutes are built from: names of sections, labels, dates, item headings."""

import re
from dataclasses import dataclass
from datetime import date, time
from difflib import SequenceMatcher
from functools import lru_cache

from meetings.importing.result import Access

SECTIONS: dict[str, tuple[str, ...]] = {
    "summary": ("Resumé", "Resume", "Resuméer", "Sammenfatning"),
    "background": ("Baggrund", "Sagens baggrund"),
    "agenda": ("Dagsorden", "Dagsorden for mødet"),
    "recommendation": ("Indstilling", "Indstillinger", "Forvaltningens indstilling",
                       "Administrationens indstilling"),
    "earlier_decisions": ("Tidligere beslutninger", "Tidligere beslutning"),
    "decision": ("Beslutning", "Beslutninger", "Udvalgets beslutning"),
    "attachments": ("Bilag", "Bilagsliste", "Bilagsoversigt", "Vedhæftede bilag"),
    "case_path": ("Sagsgang", "Sagens gang"),
    "presentation": ("Sagsfremstilling", "Sagsfremstillinger"),
    "relations": ("Sammenhæng til andre politikker", "Sammenhæng til andre politikker/strategier"),
    "economy": ("Økonomiske konsekvenser", "Økonomi", "Økonomiske forhold"),
}  # fmt: skip
CONTENTS = ("indholdsfortegnelse", "indhold")
MONTHS = ("januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september",
          "oktober", "november", "december")  # fmt: skip
DATE = re.compile(
    r"\b(?:(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})"
    r"|(?P<d2>\d{1,2})[-./] ?(?P<m2>\d{1,2})[-./ ] ?(?P<y2>\d{4})"
    rf"|(?P<d3>\d{{1,2}})\.? ?(?P<name>{'|'.join(MONTHS)}) (?P<y3>\d{{4}}))\b",
    re.IGNORECASE,
)
CLOCK = re.compile(r"\b(\d{1,2})[:.](\d{2})\b")
DATE_WORDS = re.compile(
    r"\b(?:mandag|tirsdag|onsdag|torsdag|fredag|lørdag|søndag|den|d|kl|klokken|fra|til|og)\b",
    re.IGNORECASE,
)
LABELS: dict[str, tuple[str, ...]] = {
    "date": ("mødedato", "dato", "mødetidspunkt", "tidspunkt", "tid"),
    "start": ("starttidspunkt", "mødestart", "start"),
    "end": ("sluttidspunkt", "mødeslut", "slut"),
    "place": ("mødested", "sted", "lokale"),
    "committee": ("udvalg", "udvalgets navn"),
    "case": ("sags id", "sags-id", "sagsid", "sagsnr.", "sagsnr", "sagsnummer", "sag nr.",
             "journalnr.", "journalnummer"),
}  # fmt: skip
FIELD_OF = {label: field for field, labels in LABELS.items() for label in labels}
# These words begin no sentence, so they need no colon.
STRONG = {"mødedato", "mødested", "mødetidspunkt", "starttidspunkt", "sluttidspunkt"}
LABEL = re.compile(
    r"\s*(?:[-*] )?(?P<bold>\*\*|__)?(?P<name>"
    + "|".join(sorted(map(re.escape, FIELD_OF), key=len, reverse=True))
    + r")(?P<stop>(?: ?:)?(?:\*\*|__)?:?)(?P<space>\s*)(?P<value>.*)",
    re.IGNORECASE,
)
CASE_ID = re.compile(r"[A-ZÆØÅ]{2,6}-\d{2,4}-\d{2,}|\d{2}\.\d{2}\.\d{2}-[A-ZÆØÅ]\d{2}-\d+-\d{2}")
ENDED = re.compile(
    r"(?:mødet (?:blev )?(?:slut|sluttede|hævet|afsluttet)|mødet hævet)\s*:?\s*(?:kl\.?)?\s*"
    r"\d{1,2}[:.]\d{2}\.?",
    re.IGNORECASE,
)
ITEM = re.compile(
    r"(?P<prefix>(?P<word>(?:punkt|pkt\.?|dagsordenspunkt|sag)\s*(?:nr\.?\s*)?)?(?P<number>\d{1,3})(?!\w|[.,]\d)"
    r"(?P<stop>\s*[.:)–-])?\s*(?P<access>\((?:åbent?|lukket)(?: punkt| sag)?\)\s*[.:–-]?)?)"
    r"\s*(?P<heading>.*)",
    re.IGNORECASE,
)
ACCESS_AT_END = re.compile(r"\s*[–-]?\s*\((?:åbent?|lukket)(?: punkt| sag)?\)\s*$", re.IGNORECASE)
ACCESS_LINE = re.compile(r"\(?(?:åbent?|lukket) (?:punkt|sag)\)?|lukket|åben", re.IGNORECASE)
ACCESS_GROUP = re.compile(r"(?:åbne|lukkede) (?:punkter|sager)", re.IGNORECASE)
TITLE = re.compile(
    r"(?:udkast til )?(?:åbent? |lukket )?"
    r"(?P<word>referat|mødereferat|beslutningsreferat|beslutningsprotokol|protokol|dagsorden)\b",
    re.IGNORECASE,
)
BODY_IN_TITLE = re.compile(
    r"\s*(?:fra |af |for |til |over )?(?:det |den )?"
    r"(?:\d+\. )?(?:ordinære |ekstraordinære )?(?:møde(?:t)? )?"
    r"(?:nr\. ?\d+ )?(?:i |for )?(?P<body>.+)",
    re.IGNORECASE,
)
DECISION_OF = re.compile(
    r"beslutning(?:er)? (?:i|fra) (?P<body>.+?)(?:,? (?:den|d\.) ?(?P<when>.+))?", re.IGNORECASE
)
DAY_IN_TITLE = re.compile(
    r"[\s,–-]*(?:\b(?:man|tirs|ons|tors|fre|lør|søn)dag\b)?[\s,]*(?:\bden\b|\bd\.)?\s*$",
    re.IGNORECASE,
)


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Small letters without accents, marks and end stops; also what OCR makes of æ, ø and å."""
    plain = re.sub(r"[*_#]", "", text).strip().rstrip(":.").strip().casefold()
    plain = plain.replace("æ", "e").replace("ae", "e").replace("ø", "o").replace("å", "a")
    return re.sub(r"\s+", " ", plain.replace("é", "e").replace("è", "e"))


KEY_OF = {fold(name): key for key, names in SECTIONS.items() for name in names}


def section_key(text: str) -> str | None:
    """The key of the section that `text` is the heading of, or None."""
    if len(text) > 200:
        return None
    folded = fold(text)
    return KEY_OF.get(folded) or _by_shape(text, folded) or _by_likeness(folded)


def _by_shape(text: str, folded: str) -> str | None:
    if folded.startswith("sammenheng til andre politikker"):
        return "relations"
    if re.fullmatch(r"dagsorden for .{0,60}\bmode", folded):
        return "agenda"
    match = DECISION_OF.fullmatch(text.strip().rstrip(":"))
    return "decision" if match and match["when"] and find_date(match["when"]) else None


def _by_likeness(folded: str) -> str | None:
    """One letter off in a long heading is a slip of the scanner, not another word."""
    if len(folded) < 8:
        return None
    for name, key in KEY_OF.items():
        near = name[0] == folded[0] and abs(len(name) - len(folded)) <= 1
        if near and SequenceMatcher(None, name, folded).ratio() >= 0.88:
            return key
    return None


def inline_section(text: str) -> tuple[str, str, str] | None:
    """(key, heading, rest) of a line such as `Indstilling: Formanden indstiller …`."""
    heading, colon, rest = text.partition(":")
    name, text_after = heading.strip("* _"), rest.strip().removeprefix("**").strip()
    key = KEY_OF.get(fold(name)) if colon else None
    return (key, name, text_after) if key and text_after else None


def find_date(text: str) -> date | None:
    """The first date in `text` that exists in the calendar."""
    for match in DATE.finditer(text):
        found = match.groupdict()
        month = MONTHS.index(found["name"].lower()) + 1 if found["name"] else 0
        year = found["y"] or found["y2"] or found["y3"]
        day = found["d"] or found["d2"] or found["d3"]
        try:
            return date(int(year), month or int(found["m"] or found["m2"]), int(day))
        except ValueError:
            continue
    return None


def find_times(text: str) -> list[time]:
    """The clock times in `text`, dates left aside."""
    pairs = CLOCK.findall(DATE.sub(" ", text))
    return [time(int(hour), int(minute)) for hour, minute in pairs if _is_clock(hour, minute)]


def _is_clock(hour: str, minute: str) -> bool:
    return int(hour) < 24 and int(minute) < 60


def is_only_when(text: str) -> bool:
    """Whether nothing but dates, times and the words between them stand in `text`."""
    rest = DATE_WORDS.sub(" ", CLOCK.sub(" ", DATE.sub(" ", text)))
    return re.search(r"[^\W_]", rest) is None


@dataclass(frozen=True, slots=True)
class Label:
    """A field line: `field`, the label as written, and its value (empty: on the next line)."""

    field: str
    label: str
    value: str


def find_label(raw: str) -> Label | None:
    """The field that a line such as `**Mødested** Kantinen` or `| Dato | … |` fills, or None."""
    cells = [cell.strip() for cell in raw.strip().strip("|").split("|") if cell.strip()]
    row = raw.strip().startswith("|") and len(cells) == 2
    match = LABEL.fullmatch(f"{cells[0].rstrip(':')}: {cells[1]}" if row else raw.strip())
    if match is None:
        return None
    name = match["name"].lower()
    clear = match["bold"] or ":" in match["stop"] or "\t" in match["space"] or row
    apart = match["space"] or match["stop"].strip() or not match["value"]
    if not apart or not (clear or name in STRONG):
        return None
    return Label(FIELD_OF[name], match["name"], match["value"].strip("* "))


@dataclass(frozen=True, slots=True)
class ItemHeading:
    """An item's heading; `around` are the words about it (number, access)."""

    number: int | None
    heading: str
    access: Access | None
    around: tuple[str, ...]
    explicit: bool
    numbered_word: bool


def find_item(text: str) -> ItemHeading | None:
    """Text taken apart as `Punkt 1: …`, `1 (Åben) …` or `1. …`; the caller judges by context."""
    match = ITEM.fullmatch(text)
    if match is None or not match["heading"].strip("*: "):
        return None
    end = ACCESS_AT_END.search(match["heading"])
    heading = match["heading"][: end.start()] if end else match["heading"]
    stated = f"{match['access'] or ''} {end[0] if end else ''}"
    around = tuple(
        part for part in (match["prefix"].strip(), end[0].strip() if end else "") if part
    )
    word = bool(match["word"])
    return ItemHeading(
        int(match["number"]), heading.strip(), access_in(stated), around,
        bool(match["access"] or (word and match["stop"])), word,
    ) if heading.strip() else None  # fmt: skip


def access_in(text: str) -> Access | None:
    """Open or closed as `text` says; closed wins."""
    if "lukke" in text.lower():
        return "closed"
    return "open" if re.search(r"åbe?n", text.lower()) else None


def body_in_title(title: str) -> str:
    """The committee that `REFERAT Opgaveudvalg AI i Gentofte Kommune d. 03-12-2025` is about."""
    match = TITLE.match(title)
    rest = title[match.end() :] if match else ""
    when = DATE.search(rest)
    if when:
        rest = DAY_IN_TITLE.sub("", rest[: when.start()])
    body = BODY_IN_TITLE.fullmatch(rest)
    return body["body"].strip(" ,:–-") if body else ""


def body_in_decision(heading: str) -> tuple[str, date | None]:
    """Committee and date of `Beslutning i Områdeudvalget … den 28-11-2024`."""
    match = DECISION_OF.fullmatch(heading.strip().rstrip(":"))
    return (match["body"], find_date(match["when"] or "")) if match else ("", None)
