"""What the sections of a report are made of: plain dicts, so that they can be frozen.

Page and PDF draw the same blocks, so what one says the other says too.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.ur import NBSP, full_date

Block = dict[str, Any]
# So many rows stand in a table; how many more there are is said, with where to see them.
MOST = 30


def cell(text: Any, url: str = "") -> Block:
    """A cell of a table; days are written out."""
    # A day stays on one line of its narrow column.
    is_day = isinstance(text, date | datetime)
    words = full_date(text).replace(" ", NBSP) if is_day else str(text)
    return {"text": words, "url": url, "on": text.isoformat()[:10] if is_day else ""}


def row(key: str, *cells: Any, **refs: int) -> Block:
    """A row that is known again in the next report by its key.

    `refs` name what it tells of (case, item, meeting, condition): who may read that is asked
    before the report is made public, and each time it is read.
    """
    made = [one if isinstance(one, dict) else cell(one) for one in cells]
    return {"key": key, "cells": made, "change": "", "refs": refs}


def table(
    key: str,
    caption: str,
    heads: Iterable[str],
    rows: list[Block],
    url: str = "",
    *,
    standing: bool = False,
) -> Block:
    """At most `MOST` rows, and a line that says how many more there are.

    A standing table tells of what goes on from period to period: there, what is new or changed
    since the last report is marked. What is of the period alone is all new.
    """
    more = len(rows) - MOST
    line = ""
    if more > 0:
        line = ngettext("%(n)s row more is in the list.", "%(n)s rows more are in the list.", more)
        line %= {"n": more}
    return {
        "kind": "table",
        "key": key,
        "caption": caption,
        "heads": list(heads),
        "rows": rows[:MOST],
        "more": line,
        "url": url,
        "link": _("See them in the list") if url else "",
        "standing": standing,
    }


def words(text: str, url: str = "", link: str = "") -> Block:
    return {"kind": "words", "text": text, "url": url, "link": link}


def passage(key: str, heading: str, text: str, url: str = "", **refs: int) -> Block:
    """A text under a small heading; Markdown."""
    return {
        "kind": "passage",
        "key": key,
        "heading": heading,
        "text": text,
        "url": url,
        "change": "",
        "refs": refs,
    }


def figure(made: Any) -> Block:
    """A drawing with its table."""
    from reports.charts import to_dict

    return {"kind": "figure", "key": made.key, "data": to_dict(made)}


def section(key: str, heading: str, *blocks: Block | None, empty: str = "") -> Block:
    """A section is always there; when there is nothing to tell, `empty` says so."""
    found = [block for block in blocks if block is not None and not _is_hollow(block)]
    if not found and empty:
        found = [words(empty)]
    return {"key": key, "heading": heading, "blocks": found, "comment": ""}


def _is_hollow(block: Block) -> bool:
    return block["kind"] == "table" and not block["rows"]


def figure_of(key: str, value: int | str, label: str, url: str) -> Block:
    """A key figure, with the list that it counts."""
    return {"key": key, "value": str(value), "label": label, "url": url, "before": ""}


def local_day(moment: datetime | None) -> date | None:
    return timezone.localtime(moment).date() if moment else None
