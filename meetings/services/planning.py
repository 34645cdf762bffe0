"""Plan meetings: create, change, announce, cancel."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from committee.deadlines import weekdays_after, weekdays_before
from committee.models import Committee, RuleProfile
from committee.policies import still_works
from committee.rules import RuleSet
from core import audit
from core.verdicts import Refused, StaleState
from meetings import policies
from meetings.enums import MeetingKind
from meetings.models import Attendance, Meeting
from meetings.selectors.seats import seated_members
from meetings.workflow import MEETING

NOON = time(12, 0)


def rule_profile_on(committee: Committee, day: date) -> RuleProfile:
    """The rule profile in force on `day`. Raises `Refused` when the body has none."""
    profiles = RuleProfile.objects.filter(terms__committee=committee)
    profile = profiles.filter(valid_from__lte=day).order_by("-valid_from", "-pk").first()
    if profile is None:
        raise Refused(
            _("The committee has no rule profile on that day. Add one first."), "starts_on"
        )
    return profile


def deadlines(starts_at: datetime, rules: RuleSet) -> dict[str, datetime]:
    """When agenda and material must be out and the minutes ready: noon on the last day."""
    day = timezone.localtime(starts_at).date()
    saturday = rules["saturday_is_weekday"]

    def noon(when: date) -> datetime:
        return timezone.make_aware(datetime.combine(when, NOON))

    return {
        "agenda_due": noon(
            weekdays_before(day, rules["agenda_deadline_weekdays"], saturday=saturday)
        ),
        "material_due": noon(
            weekdays_before(day, rules["material_deadline_weekdays"], saturday=saturday)
        ),
        "minutes_due": noon(
            weekdays_after(day, rules["minutes_deadline_weekdays"], saturday=saturday)
        ),
    }


@transaction.atomic
def create_meeting(
    *,
    committee: Committee,
    starts_at: datetime,
    ends_at: datetime,
    by: Any,
    kind: str = MeetingKind.ORDINARY,
    title: str = "",
    place: str = "",
    online_link: str = "",
    number: int | None = None,
) -> Meeting:
    """Plan a meeting; number, title, template and deadlines follow from the committee's data."""
    policies.can_create_meeting(by, committee).require()
    if committee.is_over(timezone.localtime(starts_at).date()):
        still_works(committee).require()
    _check_times(starts_at, ends_at)
    profile = rule_profile_on(committee, timezone.localtime(starts_at).date())
    number = number or next_number(committee)
    try:
        with transaction.atomic():
            meeting = Meeting.objects.create(
                committee=committee,
                number=number,
                kind=kind,
                title=title or default_title(committee, number),
                starts_at=starts_at,
                ends_at=ends_at,
                place=place,
                online_link=online_link,
                rule_profile=profile,
                section_template=committee.section_template,
                **deadlines(starts_at, profile.rules),
            )
    except IntegrityError as error:
        raise Refused(
            _("The committee already has a meeting with that number."), "number"
        ) from error
    for member in seated_members(meeting):
        Attendance.objects.create(meeting=meeting, member=member.user)
    audit.record(
        "meetings.create_meeting", meeting, by=by, scope=committee, data={"number": number}
    )
    return meeting


def next_number(committee: Committee) -> int:
    """The number after the committee's highest."""
    highest = Meeting.objects.filter(committee=committee).aggregate(top=Max("number"))["top"]
    return int(highest or 0) + 1


def default_title(committee: Committee, number: int) -> str:
    """“3. møde i Opgaveudvalget AI i Gentofte”, whatever language the user reads in."""
    name = committee.full_name
    return f"{number}. møde i {name[:1].lower()}{name[1:]}"


def _check_times(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise Refused(_("The meeting must end after it begins."), "ends")
    if ends_at - starts_at > timedelta(hours=24):
        raise Refused(_("A meeting lasts at most a day. Plan two meetings instead."), "ends")


@transaction.atomic
def change_meeting(*, meeting: Meeting, by: Any, version: int, **fields: Any) -> Meeting:
    """Change date, place, link, kind or title; deadlines follow, calendars are updated.

    Raises `StaleState` when somebody changed the meeting since `version` was shown.
    """
    policies.can_edit_meeting(by, meeting).require()
    if meeting.held_from is not None:
        fields = _without_start(meeting, fields)
    starts_at = fields.get("starts_at", meeting.starts_at)
    _check_times(starts_at, fields.get("ends_at", meeting.ends_at))
    if "starts_at" in fields:
        profile = rule_profile_on(meeting.committee, timezone.localtime(starts_at).date())
        fields |= {"rule_profile": profile, **deadlines(starts_at, profile.rules)}
    changed = Meeting.objects.filter(pk=meeting.pk, version=version).update(
        version=F("version") + 1,
        ical_sequence=F("ical_sequence") + 1,
        changed_at=timezone.now(),
        **fields,
    )
    if not changed:
        raise StaleState(
            _("Somebody else changed the meeting while you were writing. Nothing was changed.")
        )
    meeting.refresh_from_db()
    audit.record(
        "meetings.change_meeting",
        meeting,
        by=by,
        scope=meeting.committee,
        data={"fields": sorted(fields)},
    )
    from meetings.services.invitations import invite_again

    invite_again(meeting=meeting, by=by)
    return meeting


def _without_start(meeting: Meeting, fields: dict[str, Any]) -> dict[str, Any]:
    """A meeting that has begun keeps its day, and the rules it was held by."""
    start = fields.get("starts_at", meeting.starts_at)
    if start.replace(second=0, microsecond=0) != meeting.starts_at.replace(second=0, microsecond=0):
        raise Refused(_("The meeting has begun. Its day and beginning stay."), "starts_on")
    return {name: value for name, value in fields.items() if name != "starts_at"}


@transaction.atomic
def announce_meeting(*, meeting: Meeting, by: Any) -> Meeting:
    """Let members and citizens see date and place before there is an agenda."""
    policies.can_edit_meeting(by, meeting).require()
    if meeting.announced_at is None:
        meeting.announced_at = timezone.now()
        meeting.save(update_fields=["announced_at"])
        audit.record("meetings.announce_meeting", meeting, by=by, scope=meeting.committee)
    return meeting


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, reason: str, by: Any) -> Meeting:
    """Call the meeting off; everybody invited is told, and calendars drop it."""
    policies.can_cancel_meeting(by, meeting).require()
    if not reason.strip():
        raise Refused(_("Write why the meeting is cancelled. The members will read it."), "reason")
    was_issued = meeting.agenda_version > 0
    old = MEETING.apply(
        meeting,
        "cancel",
        cancel_reason=reason.strip(),
        ical_sequence=meeting.ical_sequence + 1,
        changed_at=timezone.now(),
    )
    audit.record(
        "meetings.cancel_meeting", meeting, by=by, scope=meeting.committee, data={"from": old}
    )
    if was_issued:
        from meetings.services.invitations import send_cancellation

        send_cancellation(meeting=meeting, by=by)
    return meeting
