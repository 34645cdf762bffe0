"""What stands beside a case; every part adds its function to `usecases.hooks.panels`."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ethics.policies.questions import reads_answers
from ethics.selectors.questions import panel_facts
from usecases import hooks
from usecases.hooks import Line, Panel


@hooks.on(hooks.panels)
def questions_panel(user: Any, case: Any) -> Panel | None:
    """How far the questions are answered, and the heaviest flag."""
    level = reads_answers(user, case)
    if not level:
        return None
    facts = panel_facts(case)
    if level == "public":
        if not facts.is_begun:
            return None
        url = reverse("ethics:questions_read", args=[case.pk])
        lines = [Line(_("Read the answers that are published"), url)]
    else:
        url = reverse("ethics:questions", args=[case.pk])
        progress = facts.progress
        lines = [Line(_("Questions answered"), url, progress.words, progress.look)]
        if facts.is_begun and facts.worst:
            look = "no" if facts.worst.id == "blocker" else "miss"
            lines.append(Line(_("Heaviest flag"), "", str(facts.worst.name), look))
    return Panel("questions", gettext_lazy("Ethics questions"), tuple(lines))
