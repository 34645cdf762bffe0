"""Find what may have to stay private in a text. Pure: text in, matches out.

Better one match too many than one too few: a person looks at every one of them.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

BLANK = r"[ \t\u00a0\u2007\u2009\u202f]"
DASH = r"[-\u00ad\u2010\u2011\u2012\u2013\u2014\u2212]"
# ddmmyy, perhaps written apart, then four digits with at most a blank, a dash or both between.
CPR = re.compile(
    rf"(?<![\d.,])(?P<d>[0-3]\d)(?P<s>[-./ \u00a0]?)(?P<m>[01]\d)(?P=s)(?P<y>\d\d)"
    rf"(?P<last>{BLANK}{{0,2}}(?:{DASH}|[./])?{BLANK}{{0,2}})(?P<n>\d{{4}})(?!\d)(?!,\d)"
)
WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
CPR_WORD = re.compile(r"(?:cpr|personnummer|p\.?nr\.?)\W*(?:nr\.?|nummer)?\W*$", re.IGNORECASE)

PREFIX = rf"(?P<prefix>(?:\+|\b00)45{BLANK}{{0,2}})?"
GAP = rf"(?:{BLANK}|\.|{DASH})"
PHONE = re.compile(
    rf"(?<![\w/.,+-]){PREFIX}(?P<number>[2-9]\d(?:"
    rf"\d{{6}}|{GAP}\d\d{GAP}\d\d{GAP}\d\d|\d\d{GAP}\d{{4}}|\d\d{GAP}\d\d{GAP}\d\d|"
    rf"{BLANK}\d{{3}}{BLANK}\d{{3}}|{GAP}\d{{6}}"
    rf"))(?!\w)(?![.,/-]\d)"
)
# What stands before eight digits that are something else, and what stands after a sum.
OTHER_NUMBER = re.compile(
    r"(?<!\w)(?:(?:cvr|ean|gln|isbn|konto|kr|dkk|eur)\W{0,2}(?:nr\.?|nummer)?|"
    r"(?:se|p|sags?|journal|dok|reg)\W?(?:nr\.?|nummer|id))\W{0,2}$",
    re.IGNORECASE,
)
SUM_AFTER = re.compile(
    r"\s?(?:kr\b|kroner|dkk|eur|mio|mia|t\.?kr|%|ord\b|stk\b|tegn|indbyggere)", re.IGNORECASE
)
YEARS = re.compile(rf"(?:19|20)\d\d{GAP}(?:19|20)\d\d")

EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?P<domain>[\w-]{1,63}(?:\.[\w-]{1,63}){1,5})")

STREET = (
    "vej|vejen|gade|gaden|allé|alle|alleen|alléen|stræde|strædet|vænge|vænget|plads|pladsen|"
    "torv|torvet|parken|toften|bakken|haven|stien|sti|krogen|kajen|boulevard|lunden|vangen|"
    "ageren|marken|engen|kæret|høj|højen|brinken|skrænten|gården"
)
WORD = r"[A-ZÆØÅÉ][\w.'’-]{0,40}"
ADDRESS = re.compile(
    rf"(?<!\w)(?:{WORD}{BLANK}){{0,3}}"
    rf"(?:[A-ZÆØÅÉ][\w'’-]{{0,40}}?(?:{STREET})|Vej|Gade|All[ée]|Plads|Torv|Stræde|Boulevard|Vænge)"
    rf"{BLANK}{{1,2}}\d{{1,3}}(?:{BLANK}?[A-Za-z](?!\w))?(?!\d)"
)


@dataclass(frozen=True)
class Match:
    """Something found: its kind, the words themselves, where, and whether it is likely."""

    kind: str
    excerpt: str
    start: int
    likely: bool = True


def scan(
    text: str,
    *,
    own_domains: Collection[str] = (),
    own_phones: Collection[str] = (),
    names: Collection[str] = (),
) -> list[Match]:
    """Everything in `text` that may be private, in the order it stands.

    Mail at, or below, `own_domains` and the numbers in `own_phones` are official.
    """
    found = [*_cpr_numbers(text)]
    taken = [range(match.start, match.start + len(match.excerpt)) for match in found]
    found += [m for m in _phones(text, own_phones) if not any(m.start in run for run in taken)]
    found += _mails(text, own_domains)
    found += [Match("address", m[0], m.start()) for m in ADDRESS.finditer(text)]
    found += _names(text, names)
    return sorted(found, key=lambda match: (match.start, match.kind))


def holds_cpr(text: str) -> bool:
    """Is there something in `text` that may be a CPR number?"""
    return any(_cpr_numbers(text))


def _cpr_numbers(text: str) -> Iterator[Match]:
    for match in CPR.finditer(text):
        # Written apart, a date and a time or a year look the same; only a dash then tells.
        apart = match["s"] and not re.search(DASH, match["last"])
        digits = match["d"] + match["m"] + match["y"] + match["n"]
        if not apart and birthday(digits):
            named = CPR_WORD.search(text[max(match.start() - 24, 0) : match.start()])
            yield Match("cpr", match[0], match.start(), bool(named) or satisfies_modulus(digits))


def birthday(digits: str) -> date | None:
    """The date of birth in the ten digits of a CPR number; None when there is no such day."""
    day, month, year, seventh = int(digits[:2]), int(digits[2:4]), int(digits[4:6]), int(digits[6])
    try:
        return date(_century(year, seventh) + year, month, day)
    except ValueError:
        return None


def _century(year: int, seventh: int) -> int:
    """The seventh digit says the century (CPR-kontoret, ”Personnummeret i CPR”)."""
    if seventh <= 3:
        return 1900
    if seventh in (4, 9):
        return 2000 if year <= 36 else 1900
    return 2000 if year <= 57 else 1800


def satisfies_modulus(digits: str) -> bool:
    """A sign, no proof: numbers given since 2007 need not satisfy modulus 11."""
    return sum(int(d) * w for d, w in zip(digits, WEIGHTS, strict=True)) % 11 == 0


def _phones(text: str, own: Collection[str]) -> Iterator[Match]:
    official = {_digits(number)[-8:] for number in own}
    for match in PHONE.finditer(text):
        digits = _digits(match["number"])
        before = text[max(match.start() - 20, 0) : match.start()]
        other = OTHER_NUMBER.search(before) or SUM_AFTER.match(text, match.end())
        if digits in official or other:
            continue
        if not match["prefix"] and (YEARS.fullmatch(match["number"]) or _is_date(match["number"])):
            continue
        yield Match("phone", match[0], match.start(), bool(match["prefix"]))


def _is_date(number: str) -> bool:
    """Eight digits that are a day of our time: in one run either way round, or year first."""
    if re.fullmatch(rf"\d{{4}}{GAP}\d\d{GAP}\d\d", number):
        number = _digits(number)
    if not number.isdigit():
        return False
    for year, month, day in (
        (number[:4], number[4:6], number[6:]),
        (number[4:], number[2:4], number[:2]),
    ):
        try:
            if 1900 <= date(int(year), int(month), int(day)).year < 2100:
                return True
        except ValueError:
            continue
    return False


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _mails(text: str, own: Collection[str]) -> Iterator[Match]:
    for match in EMAIL.finditer(text):
        domain = match["domain"].lower()
        if not any(domain == mine or domain.endswith(f".{mine}") for mine in own):
            yield Match("email", match[0], match.start())


def _names(text: str, names: Collection[str]) -> Iterator[Match]:
    for name in names:
        words = r"\s+".join(re.escape(word) for word in name.split())
        if words:
            pattern = re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
            yield from (Match("name", m[0], m.start()) for m in pattern.finditer(text))
