"""The reviews beside a case."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ethics.enums.rounds import RoundState
from ethics.policies.rounds import can_open
from ethics.selectors.rounds import LOOKS, kinds_for, rounds_of
from usecases import hooks
from usecases.hooks import Line, Panel


@hooks.on(hooks.panels)
def reviews_panel(user: Any, case: Any) -> Panel | None:
    """The reviews of the case, for those who take part and those who answer for it."""
    rows = rounds_of(user, case)
    lines = [
        Line(
            row.get_kind_display(),
            row.get_absolute_url(),
            row.get_state_display(),
            LOOKS[RoundState(row.state)],
        )
        for row in rows
    ]
    if can_open(user, case) and not any(not row.is_ended for row in rows) and kinds_for(case):
        lines.append(Line(_("Begin a review"), reverse("ethics:review_new", args=[case.pk])))
    return Panel("reviews", gettext_lazy("Reviews"), tuple(lines)) if lines else None
