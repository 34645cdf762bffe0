"""The tasks of the mandate in a status report, and what happens next."""

from django.urls import reverse
from django.utils.translation import gettext as _

from committee.enums import DeliverableStatus
from committee.models import Deliverable
from reports.content.blocks import Block, cell, row, section, table
from reports.content.span import Span


def deliverables_of(span: Span) -> list[Deliverable]:
    """Those of the newest terms of reference."""
    terms = span.committee.terms.filter(adopted_on__lte=span.on).order_by("-version").first()
    return list(terms.deliverables.prefetch_related("evidence")) if terms else []


def mandate_section(span: Span, found: list[Deliverable]) -> Block:
    heads = [_("Task"), _("Status"), _("Due"), _("Newest evidence")]
    url = reverse("committee:committee_page", args=[span.committee.slug])
    return section(
        "mandate",
        _("The tasks of the mandate"),
        table(
            "mandate",
            _("Where each task stands"),
            heads,
            [_task(span, one) for one in found],
            url,
            standing=True,
        ),
        empty=_("The committee has no tasks in its terms of reference yet."),
    )


def _task(span: Span, one: Deliverable) -> Block:
    known = [row for row in one.evidence.all() if row.on <= span.on]
    newest = known[-1] if known else None
    return row(
        f"task:{one.pk}",
        cell(one.title, reverse("committee:committee_page", args=[span.committee.slug])),
        DeliverableStatus(one.status).label,
        one.due_on or _("No date"),
        cell(newest.title, newest.url) if newest else _("No evidence yet"),
    )


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
