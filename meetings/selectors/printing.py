"""What a document made by hand is made of: the newest of its kind, or what is being written."""

from django.utils.translation import gettext as _

from core.verdicts import Refused
from meetings.enums import DocumentKind, Edition, VersionKind
from meetings.models import IssuedVersion, Meeting
from meetings.selectors.reading import MINUTES_OUT, Reading, live_kind, stored_reading

# The names that the command knows: what is made, and in which edition.
PRINTS: dict[str, tuple[str, str]] = {
    "agenda": (DocumentKind.AGENDA, Edition.FULL),
    "minutes": (DocumentKind.MINUTES, Edition.FULL),
    "minutes-public": (DocumentKind.MINUTES, Edition.PUBLIC),
    "pack": (DocumentKind.PACK, Edition.FULL),
}


def reading_to_print(meeting: Meeting, name: str) -> Reading:
    """The reading behind one of `PRINTS`. Raises `Refused` when there is nothing to print yet."""
    kind, edition = PRINTS[name]
    wanted = VersionKind.MINUTES if kind == DocumentKind.MINUTES else VersionKind.AGENDA
    version = _version(meeting, wanted)
    if version is None and live_kind(meeting) != wanted:
        text = (
            _("The meeting has no minutes yet.")
            if wanted == VersionKind.MINUTES
            else _("The meeting has no agenda that was issued.")
        )
        raise Refused(text)
    return stored_reading(meeting, version, edition, [])


def _version(meeting: Meeting, wanted: VersionKind) -> IssuedVersion | None:
    """What was issued last; minutes that were taken back for correction are read live."""
    if wanted == VersionKind.MINUTES and meeting.state not in MINUTES_OUT:
        return None
    return meeting.versions.filter(kind=wanted).order_by("-number").first()
