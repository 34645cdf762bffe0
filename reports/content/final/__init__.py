"""The content of a final report: one dict that page and PDF are drawn from."""

from typing import Any

from django.utils import timezone, translation
from django.utils.translation import ngettext

from core.mailing import LANGUAGE
from reports.content.blocks import Block, figure_of
from reports.content.final import participation, result, work
from reports.content.final.short import missing_section, summary_section
from reports.content.span import Span, span_of
from reports.content.status import cases as use_cases
from reports.content.status import mandate, meetings
from reports.content.texts import with_texts
from reports.models import Report
from reports.naming import period_name, report_title

SCHEMA = 1


def final_content(report: Report) -> dict[str, Any]:
    """What the committee made of its mandate, as a reader of the council may read it."""
    with translation.override(LANGUAGE):
        return with_texts(_gathered(report, span_of(report)), report)


def _gathered(report: Report, span: Span) -> dict[str, Any]:
    held = meetings.held_in(span)
    decided = meetings.decided_in(span)
    tasks = mandate.tasks_of(span)
    editions = result.editions_of(span)
    areas = result.recommended(span)
    people = work.members_of(span)
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
        "key_figures": _key_figures(len(held), len(decided), len(editions), len(areas)),
        "sections": [
            summary_section(span, tasks, held, decided, areas),
            result.guidelines_section(editions),
            result.areas_section(areas),
            result.cases_section(span),
            work.members_section(people),
            work.process_section(span, held, decided),
            work.deliverables_section(span, tasks),
            participation.participation_section(span, held),
            use_cases.inputs_section(span, use_cases.cases_of(span)),
            work.decisions_section(held, decided),
            meetings.dissent_section(decided),
            result.conditions_section(span),
            missing_section(span, tasks, held, editions, people),
        ],
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
        "previous": "",
    }


def _key_figures(held: int, decided: int, adopted: int, areas: int) -> list[Block]:
    from django.urls import reverse

    return [
        figure_of(
            "meetings", held, ngettext("meeting held", "meetings held", held), meetings.list_url()
        ),
        figure_of(
            "decisions",
            decided,
            ngettext("decision taken", "decisions taken", decided),
            meetings.list_url(),
        ),
        figure_of(
            "guidelines",
            adopted,
            ngettext("text adopted", "texts adopted", adopted),
            reverse("ethics:guideline_list"),
        ),
        figure_of(
            "areas",
            areas,
            ngettext("use of AI recommended", "uses of AI recommended", areas),
            use_cases.register_url(),
        ),
    ]


__all__ = ["final_content"]
