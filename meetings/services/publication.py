"""Publish minutes with two persons' eyes on them, and take them back."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.verdicts import Refused, StaleState
from meetings import policies
from meetings.enums import MeetingState
from meetings.models import Meeting, PublicationFinding, PublicationRequest
from meetings.scanning import holds_cpr
from meetings.selectors.completeness import missing_headings
from meetings.selectors.publication import (
    Finding,
    coming_reading,
    find_private,
    open_request,
    public_digest,
    unresolved,
)
from meetings.selectors.reading import Reading
from meetings.services.documents import request_documents
from meetings.workflow import MEETING

REASON_LENGTH = 300


@transaction.atomic
def resolve_findings(*, meeting: Meeting, reasons: dict[str, str], by: Any) -> int:
    """Write why findings may be public, by their key; empty reasons are left for later.

    Returns how many were resolved now. The words that were found are stored nowhere.
    """
    policies.can_publish_minutes(by, meeting).require()
    found = {finding.key: finding for finding in find_private(meeting)}
    given = {key: text.strip() for key, text in reasons.items() if text.strip()}
    if set(given) - set(found):
        raise StaleState(_("The text has changed meanwhile. Nothing was changed."))
    for key, reason in given.items():
        _require_discreet(found[key], reason)
    new = [found[key] for key in given if not found[key].is_resolved]
    for finding in new:
        _resolve(meeting, finding, given[finding.key], by)
    return len(new)


def _require_discreet(finding: Finding, reason: str) -> None:
    if len(reason) > REASON_LENGTH:
        raise Refused(_("Write the reason with at most %(n)s characters.") % {"n": REASON_LENGTH})
    quotes = " ".join(finding.excerpt.split()).casefold() in " ".join(reason.split()).casefold()
    if quotes or holds_cpr(reason):
        raise Refused(_("Do not repeat in the reason what was found."), finding.key)


def _resolve(meeting: Meeting, finding: Finding, reason: str, by: Any) -> None:
    row = PublicationFinding.objects.create(
        meeting=meeting,
        key=finding.key,
        kind=finding.kind,
        place=finding.place.name,
        reason=reason,
        resolved_by=by,
    )
    audit.record(
        "meetings.resolve_finding",
        row,
        by=by,
        scope=meeting,
        data={"kind": finding.kind, "place": finding.place.name, "key": finding.key},
    )


@transaction.atomic
def ask_publication(*, meeting: Meeting, by: Any) -> PublicationRequest:
    """Ask another person to approve exactly this public edition.

    Raises `Refused` with the first thing that stops it.
    """
    policies.can_publish_minutes(by, meeting).require()
    _require_locked(meeting)
    read = coming_reading(meeting)
    _require_clean(meeting, read)
    digest = public_digest(read)
    waiting = open_request(meeting)
    if waiting and waiting.sha256 == digest:
        raise StaleState(_already_asked(waiting))
    if waiting:
        # The text has changed since: nobody can approve that request any more.
        meeting.publications.filter(pk=waiting.pk).update(dropped_at=timezone.now())
    request = _create_request(meeting, digest, by)
    audit.record(
        "meetings.ask_publication",
        meeting,
        by=by,
        scope=meeting,
        data={"version": meeting.minutes_version, "sha256": digest},
    )
    return request


def _create_request(meeting: Meeting, digest: str, by: Any) -> PublicationRequest:
    try:
        with transaction.atomic():
            return PublicationRequest.objects.create(
                meeting=meeting, number=meeting.minutes_version, sha256=digest, asked_by=by
            )
    except IntegrityError as error:
        raise StaleState(_("Somebody else has just asked. Nothing was changed.")) from error


def _already_asked(request: PublicationRequest) -> str:
    return _("%(name)s has already asked. Nothing was changed.") % {"name": request.asked_by.name}


def _require_locked(meeting: Meeting) -> None:
    """Say so with the state, before anything about the text, when somebody was first."""
    meeting.refresh_from_db(fields=["state", "minutes_version", "public_minutes"])
    if meeting.state != MeetingState.LOCKED and not meeting.has_unpublished_addition:
        MEETING.apply(meeting, "publish")


def _require_clean(meeting: Meeting, read: Reading) -> None:
    if missing := missing_headings(meeting):
        raise Refused(missing[0].text)
    if found := unresolved(meeting, read):
        raise Refused(found[0].sentence)


@transaction.atomic
def publish_minutes(*, meeting: Meeting, by: Any) -> Meeting:
    """Let everybody read the public version.

    Where the rules ask for two persons, `by` approves what another one has asked for. Raises
    `Refused` with the first thing that stops it.
    """
    policies.can_approve_publication(by, meeting).require()
    _require_locked(meeting)
    read = coming_reading(meeting)
    _require_clean(meeting, read)
    request = _approve(meeting, public_digest(read), by)
    move = "publish_addition" if meeting.has_unpublished_addition else "publish"
    public = {"withdraw_reason": "", "withdrawn_at": None, "public_minutes": read_number(read)}
    MEETING.apply(meeting, move, where={"minutes_version": read_number(read)}, **public)
    audit.record(
        f"meetings.{move}",
        meeting,
        by=by,
        scope=meeting,
        data={
            "version": meeting.minutes_version,
            "asked_by": request.asked_by_id if request else None,
        },
    )
    request_documents(meeting, kinds=("minutes",), by=by)
    return meeting


def read_number(read: Reading) -> int:
    """The version that is looked at and nothing newer becomes public."""
    return int(read.snapshot["version"]["number"])


def _approve(meeting: Meeting, digest: str, by: Any) -> PublicationRequest | None:
    if not meeting.rule_profile.rules["four_eyes_publication"]:
        return None
    request = open_request(meeting)
    if request is None:
        raise Refused(_("Two persons publish: one asks, another approves. Nobody has asked yet."))
    if request.sha256 != digest:
        raise Refused(_("The public text has changed since it was asked for. Ask again."))
    meeting.publications.filter(pk=request.pk).update(approved_by=by, approved_at=timezone.now())
    return request


@transaction.atomic
def withdraw_minutes(*, meeting: Meeting, reason: str, by: Any) -> Meeting:
    """Take published minutes back from the public, at once. The reason is read by everybody."""
    policies.can_publish_minutes(by, meeting).require()
    if not reason.strip():
        raise Refused(_("Write why the minutes are withdrawn."), "reason")
    if holds_cpr(reason):
        raise Refused(_("Everybody reads the reason. Write it without the CPR number."), "reason")
    MEETING.apply(
        meeting,
        "withdraw",
        withdraw_reason=reason.strip(),
        withdrawn_at=timezone.now(),
        public_minutes=0,
    )
    audit.record("meetings.withdraw", meeting, by=by, scope=meeting)
    return meeting
