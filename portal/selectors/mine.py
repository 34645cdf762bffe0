"""What waits for me."""

from collections.abc import Iterator
from datetime import datetime, time

from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from committee.enums import LEADERS, SEE_DRAFTS
from meetings.enums import AGENDA_OPEN, DECISION, MeetingState
from meetings.models import AgendaItem, FollowUp, InputRound, Meeting, ReadThrough
from meetings.policies import is_asked
from meetings.selectors.completeness import Missing, missing_in_item
from portal.selectors.conditions import waiting_conditions
from portal.selectors.facts import HORIZON, Facts, waits_for_answer, waits_for_approval
from portal.selectors.naming import short_name
from portal.selectors.proposals import waiting_proposals
from portal.selectors.reports import waiting_reports
from portal.selectors.reviews import waiting_reviews
from portal.selectors.revisits import waiting_revisits
from portal.selectors.waiting import (
    Waiting,
    agenda_asked_by,
    agenda_to_check,
    answers,
    asked_by,
    is_unpublished,
    public_agenda,
    publication,
    waits_for_chair,
)

LONGEST_TITLE = 120


def mine(facts: Facts) -> Iterator[Waiting]:
    for meeting in facts.meetings:
        if facts.runs(meeting.committee_id):
            yield from _secretary(facts, meeting)
        if facts.has_role(meeting.committee_id, LEADERS):
            yield from _chair(facts, meeting)
        yield from _second_person(facts, meeting)
        yield from _reader(facts, meeting)
    by_id = {meeting.pk: meeting for meeting in facts.meetings}
    for draft in facts.read_throughs:
        yield from _read_through(facts, draft, by_id.get(draft.meeting_id))
    for input_round in facts.rounds:
        yield from _round(facts, input_round)
    for follow_up in facts.follow_ups:
        yield _follow_up(follow_up)
    for row in (*waiting_proposals(facts.user), *waiting_reviews(facts.user)):
        yield Waiting(*row)
    yield from waiting_conditions(facts.user)
    yield from waiting_reports(facts.user)
    yield from waiting_revisits(facts.user)


def _secretary(facts: Facts, meeting: Meeting) -> Iterator[Waiting]:
    """The meeting's next step, and what lacks before it."""
    if agenda_to_check(meeting) and meeting.ends_at > facts.now:
        title = _("Check the public part of the agenda")
        yield public_agenda(meeting, "visibility", title, _("Check and publish"))
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
    elif is_unpublished(meeting) and not asked_by(meeting):
        title, button = _("Publish the minutes"), _("Check and publish")
        yield publication(meeting, "visibility", title, button)


def _second_person(facts: Facts, meeting: Meeting) -> Iterator[Waiting]:
    if facts.has_role(meeting.committee_id, SEE_DRAFTS) and asked_by(meeting) not in (
        None,
        facts.user.pk,
    ):
        yield publication(
            meeting, "visibility", _("Approve the publication"), _("Read and approve")
        )
    asked = agenda_asked_by(meeting)
    if facts.has_role(meeting.committee_id, SEE_DRAFTS) and asked not in (None, facts.user.pk):
        title = _("Approve the public part of the agenda")
        yield public_agenda(meeting, "visibility", title, _("Read and approve"))
    reopening = meeting.reopening_asked_by  # type: ignore[attr-defined]
    if facts.has_role(meeting.committee_id, SEE_DRAFTS) and reopening not in (None, facts.user.pk):
        url = reverse("meetings:meeting_reopen", args=[meeting.pk])
        title, button = _("Decide whether the minutes are reopened"), _("Read and decide")
        yield Waiting("st-miss", title, url, short_name(meeting), None, button)


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
    if waits_for_chair(facts, meeting):
        url = meeting.get_absolute_url()
        title, button = _("Approve the agenda"), _("Read and approve")
        yield Waiting("check", title, url, short_name(meeting), meeting.agenda_due, button)
    if meeting.state == MeetingState.APPROVAL:
        url = reverse("meetings:meeting_minutes", args=[meeting.pk])
        title, button = _("Lock the minutes"), _("Read and lock")
        yield Waiting("lock-shut", title, url, short_name(meeting), meeting.minutes_due, button)


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
        yield Waiting("forum", title, url, answers(row), row.closes_at, _("Close the round"))


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
