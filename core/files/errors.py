"""A file that cannot come in, and the sentence that says why and what to do."""

from collections.abc import Mapping
from typing import cast

from django.utils import formats
from django.utils.functional import Promise, lazy

MEGABYTE = 1024 * 1024


class BadFile(Exception):
    """The file is refused. `reason` is a sentence for the user in the language of the reader."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return str(self.reason)


def _fill(text: str | Promise, facts: Mapping[str, object]) -> str:
    # Asked of the lazy text itself, so that a plural sees its number.
    return str(cast(str, text) % facts)


_lazy_fill = lazy(_fill, str)


def sentence(text: str | Promise, **facts: object) -> str | Promise:
    """`text` with `facts` filled in when it is shown, not before."""
    return _lazy_fill(text, facts)


def _readable_size(size: int) -> str:
    if size < MEGABYTE:
        return f"{max(round(size / 1024), 1)}\u00a0KB"
    decimals = 0 if size >= 10 * MEGABYTE or size % MEGABYTE == 0 else 1
    return f"{formats.number_format(size / MEGABYTE, decimals)}\u00a0MB"


readable_size = lazy(_readable_size, str)
