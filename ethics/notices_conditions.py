"""The words of the mails about conditions. Call with the mail's language active.

A mail cannot be called back: they say the number, what is to be done and where, and nothing of
what is written there.
"""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.mailing import Notice, absolute, answer_address
from core.templatetags.ur import full_date
from ethics.models import Condition
from usecases.models import UseCase


def condition_notice(row: Condition, occasion: str) -> Notice:
    """To the owner of a condition."""
    facts = {"number": row.case.number, "no": row.number, "day": full_date(row.due_on)}
    subject, line = _words(occasion, facts)
    return Notice(
        subject=subject,
        lines=[line, _("Hand in what shows that it is met. Somebody else verifies it.")],
        link=absolute(row.get_absolute_url()),
        link_text=_("Go to the condition"),
        mark=f"condition.{row.pk}.{occasion}.{row.version}.{row.due_on.isoformat()}",
        answer_to=answer_address(row.case.committee.municipality.contact_email),
    )


def _words(occasion: str, facts: dict[str, Any]) -> tuple[str, str]:
    if occasion == "overdue":
        return (
            _("Overdue: condition %(no)s of %(number)s") % facts,
            _("You own condition %(no)s of the proposal %(number)s. It was due %(day)s.") % facts,
        )
    if occasion == "rejected":
        return (
            _("Your evidence was turned down: condition %(no)s of %(number)s") % facts,
            _(
                "The evidence for condition %(no)s of %(number)s does not show that it is met. "
                "The page says why. It is due %(day)s."
            )
            % facts,
        )
    if occasion == "in_force":
        return (
            _("You own condition %(no)s of %(number)s") % facts,
            _("Condition %(no)s of the proposal %(number)s is yours. It is due %(day)s.") % facts,
        )
    return (
        _("Due %(day)s: condition %(no)s of %(number)s") % facts,
        _("You own condition %(no)s of the proposal %(number)s. It is due %(day)s.") % facts,
    )


def expiry_notice(case: UseCase, occasion: str) -> Notice:
    """To the owner of a use that is approved and has not begun."""
    day = full_date(case.decision_expires)
    facts = {"number": case.number, "day": day}
    return Notice(
        subject=_("The approval of %(number)s lapses %(day)s") % facts,
        lines=[
            _("The proposal %(number)s is approved and has not begun.") % facts,
            _("The approval lapses when it has not begun before %(day)s.") % facts,
        ],
        link=absolute(reverse("ethics:conditions_page", args=[case.pk])),
        link_text=_("See what is missing"),
        mark=f"expiry.{case.pk}.{occasion}.{case.decision_expires}",
        answer_to=answer_address(case.committee.municipality.contact_email),
    )
