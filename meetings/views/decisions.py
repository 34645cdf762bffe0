"""Beslutninger: the register, a page for each decision, and the register as a file."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.htmx import render_page
from meetings import policies
from meetings.enums import Outcome
from meetings.forms.decisions import asked, query_of
from meetings.models import Decision, DecisionText, Meeting
from meetings.selectors import decision_export as export
from meetings.selectors.decision_cases import snapshot_of
from meetings.selectors.decisions import (
    WITH,
    decision_rows,
    find_texts,
    known_committees,
    known_years,
    register_page,
)
from meetings.views.fetch import Gone, crumbs, gone_page, record_closed_reading


@login_not_required
@require_safe
def decision_list(request: HttpRequest) -> HttpResponse:
    """Every decision that the reader may know of, as the address asks for them."""
    question, problems = asked(request.GET)
    page, rows = register_page(request.user, question, request.GET.get("side", "1"))
    query = query_of(question)
    context = {
        "rows": rows,
        "page": page,
        "total": page.paginator.count,
        "asked": question,
        "query": query,
        "before": f"?{query}&side=" if query else "?side=",
        "problems": problems,
        "typed": request.GET,
        "committees": known_committees(request.user),
        "years": known_years(request.user),
        "outcomes": [one for one in Outcome.choices if one[0]],
        "formats": list(export.FORMATS),
        "trail": crumbs((_("Decisions"), "")),
    }
    return render_page(request, "meetings/decision_list.html", context, fragment="register")


@login_not_required
@require_safe
def decision_page(request: HttpRequest, decision_id: int) -> HttpResponse:
    """One decision as it was sealed. Reading a closed one in full is recorded."""
    try:
        text = _text_of(request, decision_id)
    except Gone as gone:
        return gone_page(request, gone.meeting)
    row = decision_rows(request.user, [text])[0]
    meeting = row.meeting
    request.committee_id = meeting.committee_id  # type: ignore[attr-defined]
    if row.is_closed and not row.is_redacted:
        record_closed_reading(row.decision.item, meeting, request)
    item_url = "" if row.decision.item.removed_at else row.decision.item.get_absolute_url()
    context = {
        "row": row,
        # What the parts of the item's page read.
        "item": row.item,
        "meeting": meeting,
        "item_url": item_url,
        "snapshot": snapshot_of(request.user, row),
        "is_insider": policies.is_insider(request.user, meeting),
        "trail": crumbs((_("Decisions"), reverse("meetings:decision_list")), (row.number, "")),
    }
    return render_page(request, "meetings/decision_page.html", context)


def _text_of(request: HttpRequest, decision_id: int) -> DecisionText:
    texts = DecisionText.objects.visible_to(request.user).select_related(*WITH)
    if text := texts.filter(decision=decision_id).first():
        return text
    known = Meeting.objects.visible_to(request.user).values("pk")
    decision = get_object_or_404(
        Decision.objects.select_related("meeting__committee"), pk=decision_id, meeting__in=known
    )
    # It was published once, and taken back: the reason is for everybody.
    if decision.meeting.is_withdrawn and decision.item.released:
        raise Gone(decision.meeting)
    raise Http404


@login_not_required
@require_safe
def decision_export(request: HttpRequest, format_name: str) -> StreamingHttpResponse:
    """What the filter finds, as a file. Closed ones in full are recorded, once for a meeting."""
    if format_name not in export.FORMATS:
        raise Http404
    question, _problems = asked(request.GET)
    rows = decision_rows(request.user, find_texts(request.user, question))
    read = {row.meeting.pk: row.meeting for row in rows if row.is_closed and not row.is_redacted}
    for meeting in read.values():
        record_closed_reading(meeting, meeting, request)
    address = request.build_absolute_uri("/").rstrip("/")
    response = StreamingHttpResponse(
        export.pieces(format_name, rows, address), content_type=export.FORMATS[format_name]
    )
    headers: dict[str, Any] = {
        "Content-Disposition": f'attachment; filename="beslutninger.{format_name}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    for name, value in headers.items():
        response.headers[name] = value
    return response
