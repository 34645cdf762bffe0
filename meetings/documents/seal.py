"""What sealed minutes print about their seal."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from meetings.documents import wording


@dataclass(frozen=True, slots=True)
class SealMark:
    """Where the protocol chain stood when the minutes were locked, and who signs."""

    seq: int
    hash: str
    sealed_at: str
    signed_by: str = ""
    is_test: bool = False

    @property
    def anchor(self) -> dict[str, Any]:
        """The part that machines read. Nothing in it is made of the text that was left out."""
        return {"seq": self.seq, "hash": self.hash, "sealed_at": self.sealed_at}


def seal_lines(mark: SealMark) -> list[str]:
    """The lines at the foot of every page."""
    lines = [_("Protocol row %(seq)s: %(hash)s") % {"seq": mark.seq, "hash": mark.hash}]
    if mark.is_test:
        lines.append(_("TEST: signed with a test certificate that proves nothing"))
    return lines


def seal_facts(mark: SealMark) -> list[dict[str, str]]:
    """The rows on the first page."""
    moment: datetime = wording.moment(mark.sealed_at)
    when = f"{wording.day(moment)} {wording.at(moment)}"
    return [
        {"name": _("Locked"), "value": when},
        {"name": _("Signature"), "value": _signature(mark)},
    ]


def _signature(mark: SealMark) -> str:
    if not mark.signed_by:
        return _("None. The file is known by its checksum only.")
    if mark.is_test:
        return _(
            "TEST. Signed digitally with a test certificate (%(name)s). It proves nothing about "
            "who made the document."
        ) % {"name": mark.signed_by}
    return _("Signed digitally by %(name)s") % {"name": mark.signed_by}
