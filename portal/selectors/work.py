"""“My work”: what waits for me, by deadline, what waits for others, and the next meeting."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from committee.enums import LEADERS, SEE_DRAFTS
from meetings.enums import AGENDA_OPEN, DECISION, MeetingState
from meetings.models import AgendaItem, FollowUp, InputRound, Meeting, ReadThrough
from meetings.policies import is_asked
from meetings.selectors.completeness import Missing, missing_in_item
from meetings.selectors.preparation import preparation
from portal.selectors.facts import (
    HORIZON,
    Facts,
    gather,
    waits_for_answer,
    waits_for_approval,
)
from portal.selectors.naming import short_name
from portal.selectors.news import news
from portal.selectors.proposals import waiting_proposals

Text = str | Promise
LONGEST_TITLE = 120


@dataclass(frozen=True)
class Waiting:
    """Something to do: the sentence, where, by when, and the words of its button."""

    icon: str
    title: str
    url: str
    meta: str
    due: datetime | None
    button: Text
    has_clock: bool = True


@dataclass(frozen=True)
class Group:
    """Rows with deadlines of one sort."""

    key: str
    heading: Text
    rows: list[Waiting]
    is_hot: bool


HEADINGS = {
    "overdue": gettext_lazy("Overdue"),
    "today": gettext_lazy("Due today"),
    "week": gettext_lazy("This week"),
    "later": gettext_lazy("Later"),
}
HOT = {"overdue", "today"}


def my_work(user: Any, now: datetime | None = None) -> dict[str, Any]:
    """The whole page; its queries do not grow with what it shows."""
    facts = gather(user, now)
    mine = sorted(_mine(facts), key=lambda row: (row.due is None, row.due))
    others = sorted(_others(facts), key=lambda row: (row.due is None, row.due))
    return {
        "today": timezone.localdate(facts.now),
        "groups": _grouped(mine, facts.now),
        "count": len(mine),
        "others": others,
        "next": _next_meeting(facts),
        "news": news(facts),
        "runs_something": any(facts.runs(pk) for pk in user.roles),
    }


def _grouped(rows: list[Waiting], now: datetime) -> list[Group]:
    found: dict[str, list[Waiting]] = {key: [] for key in HEADINGS}
    for row in rows:
        found[_group(row.due, now)].append(row)
    return [Group(key, HEADINGS[key], kept, key in HOT) for key, kept in found.items() if kept]


def _group(due: datetime | None, now: datetime) -> str:
    if due is None:
        return "later"
    if due < now:
        return "overdue"
    today, day = timezone.localdate(now), timezone.localdate(due)
    if day == today:
        return "today"
    return "week" if day <= today + timedelta(days=6 - today.weekday()) else "later"


# What waits for me ------------------------------------------------------------------


def _mine(facts: Facts) -> Iterator[Waiting]:
    for meeting in facts.meetings:
        if facts.runs(meeting.committee_id):
            yield from _secretariat(facts, meeting)
        if facts.has_role(meeting.committee_id, LEADERS):
            yield from _chair(facts, meeting)
        yield from _second_person(facts, meeting)
        yield from _reader(facts, meeting)
    by_id = {meeting.pk: meeting for meeting in facts.meetings}
    for draft in facts.read_throughs:
        yield from _read_through(facts, draft, by_id.get(draft.meeting_id))
    for row in facts.rounds:
        yield from _round(facts, row)
    for follow_up in facts.follow_ups:
        yield _follow_up(follow_up)
    for proposal in waiting_proposals(facts.user):
        yield Waiting(*proposal)


def _secretariat(facts: Facts, meeting: Meeting) -> Iterator[Waiting]:
    """The meeting's next step, and what lacks before it."""
    if _agenda_to_check(meeting) and meeting.ends_at > facts.now:
        title = _("Check the public part of the agenda")
        yield _public_agenda(meeting, "visibility", title, _("Check and publish"))
    state = meeting.state
    items = facts.items.get(meeting.pk, [])
    if state in AGENDA_OPEN and not meeting.agenda_version:
        soon = meeting.agenda_due <= facts.now + HORIZON
        if meeting.ends_at > facts.now and (items or soon):
            yield from _agenda(facts, meeting, items)
    elif state in (MeetingState.ISSUED, MeetingState.IN_SESSION):
        if timezone.localdate(meeting.starts_at) <= timezone.localdate(facts.now):
            yield _hold(meeting)
    elif state == MeetingState.MINUTES_DRAFT:
        yield _write_minutes(meeting, items)
    elif _is_unpublished(meeting) and not _asked_by(meeting):
        title, button = _("Publish the minutes"), _("Check and publish")
        yield _publication(meeting, "visibility", title, button)


