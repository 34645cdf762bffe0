"""Meetings in a status report: which were held, who came, what was decided, who dissented."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.ur import full_date
from core.text import html_to_text, render_prose
from meetings.enums import CLOSED_RECORD, HELD, AttendanceStatus, MeetingState
from meetings.models import Decision, Meeting
from meetings.selectors.decisions import decisions_of
from meetings.selectors.reading import reading
from reports.content.blocks import Block, cell, passage, row, section, table, words
from reports.content.span import Span
from usecases.models import UseCase


@dataclass(frozen=True)
class Held:
    """A meeting of the period, with what the council reads of it."""

    meeting: Meeting
    snapshot: dict[str, Any] | None

    @property
    def items(self) -> list[dict[str, Any]]:
        is_minutes = self.snapshot and self.snapshot["version"]["kind"] == "minutes"
        return list(self.snapshot["items"]) if self.snapshot and is_minutes else []

    @property
    def came(self) -> tuple[int, int] | None:
        """How many of how many came; None when nobody wrote it down."""
        rows = self.snapshot["attendance"] if self.snapshot and self.items else []
        known = [one["status"] for one in rows]
        if not known:
            return None
        return sum(one in AttendanceStatus.in_the_room() for one in known), len(known)


def held_in(span: Span) -> list[Held]:
    """The meetings held in the period, as the council reads them."""
    rows = (
        Meeting.objects.visible_to(span.eyes)
        .filter(committee=span.committee, state__in=HELD, **span.within("starts_at"))
        .exclude(state=MeetingState.IN_SESSION)
        .select_related("committee__municipality", "rule_profile")
        .order_by("starts_at")
    )
    found = []
    for meeting in rows:
        read = reading(span.eyes, meeting)
        found.append(Held(meeting, read.snapshot if read else None))
    return found


def meetings_section(
    held: list[Held], decided: list[dict[str, Any]], figure: Block | None
) -> Block:
    heads = [_("Meeting"), _("Date"), _("Came"), _("Decisions")]
    lead = ngettext(
        "The committee held %(n)s meeting in the period.",
        "The committee held %(n)s meetings in the period.",
        len(held),
    ) % {"n": len(held)}
    url = reverse("meetings:meeting_list")
    return section(
        "meetings",
        _("Meetings and attendance"),
        words(lead, url, _("See the meetings")) if held else None,
        table("meetings", _("Meetings held"), heads, [_meeting(one, decided) for one in held]),
        figure if held else None,
        empty=_("The committee held no meeting in the period."),
    )


def _meeting(one: Held, decided: list[dict[str, Any]]) -> Block:
    ready = one.meeting.state in CLOSED_RECORD
    count = sum(row["meeting_id"] == one.meeting.pk for row in decided)
    came = (
        _("%(n)s of %(all)s") % dict(zip(("n", "all"), one.came, strict=True)) if one.came else ""
    )
    return row(
        f"meeting:{one.meeting.pk}",
        cell(one.meeting.title, one.meeting.get_absolute_url()),
        localtime(one.meeting.starts_at).date(),
        came or _("Not told yet"),
        count if ready else _("Minutes not ready"),
        meeting=one.meeting.pk,
    )


def decided_in(span: Span) -> list[dict[str, Any]]:
    """The decisions of the period, as the council may have them, with the ids of item and use."""
    rows = decisions_of(span.eyes, span.committee, span.first, span.on)
    numbered = Decision.objects.filter(pk__in=[one["id"] for one in rows])
    items = dict(numbered.values_list("pk", "item"))
    named = UseCase.objects.filter(reference__in=[one["case_number"] for one in rows])
    uses = dict(named.values_list("reference", "pk"))
    return [
        one | {"item_id": items[one["id"]], "use_id": uses.get(one["case_number"])} for one in rows
    ]


def decisions_section(held: list[Held], decided: list[dict[str, Any]]) -> Block:
    heads = [_("Item"), _("Decision"), _("Outcome"), _("How it stands")]
    told = {one["meeting_id"] for one in decided}
    locked = {one.meeting.pk for one in held if one.meeting.state in CLOSED_RECORD}
    unwritten = [one for one in held if one.meeting.pk not in told | locked]
    wait = ngettext(
        "The minutes of %(n)s meeting are not ready, so its decisions are not here.",
        "The minutes of %(n)s meetings are not ready, so their decisions are not here.",
        len(unwritten),
    ) % {"n": len(unwritten)}
    rows = [_decision(one) for one in decided]
    return section(
        "decisions",
        _("Decisions and where they stand"),
        table("decisions", _("Decisions of the period"), heads, rows),
        words(wait) if unwritten else None,
        empty=_("The committee decided nothing in the period."),
    )


def _decision(one: dict[str, Any]) -> Block:
    title = one["heading"] + " (" + _("closed") + ")" if one["is_closed"] else one["heading"]
    place = _("meeting %(meeting)s, item %(number)s") % {
        "meeting": one["meeting_number"],
        "number": one["item_number"],
    }
    heading = ", ".join(part for part in (one["number"], title, place) if part)
    return row(
        f"decision:{one['id']}",
        cell(heading, one["url"]),
        _short(one["text"]),
        one["votes_words"] or one["outcome_words"] or "–",
        cell(_stands(one), one["case_url"]),
        **refs_of(one),
    )


def refs_of(one: dict[str, Any]) -> dict[str, int]:
    """`closed` says that only what everybody reads of it was told."""
    refs = {
        "item": one["item_id"],
        "meeting": one["meeting_id"],
        "closed": int(one["is_closed"]),
    }
    return refs | ({"case": one["use_id"]} if one["use_id"] else {})


def _short(text: str) -> str:
    """The beginning as plain words: the whole stands behind the link."""
    found = " ".join(html_to_text(render_prose(text)).split())
    return found if len(found) <= 220 else found[:217].rsplit(" ", 1)[0] + " …"


def _stands(one: dict[str, Any]) -> str:
    """The use it is about, and what was to be done, as far as everybody reads it."""
    told = [f"{one['case_number']} {one['case_title']}".strip()] if one["case_title"] else []
    told += [_follow_up(line) for line in one["follow_ups"]]
    return "; ".join(told) or "–"


def _follow_up(line: dict[str, Any]) -> str:
    facts = [full_date(line["due"]) if line["due"] else "", line["state_words"]]
    inside = ", ".join(part for part in facts if part)
    return f"{line['text']} ({inside})" if inside else str(line["text"])


def dissent_section(decided: list[dict[str, Any]]) -> Block:
    found = [(one, place, said) for one in decided for place, said in enumerate(one["dissent"])]
    return section(
        "dissent",
        _("Dissenting opinions"),
        *(_dissent(*each) for each in found),
        empty=_("No member asked for a dissenting opinion in the minutes of the period."),
    )


def _dissent(one: dict[str, Any], place: int, said: dict[str, Any]) -> Block:
    facts = {
        "name": said["name"],
        "number": one["item_number"],
        "meeting": one["meeting_number"],
        "title": one["heading"],
    }
    return passage(
        f"dissent:{one['id']}:{place}",
        _("%(name)s on item %(number)s of meeting %(meeting)s: %(title)s") % facts,
        said["text"],
        one["url"],
        **refs_of(one),
    )


def coming_rows(span: Span) -> list[Block]:
    """Meetings that are announced after the day of the figures."""
    rows = (
        Meeting.objects.visible_to(span.eyes)
        .filter(committee=span.committee, starts_at__gte=span.ends)
        .exclude(state=MeetingState.CANCELLED)
        .order_by("starts_at")[:10]
    )
    return [
        row(
            f"coming:{one.pk}",
            localtime(one.starts_at).date(),
            cell(one.title, one.get_absolute_url()),
            meeting=one.pk,
        )
        for one in rows
    ]


def list_url() -> str:
    return reverse("meetings:meeting_list")
