"""Rounds of written input: open, answer, remind, close, and put the answers on an agenda."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committee.policies import still_works
from core import audit, outbox
from core.drafts import discard_draft
from core.text import clean_text, word_count
from core.verdicts import Refused, StaleState
from meetings import policies
from meetings.enums import AGENDA_OPEN, DECIDING, Access, RoundState
from meetings.models import AgendaItem, Attachment, InputAnswer, InputRound, Meeting
from meetings.selectors.rounds import asked_ids
from meetings.services.attachments import add_attachment

SEND = "meetings.send_round"
ATTACH = "meetings.attach_answers"
LONGEST_ANSWER = 200_000


@transaction.atomic
def open_round(
    *,
    meeting: Meeting,
    title: str,
    question: str,
    closes_at: datetime,
    by: Any,
    asks_members: bool = True,
    asks_follow_group: bool = False,
) -> InputRound:
    """Ask members, follow group or both; the answers go to an item of `meeting`."""
    policies.can_open_round(by, meeting.committee).require()
    still_works(meeting.committee).require()
    question = clean_text(question)
    _check_round(meeting, title, question, closes_at, asks=asks_members or asks_follow_group)
    row = InputRound.objects.create(
        committee=meeting.committee,
        meeting=meeting,
        title=title.strip(),
        question=question,
        asks_members=asks_members,
        asks_follow_group=asks_follow_group,
        opened_at=timezone.now(),
        closes_at=closes_at,
    )
    asked = sorted(asked_ids(row))
    if not asked:
        raise Refused(_("Nobody would be asked. Choose others, or add members first."), "asks")
    _record("meetings.open_round", row, by, asked=len(asked), meeting=meeting.pk)
    _queue(row, asked, "open", "", by)
    return row


def _check_round(
    meeting: Meeting, title: str, question: str, closes_at: datetime, *, asks: bool
) -> None:
    if meeting.state not in AGENDA_OPEN:
        raise Refused(_("Choose a meeting whose agenda can still be changed."), "meeting")
    if not title.strip():
        raise Refused(_("Give the round a title."), "title")
    if not question:
        raise Refused(_("Write what you ask about."), "question")
    if not asks:
        raise Refused(_("Choose whom you ask."), "asks")
    if closes_at <= timezone.now():
        raise Refused(_("Choose a deadline that has not passed."), "closes_on")


def _queue(row: InputRound, people: list[int], occasion: str, day: str, by: Any) -> None:
    mark = f"{occasion}:{day}" if day else occasion
    for pk in people:
        outbox.enqueue(
            kind=SEND,
            key=f"round:{row.pk}:{mark}:{pk}",
            payload={"round": row.pk, "user": pk, "occasion": occasion, "day": day},
            by=by.pk,
        )


def _record(verb: str, row: InputRound, by: Any, **data: Any) -> None:
    audit.record(verb, row, by=by, scope=row.committee, data=data)


def draft_name(input_round: InputRound) -> str:
    """The name under which a person's unsent input is kept (see `core.drafts`)."""
    return f"round:{input_round.pk}"


@transaction.atomic
def save_answer(*, input_round: InputRound, text: str, by: Any) -> InputAnswer:
    """Send in one's input, or rewrite it; each rewriting is a new version.

    Raises `StaleState` when the round closed meanwhile; the caller keeps the text.
    """
    row = InputRound.objects.select_for_update().get(pk=input_round.pk)
    if policies.is_asked(by, row) and row.state != RoundState.OPEN:
        raise StaleState(_("The round was closed while you were writing. Your text was not sent."))
    policies.can_answer_round(by, row).require()
    words = _check_answer(text)
    answer = InputAnswer.objects.filter(round=row, author=by).first()
    if answer is None:
        answer = InputAnswer(round=row, author=by, version=0)
    if words != answer.text:
        answer.text, answer.saved_at = words, timezone.now()
        answer.version += 1
        answer.save()
        facts = {"version": answer.version, "words": word_count(words)}
        _record("meetings.save_answer", row, by, **facts)
    discard_draft(owner=by, form=draft_name(row))
    return answer


def _check_answer(text: str) -> str:
    if len(text) > LONGEST_ANSWER:
        raise Refused(
            _("The text is too long. Shorten it, or send the rest to the secretariat as a file."),
            "text",
        )
    words = clean_text(text)
    if not words:
        raise Refused(_("Write your input before you send it."), "text")
    return words


@transaction.atomic
def remind_missing(*, input_round: InputRound, by: Any) -> int:
    """Remind those who have not answered, at most once a day each. Returns how many they are."""
    policies.can_run_round(by, input_round).require()
    answered = set(input_round.answers.values_list("author_id", flat=True))
    missing = sorted(asked_ids(input_round) - answered)
    _queue(input_round, missing, "remind", timezone.localdate().isoformat(), by)
    if missing:
        _record("meetings.remind_round", input_round, by, people=missing)
    return len(missing)


@transaction.atomic
def close_round(
    *, input_round: InputRound, item: AgendaItem | None, by: Any, access: str = ""
) -> InputRound:
    """End the round; its answers become a PDF on `item`, made by the worker.

    Raises `StaleState` when it is closed already, `Refused` without an item to receive the
    answers. A round nobody answered closes without one.
    """
    policies.can_open_round(by, input_round.committee).require()
    now = timezone.now()
    open_rows = InputRound.objects.filter(pk=input_round.pk, state=RoundState.OPEN)
    if not open_rows.update(state=RoundState.CLOSED, closed_at=now):
        raise StaleState(_("The round is already closed. Nothing was changed."))
    input_round.state, input_round.closed_at = RoundState.CLOSED, now
    count = input_round.answers.count()
    _record("meetings.close_round", input_round, by, answers=count)
    if count:
        attach_answers(input_round=input_round, item=item, by=by, access=access)
    return input_round


@transaction.atomic
def attach_answers(
    *, input_round: InputRound, item: AgendaItem | None, by: Any, access: str = ""
) -> None:
    """Ask for the PDF of a closed round on `item`; asking twice for the same item is once."""
    policies.can_open_round(by, input_round.committee).require()
    if input_round.state != RoundState.CLOSED or input_round.attachment_id:
        raise StaleState(_("The answers are already with the meeting. Nothing was changed."))
    if item is None or item.removed_at or item.meeting_id != input_round.meeting_id:
        raise Refused(_("Choose the item that the answers belong to."), "item")
    if item.meeting.state not in AGENDA_OPEN | DECIDING:
        raise Refused(_("The agenda can no longer receive the answers."), "item")
    if access and access not in Access.values:
        raise Refused(_("Choose who may read the answers."), "access")
    outbox.enqueue(
        kind=ATTACH,
        key=f"round:{input_round.pk}:attach:{item.pk}:{access or 'item'}",
        payload={"round": input_round.pk, "item": item.pk, "by": by.pk, "access": access},
        by=by.pk,
    )


@transaction.atomic
def store_answers(
    *, input_round: InputRound, item: AgendaItem, data: bytes, by: Any, access: str, title: str
) -> Attachment | None:
    """Attach the finished PDF, unless another run has done it. Returns the attachment."""
    row = InputRound.objects.select_for_update().get(pk=input_round.pk)
    if row.attachment_id:
        return None
    attachment = add_attachment(
        item=item, data=data, filename=f"{title}.pdf", title=title, access=access, by=by
    )
    row.attachment = attachment
    row.save(update_fields=["attachment"])
    _record("meetings.attach_answers", row, by, attachment=attachment.pk, item=item.pk)
    return attachment
