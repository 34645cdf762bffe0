"""A clock for the demo: what happened in December is recorded in December."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from unittest.mock import patch


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the services, and the fields that fill themselves in, believe that it is `moment`."""

    class Stopped(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return moment.astimezone(tz)

    # Not `timezone.now` itself: the defaults of fields hold that function already.
    with patch("django.utils.timezone.datetime", Stopped):
        yield
