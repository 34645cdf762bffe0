"""The hearing beside a case."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.templatetags.ur import full_date
from ethics.enums.hearings import HearingState
from ethics.policies.hearings import can_open
from ethics.selectors.hearings import newest_hearing
from usecases import hooks
from usecases.hooks import Line, Panel
from usecases.policies import reading_level

# Hearings ----------------------------------------------------------------------------------------


@hooks.on(hooks.panels)
def hearing_panel(user: Any, case: Any) -> Panel | None:
    """Whether employees and the follow group are or were heard. One query."""
    if reading_level(user, case) != "full":
        return None
    hearing, url = newest_hearing(case), reverse("ethics:hearing_page", args=[case.pk])
    if hearing is not None:
        word: Any = hearing.get_state_display()
        look = "done"
        text: Any = _("Hearing closed")
        if hearing.state == HearingState.OPEN:
            word, look = (_("Past its deadline"), "miss") if hearing.is_late else (word, "half")
            text = _("Answers before %(day)s") % {"day": full_date(hearing.deadline)}
        return Panel("hearing", _("Hearing"), (Line(text, url, word, look),))
    if can_open(user, case):
        return Panel("hearing", _("Hearing"), (Line(_("Hear the employees"), url),))
    return None