def _agenda_to_check(meeting: Meeting) -> bool:
    """Do citizens wait for an agenda that nobody has asked to have approved?"""
    asked = meeting.agenda_asked_by  # type: ignore[attr-defined]
    return meeting.has_unpublished_agenda and not meeting.is_agenda_withdrawn and asked is None


def _public_agenda(meeting: Meeting, icon: str, title: str, button: str) -> Waiting:
    url = reverse("meetings:agenda_publish", args=[meeting.pk])
    meta = _("%(meeting)s · the members have it") % {"meeting": short_name(meeting)}
    return Waiting(icon, title, url, meta, meeting.agenda_due, button)


def _asked_by(meeting: Meeting) -> int | None:
    """Who waits for a second person to approve the publication."""
    asked_by: int | None = meeting.publication_asked_by  # type: ignore[attr-defined]
    return asked_by if _is_unpublished(meeting) else None


def _is_unpublished(meeting: Meeting) -> bool:
    """Are the minutes locked, or added to, without citizens reading them as they are?"""
    return meeting.state == MeetingState.LOCKED or meeting.has_unpublished_addition


def _second_person(facts: Facts, meeting: Meeting) -> Iterator[Waiting]:
    if facts.has_role(meeting.committee_id, SEE_DRAFTS) and _asked_by(meeting) not in (
        None,
        facts.user.pk,
    ):
        yield _publication(
            meeting, "visibility", _("Approve the publication"), _("Read and approve")
        )
    asked = meeting.agenda_asked_by  # type: ignore[attr-defined]
    waits = meeting.has_unpublished_agenda and asked not in (None, facts.user.pk)
    if facts.has_role(meeting.committee_id, SEE_DRAFTS) and waits:
        title = _("Approve the public part of the agenda")
        yield _public_agenda(meeting, "visibility", title, _("Read and approve"))
    reopening = meeting.reopening_asked_by  # type: ignore[attr-defined]
    if facts.has_role(meeting.committee_id, SEE_DRAFTS) and reopening not in (None, facts.user.pk):
        url = reverse("meetings:meeting_reopen", args=[meeting.pk])
        title, button = _("Decide whether the minutes are reopened"), _("Read and decide")
        yield Waiting("st-miss", title, url, short_name(meeting), None, button)


def _publication(meeting: Meeting, icon: str, title: str, button: str) -> Waiting:
    url = reverse("meetings:meeting_publish", args=[meeting.pk])
    meta = _("%(meeting)s · the minutes are locked") % {"meeting": short_name(meeting)}
    return Waiting(icon, title, url, meta, meeting.minutes_due, button)


def _agenda(facts: Facts, meeting: Meeting, items: list[AgendaItem]) -> Iterator[Waiting]:
    name = short_name(meeting)
    if not items:
        url = reverse("meetings:item_new", args=[meeting.pk])
        title = _("The agenda has no items yet")
        yield Waiting("list-add", title, url, name, meeting.agenda_due, _("Add an item"))
        return
    for item in items:
        if missing := missing_in_item(item):
            yield _lacking(item, missing)
    url = reverse("meetings:meeting_issue", args=[meeting.pk])
    meta = _("%(meeting)s · rules %(label)s") % {
        "meeting": name,
        "label": meeting.rule_profile.label,
    }
    yield Waiting(
        "send", _("Issue the agenda"), url, meta, meeting.agenda_due, _("Check and issue")
    )


def _lacking(item: AgendaItem, missing: list[Missing]) -> Waiting:
    """One row per item; the heading that anybody may see."""
    title = missing[0].text
    if more := len(missing) - 1:
        title += " " + ngettext("and %(n)s thing more", "and %(n)s things more", more) % {"n": more}
    meta = short_name(item.meeting)
    if item.public_heading:
        meta += f" · {item.public_heading}"
    return Waiting(
        "st-miss", title, missing[0].url, meta, item.meeting.agenda_due, _("Fill in the item")
    )


def _hold(meeting: Meeting) -> Waiting:
    url = reverse("meetings:meeting_minutes", args=[meeting.pk])
    running = meeting.state == MeetingState.IN_SESSION
    title = _("The meeting is in session") if running else _("Hold the meeting")
    button = _("Write decisions") if running else _("Begin the meeting")
    return Waiting("st-now", title, url, short_name(meeting), meeting.starts_at, button)


