"""What citizens get to see."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from committee.enums import SEE_DRAFTS
from core.verdicts import Verdict, no
from meetings.enums import VersionKind
from meetings.models import Meeting
from meetings.policies.base import needs, secretariat

FOUR_EYES: dict[str, str] = {
    VersionKind.AGENDA: "four_eyes_agenda",
    VersionKind.MINUTES: "four_eyes_publication",
}


def can_publish_minutes(user: Any, meeting: Meeting) -> Verdict:
    """Prepare what becomes public, agenda or minutes, and take it back."""
    return secretariat(user, meeting)


def takes_two(meeting: Meeting, kind: str) -> bool:
    """Do the rules ask for two persons before that goes public?"""
    return bool(meeting.rule_profile.rules[FOUR_EYES[kind]])


def can_approve_publication(
    user: Any, meeting: Meeting, kind: str = VersionKind.MINUTES
) -> Verdict:
    """Publish; where the rules ask for two persons, what another one has asked for."""
    if not takes_two(meeting, kind):
        return secretariat(user, meeting)
    verdict = needs(
        user,
        meeting.committee_id,
        SEE_DRAFTS,
        _("Only the chair and the secretariat can approve the publication."),
    )
    waiting = meeting.publications.filter(
        kind=kind, approved_at__isnull=True, dropped_at__isnull=True
    )
    if verdict and waiting.filter(asked_by=user.pk).exists():
        return no(_("You have asked for this publication yourself. Another person approves it."))
    return verdict
