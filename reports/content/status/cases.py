"""Use cases in a status report: how they stand, what moved, effects, and what was turned down."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.content.blocks import Block, cell, local_day, passage, row, section, table, words
from reports.content.span import Span
from usecases.enums import Status
from usecases.models import CaseMerge, StatusChange, UseCase

UNCOUNTED = frozenset({Status.DRAFT, Status.WITHDRAWN})
# Those in which AI is at work, or has been.
AT_WORK = frozenset({Status.PILOT, Status.PILOT_ENDED, Status.OPERATION})


@dataclass(frozen=True)
class Cases:
    """The committee's cases that the council may read, as they stood on the day."""

    rows: dict[int, UseCase]
    status: dict[int, str]
    moved: list[StatusChange]
    new: list[UseCase]
    counts: Counter[str] = field(default_factory=Counter)

    def of(self, *statuses: str) -> list[UseCase]:
        return [case for pk, case in self.rows.items() if self.status[pk] in statuses]


def cases_of(span: Span) -> Cases:
    """Three queries, however many cases there are."""
    seen = UseCase.objects.visible_to(span.eyes).filter(committee=span.committee)
    seen = seen.filter(submitted_at__lt=span.ends).exclude(
        pk__in=CaseMerge.objects.order_by().values("case")
    )
    rows = {case.pk: case for case in seen.select_related("committee").order_by("reference", "pk")}
    changes = list(StatusChange.objects.filter(case__in=seen.values("pk")).order_by("pk"))
    status = _statuses(rows, changes, span)
    rows = {pk: case for pk, case in rows.items() if status[pk] not in UNCOUNTED}
    begins, ends = span.moments
    return Cases(
        rows=rows,
        status=status,
        moved=[one for one in changes if begins <= one.at < ends and one.case_id in rows],
        new=[case for case in rows.values() if case.submitted_at and case.submitted_at >= begins],
        counts=Counter(status[pk] for pk in rows),
    )


def _statuses(rows: dict[int, UseCase], changes: list[StatusChange], span: Span) -> dict[int, str]:
    """Case → its status on the day: the last change until then, else what the next one left."""
    found: dict[int, str] = {}
    for change in changes:
        if change.at < span.ends:
            found[change.case_id] = change.new
        else:
            found.setdefault(change.case_id, change.old)
    return {pk: found.get(pk, case.status) for pk, case in rows.items()}


def register_url(*statuses: str) -> str:
    query = "&".join(f"status={one}" for one in statuses)
    return reverse("usecases:case_list") + (f"?{query}" if query else "")


def case_cell(case: UseCase) -> Block:
    return cell(f"{case.number} {case.title}", case.get_absolute_url())


def status_section(span: Span, found: Cases, figure: Block | None) -> Block:
    moved = _moved(found)
    lead = words(
        ngettext(
            "The register has %(n)s use of AI. %(new)s came in the period.",
            "The register has %(n)s uses of AI. %(new)s came in the period.",
            len(found.rows),
        )
        % {"n": len(found.rows), "new": len(found.new)},
        register_url(),
        _("See the uses behind the figures"),
    )
    return section(
        "cases",
        _("Uses of AI by status"),
        lead if found.rows else None,
        figure if found.rows else None,
        moved,
        words(_("No use changed its status in the period."))
        if found.rows and not moved["rows"]
        else None,
        empty=_("There are no uses of AI in the register yet."),
    )


def _moved(found: Cases) -> Block:
    labels: dict[str, Any] = dict(Status.choices)
    rows = [
        row(
            f"moved:{one.pk}",
            case_cell(found.rows[one.case_id]),
            labels[one.old],
            labels[one.new],
            local_day(one.at),
            case=one.case_id,
        )
        for one in reversed(found.moved)
    ]
    heads = [_("Use"), _("From"), _("To"), _("Date")]
    url = reverse("usecases:case_list") + "?sortering=-aendret"
    return table("moved", _("What moved in the period"), heads, rows, url)


def effects_section(span: Span, found: Cases) -> Block:
    """What was hoped for beside what came, in the words of those who answer for it."""
    rows = [_effect(case, found.status[case.pk]) for case in found.of(*AT_WORK)]
    heads = [_("Use"), _("Before"), _("Goal"), _("Result")]
    return section(
        "effects",
        _("Effects against the starting point"),
        table(
            "effects",
            _("Uses in a pilot or in operation"),
            heads,
            rows,
            register_url(*AT_WORK),
            standing=True,
        ),
        empty=_("No use is in a pilot or in operation, so there are no effects to tell of yet."),
    )


def _effect(case: UseCase, status: str) -> Block:
    labels = dict(Status.choices)
    title = cell(f"{case.number} {case.title} ({labels[status]})", case.get_absolute_url())
    measured = case.value("measured_on")
    result = case.value("result") or (
        _("Is measured %(day)s") % {"day": cell(measured)["text"]}
        if measured
        else _("Not measured yet")
    )
    missing = _("Not stated")
    return row(
        f"effect:{case.pk}",
        title,
        case.value("baseline") or missing,
        case.value("goal") or missing,
        result,
        case=case.pk,
    )


def price_section(span: Span, found: Cases) -> Block:
    """What it costs to refrain, for each use that was turned down in the period."""
    turned_down = {one.case_id for one in found.moved if one.new == Status.REJECTED}
    cases = [found.rows[pk] for pk in found.rows if pk in turned_down]
    lead = ngettext(
        "%(n)s proposal was turned down in the period.",
        "%(n)s proposals were turned down in the period.",
        len(cases),
    ) % {"n": len(cases)}
    return section(
        "price_of_no",
        _("The price of a no"),
        words(lead, register_url(Status.REJECTED), _("See what was turned down"))
        if cases
        else None,
        *(_price(case) for case in cases),
        empty=_("No proposal was turned down in the period."),
    )


def _price(case: UseCase) -> Block:
    return passage(
        f"price:{case.pk}",
        f"{case.number} {case.title}",
        case.value("price_of_no") or _("Nobody has written what it costs to refrain."),
        case.get_absolute_url(),
        case=case.pk,
    )


def inputs_section(span: Span, found: Cases) -> Block:
    """What came from citizens and employees."""
    from ethics.enums.hearings import HearingState
    from ethics.models import Hearing
    from usecases.models import Comment

    citizens = [case for case in found.new if case.is_from_citizen]
    employees = [case for case in found.new if case.proposer_id]
    comments = Comment.objects.standing().filter(case__in=list(found.rows), **span.within("at"))
    hearings = Hearing.objects.filter(
        case__in=list(found.rows), state=HearingState.CLOSED, **span.within("closed_at")
    ).select_related("case__committee")
    rows = [
        row("input:citizens", cell(_("Proposals from citizens"), register_url()), len(citizens)),
        row("input:employees", cell(_("Proposals from employees"), register_url()), len(employees)),
        row("input:comments", cell(_("Comments on proposals"), register_url()), comments.count()),
    ]
    rows += [
        row(
            f"hearing:{one.pk}",
            cell(
                _("Hearing about %(case)s") % {"case": one.case.title}, one.case.get_absolute_url()
            ),
            ", ".join(str(party.label) for party in one.parties),
            case=one.case_id,
        )
        for one in hearings
    ]
    has_any = citizens or employees or rows[2]["cells"][1]["text"] != "0" or len(rows) > 3
    return section(
        "inputs",
        _("Input from citizens and employees"),
        table("inputs", _("What came in during the period"), [_("What"), _("How much")], rows)
        if has_any
        else None,
        empty=_("No citizen or employee gave input in the period."),
    )
