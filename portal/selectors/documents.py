"""Documents and packages that the reader has asked for and not yet opened."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.progress import Progress
from core.templatetags.ur import file_size
from core.works import Awaited, awaited_by
from portal.selectors.waiting import Text

# Shape of the quiet status, its word, and the words of the button.
LOOKS: dict[str, tuple[str, Text, Text]] = {
    "done": ("yes", gettext_lazy("Ready"), gettext_lazy("Open it")),
    "running": ("half", gettext_lazy("Being made"), gettext_lazy("See the progress")),
    "queued": ("half", gettext_lazy("Waits for its turn"), gettext_lazy("See the progress")),
    "failed": ("miss", gettext_lazy("Could not be made"), gettext_lazy("See why")),
    "outdated": ("miss", gettext_lazy("Was not made"), gettext_lazy("See why")),
    "cancelled": ("empty", gettext_lazy("Was cancelled"), gettext_lazy("See it")),
    "none": ("empty", gettext_lazy("Not asked for"), gettext_lazy("See it")),
}


@dataclass(frozen=True)
class AskedFor:
    """A row: what it is, how it stands, where it is, and whether it can be put aside."""

    title: str
    url: str
    shape: str
    word: Text
    meta: str
    button: Text
    aside_url: str


def asked_for(user: Any) -> Iterator[AskedFor]:
    if getattr(user, "is_looked_through", False):
        return  # what somebody waits for is theirs alone
    for awaited in awaited_by(user):
        yield _row(awaited)


def _row(awaited: Awaited) -> AskedFor:
    work, progress = awaited.work, awaited.progress
    shape, word, button = LOOKS[progress.state]
    aside = "" if progress.is_waiting else reverse("core:work_dismiss", args=[work.pk])
    meta = _meta(awaited, progress)
    return AskedFor(work.title, work.get_absolute_url(), shape, word, meta, button, aside)


def _meta(awaited: Awaited, progress: Progress) -> str:
    if awaited.work.file:
        return file_size(awaited.work.file.size)
    if progress.state == "running":
        share = _("%(n)s per cent") % {"n": progress.share}
        return " · ".join(filter(None, (share, progress.step)))
    return str(progress.reason)
