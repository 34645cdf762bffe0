"""Locking the minutes of a long meeting, with the sealed PDF.

The public edition is made when the minutes are published, not here.
"""

import io
import time
from collections.abc import Callable

import pikepdf

from core import bench, outbox
from core.bench import BenchError, benchmark
from core.models import OutboxEntry
from core.models.outbox import SETTLED
from core.sealing import make_test_certificate
from meetings.benchmarks.builder import Body, a_body, begin, move_on
from meetings.enums import DECISION, Edition, Outcome, VoteChoice
from meetings.models import AgendaItem, SealedFile
from meetings.selectors.approval import asked_members, sent_version
from meetings.services.approval import answer_minutes
from meetings.services.attachments import add_attachment
from meetings.services.holding import move_meeting, record_decision
from meetings.services.minutes import lock_minutes, send_for_approval
from meetings.services.presence import finish_item, take_up
from meetings.services.votes import cast_vote, close_round, open_round

MEMBERS = 15
DECIDED = (
    "Udvalget godkender afprøvningen med de bemærkninger, der faldt på mødet.\n\n"
    "Udvalget ønsker at se erfaringerne, før løsningen tages i brug andre steder."
)


@benchmark("lock_meeting", target="60 items locked, rendered and sealed in under 10 s")
def lock_meeting(items: int = 60) -> bench.Outcome:
    """Lock the minutes of a long meeting, render the PDF/A and sign it, from a cold start"""
    make_test_certificate(organisation="Prøvekommunen")
    body = a_body(MEMBERS, items=items)
    for item in body.items:
        _attach(body, item)
    begin(body)
    for item in body.items:
        _treat(body, item)
    move_meeting(meeting=body.meeting, move="end", by=body.secretary)
    send_for_approval(meeting=body.meeting, by=body.secretary)
    _approve(body)
    _drop_waiting()
    before = time.process_time()
    locked = _seconds(lambda: lock_minutes(meeting=body.meeting, by=body.chair))
    sealed = _seconds(outbox.drain)
    processor = time.process_time() - before
    pages, size = _sealed_file(body)
    figures = {
        "items": items,
        "seconds_lock": locked,
        "seconds_pdf_and_seal": sealed,
        "seconds_in_all": round(locked + sealed, 2),
        "processor_seconds": round(processor, 2),
        "pages": pages,
        "kilobytes": round(size / 1024),
    }
    return bench.Outcome(figures, locked + sealed < 10)


def _approve(body: Body) -> None:
    number = sent_version(body.meeting).number  # type: ignore[union-attr]
    for member in asked_members(body.meeting):
        answer_minutes(
            meeting=body.meeting, version=number, member=member, answer="approve", by=member
        )


def _attach(body: Body, item: AgendaItem) -> None:
    add_attachment(
        item=item,
        data=_blank_pdf(),
        filename=f"Beregning {item.position}.pdf",
        by=body.secretary,
    )


def _blank_pdf() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    return out.getvalue()


def _treat(body: Body, item: AgendaItem) -> None:
    """The item on the table: a motion, a vote by name, a decision."""
    by = body.secretary
    take_up(item=item, by=by)
    row = open_round(motion=move_on(body, item), by=by)
    for number, member in enumerate(body.members):
        choice = VoteChoice.AGAINST if number % 5 == 4 else VoteChoice.FOR
        cast_vote(vote_round=row, member=member, choice=choice, by=member)
    close_round(vote_round=row, by=by)
    record_decision(
        item=item,
        outcome=Outcome.ADOPTED,
        texts={DECISION: DECIDED},
        versions={DECISION: 0},
        by=by,
    )
    finish_item(item=item, by=by)


def _drop_waiting() -> None:
    """What the meeting has asked for before it is locked is not what is measured."""
    for entry in OutboxEntry.objects.exclude(state__in=SETTLED):
        outbox.cancel(entry)


def _sealed_file(body: Body) -> tuple[int, int]:
    """Pages and bytes of the sealed PDF. Raises when it was not made, sealed and signed."""
    found = SealedFile.objects.filter(seal__meeting=body.meeting, edition=Edition.FULL).first()
    if found is None or not found.signed_by:
        errors = OutboxEntry.objects.exclude(last_error="").values_list("last_error", flat=True)
        raise BenchError("\n".join(["The sealed minutes were not made.", *errors]))
    data = found.file.read()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return len(pdf.pages), len(data)


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return round(time.perf_counter() - began, 2)
