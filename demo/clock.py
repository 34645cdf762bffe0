"""A clock for the demo: what happened in December is recorded in December."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the services believe that it is `moment`."""
    with patch("django.utils.timezone.now", lambda: moment):
        yield
