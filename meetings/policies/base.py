"""What every rule here is built from: who, and the sentences of refusal."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from committee.enums import Role
from committee.models import roles_in
from core.verdicts import YES, Verdict, no
from meetings.models import Meeting

ONLY_SECRETARIAT = _(
    "Only the secretariat can do this. Write to them if something must be changed."
)


LOCKED = _("The minutes are locked. Corrections can only be made as numbered additions.")


def needs(user: Any, committee_id: int, roles: Iterable[Role], reason: Any) -> Verdict:
    return YES if roles_in(user, committee_id) & frozenset(roles) else no(reason)


def secretariat(user: Any, meeting: Meeting) -> Verdict:
    return needs(user, meeting.committee_id, {Role.SECRETARIAT}, ONLY_SECRETARIAT)


def in_state(sentence: Any, meeting: Meeting) -> str:
    state = _("The state is “%(state)s”.") % {"state": meeting.get_state_display()}
    return f"{sentence} {state}"
