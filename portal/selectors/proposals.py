"""Proposals on “My work”: one's own drafts, and what waits for the secretariat."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from usecases.models import UseCase
from usecases.selectors.lists import own_drafts, waiting_for_secretariat

# The page is about what comes next; the list has the rest.
MOST = 5
Row = tuple[str, str, str, str, datetime | None, str]


def waiting_proposals(user: Any) -> Iterator[Row]:
    """Icon, sentence, address, what it is about, deadline and the button's words."""
    for case in own_drafts(user)[:MOST]:
        yield _draft(case)
    waiting = list(waiting_for_secretariat(user)[: MOST + 1])
    for case in waiting[:MOST]:
        yield _submitted(case)
    if len(waiting) > MOST:
        url = reverse("usecases:case_list") + "?vis=venter"
        count = waiting_for_secretariat(user).count() - MOST
        title = ngettext(
            "%(n)s proposal more waits to be taken up",
            "%(n)s proposals more wait to be taken up",
            count,
        ) % {"n": count}
        yield ("list-check", title, url, _("Proposals"), None, _("See the proposals"))


def _draft(case: UseCase) -> Row:
    title = _("Finish your proposal")
    return ("edit", title, case.get_absolute_url(), case.title, None, _("Go on"))


def _submitted(case: UseCase) -> Row:
    title = _("Take up a proposal for assessment")
    meta = f"{case.number} · {case.title}"
    return ("list-check", title, case.get_absolute_url(), meta, None, _("Read the proposal"))
