"""A substitute fills a member's seat in one meeting, where the rules of the body have substitutes.

Rights come from where all rights come from: a membership from one day to another (ADR 0026).
"""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from committee.models import Membership, User
from committee.services.people import lend_seat, take_seat_back
from core import audit
from core.verdicts import Refused
from meetings import policies
from meetings.enums import AttendanceStatus
from meetings.models import Attendance, Meeting, Presence
from meetings.selectors.motions import votes_of
from meetings.selectors.seats import seat_owners, seated_members


@transaction.atomic
def name_substitute(*, meeting: Meeting, member_id: int, user: User, by: Any) -> Attendance:
    """Let `user` fill the member's seat in this meeting, and read as a member until its day ends.

    Raises `Refused` with the rule where the body has no substitutes, and for who cannot.
    """
    policies.can_name_substitute(by, meeting).require()
    meeting = Meeting.objects.select_for_update().get(pk=meeting.pk)
    policies.can_name_substitute(by, meeting).require()
    _require_rule(meeting)
    owner = _owner(meeting, member_id)
    row, _created = Attendance.objects.get_or_create(meeting=meeting, member_id=member_id)
    _require_free(meeting, row, owner, user)
    today = timezone.localdate()
    last = max(today, timezone.localtime(meeting.starts_at).date())
    row.substitute = lend_seat(seat=owner, user=user, days=(today, last), by=by)
    row.status, row.answered_at = AttendanceStatus.SUBSTITUTE, timezone.now()
    row.save()
    _into_the_room(meeting, member_id, user)
    data = {"member": member_id, "substitute": user.pk}
    audit.record("meetings.name_substitute", meeting, by=by, scope=meeting, data=data)
    return row


def _require_rule(meeting: Meeting) -> None:
    rule = meeting.rule_profile.rules.rules["substitutes"]
    if not rule.value:
        raise Refused(f"{rule.text} {rule.legal}.")


def _owner(meeting: Meeting, member_id: int) -> Membership:
    found = next((m for m in seat_owners(meeting) if m.user_id == member_id), None)
    if found is None:
        raise Refused(_("Attendance is recorded for the committee's members only."))
    return found


def _require_free(meeting: Meeting, row: Attendance, owner: Membership, user: User) -> None:
    if row.substitute_id is not None:
        raise Refused(_("The seat has a substitute already. Take that one back first."))
    if user.pk in {m.user_id for m in [*seat_owners(meeting), *seated_members(meeting)]}:
        raise Refused(_("The person is a member of the committee already."))
    _require_no_votes(meeting, owner.user)
    _require_took_no_part(meeting, owner.user)


def _require_took_no_part(meeting: Meeting, person: User) -> None:
    """Who was there while an item was treated is not made absent by a substitute."""
    for stay in meeting.presences.filter(member=person.pk):
        met = meeting.sittings.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=stay.came_at))
        if stay.left_at is not None:
            met = met.filter(began_at__lt=stay.left_at)
        if met.exists():
            raise Refused(
                _("%(name)s has taken part in the meeting and keeps the seat.")
                % {"name": person.name}
            )


def _require_no_votes(meeting: Meeting, person: User) -> None:
    """One seat has one vote: who has voted keeps the seat for the meeting."""
    if votes_of(meeting, person.pk):
        raise Refused(
            _("%(name)s has voted in this meeting and keeps the seat.") % {"name": person.name}
        )


def _into_the_room(meeting: Meeting, member_id: int, user: User) -> None:
    """The member is not there; the substitute is, from now or from the meeting's beginning."""
    meeting.presences.filter(member=member_id).delete()
    if meeting.held_from is not None:
        began = timezone.now() if meeting.sittings.exists() else meeting.held_from
        Presence.objects.create(meeting=meeting, member=user, came_at=began)


@transaction.atomic
def end_substitution(*, row: Attendance, by: Any) -> None:
    """Give the seat back to its member; refused when the substitute has voted."""
    membership = row.substitute
    if membership is None:
        return
    _require_no_votes(row.meeting, membership.user)
    row.substitute, row.status = None, AttendanceStatus.UNKNOWN
    row.save()
    row.meeting.presences.filter(member=membership.user_id).delete()
    data = {"member": row.member_id, "substitute": membership.user_id}
    audit.record("meetings.end_substitution", row.meeting, by=by, scope=row.meeting, data=data)
    take_seat_back(membership=membership, by=by)
