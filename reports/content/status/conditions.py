"""Reviews, conditions and duties of the AI Act in a status report: what is late comes first."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ethics.ai_act import rules_of
from ethics.enums.aiact import AssessmentState, DutyState
from ethics.enums.conditions import STANDING, EventKind
from ethics.models import AiActAssessment, Condition, ConditionEvent, ObligationEvidence
from ethics.selectors.aiact import state_of
from reports.content.blocks import Block, cell, row, section, table, words
from reports.content.span import Span
from reports.content.status.cases import AT_WORK, Cases, case_cell
from reports.figures.conditions import MAKES
from usecases.enums import FINAL, EthicsOutcome
from usecases.models import UseCase

# Duties are told of so long before they apply.
AHEAD_DAYS = 183


@dataclass(frozen=True)
class Conditions:
    """The conditions that bound on the day, by where they stood then."""

    verified: list[Condition] = field(default_factory=list)
    waived: list[Condition] = field(default_factory=list)
    open: list[Condition] = field(default_factory=list)
    late: list[Condition] = field(default_factory=list)

    @property
    def all(self) -> list[Condition]:
        return [*self.late, *self.open, *self.verified, *self.waived]


def conditions_of(span: Span, cases: Cases) -> Conditions:
    """Two queries. What was handed in is not late: it waits for somebody else."""
    rows = (
        Condition.objects.readable_by(span.eyes)
        .filter(case__in=list(cases.rows), state__in=STANDING, in_force_at__lt=span.ends)
        .select_related("owner")
        .distinct()
        .order_by("due_on", "pk")
    )
    events = ConditionEvent.objects.filter(
        condition__in=[one.pk for one in rows], kind__in=list(MAKES), at__lt=span.ends
    )
    # The last line of its history until then says where it was.
    last = {one.condition_id: MAKES[EventKind(one.kind)] for one in events.order_by("pk")}
    found = Conditions()
    for one in rows:
        _place(found, one, last.get(one.pk, "owner"), span)
    return found


def _place(found: Conditions, one: Condition, stood: str, span: Span) -> None:
    if stood == "owner":
        (found.late if one.due_on < span.on else found.open).append(one)
    elif stood == "waits":
        found.open.append(one)
    elif stood in ("verified", "waived"):
        getattr(found, stood).append(one)


def condition_url(*, late: bool = False) -> str:
    url = reverse("ethics:condition_list")
    return f"{url}?frist=overskredet" if late else url


def conditions_section(span: Span, cases: Cases, found: Conditions, figure: Block | None) -> Block:
    used = {one.case_id for one in found.all}
    counted = ngettext(
        "%(n)s condition, %(uses)s uses: %(met)s verified, %(waived)s waived, %(late)s overdue.",
        "%(n)s conditions, %(uses)s uses: %(met)s verified, %(waived)s waived, %(late)s overdue.",
        len(found.all),
    ) % {
        "n": len(found.all),
        "uses": len(used),
        "met": len(found.verified),
        "waived": len(found.waived),
        "late": len(found.late),
    }
    about = _(
        "A condition must be confirmed by somebody else than the system owner before a pilot or "
        "operation may begin."
    )
    return section(
        "conditions",
        _("Conditions from the ethics reviews"),
        words(about) if found.all else None,
        words(counted, condition_url(), _("See the conditions behind the figures"))
        if found.all
        else None,
        figure if found.all else None,
        _conditions("late", _("Overdue conditions"), cases, found.late, late=True),
        _conditions("open", _("Open conditions within their date"), cases, found.open),
        words(_("No condition is overdue.")) if found.all and not found.late else None,
        empty=_("No conditions have been set for any use yet."),
    )


def _conditions(
    key: str, caption: str, cases: Cases, rows: list[Condition], *, late: bool = False
) -> Block:
    heads = [_("Use"), _("Condition"), _("Responsible"), _("Due")]
    made = [
        row(
            f"condition:{one.pk}",
            case_cell(cases.rows[one.case_id]),
            cell(one.text, one.get_absolute_url()),
            _responsible(cases.rows[one.case_id]),
            one.due_on,
            condition=one.pk,
            case=one.case_id,
        )
        for one in rows
    ]
    return table(f"conditions_{key}", caption, heads, made, condition_url(late=late), standing=True)


def _responsible(case: UseCase) -> str:
    """The post, not the person: a report travels."""
    return str(case.value("owner_post") or _("System owner"))


def reviews_section(span: Span, cases: Cases) -> Block:
    """What the reviews came to in the period, and which uses are to be reviewed again."""
    outcomes: dict[str, Any] = dict(EthicsOutcome.choices)
    done = [
        row(
            f"review:{case.pk}:{case.ethics_on}",
            case_cell(case),
            outcomes[case.ethics_outcome],
            case.ethics_on,
            case=case.pk,
        )
        for case in cases.rows.values()
        if case.ethics_outcome and span.holds(case.ethics_on)
    ]
    again = [
        case
        for case in cases.rows.values()
        if case.rereview_on and cases.status[case.pk] not in FINAL
    ]
    again.sort(key=lambda case: (case.rereview_on, case.pk))
    heads = [_("Use"), _("Recommendation"), _("Date")]
    return section(
        "reviews",
        _("Ethics reviews"),
        table("reviews", _("Reviews concluded in the period"), heads, done),
        table(
            "rereviews",
            _("Uses to be reviewed again, overdue first"),
            [_("Use"), _("Status"), _("Due")],
            [_rereview(span, cases, case) for case in again],
            standing=True,
        ),
        empty=_("No review was concluded in the period, and none is due again."),
    )


def _rereview(span: Span, cases: Cases, case: UseCase) -> Block:
    from usecases.enums import Status

    late = case.rereview_on is not None and case.rereview_on < span.on
    labels = dict(Status.choices)
    status = labels[cases.status[case.pk]]
    told = _("%(status)s, overdue") % {"status": status} if late else status
    return row(f"rereview:{case.pk}", case_cell(case), told, case.rereview_on, case=case.pk)


# Duties of the AI Act ------------------------------------------------------------------------


def duties_section(span: Span, cases: Cases) -> Block:
    rows = duty_rows(span, cases)
    heads = [_("Use"), _("Duty"), _("Status"), _("Applies from")]
    lead = _("A screening aid; a lawyer decides.")
    return section(
        "duties",
        _("Duties of the AI Act that apply or are coming"),
        words(lead) if rows else None,
        table("duties", _("Duties that are not in place, by date"), heads, rows, standing=True),
        empty=_("No duty of the AI Act lacks evidence within the next six months."),
    )


def duty_rows(span: Span, cases: Cases) -> list[Block]:
    """Duties of uses that go on: within half a year, and not in place. Two queries."""
    going = {pk: case for pk, case in cases.rows.items() if cases.status[pk] not in FINAL}
    assessments = AiActAssessment.objects.filter(
        case__in=list(going), state=AssessmentState.CONCLUDED, concluded_at__lt=span.ends
    )
    evidence = {
        (one.case_id, one.code): one
        for one in ObligationEvidence.objects.filter(case__in=list(going), replaced_at=None)
    }
    found = [
        (day, going[one.case_id], code, text, state)
        for one in assessments
        for day, code, text, state in _duties(span, one, evidence)
    ]
    found.sort(key=lambda each: (each[0], each[1].pk, each[2]))
    labels: dict[str, Any] = dict(DutyState.choices)
    return [
        row(
            f"duty:{case.pk}:{code}",
            case_cell(case),
            cell(text, reverse("ethics:aiact_page", args=[case.pk])),
            labels[state],
            day,
            case=case.pk,
        )
        for day, case, code, text, state in found
    ]


def _duties(
    span: Span, one: AiActAssessment, evidence: dict[tuple[int, str], ObligationEvidence]
) -> list[tuple[date, str, str, str]]:
    rules, horizon = rules_of(one.result["ruleset"]), span.on + timedelta(days=AHEAD_DAYS)
    rows = []
    for code, (day, _other, _gate) in one.result["obligations"].items():
        known, applies = rules.obligation(code), date.fromisoformat(day)
        if known is None or applies > horizon:
            continue
        state = state_of(evidence.get((one.case_id, code)), applies, span.on)
        if state not in (DutyState.VERIFIED, DutyState.NOT_YET):
            rows.append((applies, code, f"{known.article}: {known.text}", str(state)))
    return rows


def next_rows(span: Span, cases: Cases, found: Conditions) -> list[Block]:
    """Dates after the day of the figures that somebody must keep."""
    rows = [
        row(
            f"pilot_end:{case.pk}",
            case.pilot_end,
            cell(_("The pilot ends: %(case)s") % {"case": case.title}, case.get_absolute_url()),
            case=case.pk,
        )
        for case in cases.of(*AT_WORK)
        if case.pilot_end and case.pilot_end > span.on
    ]
    rows += [
        row(
            f"condition_due:{one.pk}",
            one.due_on,
            cell(
                _("A condition is due: %(case)s") % {"case": cases.rows[one.case_id].title},
                one.get_absolute_url(),
            ),
            condition=one.pk,
            case=one.case_id,
        )
        for one in found.open
        if one.due_on > span.on
    ]
    return rows
