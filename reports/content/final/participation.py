"""Who took part: attendance, rounds of written input."""

from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from meetings.enums import Access, RoundState
from meetings.models import InputRound
from reports import figures
from reports.content.blocks import Block, cell, figure, local_day, row, section, words
from reports.content.final.work import whole_table
from reports.content.span import Span
from reports.content.status.meetings import Held


def participation_section(span: Span, held: list[Held]) -> Block:
    made = figures.attendance(span.eyes, span.committee, span.first, span.on)
    heads = [_("Round of written input"), _("Closed"), _("Answers")]
    rounds = [_round(one) for one in _rounds(span)]
    return section(
        "participation",
        _("Participation"),
        words(made.message) if made.is_empty else figure(made),
        whole_table("rounds", _("Written input from members and the follow group"), heads, rounds),
        None if rounds else words(_("No round of written input has been closed.")),
    )


def _rounds(span: Span) -> list[Any]:
    """Closed ones whose answers are an open attachment of an open item."""
    rows = InputRound.objects.filter(
        committee=span.committee,
        state=RoundState.CLOSED,
        attachment__access=Access.OPEN,
        attachment__item__access=Access.OPEN,
        attachment__item__released=True,
        **span.within("closed_at"),
    )
    rows = rows.annotate(count=Count("answers")).select_related("attachment__item")
    return list(rows.order_by("closed_at", "pk"))


def _round(one: Any) -> Block:
    item = one.attachment.item
    return row(
        f"round:{one.pk}",
        cell(one.title),
        local_day(one.closed_at) or "–",
        one.count,
        item=item.pk,
        meeting=item.meeting_id,
    )
