"""What came of it: the adopted texts, the areas that are recommended, the uses and conditions."""

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ethics.models import Guideline, GuidelineEdition
from reports import figures
from reports.charts import Chart
from reports.content.blocks import Block, figure, local_day, passage, section, words
from reports.content.span import Span
from reports.figures.cases import ALLOWED
from usecases.enums import Decision, DecisionAccess, Status
from usecases.models import CaseMerge, UseCase


def editions_of(span: Span) -> list[GuidelineEdition]:
    """The newest adopted version of each text by the day; two queries."""
    seen = Guideline.objects.visible_to(span.eyes).filter(committee=span.committee)
    rows = GuidelineEdition.objects.filter(version__guideline__in=seen.values("pk"))
    newest: dict[int, GuidelineEdition] = {}
    for one in rows.select_related("version__guideline").order_by("version__number"):
        adopted = one.decided_on or local_day(one.at)
        if adopted is not None and adopted <= span.on:
            newest[one.version.guideline_id] = one
    return sorted(newest.values(), key=lambda one: str(one.content["guideline"]["title"]))


def guidelines_section(editions: list[GuidelineEdition]) -> Block:
    return section(
        "guidelines",
        _("The ambition and the guidelines"),
        *(block for one in editions for block in _edition(one)),
        empty=_("The committee has adopted neither an ambition nor guidelines."),
    )


def _edition(one: GuidelineEdition) -> list[Block]:
    content, guideline = one.content, one.version.guideline
    facts = {"title": content["guideline"]["title"], "n": one.version.number}
    where = ", ".join(part for part in (one.meeting, one.item) if part)
    lead = _("%(title)s, version %(n)s") % facts
    said = _("Adopted: %(where)s.") % {"where": where} if where else ""
    return [
        words(f"{lead}. {said}".strip(), guideline.get_absolute_url(), _("Read it on its page")),
        *(
            passage(
                f"guideline:{guideline.pk}:{part['number']}",
                f"{content['guideline']['title']} § {part['number']}: {part['heading']}",
                part["text"],
            )
            for part in content["sections"]
        ),
    ]


# Areas ------------------------------------------------------------------------------------------


def recommended(span: Span) -> list[UseCase]:
    """Uses to which the competent body said yes, as they stand now, by field.

    Those that were brought in from elsewhere without a decision are in the register only.
    """
    rows = UseCase.objects.readable_by(span.eyes).filter(
        committee=span.committee,
        status__in=ALLOWED,
        submitted_at__lt=span.ends,
        decision__in=[Decision.PILOT, Decision.OPERATION],
    )
    rows = rows.exclude(pk__in=CaseMerge.objects.order_by().values("case"))
    found = list(rows.order_by("reference", "pk"))
    return sorted(found, key=lambda case: (not case.field_name, case.field_name))


def areas_section(found: list[UseCase]) -> Block:
    fields: dict[str, list[UseCase]] = defaultdict(list)
    for case in found:
        fields[case.field_name or _("Other areas")].append(case)
    return section(
        "areas",
        _("Recommended areas, and why"),
        words(_areas_lead(len(found), len(fields))) if found else None,
        *(_area(name, case) for name, cases in fields.items() for case in cases),
        empty=_("The committee has not recommended any area for AI yet."),
    )


def _areas_lead(cases: int, fields: int) -> str:
    said = ngettext(
        "The committee recommends %(n)s use of AI.", "The committee recommends %(n)s uses of AI.",
        cases,
    )  # fmt: skip
    areas = ngettext("It is in %(n)s area.", "They are in %(n)s areas.", fields)
    return f"{said % {'n': cases}} {areas % {'n': fields}}"


def _area(name: str, case: UseCase) -> Block:
    # Asked again whenever it is read: a decision may be closed after the report was made.
    told = {} if case.decision_access == DecisionAccess.CLOSED else {"reasons": case.pk}
    return passage(
        f"area:{case.pk}",
        f"{name}: {case.number} {case.title}",
        "\n\n".join(part for part in (_what(case), _why(case)) if part),
        case.get_absolute_url(),
        case=case.pk,
        **told,
    )


def _what(case: UseCase) -> str:
    decided = Decision(case.decision).label if case.decision else Status(case.status).label
    return f"**{decided}.** {case.summary}".strip()


def _why(case: UseCase) -> str:
    """The reasons as the decision gives them; of a closed one only that they are not here."""
    if case.decision_access == DecisionAccess.CLOSED:
        return _("The decision was taken behind closed doors. Its reasons are not in this report.")
    said = [case.decision_reasons or _("The decision gives no reasons.")]
    if case.decision_conditions:
        said.append(_("On condition that: %(text)s") % {"text": case.decision_conditions})
    return "\n\n".join(said)


def cases_section(span: Span) -> Block:
    """The register in pictures."""
    asked: tuple[Any, ...] = (span.eyes, span.committee, span.first, span.on)
    drawn: list[Chart] = [
        figures.case_status(span.eyes, span.committee, span.on),
        figures.status_over_time(*asked),
        figures.case_flow(*asked),
    ]
    risk = figures.risk_and_value(span.eyes, span.committee, span.on)
    if not risk.is_empty:
        drawn.append(risk)
    if drawn[0].is_empty:
        return section("cases", _("Uses of AI"), empty=drawn[0].message)
    return section("cases", _("Uses of AI"), *(figure(one) for one in drawn))


def conditions_section(span: Span) -> Block:
    made = figures.conditions_over_time(span.eyes, span.committee, span.first, span.on)
    coming = span.on.replace(year=span.on.year + 1, day=min(span.on.day, 28))
    due = figures.due_dates(span.eyes, span.committee, span.on, coming)
    return section(
        "conditions",
        _("Conditions, and what comes due"),
        words(made.message) if made.is_empty else figure(made),
        words(_("Nothing comes due within a year.")) if due.is_empty else figure(due),
    )
