"""Tags and filters of every template (a builtin): icons, status, Danish dates and figures.

Dates take a date, a datetime or an ISO string (the snapshot has strings); a moment is always
told in the municipality's own time.
"""

import re
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.forms.utils import flatatt
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext

from core.text import render_prose

register = template.Library()

NBSP = "\u00a0"
SPRITE = "ur/icons.svg"
Day = date | datetime | str | None

# Order and punctuation differ between the two languages; the names come from Django.
FORMATS = {
    "da": {
        "long_date": r"l \d\e\n j. F Y",
        "full_date": "j. F Y",
        "day_month": "j. F",
        "weekday_date": "l j. F",
        "clock": r"\k\l. H.i",
        "time": "H.i",
    },
    "en": {
        "long_date": "l j F Y",
        "full_date": "j F Y",
        "day_month": "j F",
        "weekday_date": "l j F",
        "clock": "H:i",
        "time": "H:i",
    },
}
NUMBER_WORDS = {
    "da": "nul en to tre fire fem seks syv otte ni ti elleve tolv",
    "en": "zero one two three four five six seven eight nine ten eleven twelve",
}
MONTHS = (
    "januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december|"
    "January|February|March|April|May|June|July|August|September|October|November|December"
)
UNITS = r"min\.|minutter|timer|sider|dage|kr\.|pct\.|%|kB|MB|GB"
PROTECTED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<=\d) (?=(?:{MONTHS}|{UNITS})(?!\w))",
        r"(?<=\d\.) (?=[a-zæøå])",
        r"(?<=\b[Kk]l\.) (?=\d)",
        r"(?<=§) (?=\d)",
        r"(?<=§§) (?=\d)",
        r"(?<=\b[Nn]r\.) (?=\d)",
        r"(?<=\b[Ss]tk\.) (?=\d)",
    )
)

# shape: class, symbol, word. One shape per status; the word can be told otherwise.
STATUSES: dict[str, tuple[str, str, Any]] = {
    "empty": ("idle", "st-empty", gettext_lazy("Not started")),
    "half": ("run", "st-half", gettext_lazy("In progress")),
    "miss": ("warn", "st-miss", gettext_lazy("Something is missing")),
    "done": ("ok", "st-done", gettext_lazy("Ready")),
    "yes": ("ok", "st-yes", gettext_lazy("Approved")),
    "now": ("run", "st-now", gettext_lazy("Now")),
    "hold": ("idle", "dash-circle", gettext_lazy("On hold")),
    "no": ("bad", "x-circle", gettext_lazy("Turned down")),
    "locked": ("idle", "lock-shut", gettext_lazy("Locked")),
}


# Shapes ------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, size: str = "", label: Any = "", css: str = "") -> SafeString:
    """An icon; silent for screen readers unless it has a `label`. Sizes: "s", "", "l"."""
    return _svg(static(SPRITE), name, size, str(label) if label else "", css)


@lru_cache(maxsize=1024, typed=True)
def _svg(sprite: str, name: str, size: str, label: str, css: str) -> SafeString:
    # A page of a large committee has hundreds of icons and only a few different ones.
    voice = {"role": "img", "aria-label": label} if label else {"aria-hidden": "true"}
    classes = " ".join(part for part in ("icon-svg", size, css) if part)
    attributes = flatatt({"class": classes, "focusable": "false", **voice})
    return format_html('<svg{}><use href="{}#{}"></use></svg>', attributes, sprite, name)


@register.simple_tag
def access_badge(access: str) -> SafeString:
    """Open or closed, by padlock, word and ground."""
    if access == "closed":
        css, symbol, word = "ur-closed", "lock-shut", gettext("Closed")
    else:
        css, symbol, word = "ur-open", "lock-open", gettext("Open")
    return format_html('<span class="badge {}">{}{}</span>', css, icon(symbol), word)


@register.simple_tag
def status(shape: str, word: Any = "") -> SafeString:
    """A quiet status for lists: the shape and its word. Shapes are the keys of STATUSES."""
    css, symbol, usual = STATUSES[shape]
    return format_html('<span class="ur-state {}">{}{}</span>', css, icon(symbol), word or usual)


