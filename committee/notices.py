"""The words of the mails about a body. Call with the mail's language active."""

from django.urls import reverse
from django.utils.translation import gettext as _

from committee.models import Committee
from core.mailing import Notice, absolute, answer_address
from core.templatetags.ur import full_date


def revisit_notice(committee: Committee, distance: int) -> Notice:
    """To those who prepare the body, or the one that came after it."""
    day = committee.revisit_on
    facts = {"name": committee.name, "day": full_date(day) if day else ""}
    return Notice(
        subject=_("%(name)s is to be looked at again %(day)s") % facts,
        lines=[
            _("The kommissorium of %(name)s says that its work is looked at again %(day)s.")
            % facts,
            _("When it has been done, write down what it led to."),
        ],
        link=absolute(reverse("reports:revisit_new", args=[committee.slug])),
        link_text=_("Go to the re-visit"),
        mark=f"revisit.{committee.pk}.{day.isoformat() if day else ''}.{distance}",
        answer_to=answer_address(committee.municipality.contact_email),
    )
