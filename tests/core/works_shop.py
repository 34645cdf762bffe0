"""Makers that exist only in tests: quick, slow, failing; opened by those whom a list names."""

from collections.abc import Callable
from typing import Any

from core import works
from core.models import Work
from core.outbox import Report

KIND = "shop.paper"
Make = Callable[[Work, Report], works.Made | None]


def paper(work: Work, _report: Report) -> works.Made:
    return works.Made(f"%PDF {work.params['n']}".encode(), f"papir-{work.params['n']}.pdf")


class Shop:
    """The maker of `KIND`. Change `make` and `openers` while a test runs."""

    def __init__(self) -> None:
        self.make: Make = paper
        self.openers: set[int] = set()
        self.made: list[int] = []

    def maker(self) -> works.Maker:
        return works.Maker(KIND, "Papir", self._make, self._may_open)

    def _make(self, work: Work, report: Report) -> works.Made | None:
        self.made.append(work.pk)
        return self.make(work, report)

    def _may_open(self, user: Any, _work: Work) -> bool:
        return user.pk in self.openers

    def ask(self, person: Any, n: int = 1) -> Work:
        """Ask for a paper that `person` may open."""
        self.openers.add(person.pk)
        return works.request_work(
            kind=KIND, key=f"{KIND}:{n}", title=f"Papir {n}", params={"n": n}, by=person
        )
