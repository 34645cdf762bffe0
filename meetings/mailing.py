"""Mail between meetings: invitations with the calendar entry, and short notices.

A mail leaves the house and cannot be called back: it never carries the text of a closed item,
only its public heading and a link to the page, where the access rule holds.
"""

from dataclasses import dataclass
from email.headerregistry import Address
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from meetings.calendar import absolute, build_calendar, one_line, secretariat_address, site_host
from meetings.enums import VersionKind
from meetings.models import Meeting
from meetings.redaction import public_snapshot
from meetings.selectors.reading import tighten
from meetings.selectors.snapshot import localtime_iso

LANGUAGE = "da"
METHODS = {"request": "REQUEST", "cancel": "CANCEL"}


@dataclass(frozen=True)
class Notice:
    """A short mail: what happened, what to do, where."""

    subject: str
    lines: list[str]
    link: str
    link_text: str
    mark: str
    answer_to: str


def build_invitation(
    meeting: Meeting, user: Any, *, method: str, sequence: int
) -> EmailMultiAlternatives:
    """The invitation, or the cancellation, to one member, as the meeting stands now.

    The same meeting, person, method and sequence give the same Message-ID, so that a mail
    server that sees it twice can tell.
    """
    with translation.override(LANGUAGE):
        context = _invitation_context(meeting, user, method)
        message = _message(
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


def build_notice(notice: Notice, user: Any) -> EmailMultiAlternatives:
    """A short mail to one person. Call with `LANGUAGE` active."""
    return _message(
        subject=notice.subject,
        to=user,
        template="notice",
        context={"notice": notice, "user": user},
        mark=f"{notice.mark}.{user.pk}",
        answer_to=notice.answer_to,
    )


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
    now = (localtime_iso(meeting.starts_at), localtime_iso(meeting.ends_at), meeting.place)
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


def _message(
    *, subject: str, to: Any, template: str, context: dict[str, Any], mark: str, answer_to: str
) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=one_line(subject),
        body=render_to_string(f"mail/{template}.txt", context).strip() + "\n",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[recipient(to)],
        reply_to=[one_line(answer_to)],
        headers={
            "Message-ID": f"<{mark}@{site_host()}>",
            # No answering machine should answer the secretariat.
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(render_to_string(f"mail/{template}.html", context), "text/html")
    return message


def recipient(user: Any) -> str:
    """Name and address as a header wants them, whatever stands in the name."""
    local, _at, domain = one_line(user.email).rpartition("@")
    return str(Address(one_line(user.name), local, domain))


def send(message: EmailMessage) -> None:
    """Hand the mail to the server. Raises what the server says; the outbox tries again."""
    message.send(fail_silently=False)
