"""What stands beside a use case: where meetings have decided on it."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.enums import Outcome
from meetings.selectors.decision_cases import decisions_about
from usecases import hooks
from usecases.hooks import Line, Panel


@hooks.on(hooks.panels)
def decisions_panel(user: Any, case: Any) -> Panel | None:
    """The rows of the register about the case, as far as the reader may know that they are."""
    lines = []
    for text in decisions_about(user, case):
        row = text.decision
        words = _("%(number)s, meeting %(meeting)s") % {
            "number": row.number,
            "meeting": row.meeting.number,
        }
        outcome = Outcome(text.outcome).label if text.outcome else ""
        lines.append(Line(words, row.get_absolute_url(), outcome, "done"))
    heading = gettext_lazy("In the register of decisions")
    return Panel("decisions", heading, tuple(lines)) if lines else None
