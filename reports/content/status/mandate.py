"""The tasks of the mandate in a status report, and what happens next."""

from django.urls import reverse
from django.utils.translation import gettext as _

from reports.content.blocks import Block, cell, row, section, table
from reports.content.span import Span
from reports.selectors.mandate import DeliverableRow, deliverables_of


def tasks_of(span: Span) -> list[DeliverableRow]:
    """The tasks of the newest terms of reference, as the council may know of them."""
    return deliverables_of(span.eyes, span.committee, since=span.first, today=span.on)


def mandate_section(span: Span, found: list[DeliverableRow]) -> Block:
    heads = [_("Task"), _("Status"), _("Next step"), _("Newest evidence")]
    url = reverse("reports:mandate_progress", args=[span.committee.slug])
    rows = [_task(span, one, url) for one in found]
    return section(
        "mandate",
        _("The tasks of the mandate"),
        table("mandate", _("Where each task stands"), heads, rows, url, standing=True),
        empty=_("The committee has no tasks in its terms of reference yet."),
    )


def _task(span: Span, one: DeliverableRow, url: str) -> Block:
    known = [each for each in one.evidence if each.on <= span.on]
    newest = known[-1] if known else None
    return row(
        f"task:{one.id}",
        cell(one.title, url),
        _status(span, one),
        one.next_words,
        cell(newest.title, newest.url) if newest else _("No evidence yet"),
    )


def _status(span: Span, one: DeliverableRow) -> str:
    """As it stood on the day of the figures: the last change until then."""
    before = [move.new for move in one.moves if move.on <= span.on]
    if before:
        return before[-1]
    return one.moves[0].old if one.moves else one.status_word


def next_section(rows: list[Block], figure: Block | None) -> Block:
    heads = [_("Date"), _("What")]
    rows.sort(key=lambda one: str(one["cells"][0]["on"]))
    return section(
        "next",
        _("What happens next"),
        figure if rows else None,
        table("next", _("Dates to come"), heads, rows, standing=True),
        empty=_("No dates are known after the period yet."),
    )
