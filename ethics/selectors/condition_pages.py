"""What the pages of conditions show to their reader."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from committee.models import Committee
from core.verdicts import Verdict
from ethics.enums.conditions import (
    BINDING,
    STANDING,
    UNSETTLED,
    WITH_OWNER,
    ConditionState,
    Gate,
)
from ethics.models import Condition
from ethics.naming_conditions import SLUGS
from ethics.policies import conditions as policies
from ethics.selectors.conditions import unwritten
from ethics.workflow_conditions import CONDITION
from usecases.enums import Status
from usecases.models import UseCase
from usecases.selectors.similar import similar

C = ConditionState
SHAPES: dict[str, str] = {
    C.PROPOSED: "empty",
    C.IN_FORCE: "half",
    C.HANDED_IN: "now",
    C.REJECTED: "miss",
    C.VERIFIED: "done",
    C.WAIVED: "hold",
    C.DROPPED: "no",
}
PER_PAGE = 50
MOST_REUSABLE = 8
# A decision that lapses sooner than this is shown as something to act on.
SOON = timedelta(days=30)
APPROVED = (Status.APPROVED_FOR_PILOT, Status.APPROVED_FOR_OPERATION)


@dataclass(frozen=True)
class Act:
    """Something that the reader may do with a condition."""

    label: str | Promise
    url: str
    icon: str = ""


@dataclass(frozen=True)
class Row:
    """A condition in a list: how it stands, when it is due, and whose turn it is."""

    condition: Condition
    shape: str
    word: str | Promise
    due: str
    next_act: Act | None
    waits_for: str
    origin: Condition | None = None


def row_of(user: Any, condition: Condition, origins: dict[int, Condition] | None = None) -> Row:
    late = condition.is_overdue
    return Row(
        condition=condition,
        shape="miss" if late else SHAPES[condition.state],
        word=_("Overdue") if late else condition.get_state_display(),
        due=due_words(condition),
        next_act=next_act(user, condition),
        waits_for=waits_for(condition),
        origin=(origins or {}).get(condition.reused_from_id or 0),
    )


def due_words(condition: Condition) -> str:
    """How far away the date is, while it matters."""
    if condition.state not in UNSETTLED:
        return ""
    left = condition.days_left
    if left == 0:
        return _("today")
    if left > 0:
        return ngettext("in %(n)s day", "in %(n)s days", left) % {"n": left}
    return ngettext("%(n)s day late", "%(n)s days late", -left) % {"n": -left}


def next_act(user: Any, condition: Condition) -> Act | None:
    """The one thing that brings it on, when it is this reader's to do."""
    where = [condition.case_id, condition.number]
    if condition.state in WITH_OWNER and policies.can_hand_in(user, condition):
        return Act(_("Hand in evidence"), reverse("ethics:condition_evidence", args=where))
    if condition.state == C.HANDED_IN and policies.can_verify(user, condition):
        return Act(_("Look at the evidence"), reverse("ethics:condition_verify", args=where))
    return None


def waits_for(condition: Condition) -> str:
    if condition.state in WITH_OWNER:
        return condition.owner.name
    if condition.state == C.HANDED_IN:
        return _("the secretariat")
    return _("the decision") if condition.state == C.PROPOSED else ""


def with_people(rows: Any) -> Any:
    return rows.select_related("owner", "case__committee", "reused_from")


def origins_of(user: Any, rows: Iterable[Condition]) -> dict[int, Condition]:
    """Where they were taken over from, as far as the reader may read that."""
    wanted = {row.reused_from_id for row in rows if row.reused_from_id}
    if not wanted:
        return {}
    found = Condition.objects.readable_by(user).filter(pk__in=wanted).select_related("case")
    return {row.pk: row for row in found}


# One case --------------------------------------------------------------------------------------


