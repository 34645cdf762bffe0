"""Agenda and minutes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from django.utils import translation
from django.utils.translation import gettext as _

from core.canonical import canonical_json, sha256_hex
from core.documents import Embedded, Palette, render_pdf
from meetings.documents.context import Edition, meeting_context
from meetings.documents.seal import SealMark
from meetings.documents.wording import moment
from meetings.redaction import public_snapshot

LANGUAGE = "da"
TEMPLATE = "pdf/meeting.html"


def agenda_pdf(snapshot: Mapping[str, Any], *, palette: Palette, edition: Edition) -> bytes:
    """Return the agenda as PDF/UA-1; the public edition is made from the public snapshot only."""
    return _single(snapshot, "agenda", palette, edition, sealed=False)


def minutes_pdf(
    snapshot: Mapping[str, Any],
    *,
    palette: Palette,
    edition: Edition,
    sealed: bool = False,
    mark: SealMark | None = None,
) -> bytes:
    """Return the minutes; sealed ones are PDF/A-3a with the record they were made from inside.

    `mark` is printed, and its place in the protocol chain goes into the record.
    """
    return _single(snapshot, "minutes", palette, edition, sealed=sealed, mark=mark)


def for_edition(snapshot: Mapping[str, Any], edition: Edition) -> dict[str, Any]:
    """Return all that a document of this edition may be made from."""
    return public_snapshot(snapshot) if edition == "public" else dict(snapshot)


def created_at(snapshot: Mapping[str, Any]) -> datetime:
    """The time in the file's metadata: when it was issued, or for a draft when the meeting is."""
    return moment(snapshot["version"].get("issued_at") or snapshot["meeting"]["starts_at"])


def _single(
    snapshot: Mapping[str, Any],
    kind: Literal["agenda", "minutes"],
    palette: Palette,
    edition: Edition,
    *,
    sealed: bool,
    mark: SealMark | None = None,
) -> bytes:
    source = for_edition(snapshot, edition)
    anchor = {"anchor": mark.anchor} if mark else {}
    record = canonical_json(source | anchor) if sealed else b""
    with translation.override(LANGUAGE):
        context = meeting_context(
            source,
            kind=kind,
            edition=edition,
            palette=palette,
            record_sha256=sha256_hex(record) if sealed else "",
            mark=mark,
        )
        embedded = [_record_file(record)] if sealed else []
        return render_pdf(
            template=TEMPLATE,
            context=context,
            title=context["title"],
            lang=LANGUAGE,
            created=created_at(source),
            variant="pdf/a-3a" if sealed else "pdf/ua-1",
            attachments=embedded,
        )


def _record_file(record: bytes) -> Embedded:
    return Embedded(
        name="protokol.json", data=record, description=str(_("The record as data, for machines"))
    )