def _write_minutes(meeting: Meeting, items: list[AgendaItem]) -> Waiting:
    url = reverse("meetings:meeting_minutes", args=[meeting.pk])
    decided = sum(
        any(text.key == DECISION and text.text for text in item.texts.all()) for item in items
    )
    meta = _("%(meeting)s · %(decided)s of %(all)s decisions are written") % {
        "meeting": short_name(meeting),
        "decided": decided,
        "all": len(items),
    }
    return Waiting(
        "edit",
        _("Finish the minutes"),
        url,
        meta,
        meeting.minutes_due,
        _("Write the minutes"),
    )


def _chair(facts: Facts, meeting: Meeting) -> Iterator[Waiting]:
    if _waits_for_chair(facts, meeting):
        url = meeting.get_absolute_url()
        title, button = _("Approve the agenda"), _("Read and approve")
        yield Waiting("check", title, url, short_name(meeting), meeting.agenda_due, button)
    if meeting.state == MeetingState.APPROVAL:
        url = reverse("meetings:meeting_minutes", args=[meeting.pk])
        title, button = _("Lock the minutes"), _("Read and lock")
        yield Waiting("lock-shut", title, url, short_name(meeting), meeting.minutes_due, button)


def _waits_for_chair(facts: Facts, meeting: Meeting) -> bool:
    return (
        bool(meeting.rule_profile.rules["chair_approves_agenda"])
        and meeting.agenda_approved_at is None
        and not meeting.agenda_version
        and meeting.state in AGENDA_OPEN
        and bool(facts.items.get(meeting.pk))
        and meeting.ends_at > facts.now
    )


def _reader(facts: Facts, meeting: Meeting) -> Iterator[Waiting]:
    """What those who do not build the agenda get to read and answer."""
    name, url = short_name(meeting), meeting.get_absolute_url()
    if waits_for_answer(facts, meeting):
        answer = reverse("meetings:meeting_answer", args=[meeting.pk])
        title, button = _("Say whether you are coming"), _("Answer")
        yield Waiting("email", title, answer, name, meeting.starts_at, button)
    if waits_for_approval(facts, meeting):
        answer = reverse("meetings:meeting_approval", args=[meeting.pk])
        title, due = _("Approve the minutes"), meeting.approval_due_at or meeting.minutes_due
        yield Waiting("how-to-reg", title, answer, name, due, _("Read and answer"))
    if facts.runs(meeting.committee_id):
        return
    coming = meeting.state == MeetingState.ISSUED and meeting.starts_at > facts.now
    if coming and facts.is_new(meeting.agenda_issued_at):  # type: ignore[attr-defined]
        title = _("Read the agenda, version %(number)s") % {"number": meeting.agenda_version}
        yield Waiting("document", title, url, name, meeting.starts_at, _("Read the agenda"))
    approval = meeting.state == MeetingState.APPROVAL
    leads = facts.has_role(meeting.committee_id, LEADERS)
    asked = waits_for_approval(facts, meeting)
    if approval and not leads and not asked and facts.is_new(meeting.minutes_issued_at):  # type: ignore[attr-defined]
        title, button = _("Read the draft minutes"), _("Read the minutes")
        yield Waiting("document", title, url, name, meeting.minutes_due, button)


def _read_through(facts: Facts, draft: ReadThrough, meeting: Meeting | None) -> Iterator[Waiting]:
    url = reverse("meetings:read_through", args=[draft.meeting_id])
    name = short_name(meeting) if meeting else _("A draft agenda")
    if draft.waits_for_me:  # type: ignore[attr-defined]
        title, button = _("Read the draft agenda through"), _("Read and comment")
        yield Waiting("visibility", title, url, name, draft.due_at, button)
    count = draft.unsettled_count  # type: ignore[attr-defined]
    if count and meeting is not None and facts.runs(meeting.committee_id):
        title = ngettext(
            "%(n)s comment on the agenda is not settled",
            "%(n)s comments on the agenda are not settled",
            count,
        ) % {"n": count}
        meta = _("%(meeting)s · read-through") % {"meeting": name}
        yield Waiting("chat", title, url, meta, draft.due_at, _("See the comments"))


def _round(facts: Facts, row: InputRound) -> Iterator[Waiting]:
    url = row.get_absolute_url()
    if is_asked(facts.user, row) and not row.has_mine and row.closes_at > facts.now:  # type: ignore[attr-defined]
        title = _("Give your input: %(title)s") % {"title": row.title}
        meta = _("Written input")
        yield Waiting("forum", title, url, meta, row.closes_at, _("Write your input"))
    if facts.runs(row.committee_id) and row.closes_at <= facts.now:
        title = _("Close the round: %(title)s") % {"title": row.title}
        yield Waiting("forum", title, url, _answers(row), row.closes_at, _("Close the round"))


