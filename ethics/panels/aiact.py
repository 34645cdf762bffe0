"""The AI Act beside a case."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ethics.selectors.aiact import binding_of, both_of, duties_of
from usecases.hooks import Line, Panel, on, panels
from usecases.policies import reading_level


# aiact
@on(panels)
def aiact_panel(user: Any, case: Any) -> Panel | None:
    """The assessment and its duties, for those who read all of the case."""
    if user is None or reading_level(user, case) != "full":
        return None
    concluded, draft = both_of(case)
    page = reverse("ethics:aiact_page", args=[case.pk])
    if draft is not None:
        word, look = (_("Begun"), "half") if concluded is None else (_("Being changed"), "half")
    elif concluded is not None and concluded.disposition == "requires_review":
        word, look = _("A lawyer decides"), "half"
    else:
        word, look = (_("Concluded"), "yes") if concluded else (_("Not begun"), "miss")
    lines = [Line(_("The assessment"), page, word, look)]
    rows = duties_of(case, binding_of(concluded, draft))
    if rows:
        met = sum(row.is_in_place for row in rows)
        told = _("%(met)s of %(all)s duties") % {"met": met, "all": len(rows)}
        lines.append(Line(told, f"{page}#pligter", "", ""))
    return Panel("ai-act", _("AI Act, questions and duties"), tuple(lines))
