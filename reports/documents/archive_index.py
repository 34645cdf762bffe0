"""The readable index of a package, as a page and as PDF/A."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from core.documents import palette_css, render_pdf
from meetings.tasks.documents import livery_of
from reports.selectors.archive_scope import Scope
from reports.selectors.archive_tables import Table


@dataclass(frozen=True)
class Document:
    """A file of the package: where it lies, what it is called, whose it is, and how it is made."""

    path: str
    title: str
    group: str
    write: Callable[[Path], None]


def edition_words(scope: Scope) -> str:
    return "fuld udgave" if scope.is_full else "offentlig udgave"


def write_index(scope: Scope, folder: Path, documents: list[Document], found: list[Table]) -> None:
    context = index_context(scope, documents, found)
    page = render_to_string("reports/archive/index.html", context)
    (folder / "index.html").write_text(page, encoding="utf-8")
    style = Path(str(finders.find("reports/archive.css"))).read_bytes()
    (folder / "index.css").write_bytes(style)
    data = render_pdf(
        template="pdf/archive_index.html",
        context=context,
        title=context["title"],
        created=scope.moment,
        variant="pdf/a-3a",
    )
    (folder / "index.pdf").write_bytes(data)


def index_context(scope: Scope, documents: list[Document], found: list[Table]) -> dict[str, Any]:
    """What page and PDF of the index are both made of."""
    municipality = scope.committee.municipality
    groups: dict[str, list[Document]] = {}
    for document in documents:
        groups.setdefault(document.group, []).append(document)
    decisions = next(table for table in found if table.by.name == "beslutninger")
    return {
        "title": f"{scope.committee.name}: arkivpakke",
        "scope": scope,
        "committee": scope.committee,
        "owner": municipality.name,
        "edition": edition_words(scope),
        "groups": [_group(scope, title, rows) for title, rows in groups.items()],
        "quiet": [one for one in scope.meetings if one.title not in groups],
        "tables": found,
        "decisions": len(decisions.rows),
        "palette_css": palette_css(livery_of(municipality)),
        "running": {
            "body": scope.committee.name,
            "meeting": "Arkivpakke",
            "version": f"{scope.period_from} – {scope.period_to}, {edition_words(scope)}",
        },
    }


def _group(scope: Scope, title: str, rows: list[Document]) -> dict[str, Any]:
    meeting = next((one for one in scope.meetings if one.title == title), None)
    return {"title": title, "meeting": meeting, "documents": rows}
