"""Publish agenda and minutes with two persons' eyes on them, and take them back."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.verdicts import Refused, StaleState
from meetings import policies
from meetings.enums import Edition, MeetingState, VersionKind
from meetings.models import Meeting, PublicationFinding, PublicationRequest
from meetings.scanning import holds_cpr
from meetings.selectors.completeness import missing_headings
from meetings.selectors.publication import (
    Finding,
    coming_reading,
    find_private,
    open_request,
    public_digest,
    reads_the_same,
    unresolved,
)
from meetings.selectors.reading import Reading, edition_reading
from meetings.services.documents import request_documents
from meetings.workflow import MEETING

REASON_LENGTH = 300
ASKED: dict[str, str] = {
    VersionKind.AGENDA: "meetings.ask_agenda_publication",
    VersionKind.MINUTES: "meetings.ask_publication",
}


@transaction.atomic
def resolve_findings(
    *, meeting: Meeting, reasons: dict[str, str], by: Any, read: Reading | None = None
) -> int:
    """Write why findings may be public, by their key; empty reasons are left for later.

    `read` is what was looked at, the coming minutes when nothing is said. A reason holds in
    agenda and minutes alike as long as the words stand where they do. Returns how many were
    resolved now. The words that were found are stored nowhere.
    """
    policies.can_publish_minutes(by, meeting).require()
    found = {finding.key: finding for finding in find_private(meeting, read)}
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
def ask_publication(
    *, meeting: Meeting, by: Any, kind: str = VersionKind.MINUTES
) -> PublicationRequest:
    """Ask another person to approve exactly this public edition.

    Raises `Refused` with the first thing that stops it.
    """
    policies.can_publish_minutes(by, meeting).require()
    _require_waiting(meeting, kind)
    read = coming_reading(meeting, kind)
    _require_clean(meeting, read)
    waiting = open_request(meeting, kind)
    if waiting and waiting.sha256 == public_digest(read):
        raise StaleState(_already_asked(waiting))
    return _ask(meeting, read, by)


def _ask(meeting: Meeting, read: Reading, by: Any) -> PublicationRequest:
    # The text has changed since: nobody can approve an older request any more.
    _drop_requests(meeting, read.kind)
    digest = public_digest(read)
    request = _create_request(meeting, read, digest, by)
    audit.record(
        ASKED[read.kind],
        meeting,
        by=by,
        scope=meeting,
        data={"version": read_number(read), "sha256": digest},
    )
    return request


def _drop_requests(meeting: Meeting, kind: str) -> None:
    waiting = meeting.publications.filter(kind=kind, approved_at__isnull=True)
    waiting.filter(dropped_at__isnull=True).update(dropped_at=timezone.now())


def _create_request(meeting: Meeting, read: Reading, digest: str, by: Any) -> PublicationRequest:
    try:
        with transaction.atomic():
            return PublicationRequest.objects.create(
                meeting=meeting,
                kind=read.kind,
                number=read_number(read),
                sha256=digest,
                asked_by=by,
            )
    except IntegrityError as error:
        raise StaleState(_("Somebody else has just asked. Nothing was changed.")) from error


def _already_asked(request: PublicationRequest) -> str:
    return _("%(name)s has already asked. Nothing was changed.") % {"name": request.asked_by.name}


def _require_waiting(meeting: Meeting, kind: str) -> None:
    if kind == VersionKind.MINUTES:
        return _require_locked(meeting)
    meeting.refresh_from_db(fields=["state", "agenda_version", "public_agenda"])
    if not meeting.has_unpublished_agenda:
        raise StaleState(_("There is no agenda that waits for publication. Nothing was changed."))
    return None


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
    request = _approve(meeting, VersionKind.MINUTES, public_digest(read), by)
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


def _approve(meeting: Meeting, kind: str, digest: str, by: Any) -> PublicationRequest | None:
    if not policies.takes_two(meeting, kind):
        return None
    request = open_request(meeting, kind)
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
    _require_public_reason(reason, _("Write why the minutes are withdrawn."))
    MEETING.apply(
        meeting,
        "withdraw",
        withdraw_reason=reason.strip(),
        withdrawn_at=timezone.now(),
        public_minutes=0,
    )
    audit.record("meetings.withdraw", meeting, by=by, scope=meeting)
    return meeting


def _require_public_reason(reason: str, lacking: str) -> None:
    if not reason.strip():
        raise Refused(lacking, "reason")
    if holds_cpr(reason):
        raise Refused(_("Everybody reads the reason. Write it without the CPR number."), "reason")


# The agenda -----------------------------------------------------------------------------


def let_out_agenda(*, meeting: Meeting, by: Any) -> bool:
    """What becomes of the public part when the agenda is issued: says whether it is public now.

    The members never wait for it. Citizens get it at once when nothing is found and one person
    is enough, or when they read every word of it already. Else who issued has asked for it.
    """
    _drop_requests(meeting, VersionKind.AGENDA)
    if not meeting.rule_profile.rules["agenda_public_on_issue"]:
        return False
    coming = coming_reading(meeting, VersionKind.AGENDA)
    if missing_headings(meeting) or unresolved(meeting, coming):
        return False
    same = reads_the_same(edition_reading(meeting, Edition.PUBLIC), coming)
    if policies.takes_two(meeting, VersionKind.AGENDA) and not same:
        _ask(meeting, coming, by)
        return False
    if meeting.is_agenda_withdrawn:
        # What was taken back goes out again by an act of its own.
        return False
    _make_agenda_public(meeting, read_number(coming))
    return True


@transaction.atomic
def publish_agenda(*, meeting: Meeting, by: Any) -> Meeting:
    """Let everybody read the open part of the newest agenda that was issued.

    The same rule as for minutes. Raises `Refused` with the first thing that stops it.
    """
    kind = VersionKind.AGENDA
    policies.can_approve_publication(by, meeting, kind).require()
    _require_waiting(meeting, kind)
    read = coming_reading(meeting, kind)
    _require_clean(meeting, read)
    request = _approve(meeting, kind, public_digest(read), by)
    _make_agenda_public(meeting, read_number(read))
    asked_by = request.asked_by_id if request else None
    data = {"version": meeting.public_agenda, "asked_by": asked_by}
    audit.record("meetings.publish_agenda", meeting, by=by, scope=meeting, data=data)
    request_documents(meeting, kinds=("agenda", "pack"), by=by)
    return meeting


def _make_agenda_public(meeting: Meeting, number: int) -> None:
    _update_agenda(
        meeting, public_agenda=number, agenda_withdraw_reason="", agenda_withdrawn_at=None
    )


def _update_agenda(meeting: Meeting, **values: Any) -> None:
    """Write only when state and versions are still those that were looked at."""
    values["changed_at"] = timezone.now()
    seen = {name: getattr(meeting, name) for name in ("state", "agenda_version", "public_agenda")}
    if not Meeting.objects.filter(pk=meeting.pk, **seen).update(**values):
        raise StaleState(_("The agenda has changed state. Nothing was changed."))
    for name, value in values.items():
        setattr(meeting, name, value)


@transaction.atomic
def withdraw_agenda(*, meeting: Meeting, reason: str, by: Any) -> Meeting:
    """Take the public agenda back, at once; the members keep theirs. Everybody reads the reason."""
    policies.can_publish_minutes(by, meeting).require()
    _require_public_reason(reason, _("Write why the agenda is withdrawn."))
    if not meeting.public_agenda:
        raise StaleState(_("Citizens do not read the agenda now. Nothing was changed."))
    now = timezone.now()
    _drop_requests(meeting, VersionKind.AGENDA)
    _update_agenda(
        meeting, public_agenda=0, agenda_withdraw_reason=reason.strip(), agenda_withdrawn_at=now
    )
    audit.record("meetings.withdraw_agenda", meeting, by=by, scope=meeting)
    return meeting
