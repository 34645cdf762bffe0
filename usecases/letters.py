"""Short mails of ranking and of citizens' proposals.

A mail to a citizen carries nothing that was typed in the public form: else anybody could have the
municipality send their words to a stranger.
"""

from dataclasses import dataclass
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from committee.models import Committee
from core.templatetags.ur import clock, weekday_date
from usecases.models import CitizenProposal, RankingRound
from usecases.services.citizens import link_token

LANGUAGE = "da"


@dataclass(frozen=True)
class Letter:
    """What a short mail says."""

    subject: str
    greeting: str
    lines: list[str]
    link: str
    link_text: str
    mark: str


def absolute(path: str) -> str:
    return settings.SITE_URL + path


def one_line(text: str) -> str:
    """For a header: no line breaks, whatever stands in the name."""
    return " ".join(text.split())


def build(letter: Letter, *, name: str, email: str, committee: Committee) -> EmailMultiAlternatives:
    local, _at, domain = one_line(email).rpartition("@")
    answer_to = committee.municipality.contact_email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    context = {"letter": letter}
    message = EmailMultiAlternatives(
        subject=one_line(letter.subject),
        body=render_to_string("mail/letter.txt", context).strip() + "\n",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[str(Address(one_line(name), local, domain))],
        reply_to=[one_line(answer_to)],
        headers={
            "Message-ID": f"<{letter.mark}@{urlsplit(settings.SITE_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(render_to_string("mail/letter.html", context), "text/html")
    return message


def ranking_letter(row: RankingRound, user: Any, occasion: str) -> Letter:
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
    return Letter(
        subject=subject,
        greeting=_("Dear %(name)s") % {"name": user.name},
        lines=[
            first,
            _("It closes %(deadline)s. You can move your votes until then.") % words,
            _("Nobody sees what you vote for, and nobody sees the count before it closes."),
        ],
        link=absolute(row.get_absolute_url()),
        link_text=_("Go to the round"),
        mark=f"ranking.{row.pk}.{occasion}.{user.pk}",
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
