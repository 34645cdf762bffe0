"""The register of decisions: which rows a question finds, as its reader may have them."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.utils import timezone

from committee.models import Committee
from meetings.enums import HELD, FollowUpState
from meetings.models import AgendaItem, Decision, DecisionText, FollowUp
from meetings.models.decisions import DecisionTextQuerySet
from meetings.selectors.decision_cases import is_about_a_case, link_cases
from meetings.selectors.decision_rows import DecisionRow, FollowUpLine, minuted_follow_ups, shaped

PER_PAGE = 25
WITH = ("decision__item", "decision__meeting", "decision__committee")


@dataclass(frozen=True)
class Question:
    """What one asks the register for. What is empty narrows nothing."""

    committee: str = ""
    year: int | None = None
    start: date | None = None
    end: date | None = None
    outcome: str = ""
    dissent: bool = False
    follow_ups: bool = False
    linked: bool = False
    text: str = ""


def find_texts(user: Any, asked: Question) -> DecisionTextQuerySet:
    """The decisions that answer, newest first.

    What a reader may not read finds nothing: neither outcome, dissent, words nor what is open.
    """
    rows = DecisionText.objects.visible_to(user)
    if asked.committee:
        rows = rows.filter(decision__committee__slug=asked.committee)
    if asked.year:
        rows = rows.filter(decision__year=asked.year)
    rows = _within(rows, asked.start, asked.end)
    if asked.outcome or asked.dissent or asked.follow_ups or asked.linked:
        rows = _narrowed(rows.fully_read_by(user), user, asked)
    if asked.text:
        rows = _with_words(rows, user, asked.text)
    return rows.select_related(*WITH).order_by("-decision__meeting__starts_at", "-decision__serial")


def _within(
    rows: DecisionTextQuerySet, start: date | None, end: date | None
) -> DecisionTextQuerySet:
    """Of the meetings of that period, both days included."""
    if start:
        rows = rows.filter(decision__meeting__starts_at__gte=_midnight(start))
    if end:
        last = timezone.make_aware(datetime.combine(end, time.max))
        rows = rows.filter(decision__meeting__starts_at__lte=last)
    return rows


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _narrowed(rows: DecisionTextQuerySet, user: Any, asked: Question) -> DecisionTextQuerySet:
    """Of rows that are read in full."""
    if asked.outcome:
        rows = rows.filter(outcome=asked.outcome)
    if asked.dissent:
        rows = rows.filter(has_dissent=True)
    if asked.linked:
        rows = rows.filter(is_about_a_case(user))
    if asked.follow_ups:
        rows = rows.filter(pk__in=_with_open_follow_ups(rows, user))
    return rows


def _with_open_follow_ups(rows: DecisionTextQuerySet, user: Any) -> list[int]:
    """Those whose row tells of one: listed in the minutes, or one's own to see."""
    still = FollowUp.objects.filter(state=FollowUpState.OPEN)
    items = rows.order_by().values("decision__item")
    visible = set(FollowUp.objects.visible_to(user).filter(pk__in=still, item__in=items))
    by_item: dict[int, list[FollowUp]] = {}
    # All of them, so that words name the same one here as on the row.
    for row in FollowUp.objects.filter(item__in=items).order_by("pk"):
        by_item.setdefault(row.item_id, []).append(row)
    found = []
    for text in rows.filter(decision__item__in=list(by_item)).select_related("decision"):
        known = by_item[text.decision.item_id]
        told = [row for row in minuted_follow_ups(text, known) if row]
        told += [row for row in known if row in visible]
        if any(row.state == FollowUpState.OPEN for row in told):
            found.append(text.pk)
    return found


def _with_words(rows: DecisionTextQuerySet, user: Any, text: str) -> DecisionTextQuerySet:
    """Every word somewhere the reader may read it, or the number itself."""
    if numbered := _number_in(text):
        year, serial = numbered
        return rows.filter(decision__year=year, decision__serial=serial)
    full = DecisionText.objects.fully_read_by(user).values("pk")
    for word in text.casefold().split()[:8]:
        inside = Q(pk__in=full, words__contains=word)
        # Of what was closed after it was sealed nothing is public but its heading.
        outside = Q(access="closed", public_words__contains=word)
        rows = rows.filter(inside | outside)
    return rows


