"""Proposals on “My work”: one's own, rounds with votes left, and what waits for the secretariat."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from usecases.models import UseCase
from usecases.selectors.lists import (
    FollowUp,
    own_drafts,
    own_follow_ups,
    parked_for_secretariat,
    waiting_for_secretariat,
)
from usecases.selectors.ranking import OpenRound, rounds_with_votes_left

# The page is about what comes next; the list has the rest.
MOST = 5
Row = tuple[str, str, str, str, datetime | None, str, bool]


def waiting_proposals(user: Any) -> Iterator[Row]:
    """Icon, sentence, address, what it is about, deadline, the button's words, and whether the
    deadline has a clock."""
    for opened in rounds_with_votes_left(user):
        yield _votes(opened)
    for case in own_drafts(user)[:MOST]:
        yield _draft(case)
    for follow_up in own_follow_ups(user, MOST):
        yield _follow_up(follow_up)
    for case in parked_for_secretariat(user)[:MOST]:
        yield _row("calendar-month", _("Look at a parked proposal again"), case, case.revisit_on)
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
        yield ("list-check", title, url, _("Proposals"), None, _("See the proposals"), False)


def _draft(case: UseCase) -> Row:
    title = _("Finish your proposal")
    return ("edit", title, case.get_absolute_url(), case.title, None, _("Go on"), False)


def _submitted(case: UseCase) -> Row:
    title = _("Take up a proposal for assessment")
    return _row("list-check", title, case, None, _("Read the proposal"))


def _votes(opened: OpenRound) -> Row:
    title = _("Lay your votes: %(title)s") % {"title": opened.round.title}
    meta = ngettext("%(n)s vote left", "%(n)s votes left", opened.left) % {"n": opened.left}
    url, due = opened.round.get_absolute_url(), opened.round.closes_at
    return ("how-to-reg", title, url, meta, due, _("Go to the round"), True)


def _follow_up(row: FollowUp) -> Row:
    title, button = {
        "revisit": (_("Your parked proposal is to be looked at again"), _("See the proposal")),
        "begin": (_("Begin before the decision lapses"), _("See what is missing")),
        "pilot_ends": (_("Write what the pilot has shown before it ends"), _("See the proposal")),
        "pilot_ended": (_("The pilot has ended and waits for a decision"), _("See the proposal")),
        "suspended": (_("Find the cause of what was suspended"), _("See the proposal")),
        "rereview": (_("Assess the use again"), _("See the proposal")),
    }[row.why]
    return _row("checklist", title, row.case, row.due, button)


def _row(icon: str, title: str, case: UseCase, due: date | None, button: str = "") -> Row:
    """Due until the day is over."""
    ends = timezone.make_aware(datetime.combine(due, time.max)) if due else None
    meta = f"{case.number} · {case.title}"
    words = button or _("See the proposal")
    return (icon, title, case.get_absolute_url(), meta, ends, words, False)
