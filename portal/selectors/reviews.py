"""Reviews on “My work”: sheets and declarations for reviewers, next steps for the secretariat."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ethics.enums.rounds import RoundState
from ethics.models import ReviewRound
from ethics.selectors.rounds import Task, my_tasks, waiting_for_runner
from portal.selectors.proposals import MOST, Row
from portal.selectors.waiting import Text

R = RoundState
# What the secretariat does next, by state.
NEXT: dict[str, Text] = {
    R.SCREENING: gettext_lazy("Find reviewers, and hand out the sheets"),
    R.DISCUSSION: gettext_lazy("Write down the discussion, and have it signed"),
    R.ASSESSED: gettext_lazy("Put the case on the agenda"),
    R.RECOMMENDED: gettext_lazy("Send the case to the competent body"),
    R.DECISION: gettext_lazy("Record the decision of the competent body"),
}


def waiting_reviews(user: object) -> Iterator[Row]:
    """Icon, sentence, address, what it is about, deadline and the button's words."""
    for task in my_tasks(user)[:MOST]:
        yield _task(task)
    for review in waiting_for_runner(user)[:MOST]:
        yield _next(review)


def _task(task: Task) -> Row:
    facts = {"number": task.review.case.number}
    if task.kind == "declare":
        title = _("Say whether you are impartial in %(number)s") % facts
        return ("checklist", title, task.url, "", None, _("Answer"), False)
    title = _("Fill in your sheet for %(number)s") % facts
    meta = task.review.case.title
    return ("edit", title, task.url, meta, task.review.deadline, _("Fill in"), True)


def _next(review: ReviewRound) -> Row:
    title = str(NEXT[review.state])
    meta = f"{review.case.number} · {review.case.title}"
    url = reverse("ethics:review_page", args=[review.pk])
    return ("list-check", title, url, meta, None, _("Go to the review"), False)