def _number_in(text: str) -> tuple[int, int] | None:
    """B-2026-014, as people write it."""
    letter, _dash, rest = text.strip().upper().partition("-")
    year, _dash, serial = rest.partition("-")
    plain = (year + serial).isascii() and year.isdigit() and serial.isdigit()
    if letter != "B" or not plain or len(year) != 4 or len(serial) > 6:
        return None
    return int(year), int(serial)


def decision_rows(user: Any, texts: Any) -> list[DecisionRow]:
    """The rows with follow-ups and cases. Four queries, however many there are."""
    rows = shaped(user, texts)
    link_cases(user, rows)
    return rows


def register_page(user: Any, asked: Question, page: str) -> tuple[Page[Any], list[DecisionRow]]:
    """One page of what answers."""
    found = Paginator(find_texts(user, asked), PER_PAGE).get_page(page)
    return found, decision_rows(user, found.object_list)


def known_committees(user: Any) -> list[Committee]:
    """Those with a decision that `user` may know of."""
    ids = DecisionText.objects.visible_to(user).order_by().values("decision__committee")
    return list(Committee.objects.filter(pk__in=ids).order_by("name"))


def known_years(user: Any) -> list[int]:
    rows = DecisionText.objects.visible_to(user).order_by("-decision__year")
    return list(rows.values_list("decision__year", flat=True).distinct())


def numbered(user: Any, item: AgendaItem) -> Decision | None:
    """The row of the register about one item, once its minutes are sealed."""
    if item.meeting.state not in HELD:
        return None
    texts = DecisionText.objects.visible_to(user).filter(decision__item=item)
    text = texts.select_related("decision").first()
    return text.decision if text else None


# For reports --------------------------------------------------------------------------------------


def decisions_of(
    user: Any, committee: Committee, start: date | None, end: date | None
) -> list[dict[str, Any]]:
    """The decisions of the committee's meetings from `start` to `end` (both days included, None
    for no limit) as `user` may have them, oldest first; at most eight queries.

    Plain rows. Of a closed item that `user` does not read: number, public heading and `text`, which
    is then the public decision; `outcome_words`, `votes_words`, `dissent`, `follow_ups` and the
    case are empty.
    """
    asked = Question(committee=committee.slug, start=start, end=end)
    texts = find_texts(user, asked).order_by("decision__meeting__starts_at", "decision__serial")
    return [plain_row(row) for row in decision_rows(user, texts)]


def plain_row(row: DecisionRow) -> dict[str, Any]:
    """JSON types, and dates."""
    return {
        "id": row.decision.pk,
        "number": row.number,
        "date": row.date,
        "committee": row.decision.committee.full_name,
        "meeting": row.meeting.title,
        "meeting_id": row.meeting.pk,
        "meeting_number": row.meeting.number,
        "item_number": row.item["number"],
        "heading": row.heading,
        "is_closed": row.is_closed,
        "is_redacted": row.is_redacted,
        "outcome": row.outcome,
        "outcome_words": row.outcome_words,
        "text": row.text,
        "votes_words": row.votes_words,
        "dissent": [{"name": one["name"], "text": one["text"]} for one in row.dissents],
        "follow_ups": [_plain_line(line) for line in row.follow_ups],
        "additions": [
            {"number": one["number"], "on": one["at"][:10], "text": one["text"]}
            for one in row.additions
        ],
        "case_id": row.case_id,
        "case_number": (row.case.reference or "") if row.case else "",
        "case_title": row.case.title if row.case else "",
        "case_url": row.case.get_absolute_url() if row.case else "",
        "version": row.version,
        "url": row.url,
    }


def _plain_line(line: FollowUpLine) -> dict[str, Any]:
    return {
        "text": line.text,
        "owner": line.owner,
        "due": line.due,
        "state": line.state,
        "state_words": line.state_words,
        "is_open": line.is_open,
        "is_overdue": line.is_overdue,
    }