def conditions_page(user: Any, case: UseCase) -> dict[str, Any]:
    """All conditions of the case for its readers; for citizens the words of those that bind."""
    level = policies.reading(user, case)
    if level == "public":
        found = Condition.objects.published().filter(case=case).order_by("-gate", "number")
        return {"case": case, "level": level, "texts": list(found)}
    rows = list(
        with_people(Condition.objects.visible_to(user).filter(case=case)).most_urgent_first()
    )
    origins = origins_of(user, rows)
    for row in rows:
        row.case = case
    return {
        "case": case,
        "level": level,
        "groups": [_group(user, gate, rows, origins) for gate in Gate],
        "has_rows": bool(rows),
        "unwritten": level == "full" and unwritten(case),
        "can_add": policies.can_add(user, case),
        "expires": expiry(case),
    }


def _group(user: Any, gate: Gate, rows: list[Condition], origins: Any) -> dict[str, Any]:
    mine = [row for row in rows if row.gate == gate]
    standing = [row for row in mine if row.state in STANDING]
    return {
        "gate": gate,
        "label": gate.label,
        "rows": [row_of(user, row, origins) for row in mine],
        "settled": sum(row.is_settled for row in standing),
        "all": len(standing),
    }


def expiry(case: UseCase) -> dict[str, Any] | None:
    """Until when the approval holds, while nothing has begun."""
    if case.status not in APPROVED or case.decision_expires is None:
        return None
    left = case.decision_expires - timezone.localdate()
    return {"on": case.decision_expires, "is_soon": left <= SOON}


def condition_page(user: Any, row: Condition) -> dict[str, Any]:
    """One condition with its evidence, its history, and what the reader may do."""
    evidence = list(row.evidence.select_related("file", "by").order_by("-number"))
    return {
        "row": row_of(user, row, origins_of(user, [row])),
        "condition": row,
        "case": row.case,
        "evidence": evidence,
        "events": list(row.events.select_related("by").order_by("pk")),
        "acts": list(acts(user, row)),
        "can_change": policies.can_change(user, row),
    }


def acts(user: Any, row: Condition) -> Iterable[Act]:
    """The other moves that are possible now."""
    for name, policy in policies.MOVERS.items():
        transition = CONDITION.get(name)
        verdict: Verdict = policy(user, row)
        if row.state in transition.sources and verdict:
            url = reverse("ethics:condition_move", args=[row.case_id, row.number, SLUGS[name]])
            yield Act(transition.label, url)


def reusable(user: Any, case: UseCase) -> list[Condition]:
    """Conditions of cases like this one, the most alike first, that are not used here yet."""
    alike = similar(case.title, case.value("problem") or "", user, exclude=case.pk, limit=8)
    order = {one.case.pk: number for number, one in enumerate(alike)}
    near = Q(case__in=list(order))
    if case.field:
        near |= Q(case__field=case.field)
    here = list(case.conditions.exclude(state=C.DROPPED).values_list("text", "reused_from"))
    found = (
        Condition.objects.readable_by(user)
        .filter(near, state__in=BINDING)
        .exclude(case=case)
        .exclude(pk__in=[pk for _text, pk in here if pk])
        .exclude(text__in=[text for text, _pk in here])
        .select_related("case")
        .order_by("-in_force_at", "-pk")[:60]
    )
    distinct: dict[str, Condition] = {}
    for row in sorted(found, key=lambda row: order.get(row.case_id, len(order))):
        distinct.setdefault(row.text, row)
    return list(distinct.values())[:MOST_REUSABLE]


# Beside the case -------------------------------------------------------------------------------


def standing_of(user: Any, case: UseCase) -> list[Condition]:
    """What the panel beside the case counts; one question to the database."""
    return list(Condition.objects.visible_to(user).filter(case=case).order_by("number"))


def published_of(case: UseCase) -> list[Condition]:
    return list(Condition.objects.published().filter(case=case).order_by("-gate", "number"))


# All of a committee ----------------------------------------------------------------------------

