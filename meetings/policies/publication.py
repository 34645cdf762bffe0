"""What citizens get to see."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from committee.enums import SEE_DRAFTS
from core.verdicts import Verdict, no
from meetings.models import Meeting
from meetings.policies.base import needs, secretariat


def can_publish_minutes(user: Any, meeting: Meeting) -> Verdict:
    return secretariat(user, meeting)


def can_approve_publication(user: Any, meeting: Meeting) -> Verdict:
    """Publish; where the rules ask for two persons, what another one has asked for."""
    if not meeting.rule_profile.rules["four_eyes_publication"]:
        return secretariat(user, meeting)
    verdict = needs(
        user,
        meeting.committee_id,
        SEE_DRAFTS,
        _("Only the chair and the secretariat can approve the publication."),
    )
    waiting = meeting.publications.filter(approved_at__isnull=True, dropped_at__isnull=True)
    if verdict and waiting.filter(asked_by=user.pk).exists():
        return no(_("You have asked for this publication yourself. Another person approves it."))
    return verdict