# Dates and times -----------------------------------------------------------------


def _moment(value: Day) -> date | datetime | None:
    if isinstance(value, str):
        if not value:
            return None
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value, timezone.get_default_timezone())
    return value


def _today() -> date:
    return timezone.localdate(timezone=timezone.get_default_timezone())


def _language() -> str:
    language = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
    return language if language in FORMATS else "en"


def _format(value: Day | time, name: str) -> str:
    moment = value if isinstance(value, time) else _moment(value)
    if moment is None:
        return ""
    pattern = FORMATS[_language()][name]
    return protect(
        format_date(moment, pattern) if isinstance(moment, date) else _clock(moment, pattern)
    )


def _clock(value: time, pattern: str) -> str:
    return format_date(datetime.combine(date.min, value), pattern)


@register.filter
def long_date(value: Day) -> str:
    """onsdag den 25. februar 2026"""
    return _format(value, "long_date")


@register.filter
def full_date(value: Day) -> str:
    """25. februar 2026"""
    return _format(value, "full_date")


@register.filter
def day_month(value: Day) -> str:
    """25. februar"""
    return _format(value, "day_month")


@register.filter
def weekday_date(value: Day) -> str:
    """onsdag 25. februar"""
    return _format(value, "weekday_date")


@register.filter
def clock(value: datetime | time | str | None) -> str:
    """kl. 17.00"""
    return _format(value, "clock")


@register.filter
def time_range(start: Day | time, end: Day | time) -> str:
    """17.00–19.52; only the start when there is no end."""
    return "–".join(part for part in (_format(start, "time"), _format(end, "time")) if part)


@register.filter
def relative_day(value: Day) -> str:
    """i går, i dag, i morgen, om 8 dage, for 3 dage siden"""
    moment = _moment(value)
    if moment is None:
        return ""
    days = ((moment.date() if isinstance(moment, datetime) else moment) - _today()).days
    near = {-1: gettext("yesterday"), 0: gettext("today"), 1: gettext("tomorrow")}
    if days in near:
        return near[days]
    if days > 0:
        text = ngettext("in %(n)s day", "in %(n)s days", days) % {"n": days}
    else:
        text = ngettext("%(n)s day ago", "%(n)s days ago", -days) % {"n": -days}
    return re.sub(r"(?<=\d) ", NBSP, text)


@register.filter
def iso(value: Day) -> str:
    """What belongs in a <time> element's datetime attribute."""
    moment = _moment(value)
    return moment.isoformat() if moment else ""


# Words and figures ----------------------------------------------------------------


@register.filter(is_safe=True)
def protect(value: Any) -> str:
    """Put protected spaces in "25. februar", "kl. 17.00", "§ 3", "2. udkast", "15 min."."""
    text = str(value)
    for pattern in PROTECTED:
        text = pattern.sub(NBSP, text)
    return text


@register.filter
def file_size(count: int | None) -> str:
    """1,2 MB"""
    if count is None:
        return ""
    if count < 1024:
        return f"{count}{NBSP}B"
    size, unit = (count / 1024, "kB") if count < 1024 * 1000 else (count / 1024**2, "MB")
    return f"{number_format(round(size, 1), 1 if size < 9.95 else 0)}{NBSP}{unit}"


@register.filter
def number_word(value: int, gender: str = "common") -> str:
    """The word for 0 to 12, the figure beyond; gender "neuter" gives "et" for one."""
    if value == 1 and gender == "neuter" and _language() == "da":
        return "et"
    words = NUMBER_WORDS[_language()].split()
    return words[value] if 0 <= value < len(words) else number_format(value)


@register.filter
def prose(value: str | None) -> SafeString:
    """A long text as HTML, with protected spaces; wide tables scroll by themselves."""
    html = protect(render_prose(value or ""))
    opening = format_html(
        '<div class="ur-wide" role="region" tabindex="0" aria-label="{}"><table', gettext("Table")
    )
    html = html.replace("<table", opening).replace("</table>", "</table></div>")
    return SafeString(html)


@register.filter
def alert_level(tags: str) -> str:
    """The design system's alert for a message's tags."""
    levels = ("error", "warning", "success")
    return next((level for level in levels if level in tags.split()), "info")