WHICH: dict[str, tuple[Any, frozenset[str]]] = {
    "aabne": (gettext_lazy("Not met"), frozenset(UNSETTLED)),
    "kontrol": (gettext_lazy("To verify"), frozenset({C.HANDED_IN})),
    "foreslaaede": (gettext_lazy("Suggested"), frozenset({C.PROPOSED})),
    "opfyldte": (gettext_lazy("Met"), frozenset({C.VERIFIED, C.WAIVED})),
    "alle": (gettext_lazy("All"), frozenset(C)),
}
GATES = {"pilot": Gate.PILOT, "drift": Gate.OPERATION}


@dataclass(frozen=True)
class Filters:
    """The question as it stands in the address; what is not known there is left out."""

    which: str = "aabne"
    gate: str = ""
    mine: bool = False
    late: bool = False

    def query(self, **changes: Any) -> str:
        facts = {**vars(self), **changes}
        pairs = [
            ("vis", facts["which"] if facts["which"] != "aabne" else ""),
            ("port", facts["gate"]),
            ("ejer", "mig" if facts["mine"] else ""),
            ("frist", "overskredet" if facts["late"] else ""),
        ]
        return urlencode([(key, value) for key, value in pairs if value])


def parse(data: Any) -> Filters:
    which, gate = data.get("vis", ""), data.get("port", "")
    return Filters(
        which=which if which in WHICH else "aabne",
        gate=gate if gate in GATES else "",
        mine=data.get("ejer") == "mig",
        late=data.get("frist") == "overskredet",
    )


def condition_list(
    user: Any, committee: Committee | None, filters: Filters, page: str
) -> dict[str, Any]:
    """The conditions that `user` may read, the overdue first. The queries do not grow."""
    rows = Condition.objects.visible_to(user)
    if filters.mine:
        rows = rows.of_user(user)
    elif committee is not None:
        rows = rows.filter(case__committee=committee)
    if filters.gate:
        rows = rows.filter(gate=GATES[filters.gate])
    counts = _counts(rows)
    shown = rows.filter(state__in=WHICH[filters.which][1])
    if filters.late:
        shown = shown.overdue()
    found = Paginator(with_people(shown).most_urgent_first(), PER_PAGE).get_page(page or "1")
    listed = list(found)
    return {
        "committee": None if filters.mine else committee,
        "filters": filters,
        "page": found,
        "rows": [row_of(user, row) for row in listed],
        "tabs": _tabs(filters, counts),
        "links": _links(filters),
        "late": counts["late"],
        "late_url": "?" + filters.query(which="aabne", late=True),
        "before": f"?{filters.query()}&side=" if filters.query() else "?side=",
    }


def _counts(rows: Any) -> dict[str, int]:
    late = Q(state__in=WITH_OWNER, due_on__lt=timezone.localdate())
    wanted = {key: Count("pk", filter=Q(state__in=states)) for key, (_w, states) in WHICH.items()}
    found: dict[str, int] = rows.order_by().aggregate(late=Count("pk", filter=late), **wanted)
    return found


def _tabs(filters: Filters, counts: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "label": words,
            "count": counts[key],
            "url": "?" + filters.query(which=key, late=False),
            "current": key == filters.which and not filters.late,
        }
        for key, (words, _states) in WHICH.items()
    ]


def _links(filters: Filters) -> list[dict[str, Any]]:
    """Gate and owner as links: each says what it does, and works without JavaScript."""
    gates = [
        ("", _("Both gates")),
        ("pilot", _("Before the pilot")),
        ("drift", _("Before operation")),
    ]
    links = [
        {
            "label": words,
            "url": "?" + filters.query(gate=key),
            "current": filters.gate == key,
        }
        for key, words in gates
    ]
    mine = {
        "label": _("Only mine"),
        "url": "?" + filters.query(mine=not filters.mine),
        "current": filters.mine,
    }
    return [*links, mine]
