"""The words of the mails about a review. Call with the mail's language active.

They say the case's number, what is waited for and until when: nothing that somebody wrote.
"""

from typing import Any

from django.utils.translation import gettext as _

from core.mailing import Notice, absolute, answer_address
from core.templatetags.ur import clock, long_date, weekday_date
from ethics.models import ReviewRound
from ethics.services import notices


def review_notice(review: ReviewRound, what: str) -> Notice:
    subject, lines, link_text = WORDS[what](review, {"number": review.case.number})
    return Notice(
        subject=subject,
        lines=lines,
        link=absolute(review.get_absolute_url()),
        link_text=link_text,
        mark=f"review.{review.pk}.{review.turn}.{what}",
        answer_to=answer_address(review.case.committee.municipality.contact_email),
    )


def _until(review: ReviewRound) -> dict[str, str]:
    if review.deadline is None:
        return {"deadline": ""}
    return {"deadline": f"{weekday_date(review.deadline)} {clock(review.deadline)}"}


Words = tuple[str, list[str], str]


def _asked(review: ReviewRound, facts: dict[str, Any]) -> Words:
    return (
        _("You are asked to review %(number)s") % facts,
        [
            _("The secretariat asks you to take part in the ethics review of %(number)s.") % facts,
            _("Say first whether you are impartial in this case. Then the review opens to you."),
        ],
        _("Say whether you are impartial"),
    )


def _sheets(review: ReviewRound, facts: dict[str, Any]) -> Words:
    return (
        _("Your sheet for %(number)s is ready") % facts,
        [
            _("You can fill in your sheet until %(deadline)s.") % _until(review),
            _("Nobody sees what you write before all sheets are opened at once."),
        ],
        _("Go to the review"),
    )


def _remind(review: ReviewRound, facts: dict[str, Any]) -> Words:
    return (
        _("Your sheet for %(number)s is not sealed yet") % facts,
        [_("The deadline is %(deadline)s.") % _until(review)],
        _("Go to the review"),
    )


def _deadline(review: ReviewRound, facts: dict[str, Any]) -> Words:
    return (
        _("New deadline for your sheet for %(number)s") % facts,
        [_("You can fill in your sheet until %(deadline)s.") % _until(review)],
        _("Go to the review"),
    )


def _revealed(review: ReviewRound, facts: dict[str, Any]) -> Words:
    return (
        _("The sheets for %(number)s are open") % facts,
        [_("All sealed sheets were opened at once. The discussion can begin.")],
        _("Go to the review"),
    )


def _fast_track(review: ReviewRound, facts: dict[str, Any]) -> Words:
    until = long_date(review.call_up_until) if review.call_up_until else ""
    return (
        _("%(number)s is on the fast track") % facts,
        [
            _("The secretariat has assessed %(number)s without sheets.") % facts,
            _("You can call the case up until %(day)s, and it is reviewed.") % {"day": until},
        ],
        _("See the assessment"),
    )


def _called_up(review: ReviewRound, facts: dict[str, Any]) -> Words:
    return (
        _("%(number)s has been called up") % facts,
        [_("A member has called the case up. Find reviewers, and hand out the sheets.")],
        _("Go to the review"),
    )


WORDS = {
    notices.ASKED: _asked,
    notices.SHEETS: _sheets,
    notices.REMIND: _remind,
    notices.DEADLINE: _deadline,
    notices.REVEALED: _revealed,
    notices.FAST_TRACK: _fast_track,
    notices.CALLED_UP: _called_up,
}
