"""How far a body is with what its kommissorium asks for, and the days that matter."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from committee import policies
from committee.enums import DeliverableStatus
from committee.models import Committee, Deliverable, HandOver, Revisit
from committee.selectors import Mandate, mandate_of
from core.models import AuditEntry
from core.templatetags.ur import full_date
from core.verdicts import Verdict
from meetings.enums import MeetingState
from meetings.models import Meeting
from reports.charts.timeline import Mark, Timeline

Text = str | Promise
STATUS_SET = "deliverable.status_set"
SHAPES = {
    DeliverableStatus.DONE: "done",
    DeliverableStatus.IN_PROGRESS: "half",
    DeliverableStatus.NOT_STARTED: "empty",
}


# Deliverables ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class EvidenceRow:
    """Where one can see that a deliverable moved."""

    title: str
    url: str
    on: date


@dataclass(frozen=True)
class StatusMove:
    """One change of status, as words, and when."""

    at: datetime
    old: str
    new: str

    @property
    def on(self) -> date:
        return timezone.localdate(self.at)


@dataclass(frozen=True)
class DeliverableRow:
    """One deliverable with everything that is said of it; nothing to look up afterwards."""

    id: int
    number: int
    title: str
    description: str
    status: str
    status_word: str
    shape: str
    due_on: date | None
    evidence: tuple[EvidenceRow, ...]
    moves: tuple[StatusMove, ...]
    # Whether its status or its evidence is newer than `since`, and what it was before.
    moved_since: bool
    status_before: str
    is_late: bool
    next_words: str

    @property
    def evidence_words(self) -> str:
        if not self.evidence:
            return _("No evidence")
        count = len(self.evidence)
        return ngettext("%(n)s piece of evidence", "%(n)s pieces of evidence", count) % {"n": count}


def deliverables_of(
    user: Any, committee: Committee, since: date | None = None, today: date | None = None
) -> list[DeliverableRow]:
    """The deliverables of the newest kommissorium that `user` may know of, in its order.

    `since` marks those that moved on that day or later. The history follows a deliverable by its
    title through earlier versions of the kommissorium.
    """
    if not Committee.objects.visible_to(user).filter(pk=committee.pk).exists():
        return []
    newest = committee.terms.order_by("-version").first()
    if newest is None:
        return []
    rows = list(newest.deliverables.prefetch_related("evidence"))
    moves = status_moves(committee)
    day = today or timezone.localdate()
    return [_row(one, committee, moves.get(one.title, ()), since, day) for one in rows]


def status_moves(committee: Committee) -> dict[str, tuple[StatusMove, ...]]:
    """Title → every change of its status, oldest first, out of the protocol."""
    known = Deliverable.objects.filter(terms__committee=committee).values_list("pk", "title")
    titles = {str(pk): title for pk, title in known}
    rows = AuditEntry.objects.filter(
        object_type=Deliverable._meta.label, object_id__in=titles, verb=STATUS_SET
    )
    found: dict[str, list[StatusMove]] = defaultdict(list)
    for row in rows.order_by("seq"):
        move = StatusMove(row.at, _word(row.data["from"]), _word(row.data["to"]))
        found[titles[row.object_id]].append(move)
    return {title: tuple(moves) for title, moves in found.items()}


def _word(status: str) -> str:
    return str(DeliverableStatus(status).label)


def _row(
    row: Deliverable,
    committee: Committee,
    moves: tuple[StatusMove, ...],
    since: date | None,
    today: date,
) -> DeliverableRow:
    evidence = tuple(EvidenceRow(one.title, one.url, one.on) for one in row.evidence.all())
    newer = [move for move in moves if since and move.on >= since]
    done = row.status == DeliverableStatus.DONE
    return DeliverableRow(
        id=row.pk,
        number=row.position,
        title=row.title,
        description=row.description,
        status=row.status,
        status_word=_word(row.status),
        shape=SHAPES[DeliverableStatus(row.status)],
        due_on=row.due_on,
        evidence=evidence,
        moves=moves,
        moved_since=bool(newer) or any(since and one.on >= since for one in evidence),
        status_before=newer[0].old if newer else _word(row.status),
        is_late=not done and bool(_due(row, committee)) and _due(row, committee) < today,  # type: ignore[operator]
        next_words=_next_words(row, committee, today),
    )


def _due(row: Deliverable, committee: Committee) -> date | None:
    return row.due_on or committee.mandate_to


def _next_words(row: Deliverable, committee: Committee, today: date) -> str:
    """What comes next for it, in one sentence."""
    due = _due(row, committee)
    if row.status == DeliverableStatus.DONE:
        return _("It is delivered.")
    if due is None:
        return _("No day has been set for it.")
    facts = {"day": full_date(due)}
    if due < today:
        return _("It was due %(day)s.") % facts
    if row.due_on:
        return _("It is due %(day)s.") % facts
    return _("It is due when the mandate ends %(day)s.") % facts


def summary_of(rows: list[DeliverableRow]) -> str:
    """How many are done, under way, not begun and without evidence."""
    if not rows:
        return _("The terms of reference name no deliverables.")
    counts = Counter(row.status for row in rows)
    bare = sum(1 for row in rows if not row.evidence)
    words = _(
        "%(done)s of %(all)s deliverables are done, %(going)s in progress, %(new)s not begun."
    )
    text = words % {
        "done": counts[DeliverableStatus.DONE],
        "all": len(rows),
        "going": counts[DeliverableStatus.IN_PROGRESS],
        "new": counts[DeliverableStatus.NOT_STARTED],
    }
    if not bare:
        return text
    more = ngettext("%(n)s has no evidence.", "%(n)s have no evidence.", bare) % {"n": bare}
    return f"{text} {more}"


# Days that matter -----------------------------------------------------------------------------


KINDS: dict[str, Text] = {
    "start": gettext_lazy("The mandate begins"),
    "end": gettext_lazy("The mandate ends"),
    "council": gettext_lazy("Decision of the council"),
    "meeting": gettext_lazy("Meeting"),
    "deliverable": gettext_lazy("Deliverable"),
    "handover": gettext_lazy("Hand-over"),
    "revisit": gettext_lazy("Re-visit"),
}
# What a column of kinds says where the label would only be repeated.
WORDS: dict[str, Text] = dict.fromkeys(("start", "end"), gettext_lazy("Mandate"))


@dataclass(frozen=True)
class Milestone:
    """A day in the life of the mandate."""

    on: date
    kind: str
    label: str
    url: str = ""
    is_past: bool = False

    @property
    def kind_word(self) -> str:
        return str(WORDS.get(self.kind) or KINDS[self.kind])


def milestones(user: Any, committee: Committee, today: date | None = None) -> list[Milestone]:
    """Every day that matters, as far as `user` may know of it, in order."""
    day = today or timezone.localdate()
    return _days(user, committee, deliverables_of(user, committee, today=day), day)


def _days(
    user: Any, committee: Committee, delivered: list[DeliverableRow], day: date
) -> list[Milestone]:
    rows = [
        *_of_mandate(committee),
        *_of_council(committee),
        *_of_meetings(user, committee),
        *_of_deliverables(delivered),
        *_of_what_comes_after(user, committee),
    ]
    order = list(KINDS)
    found = [
        Milestone(on, kind, label, url, on < day) for on, kind, label, url in rows if on is not None
    ]
    return sorted(found, key=lambda one: (one.on, order.index(one.kind), one.label))


Day = tuple[date | None, str, str, str]


def _of_mandate(committee: Committee) -> list[Day]:
    return [
        (committee.mandate_from, "start", str(KINDS["start"]), ""),
        (committee.mandate_to, "end", str(KINDS["end"]), ""),
    ]


def _of_council(committee: Committee) -> list[Day]:
    rows = committee.council_decisions.all()
    return [(row.decided_on, "council", row.title, row.url) for row in rows]


def _of_meetings(user: Any, committee: Committee) -> list[Day]:
    rows = Meeting.objects.visible_to(user).filter(committee=committee)
    rows = rows.exclude(state=MeetingState.CANCELLED)
    return [
        (timezone.localdate(row.starts_at), "meeting", _meeting_label(row), row.get_absolute_url())
        for row in rows
    ]


def _meeting_label(row: Meeting) -> str:
    return _("Meeting no. %(number)s") % {"number": row.number}


def _of_deliverables(rows: list[DeliverableRow]) -> list[Day]:
    done = str(DeliverableStatus.DONE.label)
    found: list[Day] = []
    for row in rows:
        url = f"#leverance-{row.id}"
        finished = [move for move in row.moves if move.new == done]
        if row.status == DeliverableStatus.DONE and finished:
            label = _("%(title)s: done") % {"title": row.title}
            found.append((finished[-1].on, "deliverable", label, url))
        elif row.due_on:
            label = _("%(title)s: due") % {"title": row.title}
            found.append((row.due_on, "deliverable", label, url))
    return found


def _of_what_comes_after(user: Any, committee: Committee) -> list[Day]:
    found: list[Day] = [
        (
            row.held_on,
            "revisit",
            _("Re-visit: %(outcome)s") % {"outcome": row.get_outcome_display()},
            "",
        )
        for row in Revisit.objects.filter(committee=committee)
    ]
    found.append((committee.revisit_on, "revisit", _("Re-visit is due"), ""))
    for row in hand_overs(user, committee):
        facts = {"giver": row.giver.name, "receiver": row.receiver.name}
        label = _("%(giver)s hands over to %(receiver)s") % facts
        found.append((timezone.localdate(row.at), "handover", label, ""))
    return found


# The drawing ----------------------------------------------------------------------------------

LOOKS = {"meeting": "meeting", "deliverable": "milestone", "end": "due", "revisit": "due"}


def timeline(committee: Committee, days: list[Milestone], today: date) -> Timeline | None:
    """The mandate from its first day to its last; else from the first to the last mark."""
    if not days:
        return None
    start = committee.mandate_from or days[0].on
    end = max(start, committee.mandate_to or days[-1].on)
    inside = [one for one in days if start <= one.on <= end]
    if not inside:
        return None
    return Timeline(
        key="mandate",
        heading=_("The mandate from its first day to its last"),
        message=_timeline_words(inside),
        start=start,
        end=end,
        today=today if start <= today <= end else None,
        marks=tuple(
            Mark(one.on, one.label, LOOKS.get(one.kind, "other"), one.url) for one in inside
        ),
    )


def _mark(day: Milestone) -> Mark:
    return Mark(day.on, day.label, LOOKS.get(day.kind, "other"), day.url)


def _timeline_words(days: list[Milestone]) -> str:
    meetings = [one for one in days if one.kind == "meeting"]
    held = sum(1 for one in meetings if one.is_past)
    text = ngettext(
        "%(held)s of %(n)s meeting has been held",
        "%(held)s of %(n)s meetings have been held",
        len(meetings),
    )
    return text % {"held": held, "n": len(meetings)}


# The page -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Progress:
    """Everything the page shows to one reader."""

    committee: Committee
    mandate: Mandate | None
    rows: list[DeliverableRow]
    summary: str
    days: list[Milestone]
    next_days: list[Milestone]
    figure: Timeline | None
    other_days: list[Milestone]
    revisits: list[Revisit]
    hand_overs: list[HandOver]
    has_terms: bool
    may_edit: bool
    reads_hand_overs: bool
    may_revisit: Verdict
    may_hand_over: Verdict
    successors: list[Committee]


def progress(user: Any, slug: str, since: date | None = None) -> Progress | None:
    """How far the body is; None when `user` may not know of it."""
    rows = Committee.objects.visible_to(user).select_related("municipality")
    committee = rows.filter(slug=slug).first()
    if committee is None:
        return None
    today = timezone.localdate()
    found = deliverables_of(user, committee, since, today)
    days = _days(user, committee, found, today)
    figure = timeline(committee, days, today)
    drawn = (figure.start, figure.end) if figure else None
    return Progress(
        committee=committee,
        mandate=mandate_of(committee, today),
        rows=found,
        summary=summary_of(found),
        days=days,
        next_days=[one for one in days if not one.is_past][:3],
        figure=figure,
        other_days=[one for one in days if not drawn or not drawn[0] <= one.on <= drawn[1]],
        revisits=list(Revisit.objects.filter(committee=committee)),
        hand_overs=hand_overs(user, committee),
        has_terms=committee.terms.exists(),
        may_edit=bool(found) and policies.prepares(user, committee),
        reads_hand_overs=policies.can_see_insides(user, committee).allowed,
        may_revisit=policies.can_hold_revisit(user, committee),
        may_hand_over=policies.can_hand_over(user, committee),
        successors=list(Committee.objects.visible_to(user).filter(predecessor=committee)),
    )


def hand_overs(user: Any, committee: Committee) -> list[HandOver]:
    """What the body gave or took over, from and to bodies that `user` may know of."""
    known = Committee.objects.visible_to(user).values("pk")
    rows = HandOver.objects.filter(Q(giver=committee) | Q(receiver=committee))
    rows = rows.filter(giver__in=known, receiver__in=known)
    return list(rows.select_related("giver", "receiver"))


def revisit_url(committee: Committee) -> str:
    return reverse("reports:revisit_new", args=[committee.slug])
