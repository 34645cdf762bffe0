"""Short mails of ranking and of citizens' proposals.

A mail to a citizen carries nothing that was typed in the public form: else anybody could have the
municipality send their words to a stranger.
"""

from dataclasses import dataclass

from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils.translation import gettext as _

from committee.models import Committee
from core.mailing import Notice, absolute, answer_address, build_message
from core.templatetags.ur import clock, weekday_date
from usecases.models import CitizenProposal, RankingRound
from usecases.services.citizens import link_token


@dataclass(frozen=True)
class Letter:
    """What a mail to a citizen says; we know no name that we could greet."""

    subject: str
    greeting: str
    lines: list[str]
    link: str
    link_text: str
    mark: str


@dataclass(frozen=True)
class Citizen:
    """Somebody of whom the header says no more than the address."""

    email: str
    name: str = ""


def build(letter: Letter, *, email: str, committee: Committee) -> EmailMultiAlternatives:
    return build_message(
        subject=letter.subject,
        to=Citizen(email),
        template="letter",
        context={"letter": letter},
        mark=letter.mark,
        answer_to=answer_address(committee.municipality.contact_email),
    )


def ranking_notice(row: RankingRound, occasion: str) -> Notice:
    words = {
        "title": row.title,
        "n": row.votes_each,
        "deadline": f"{weekday_date(row.closes_at)} {clock(row.closes_at)}",
    }
    if occasion == "open":
        subject = _("Lay your votes: %(title)s") % words
        first = _("The secretariat has opened the round “%(title)s”. You have %(n)s votes.") % words
    else:
        subject = _("You have not laid your votes yet: %(title)s") % words
        first = _("The round “%(title)s” closes soon. You have %(n)s votes.") % words
    return Notice(
        subject=subject,
        lines=[
            first,
            _("It closes %(deadline)s. You can move your votes until then.") % words,
            _("Nobody sees what you vote for, and nobody sees the count before it closes."),
        ],
        link=absolute(row.get_absolute_url()),
        link_text=_("Go to the round"),
        mark=f"ranking.{row.pk}.{occasion}",
        answer_to=answer_address(row.committee.municipality.contact_email),
    )


def confirm_letter(row: CitizenProposal) -> Letter:
    return Letter(
        subject=_("Confirm your proposal"),
        greeting=_("Hello"),
        lines=[
            _(
                "Somebody has written your e-mail address on a proposal to %(municipality)s. "
                "If it was you, open the link and press the button. Then we receive the proposal."
            )
            % {"municipality": row.committee.municipality.name},
            _(
                "The link holds for 7 days. If it was not you, do nothing: then we delete "
                "everything after 7 days."
            ),
        ],
        link=absolute(reverse("usecases:citizen_confirm", args=[link_token(row)])),
        link_text=_("See and confirm the proposal"),
        mark=f"citizen.{row.pk}.confirm",
    )


def receipt_letter(row: CitizenProposal) -> Letter:
    return Letter(
        subject=_("We have received your proposal"),
        greeting=_("Hello"),
        lines=[
            _("Thank you. The proposal has number %(number)s.")
            % {"number": row.case.number if row.case else ""},
            _("With the link you can follow what becomes of it. Keep it to yourself."),
        ],
        link=absolute(reverse("usecases:citizen_status", args=[row.status_token])),
        link_text=_("Follow your proposal"),
        mark=f"citizen.{row.pk}.receipt",
    )
