"""How the committee worked: who sat in it, when it met, its tasks, and each of its decisions."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from committee.enums import LEADERS
from committee.models import Membership
from core.templatetags.ur import NBSP
from reports.charts import Mark, Timeline
from reports.content.blocks import Block, cell, figure, local_day, passage, row, section, words
from reports.content.span import Span
from reports.content.status.meetings import Held, meetings_section, refs_of
from reports.selectors.mandate import DeliverableRow


def whole_table(key: str, caption: str, heads: list[str], rows: list[Block]) -> Block:
    """Every row: a final report cuts nothing off."""
    return {
        "kind": "table", "key": key, "caption": caption, "heads": heads, "rows": rows,
        "more": "", "url": "", "link": "",
    }  # fmt: skip


# Members ----------------------------------------------------------------------------------------


def members_of(span: Span) -> list[Membership]:
    """Who sat in the body at any time of the period, leaders first."""
    rows = Membership.objects.filter(committee=span.committee, valid_from__lte=span.on).seated()
    rows = rows.exclude(valid_to__lt=span.first).select_related("user", "seat_group")
    return sorted(rows, key=lambda one: (one.role not in LEADERS, one.role, one.user.name, one.pk))


def members_section(people: list[Membership]) -> Block:
    rows = [
        row(
            f"member:{one.pk}",
            one.user.name,
            one.get_role_display(),
            one.user.title or (one.seat_group.name if one.seat_group else "–"),
            _time(one),
        )
        for one in people
    ]
    count = len({one.user_id for one in people})
    lead = ngettext(
        "%(n)s person has sat in the committee.", "%(n)s people have sat in the committee.", count
    )
    heads = [_("Name"), _("Role"), _("Title or group"), _("Period")]
    return section(
        "members",
        _("The members"),
        words(lead % {"n": count}) if people else None,
        whole_table("members", _("Members of the committee"), heads, rows),
        empty=_("Nobody has been seated in the committee."),
    )


def _time(one: Membership) -> str:
    first = cell(one.valid_from)["text"]
    if one.valid_to:
        return f"{first} – {cell(one.valid_to)['text']}"
    return _("from %(day)s") % {"day": first}


# Meetings ---------------------------------------------------------------------------------------


def process_section(span: Span, held: list[Held], decided: list[dict[str, Any]]) -> Block:
    """The meetings on a line of time, and each with how many came."""
    found = meetings_section(held, decided, None)
    marks = [
        Mark(day, one.meeting.title, "meeting", one.meeting.get_absolute_url())
        for one in held
        if (day := local_day(one.meeting.starts_at))
    ]
    ends = span.committee.mandate_to
    if ends and span.first <= ends <= span.last:
        marks.append(Mark(ends, _("The mandate ends"), "milestone"))
    blocks = found["blocks"]
    if held:
        line = Timeline(
            "process", _("The process"), _process_message(len(held)), span.first, span.last,
            span.on, tuple(marks),
        )  # fmt: skip
        blocks = [*blocks, figure(line)]
    return found | {"key": "process", "heading": _("The process"), "blocks": blocks}


def _process_message(count: int) -> str:
    said = ngettext("%(n)s meeting in the period", "%(n)s meetings in the period", count)
    return said % {"n": count}


# Tasks ------------------------------------------------------------------------------------------


def deliverables_section(span: Span, tasks: list[DeliverableRow]) -> Block:
    """Each task with all of its evidence; plainly that there is none."""
    return section(
        "deliverables",
        _("The tasks of the mandate"),
        *(_task(span, one) for one in tasks),
        empty=_("The committee has no tasks in its terms of reference yet."),
    )


def _task(span: Span, one: DeliverableRow) -> Block:
    known = [row for row in one.evidence if row.on <= span.on]
    lines = [f"- {cell(row.on)['text']}: {row.title}" for row in known]
    due = _("due %(day)s") % {"day": cell(one.due_on)["text"]} if one.due_on else _("No date")
    told = "\n".join(lines) or _("There is no evidence that the task has moved.")
    return passage(
        f"task:{one.id}",
        one.title,
        "\n\n".join(
            part for part in (f"**{one.status_word}**, {due}.", one.description, told) if part
        ),
        reverse("reports:mandate_progress", args=[span.committee.slug]),
    )


# Decisions --------------------------------------------------------------------------------------


def decisions_section(held: list[Held], decided: list[dict[str, Any]]) -> Block:
    """Every decision with its whole text, in order."""
    return section(
        "decisions",
        _("Every decision"),
        *(_decision(one) for one in decided),
        empty=_("The committee decided nothing in the period."),
    )


def _decision(one: dict[str, Any]) -> Block:
    facts = {"meeting": one["meeting_number"], "number": one["item_number"]}
    place = (_("meeting %(meeting)s, item %(number)s") % facts).replace(" ", NBSP)
    closed = " (" + _("closed") + ")" if one["is_closed"] else ""
    number = f"{one['number']}: " if one["number"] else ""
    outcome = one["votes_words"] or one["outcome_words"]
    about = " ".join(part for part in (one["case_number"], one["case_title"]) if part)
    told = [
        f"**{cell(one['date'])['text']}.** {outcome}".strip(),
        one["text"],
        _("About: %(case)s") % {"case": about} if about else "",
    ]
    return passage(
        f"decision:{one['id']}",
        f"{number}{one['heading']}{closed}, {place}",
        "\n\n".join(part for part in told if part),
        one["url"],
        **refs_of(one),
    )  # fmt: skip
