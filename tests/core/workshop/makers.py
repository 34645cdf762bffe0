"""A maker that is slow, tells how far it is, and makes the same bytes each time."""

import hashlib
import time
from typing import Any

from core import works
from core.models import Work
from core.outbox import Report
from core.steps import step

KIND = "workshop.book"
PAGES = 8
SECONDS = 1.6


def make_book(work: Work, report: Report) -> works.Made:
    number, pages = work.params["number"], []
    for page in range(PAGES):
        report(step("%(n)s of %(total)s", n=page, total=PAGES), 90 * page // PAGES)
        time.sleep(SECONDS / PAGES)
        pages.append(hashlib.sha512(f"{number} {page}".encode()).digest() * 2_000)
    return works.Made(b"".join(pages), f"bog-{number}.bin", "application/octet-stream")


def may_open(user: Any, work: Work) -> bool:
    return bool(user.is_active)


works.register(works.Maker(KIND, "Bog", make_book, may_open))
