"""Which meetings stand in which calendar."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from committee.models import Committee, User, roles_of
from meetings.models import Meeting

# What is older belongs on the page of meetings, not in everybody's phone.
KEPT = timedelta(days=400)


def public_feed(committee: Committee) -> list[Meeting]:
    """What anybody may know of the committee's meetings."""
    return _feed(Meeting.objects.visible_to(AnonymousUser()).filter(committee=committee))


def personal_feed(user: User) -> list[Meeting]:
    """The meetings of the person's own committees, as they may know them today."""
    own = list(roles_of(user))
    return _feed(Meeting.objects.visible_to(user).filter(committee__in=own))


def _feed(meetings: Any) -> list[Meeting]:
    recent = meetings.filter(ends_at__gte=timezone.now() - KEPT)
    related = ("committee__municipality", "rule_profile")
    return list(recent.select_related(*related).order_by("starts_at", "pk"))


def owner_of(token: str) -> User | None:
    """The person whose calendar address holds `token`; None once it is renewed or closed."""
    return User.objects.filter(calendar_token=token, is_active=True).first() if token else None
