"""A report as it may be read now.

What was frozen stays frozen; but an item that has been closed since is not shown again, and a
report becomes public only when everything it tells of is.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from ethics.models import Condition
from meetings.enums import Access, MeetingState
from meetings.models import AgendaItem, Meeting
from reports.models import Report
from usecases.enums import DecisionAccess
from usecases.models import UseCase

Content = dict[str, Any]


def told_parts(content: Content) -> Iterator[dict[str, Any]]:
    """Every row and passage that tells of one thing."""
    for part in content.get("sections", []):
        for block in part["blocks"]:
            if block["kind"] == "table":
                yield from block["rows"]
            elif block["kind"] == "passage":
                yield block


def _refs(content: Content, name: str) -> set[int]:
    found = (one.get("refs", {}).get(name) for one in told_parts(content))
    return {pk for pk in found if pk is not None}


def shown_content(report: Report) -> Content:
    """The content with what has been closed since taken out again; a fresh copy.

    A public one tells nothing of what was taken back from the public, e.g. withdrawn minutes.
    """
    content = deepcopy(report.content)
    for one in _hidden_parts(content) if report.is_public else ():
        _empty(one, _("Is not public any more"))
    closed, cases = newly_closed(content), _newly_closed_cases(content)
    for one in told_parts(content):
        refs = one.get("refs", {})
        if refs.get("item") in closed:
            _shut(one, closed[refs["item"]])
        if refs.get("reasons") in cases:
            one["text"] = _("The decision has been closed since. Its reasons are not shown.")
    return content


def _newly_closed_cases(content: Content) -> set[int]:
    """Cases whose decision was open when its reasons were told, and is closed now."""
    told = _refs(content, "reasons")
    rows = UseCase.objects.filter(pk__in=told, decision_access=DecisionAccess.CLOSED)
    return set(rows.values_list("pk", flat=True)) if told else set()


def _shut(one: dict[str, Any], public_title: str) -> None:
    _empty(one, _("%(title)s (closed afterwards)") % {"title": public_title})


def _empty(one: dict[str, Any], told: str) -> None:
    """Nothing is left of it but why."""
    if "cells" in one:
        one["cells"] = [{"text": told, "url": "", "on": ""}] + [
            {"text": "–", "url": "", "on": ""} for _cell in one["cells"][1:]
        ]
    else:
        one["heading"], one["text"], one["url"] = told, "–", ""
    one["change"] = ""


def newly_closed(content: Content) -> dict[int, str]:
    """Items that were open when they were told of and are closed now: id → public heading."""
    told = {
        pk
        for one in told_parts(content)
        if (pk := one.get("refs", {}).get("item")) and not one["refs"].get("closed")
    }
    rows = AgendaItem.objects.filter(pk__in=told, access=Access.CLOSED)
    return dict(rows.values_list("pk", "public_title")) if told else {}


def not_public(content: Content) -> list[str]:
    """What the report tells of that citizens may not read, by the words of its first cell."""
    return [
        one["cells"][0]["text"] if "cells" in one else one["heading"]
        for one in _hidden_parts(content)
    ]


def _hidden_parts(content: Content) -> list[dict[str, Any]]:
    """The rows and passages about something that citizens may not read now."""
    nobody = AnonymousUser()
    cases, meetings = _refs(content, "case"), _refs(content, "meeting")
    conditions, items = _refs(content, "condition"), _refs(content, "item")
    seen_cases = set(
        UseCase.objects.readable_by(nobody).filter(pk__in=cases).values_list("pk", flat=True)
    )
    seen_meetings = set(
        Meeting.objects.visible_to(nobody).filter(pk__in=meetings).values_list("pk", flat=True)
    )
    with_minutes = set(
        Meeting.objects.filter(pk__in=meetings, state=MeetingState.PUBLISHED).values_list(
            "pk", flat=True
        )
    )
    seen_conditions = set(
        Condition.objects.published().filter(pk__in=conditions).values_list("pk", flat=True)
    )
    found = []
    for one in told_parts(content):
        refs = one.get("refs", {})
        hidden = (
            ("case" in refs and refs["case"] not in seen_cases)
            or ("meeting" in refs and refs["meeting"] not in seen_meetings)
            or ("item" in refs and items and refs["meeting"] not in with_minutes)
            or ("condition" in refs and refs["condition"] not in seen_conditions)
        )
        if hidden:
            found.append(one)
    return found
