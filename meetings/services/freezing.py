"""Freeze what is issued: canonical bytes, a sha256, and what readers may reach from now on."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.canonical import canonical_json, sha256_hex
from core.verdicts import StaleState
from meetings.models import Attachment, IssuedVersion, Meeting
from meetings.selectors.minuted import iso


def freeze(meeting: Meeting, snapshot: dict[str, Any], *, by: Any) -> IssuedVersion:
    """Store `snapshot` as the next version of its kind and let readers reach what is in it.

    Raises `StaleState` when that number has been issued by somebody else in the meantime.
    """
    kind, number = snapshot["version"]["kind"], snapshot["version"]["number"]
    now = timezone.now()
    snapshot["version"] |= {"issued_at": iso(now), "issued_by": str(by)}
    body = canonical_json(snapshot)
    try:
        with transaction.atomic():
            version = IssuedVersion.objects.create(
                meeting=meeting,
                kind=kind,
                number=number,
                body=body.decode(),
                sha256=sha256_hex(body),
                issued_at=now,
                issued_by=by,
            )
    except IntegrityError as error:
        raise StaleState(
            _("Version %(number)s has already been issued. Nothing was changed.")
            % {"number": number}
        ) from error
    release(meeting, snapshot)
    return version


def release(meeting: Meeting, snapshot: dict[str, Any]) -> None:
    """Let readers reach exactly the items and attachments that the snapshot holds."""
    items = [item["id"] for item in snapshot["items"]]
    files = [a["id"] for item in snapshot["items"] for a in item["attachments"]]
    meeting.items.exclude(pk__in=items).update(released=False)
    meeting.items.filter(pk__in=items).update(released=True)
    attachments = Attachment.objects.filter(item__meeting=meeting)
    attachments.exclude(pk__in=files).update(released=False)
    attachments.filter(pk__in=files).update(released=True)