def _follow_up(row: FollowUp) -> Waiting:
    """Due until the day is over."""
    due = timezone.make_aware(datetime.combine(row.due_on, time.max))
    meta = _("Follow-up · %(meeting)s, item %(number)s") % {
        "meeting": short_name(row.item.meeting),
        "number": row.item.position,
    }
    title = Truncator(row.text).chars(LONGEST_TITLE)
    url, button = row.get_absolute_url(), _("Report progress")
    return Waiting("check", title, url, meta, due, button, has_clock=False)


def _answers(row: InputRound) -> str:
    count = row.answer_count  # type: ignore[attr-defined]
    return ngettext("%(n)s answer so far", "%(n)s answers so far", count) % {"n": count}


# What waits for others ---------------------------------------------------------------


def _others(facts: Facts) -> Iterator[Waiting]:
    """Only those who run something wait for others here."""
    by_id = {meeting.pk: meeting for meeting in facts.meetings}
    for meeting in facts.meetings:
        if facts.runs(meeting.committee_id):
            yield from _of_chair(facts, meeting)
            yield from _of_second_person(facts, meeting)
    for draft in facts.read_throughs:
        drafted = by_id.get(draft.meeting_id)
        unread = draft.unread_count  # type: ignore[attr-defined]
        if unread and drafted is not None and facts.runs(drafted.committee_id):
            title = ngettext(
                "%(n)s reader has not finished the draft",
                "%(n)s readers have not finished the draft",
                unread,
            ) % {"n": unread}
            url = reverse("meetings:read_through", args=[draft.meeting_id])
            yield Waiting("", title, url, short_name(drafted), draft.due_at, "")
    for row in facts.rounds:
        if facts.runs(row.committee_id) and row.closes_at > facts.now:
            title = _("Written input: %(title)s") % {"title": row.title}
            yield Waiting("", title, row.get_absolute_url(), _answers(row), row.closes_at, "")


def _of_second_person(facts: Facts, meeting: Meeting) -> Iterator[Waiting]:
    if _asked_by(meeting) == facts.user.pk:
        yield _publication(meeting, "", _("Another person is to approve the publication"), "")
    asked = meeting.agenda_asked_by  # type: ignore[attr-defined]
    if meeting.has_unpublished_agenda and asked == facts.user.pk:
        title = _("Another person is to approve the public agenda")
        yield _public_agenda(meeting, "", title, "")


def _of_chair(facts: Facts, meeting: Meeting) -> Iterator[Waiting]:
    name = short_name(meeting)
    if facts.has_role(meeting.committee_id, LEADERS):
        return
    if _waits_for_chair(facts, meeting):
        title = _("The chair is to approve the agenda")
        yield Waiting("", title, meeting.get_absolute_url(), name, meeting.agenda_due, "")
    if meeting.state == MeetingState.APPROVAL:
        url = reverse("meetings:meeting_minutes", args=[meeting.pk])
        yield Waiting("", _("The chair is to lock the minutes"), url, name, meeting.minutes_due, "")


# The next meeting ----------------------------------------------------------------------


@dataclass(frozen=True)
class Next:
    """The meeting to come: how many items, and either its preparation or what to read."""

    meeting: Meeting
    name: str
    items: int
    closed: int
    tasks: list[Any]
    documents: tuple[str, ...]
    waits_for_answer: bool
    new_item_url: str


def _next_meeting(facts: Facts) -> Next | None:
    meeting = facts.next_meeting
    if meeting is None:
        return None
    works = facts.has_role(meeting.committee_id, SEE_DRAFTS)
    builds = facts.runs(meeting.committee_id) and meeting.state in AGENDA_OPEN
    prefix = "" if works else "released_"
    return Next(
        meeting=meeting,
        name=short_name(meeting),
        items=getattr(meeting, f"{prefix}item_count"),
        closed=getattr(meeting, f"{prefix}closed_count"),
        tasks=preparation(meeting, facts.items.get(meeting.pk, [])) if works else [],
        documents=("agenda", "pack") if meeting.agenda_version and not works else (),
        waits_for_answer=waits_for_answer(facts, meeting),
        new_item_url=reverse("meetings:item_new", args=[meeting.pk]) if builds else "",
    )
