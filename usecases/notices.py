"""The words of the mails about a case. Call with the mail's language active.

A mail cannot be called back, and a case's title may be for the committee alone: they say the
number, what happened and where to read it, and nothing of what is written there.
"""

from django.urls import reverse
from django.utils.translation import gettext as _

from core.mailing import Notice, absolute, answer_address
from core.outbox import Payload
from usecases.models import Comment, UseCase
from usecases.services import telling


def case_notice(case: UseCase, payload: Payload) -> Notice:
    """What is new, for one who may read it."""
    what = payload["what"]
    subject, line, link, link_text = _words(case, what, payload)
    mark = "-".join(str(payload.get(key, 0)) for key in ("comment", "number", "other"))
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
