"""The content of a status report: one dict that page and PDF are drawn from."""

from datetime import timedelta
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.mailing import LANGUAGE
from reports import figures
from reports.content.blocks import Block, figure, figure_of
from reports.content.marking import mark_changes
from reports.content.span import Span, span_of
from reports.content.status import cases as use_cases
from reports.content.status import conditions as ethical
from reports.content.status import mandate, meetings
from reports.content.texts import with_texts
from reports.models import Report
from reports.naming import period_name, report_title
from usecases.enums import Status

SCHEMA = 1
# The time line shows so much of what is to come.
AHEAD = timedelta(days=91)


def status_content(report: Report) -> dict[str, Any]:
    """Everything the report says, as it stood on the last day of its period (or stands now)."""
    with translation.override(LANGUAGE):
        content = _gathered(report, span_of(report))
        mark_changes(content, report.previous.content if report.previous else None)
        return with_texts(content, report)


def _gathered(report: Report, span: Span) -> dict[str, Any]:
    found = use_cases.cases_of(span)
    bound = ethical.conditions_of(span, found)
    held = meetings.held_in(span)
    tasks = mandate.tasks_of(span)
    return {
        "schema": SCHEMA,
        "kind": str(report.kind),
        "municipality": span.committee.municipality.name,
        "committee": {
            "slug": span.committee.slug,
            "name": span.committee.name,
            "full_name": span.committee.full_name,
        },
        "report": _about(report),
        "as_of": span.on.isoformat(),
        "gathered_at": timezone.localtime().isoformat(timespec="seconds"),
        "key_figures": _key_figures(found, bound, held),
        "sections": _sections(span, found, bound, held, tasks),
    }


def _about(report: Report) -> dict[str, Any]:
    return {
        "id": report.pk,
        "number": report.number,
        "title": report_title(report),
        "period": period_name(report.period_from, report.period_to),
        "from": report.period_from.isoformat(),
        "to": report.period_to.isoformat(),
        "recipient": report.recipient_name,
        "meets_on": report.meets_on.isoformat() if report.meets_on else "",
        "previous": report_title(report.previous) if report.previous else "",
    }


def _sections(
    span: Span,
    found: use_cases.Cases,
    bound: ethical.Conditions,
    held: list[meetings.Held],
    tasks: list[Any],
) -> list[Block]:
    decided = meetings.decided_in(span)
    drawn = _figures(span)
    coming = [*meetings.coming_rows(span), *ethical.next_rows(span, found, bound)]
    return [
        use_cases.status_section(span, found, drawn.get("cases")),
        mandate.mandate_section(span, tasks),
        meetings.meetings_section(held, decided, drawn.get("meetings")),
        meetings.decisions_section(held, decided),
        ethical.conditions_section(span, found, bound, drawn.get("conditions")),
        ethical.reviews_section(span, found),
        ethical.duties_section(span, found),
        use_cases.effects_section(span, found),
        meetings.dissent_section(decided),
        use_cases.inputs_section(span, found),
        use_cases.price_section(span, found),
        mandate.next_section(coming, drawn.get("next")),
    ]


def _figures(span: Span) -> dict[str, Block]:
    """Section → its drawing, where there is something to draw."""
    eyes, body = span.eyes, span.committee
    soon = span.on + timedelta(days=1)
    drawn = {
        "cases": figures.case_status(eyes, body, span.on),
        "meetings": figures.attendance(eyes, body, span.first, span.on),
        "conditions": figures.conditions_over_time(eyes, body, span.first, span.on),
        "next": figures.due_dates(eyes, body, soon, soon + AHEAD),
    }
    return {key: figure(made) for key, made in drawn.items() if not made.is_empty}


def _key_figures(
    found: use_cases.Cases, bound: ethical.Conditions, held: list[meetings.Held]
) -> list[Block]:
    total, pilots = len(found.rows), found.counts[Status.PILOT]
    running, new = found.counts[Status.OPERATION], len(found.new)
    return [
        figure_of(
            "cases",
            total,
            ngettext(
                "use of AI in the register, %(new)s new",
                "uses of AI in the register, %(new)s new",
                total,
            )
            % {"new": new},
            use_cases.register_url(),
        ),
        figure_of(
            "pilots",
            pilots,
            ngettext(
                "is tried in a pilot, %(n)s in operation",
                "are tried in a pilot, %(n)s in operation",
                pilots,
            )
            % {"n": running},
            use_cases.register_url(Status.PILOT, Status.OPERATION),
        ),
        _confirmed(bound),
        figure_of(
            "late",
            len(bound.late),
            ngettext("condition is overdue", "conditions are overdue", len(bound.late)),
            ethical.condition_url(late=True),
        ),
        figure_of(
            "meetings",
            len(held),
            ngettext("meeting held", "meetings held", len(held)),
            meetings.list_url(),
        ),
    ]


def _confirmed(bound: ethical.Conditions) -> Block:
    """How many of the conditions are confirmed; plainly that there are none, where there are."""
    all_of_them, url = len(bound.all), ethical.condition_url()
    if not all_of_them:
        return figure_of("confirmed", 0, _("conditions have been set"), url)
    value = _("%(n)s of %(all)s") % {"n": len(bound.verified), "all": all_of_them}
    return figure_of("confirmed", value, _("conditions are confirmed"), url)
