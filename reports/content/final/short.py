"""The first page and the last: what it comes to, and what is missing."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from committee.enums import DeliverableStatus
from committee.models import Membership
from ethics.models import GuidelineEdition
from meetings.enums import CLOSED_RECORD
from reports.content.blocks import Block, section, words
from reports.content.span import Span
from reports.content.status.meetings import Held
from reports.selectors.mandate import DeliverableRow
from usecases.models import UseCase


def summary_section(
    span: Span,
    tasks: list[DeliverableRow],
    held: list[Held],
    decided: list[dict[str, Any]],
    areas: list[UseCase],
) -> Block:
    done = sum(one.status == DeliverableStatus.DONE for one in tasks)
    said = [
        _("%(done)s of the %(n)s tasks of the mandate are done.") % {"done": done, "n": len(tasks)}
        if tasks
        else "",
        ngettext(
            "The committee took %(n)s decision.",
            "The committee took %(n)s decisions.",
            len(decided),
        )
        % {"n": len(decided)}
        if held
        else _("The committee held no meeting in the period."),
        _dissent(decided) if decided else "",
        _fields(areas),
    ]
    return section("summary", _("In short"), words(" ".join(part for part in said if part)))


def _dissent(decided: list[dict[str, Any]]) -> str:
    count = sum(bool(one["dissent"]) for one in decided)
    if not count:
        return _("Nobody asked for a dissenting opinion.")
    said = ngettext(
        "There is a dissenting opinion on %(n)s of them.",
        "There are dissenting opinions on %(n)s of them.",
        count,
    )
    return said % {"n": count}


def _fields(areas: list[UseCase]) -> str:
    names = list(dict.fromkeys(case.field_name for case in areas if case.field_name))
    if not names:
        return ""
    return _("AI is recommended in: %(names)s.") % {"names": ", ".join(names)}


def missing_section(
    span: Span,
    tasks: list[DeliverableRow],
    held: list[Held],
    editions: list[GuidelineEdition],
    people: list[Membership],
) -> Block:
    """What a reader could look for in vain, in words."""
    unproved = [one for one in tasks if not any(row.on <= span.on for row in one.evidence)]
    undone = [one for one in tasks if one.status != DeliverableStatus.DONE]
    unlocked = [one for one in held if one.meeting.state not in CLOSED_RECORD]
    said = [
        "" if held else _("No meetings: the committee held none in the period."),
        *(_("No evidence: the task “%(title)s”.") % {"title": one.title} for one in unproved),
        *(_("Not done: the task “%(title)s”.") % {"title": one.title} for one in undone),
        *(_("Minutes not locked: %(title)s.") % {"title": one.meeting.title} for one in unlocked),
        "" if editions else _("No adopted guidelines."),
        "" if people else _("No members."),
    ]
    return section(
        "missing",
        _("What is missing"),
        *(words(part) for part in said if part),
        empty=_("Nothing: every task is done and has its evidence, and all minutes are locked."),
    )
