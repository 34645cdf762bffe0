"""The words of the mails about a case. Call with the mail's language active.

A mail cannot be called back, and a case's title may be for the committee alone: they say the
number, what happened and where to read it, and nothing of what is written there.
"""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.mailing import Notice, absolute, answer_address
from core.outbox import Payload
from core.templatetags.ur import full_date
from usecases.models import Comment, StatusChange, UseCase
from usecases.services import telling

# What tells two mails about the same case apart.
MARKS = ("comment", "number", "other", "change", "day", "distance")


def case_notice(case: UseCase, payload: Payload) -> Notice:
    """What is new, for one who may read it."""
    what = payload["what"]
    subject, line, link, link_text = _words(case, what, payload)
    mark = "-".join(str(payload.get(key, 0)) for key in MARKS)
    return Notice(
        subject=subject,
        lines=[line],
        link=absolute(link),
        link_text=link_text,
        mark=f"case.{case.pk}.{what}.{mark}",
        answer_to=answer_address(case.committee.municipality.contact_email),
    )


def _words(case: UseCase, what: str, payload: Payload) -> tuple[str, str, str, str]:
    facts = {"number": case.number}
    if what in (telling.MENTIONED, telling.COMMENTED):
        return _comment_words(case, what, payload)
    if what in (telling.SUBMITTED, telling.MOVED):
        return _move_words(case, what, payload)
    if what in (telling.PILOT_ENDS, telling.LAPSES):
        return _day_words(case, what, payload)
    if what == telling.REVISED:
        return (
            _("The proposal %(number)s has been changed") % facts,
            _("The text that you follow or have commented on has a new version."),
            reverse("usecases:case_revisions", args=[case.pk]),
            _("See what has changed"),
        )
    if what == telling.MERGED:
        facts["other"] = UseCase.objects.get(pk=payload["other"]).number
        return (
            _("The proposals %(number)s and %(other)s have been merged") % facts,
            _("The discussion goes on in one of them. What the other says is kept."),
            case.get_absolute_url(),
            _("See %(number)s") % facts,
        )
    return (
        _("A part of the proposal %(number)s has been taken out") % facts,
        _("The secretariat has made a part of %(number)s a proposal of its own.") % facts,
        case.get_absolute_url(),
        _("See the proposal"),
    )


def _comment_words(case: UseCase, what: str, payload: Payload) -> tuple[str, str, str, str]:
    comment = Comment.objects.select_related("author").get(pk=payload["comment"])
    facts = {"number": case.number, "name": comment.author.name}
    if what == telling.MENTIONED:
        subject = _("%(name)s has mentioned you in %(number)s") % facts
        line = _("%(name)s has mentioned you in the discussion of the proposal %(number)s.") % facts
    else:
        subject = _("New comment on %(number)s") % facts
        line = _("%(name)s has commented on the proposal %(number)s.") % facts
    return subject, line, comment.get_absolute_url(), _("Read the comment")


def _move_words(case: UseCase, what: str, payload: Payload) -> tuple[str, str, str, str]:
    """What became of it, never why: the reason stands where its reader may read it."""
    facts = {"number": case.number}
    url = case.get_absolute_url()
    if what == telling.SUBMITTED:
        subject = _("New proposal: %(number)s") % facts
        line = _("The proposal %(number)s has been submitted and waits to be taken up.")
        if case.is_from_citizen:
            line = _("A citizen has submitted the proposal %(number)s. It waits to be taken up.")
        return subject, line % facts, url, _("Read the proposal")
    change = StatusChange.objects.get(pk=payload["change"])
    subject, line = MOVE_WORDS[change.move]
    return str(subject) % facts, str(line) % facts, url, _("See the proposal")


MOVE_WORDS: dict[str, tuple[Any, Any]] = {
    "approve_pilot": (
        gettext_lazy("%(number)s is approved for pilot"),
        gettext_lazy("It has been decided that %(number)s may be tried as a pilot."),
    ),
    "approve_operation": (
        gettext_lazy("%(number)s is approved for operation"),
        gettext_lazy("It has been decided that %(number)s may be put into operation."),
    ),
    "reject": (
        gettext_lazy("%(number)s is turned down"),
        gettext_lazy("It has been decided not to go on with %(number)s. The page says why."),
    ),
    "suspend": (
        gettext_lazy("%(number)s is suspended"),
        gettext_lazy("The use in %(number)s has been suspended. The page says why."),
    ),
    "resume_pilot": (
        gettext_lazy("The pilot of %(number)s goes on"),
        gettext_lazy("The pilot of %(number)s was suspended and goes on now."),
    ),
    "resume_operation": (
        gettext_lazy("%(number)s is in operation again"),
        gettext_lazy("The use in %(number)s was suspended and is in operation again."),
    ),
    "lapse": (
        gettext_lazy("The decision on %(number)s has lapsed"),
        gettext_lazy("The decision on %(number)s no longer holds. The proposal is assessed again."),
    ),
}


def _day_words(case: UseCase, what: str, payload: Payload) -> tuple[str, str, str, str]:
    """Which day it is, as the queue knew it; a mail about another day is not sent."""
    facts = {"number": case.number, "day": full_date(date.fromordinal(payload["day"]))}
    if what == telling.PILOT_ENDS:
        subject = _("The pilot of %(number)s ends %(day)s") % facts
        line = _(
            "Write what you have found out before the pilot of %(number)s ends %(day)s, so that "
            "it can be decided what comes next."
        )
    else:
        subject = _("The decision on %(number)s lapses %(day)s") % facts
        line = _(
            "The decision on %(number)s holds until %(day)s. If nothing is begun by then, it "
            "must be decided again."
        )
    return subject, line % facts, case.get_absolute_url(), _("See what is missing")
