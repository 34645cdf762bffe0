"""The documents of a long meeting, measured by `manage.py bench documents`."""

from functools import partial

from core.branding import livery
from core.document_bench import Make, document_sample
from meetings.benchmarks.builder import a_body
from meetings.documents import agenda_pdf
from meetings.enums import VersionKind
from meetings.selectors.snapshot import live_snapshot

ITEMS = 60


def long_agenda(items: int = ITEMS) -> Make:
    """An agenda where each item has about a page of prose and a table."""
    body = a_body(15, items=items)
    snapshot = live_snapshot(body.meeting, VersionKind.AGENDA)
    colours = livery(body.committee.municipality.colour)
    return partial(agenda_pdf, snapshot, palette=colours, edition="full")


document_sample("agenda of 60 items", long_agenda)
