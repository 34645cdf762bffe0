"""Invitations to meetings, with the calendar entry.

A mail leaves the house and cannot be called back: it never carries the text of a closed item,
only its public heading and a link to the page, where the access rule holds.
"""

from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.utils import translation
from django.utils.translation import gettext as _

from core.mailing import LANGUAGE, absolute, build_message
from meetings.calendar import build_calendar, secretariat_address
from meetings.enums import VersionKind
from meetings.models import Meeting
from meetings.redaction import public_snapshot
from meetings.selectors.minuted import iso
from meetings.selectors.reading import tighten

METHODS = {"request": "REQUEST", "cancel": "CANCEL"}


def build_invitation(
    meeting: Meeting, user: Any, *, method: str, sequence: int
) -> EmailMultiAlternatives:
    """The invitation, or the cancellation, to one member, as the meeting stands now.

    The same meeting, person, method and sequence give the same Message-ID, so that a mail
    server that sees it twice can tell.
    """
    with translation.override(LANGUAGE):
        context = _invitation_context(meeting, user, method)
        message = build_message(
            subject=context["subject"],
            to=user,
            template="invitation",
            context=context,
            mark=f"{method}.{meeting.pk}.{sequence}.{user.pk}",
            answer_to=secretariat_address(meeting),
        )
    entry = build_calendar([meeting], method=METHODS[method], user=user)
    # Mail programs show the entry from the alternative; the file is for those that do not.
    message.attach_alternative(entry.decode(), f"text/calendar; method={METHODS[method]}")
    message.attach("moede.ics", entry, "application/ics")
    return message


def _invitation_context(meeting: Meeting, user: Any, method: str) -> dict[str, Any]:
    snapshot = _issued_public(meeting)
    moved = _moved(meeting, snapshot)
    version = snapshot["version"]["number"]
    return {
        "subject": _subject(meeting, method, version, moved=moved),
        "meeting": meeting,
        "user": user,
        "cancelled": method == "cancel",
        "moved": moved,
        "version": version,
        "items": snapshot["items"],
        "changes": snapshot["changes"],
        "link": absolute(meeting.get_absolute_url()),
        "calendar_link": absolute("/kalender/"),
    }


def _issued_public(meeting: Meeting) -> dict[str, Any]:
    """The newest issued agenda as anybody might read it, with today's closings."""
    version = meeting.versions.filter(kind=VersionKind.AGENDA).order_by("-number").first()
    if version is None:
        return {"version": {"number": 0}, "items": [], "changes": [], "meeting": {}}
    snapshot = version.snapshot
    tighten(meeting, snapshot)
    return dict(public_snapshot(snapshot))


def _moved(meeting: Meeting, snapshot: dict[str, Any]) -> bool:
    """Have date, time or place changed since the agenda was issued?"""
    issued = snapshot["meeting"]
    if not issued:
        return False
    now = (iso(meeting.starts_at), iso(meeting.ends_at), meeting.place)
    return now != (issued["starts_at"], issued["ends_at"], issued["place"])


def _subject(meeting: Meeting, method: str, version: int, *, moved: bool) -> str:
    title = {"title": meeting.title}
    if method == "cancel":
        return _("Cancelled: %(title)s") % title
    if moved:
        return _("New time or place: %(title)s") % title
    if version > 1:
        return _("Changed agenda (version %(version)s): %(title)s") % {**title, "version": version}
    return _("Invitation: %(title)s") % title
