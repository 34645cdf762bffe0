"""What a body has open that the next one takes over, and what was handed over."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from committee import policies
from committee.enums import HandedKind
from committee.models import Committee, HandOver, HandOverRow
from core.canonical import canonical_json, sha256_hex
from core.templatetags.ur import full_date
from ethics.enums.aiact import DutyState
from ethics.enums.conditions import UNSETTLED, ConditionState
from ethics.enums.rounds import OPEN, RoundState
from ethics.models import Condition, ReviewRound
from ethics.selectors.aiact import open_duties
from meetings.enums import FollowUpState
from meetings.models import FollowUp
from meetings.selectors.carrying import in_body
from usecases.enums import FINAL, Status
from usecases.models import UseCase

K = HandedKind
OPEN_CONDITIONS = UNSETTLED | {ConditionState.PROPOSED}
STATES: dict[str, dict[Any, Any]] = {
    K.CASE: dict(Status.choices),
    K.FOLLOW_UP: dict(FollowUpState.choices),
    K.CONDITION: dict(ConditionState.choices),
    K.OBLIGATION: dict(DutyState.choices),
    K.REVIEW: dict(RoundState.choices),
}
LONGEST = 160


@dataclass(frozen=True)
class Thing:
    """Something open: what it is, how it stands, and words for the one who looks."""

    kind: HandedKind
    pk: int
    state: str
    state_word: str
    label: str
    url: str = ""
    meta: str = ""
    code: str = ""

    @property
    def key(self) -> str:
        """Its name in the form."""
        return f"{self.kind}-{self.pk}"

    @property
    def fact(self) -> tuple[str, int, str, str]:
        return (str(self.kind), self.pk, self.code, self.state)


@dataclass(frozen=True)
class Bundle:
    """Something that is ticked, and what follows it of itself."""

    thing: Thing
    along: tuple[Thing, ...] = ()

    @property
    def everything(self) -> tuple[Thing, ...]:
        return (self.thing, *self.along)


@dataclass(frozen=True)
class Listing:
    """Everything open in a body."""

    cases: tuple[Bundle, ...]
    follow_ups: tuple[Bundle, ...]

    @property
    def bundles(self) -> tuple[Bundle, ...]:
        return self.cases + self.follow_ups

    @property
    def mark(self) -> str:
        """What was seen: the same things in the same states have the same mark."""
        facts = [list(one.fact) for bundle in self.bundles for one in bundle.everything]
        return sha256_hex(canonical_json(facts))


def open_work(committee: Committee, user: Any) -> Listing:
    """What is open in the body; the number of questions does not grow with it.

    Everything is listed; the words of what `user` may not read stay away.
    """
    rows = UseCase.objects.filter(committee=committee, merged_into__isnull=True)
    cases = list(rows.exclude(status__in=FINAL).order_by("pk"))
    along = _along([case.pk for case in cases], user)
    return Listing(
        tuple(Bundle(_case(case), tuple(along[case.pk])) for case in cases),
        tuple(Bundle(one) for one in _follow_ups(committee, user)),
    )


def _case(case: UseCase) -> Thing:
    return Thing(
        K.CASE,
        case.pk,
        case.status,
        str(case.get_status_display()),
        case.title,
        case.get_absolute_url(),
        case.number,
    )


def _along(case_ids: list[int], user: Any) -> dict[int, list[Thing]]:
    found: dict[int, list[Thing]] = defaultdict(list)
    for case_id, thing in (*_conditions(case_ids, user), *_duties(case_ids), *_reviews(case_ids)):
        found[case_id].append(thing)
    return found


def _conditions(case_ids: list[int], user: Any) -> Iterator[tuple[int, Thing]]:
    rows = Condition.objects.filter(case__in=case_ids, state__in=OPEN_CONDITIONS)
    read = set(Condition.objects.visible_to(user).filter(pk__in=rows).values_list("pk", flat=True))
    for row in rows.order_by("case", "number"):
        label = _("Condition %(number)s") % {"number": row.number}
        if row.pk in read:
            label = f"{label}: {Truncator(row.text).chars(LONGEST)}"
        url = row.get_absolute_url() if row.pk in read else ""
        due = _("due %(day)s") % {"day": full_date(row.due_on)}
        word = str(row.get_state_display())
        yield row.case_id, Thing(K.CONDITION, row.pk, row.state, word, label, url, due)


def _duties(case_ids: list[int]) -> Iterator[tuple[int, Thing]]:
    for case_id, duties in sorted(open_duties(case_ids).items()):
        for duty in duties:
            label = f"{duty.article}: {Truncator(str(duty.text)).chars(LONGEST)}"
            state = str(duty.state)
            word = str(duty.state.label)
            yield (
                case_id,
                Thing(K.OBLIGATION, case_id, state, word, label, code=duty.code),
            )


def _reviews(case_ids: list[int]) -> Iterator[tuple[int, Thing]]:
    rows = ReviewRound.objects.filter(case__in=case_ids, state__in=OPEN)
    for row in rows.order_by("case", "number"):
        label = _("Review %(number)s") % {"number": row.number}
        word = str(row.get_state_display())
        thing = Thing(K.REVIEW, row.pk, row.state, word, label, row.get_absolute_url())
        yield row.case_id, thing


def _follow_ups(committee: Committee, user: Any) -> Iterator[Thing]:
    rows = FollowUp.objects.filter(in_body(committee.pk), state=FollowUpState.OPEN)
    rows = rows.filter(item__removed_at__isnull=True).select_related("item__meeting", "owner")
    read = set(FollowUp.objects.visible_to(user).filter(pk__in=rows).values_list("pk", flat=True))
    for row in rows.order_by("due_on", "pk"):
        meta = _("Meeting no. %(number)s, item %(item)s, due %(day)s") % {
            "number": row.item.meeting.number,
            "item": row.item.position,
            "day": full_date(row.due_on),
        }
        label = _("A follow-up of a closed item")
        if row.pk in read:
            label = Truncator(row.text).chars(LONGEST)
        url = row.get_absolute_url() if row.pk in read else ""
        word = str(row.get_state_display())
        yield Thing(K.FOLLOW_UP, row.pk, row.state, word, label, url, meta)


# Who can take over ----------------------------------------------------------------------------


def receivers_for(user: Any, giver: Committee) -> list[Committee]:
    """The successors that `user` can hand over to, by name."""
    rows = Committee.objects.filter(predecessor=giver).order_by("name")
    return [one for one in rows if policies.can_hand_over(user, giver, one)]


# What was handed over --------------------------------------------------------------------------


@dataclass(frozen=True)
class HandedRow:
    """One thing of a hand-over as its reader may know it."""

    label: str
    url: str
    state_word: str
    left_out: str


@dataclass(frozen=True)
class HandedGroup:
    """The things of one kind."""

    heading: str
    moved: list[HandedRow]
    left: list[HandedRow]


def hand_over_page(user: Any, row: HandOver) -> dict[str, Any]:
    """What went along and what stayed, by kind."""
    rows = list(row.rows.all())
    words = _Words(user, rows)
    return {
        "hand_over": row,
        "committee": row.giver,
        "groups": [group for kind in K if (group := _group(kind, rows, words)) is not None],
    }


def _group(kind: HandedKind, rows: Iterable[HandOverRow], words: "_Words") -> HandedGroup | None:
    own = [row for row in rows if row.kind == kind]
    if not own:
        return None
    moved = [words.of(row) for row in own if not row.left_out]
    left = [words.of(row) for row in own if row.left_out]
    return HandedGroup(str(kind.label), moved, left)


class _Words:
    """Labels of what was handed over, read once for all rows."""

    def __init__(self, user: Any, rows: list[HandOverRow]) -> None:
        def ids(kind: HandedKind) -> set[int]:
            return {row.object_id for row in rows if row.kind == kind}

        conditions = Condition.objects.visible_to(user).select_related("case")
        reviews = ReviewRound.objects.visible_to(user).select_related("case")
        cases = UseCase.objects.visible_to(user)
        self.found: dict[str, dict[int, Any]] = {
            K.CASE: cases.in_bulk(ids(K.CASE) | ids(K.OBLIGATION)),
            K.FOLLOW_UP: FollowUp.objects.visible_to(user).in_bulk(ids(K.FOLLOW_UP)),
            K.CONDITION: conditions.in_bulk(ids(K.CONDITION)),
            K.REVIEW: reviews.in_bulk(ids(K.REVIEW)),
        }
        self.found[K.OBLIGATION] = self.found[K.CASE]

    def of(self, row: HandOverRow) -> HandedRow:
        """The row in words; of what the reader may not read, only that it is there."""
        thing = self.found[row.kind].get(row.object_id)
        state = state_word(row)
        if thing is None:
            return HandedRow(_("Something that you cannot read"), "", state, row.left_out)
        label = _label(HandedKind(row.kind), thing, row.code)
        return HandedRow(label, thing.get_absolute_url(), state, row.left_out)


def _label(kind: HandedKind, thing: Any, code: str) -> str:
    if kind == K.CASE:
        return f"{thing.number} {thing.title}"
    if kind == K.OBLIGATION:
        return f"{thing.number} · {code}"
    if kind == K.FOLLOW_UP:
        return Truncator(thing.text).chars(LONGEST)
    facts = {"case": thing.case.number, "number": thing.number}
    if kind == K.CONDITION:
        return _("%(case)s, condition %(number)s") % facts
    return _("%(case)s, review %(number)s") % facts


def state_word(row: HandOverRow) -> str:
    """The state as it was, in today's words."""
    return str(STATES[row.kind].get(row.state, row.state))
