"""Make the PDF of a closed round and put it on the agenda."""

from committee.models import User
from core import outbox
from core.outbox import Payload, Report
from meetings.documents.written_input import written_input_pdf, written_input_title
from meetings.models import AgendaItem, InputRound
from meetings.services import rounds


@outbox.handler(rounds.ATTACH)
def attach_answers(payload: Payload, report: Report) -> None:
    """Render the answers and attach them; a second run finds them there."""
    row = InputRound.objects.select_related("committee__municipality", "meeting").get(
        pk=payload["round"]
    )
    if row.attachment_id:
        return
    report("rendering", 20)
    data = written_input_pdf(row)
    report("attaching", 80)
    rounds.store_answers(
        input_round=row,
        item=AgendaItem.objects.select_related("meeting").get(pk=payload["item"]),
        data=data,
        by=User.objects.get(pk=payload["by"]),
        access=payload["access"],
        title=written_input_title(),
    )
