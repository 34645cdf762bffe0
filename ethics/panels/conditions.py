"""The conditions beside a case."""

from typing import Any

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ethics.enums.conditions import STANDING, ConditionState, Gate
from ethics.models import Condition
from ethics.policies import conditions as policies
from ethics.selectors.condition_pages import published_of, standing_of
from usecases import hooks

MOST_TEXTS = 5
LONGEST_LINE = 160

# Conditions ----------------------------------------------------------------------------------


@hooks.on(hooks.panels)
def conditions_panel(user: Any, case: Any) -> hooks.Panel | None:
    """How many are met at each gate; for citizens the words of those that bind."""
    level = policies.reading(user, case)
    if level == "none":
        return None
    url = reverse("ethics:conditions_page", args=[case.pk])
    if level == "public":
        lines = _texts(published_of(case), url)
    else:
        rows = standing_of(user, case)
        lines = [line for gate in Gate if (line := _gate_line(gate, rows, url))]
        if late := sum(row.is_overdue for row in rows):
            words = ngettext("%(n)s is overdue", "%(n)s are overdue", late) % {"n": late}
            lines.append(hooks.Line(words, url, _("Overdue"), "miss"))
        if policies.can_add(user, case):
            new = reverse("ethics:condition_new", args=[case.pk])
            lines.append(hooks.Line(_("Add a condition"), new))
    return hooks.Panel("conditions", gettext_lazy("Conditions"), tuple(lines)) if lines else None


def _texts(rows: list[Condition], url: str) -> list[hooks.Line]:
    lines = [hooks.Line(Truncator(row.text).chars(LONGEST_LINE)) for row in rows[:MOST_TEXTS]]
    return [*lines, hooks.Line(_("Read the conditions"), url)] if lines else []


def _gate_line(gate: Gate, rows: list[Condition], url: str) -> hooks.Line | None:
    mine = [row for row in rows if row.gate == gate]
    standing = [row for row in mine if row.state in STANDING]
    if standing:
        settled = sum(row.is_settled for row in standing)
        words = _("%(n)s of %(all)s met") % {"n": settled, "all": len(standing)}
        look = "done" if settled == len(standing) else "half"
        return hooks.Line(gate.label, url, words, look)
    proposed = sum(row.state == ConditionState.PROPOSED for row in mine)
    if not proposed:
        return None
    words = ngettext("%(n)s proposed", "%(n)s proposed", proposed) % {"n": proposed}
    return hooks.Line(gate.label, url, words, "empty")
