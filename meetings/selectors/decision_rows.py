"""A decision as one reader may have it: the sealed words, redacted like the minutes they are of."""

from collections import defaultdict
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from committee.enums import READ_CLOSED
from committee.models import roles_in
from meetings.enums import Access, FollowUpState, MotionKind, Outcome, VoteMethod
from meetings.models import Decision, DecisionText, FollowUp, Meeting
from meetings.models.people import disqualified_items
from meetings.redaction import Level, redact
from meetings.selectors.reading import TAKEN_OFF, closed_face
from usecases.models import UseCase

# The lists of an item that its readers may lack.
EMPTY: dict[str, Any] = {
    name: [] for name in ("sections", "attachments", "votes", "dissents", "follow_ups")
}


@dataclass(frozen=True)
class FollowUpLine:
    """What was to be done, and where it stands. The words are the minutes', or today's."""

    text: str
    owner: str
    due: date
    state: str
    is_overdue: bool
    url: str = ""

    @property
    def is_open(self) -> bool:
        return self.state == FollowUpState.OPEN

    @property
    def state_words(self) -> str:
        """Empty where nobody follows it here."""
        if self.is_overdue:
            return _("Overdue")
        return str(FollowUpState(self.state).label) if self.state else ""

    @property
    def look(self) -> str:
        """Its shape, of `status`."""
        looks = {"open": "half", "done": "done", "dropped": "hold"}
        return "miss" if self.is_overdue else looks.get(self.state, "")


@dataclass
class DecisionRow:
    """One row of the register, already redacted for its reader."""

    decision: Decision
    version: int
    item: dict[str, Any]
    additions: list[dict[str, Any]]
    outcome: str
    follow_ups: list[FollowUpLine] = field(default_factory=list)
    case: UseCase | None = None

    @property
    def number(self) -> str:
        return self.decision.number

    @property
    def url(self) -> str:
        return self.decision.get_absolute_url()

    @property
    def meeting(self) -> Meeting:
        return self.decision.meeting

    @property
    def date(self) -> date:
        """The day of the meeting."""
        return timezone.localdate(self.meeting.held_from or self.meeting.starts_at)

    @property
    def heading(self) -> str:
        return str(self.item["title"] or self.item["public_title"])

    @property
    def is_closed(self) -> bool:
        return bool(self.item["access"] == Access.CLOSED)

    @property
    def is_redacted(self) -> bool:
        """Does this reader have the public face only?"""
        return bool(self.item.get("redacted"))

    @property
    def outcome_words(self) -> str:
        return str(Outcome(self.outcome).label) if self.outcome else ""

    @property
    def text(self) -> str:
        """What was decided: the full text, or what citizens read of a closed item."""
        inside = (self.item.get("decision") or {}).get("text", "")
        return str(inside or self.item.get("public_decision", ""))

    @property
    def public_text(self) -> str:
        """What citizens read of a closed item, beside the full text."""
        if self.is_redacted or not self.is_closed:
            return ""
        return str(self.item.get("public_decision", ""))

    @property
    def votes(self) -> list[dict[str, Any]]:
        return list(self.item.get("votes", []))

    @property
    def dissents(self) -> list[dict[str, Any]]:
        return list(self.item.get("dissents", []))

    @property
    def votes_words(self) -> str:
        """How the vote that settled it went; empty where nobody voted."""
        vote = deciding_vote(self.votes)
        return vote_words(vote) if vote else ""

    @property
    def counted(self) -> str:
        """How many were for and against; empty where nobody was counted."""
        vote = deciding_vote(self.votes)
        return count_words(vote) if vote and vote["method"] == VoteMethod.NAME else ""

    @property
    def open_follow_ups(self) -> int:
        return sum(line.is_open for line in self.follow_ups)

    @property
    def open_words(self) -> str:
        n = self.open_follow_ups
        return ngettext("%(n)s follow-up in progress", "%(n)s follow-ups in progress", n) % {"n": n}

    @property
    def case_id(self) -> str:
        return str(self.item.get("case_id", ""))


def vote_words(vote: dict[str, Any]) -> str:
    """Adopted: 9 for, 2 against, 1 abstained."""
    if vote["method"] != VoteMethod.NAME:
        return _("%(outcome)s without a count") % {"outcome": vote["outcome_word"]}
    return f"{vote['outcome_word']}: {count_words(vote)}"


def count_words(vote: dict[str, Any]) -> str:
    counts = vote["counts"]
    words = _("%(for)s for, %(against)s against") % counts
    if not counts["abstain"]:
        return words
    n = counts["abstain"]
    abstained = ngettext("%(n)s abstained", "%(n)s abstained", n) % {"n": n}
    return f"{words}, {abstained}"


def deciding_vote(votes: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The last vote on the main motion, else the last of all."""
    main = {_label(language) for language in ("da", "en")}
    return next((row for row in reversed(votes) if row["kind"] in main), (votes or [None])[-1])  # type: ignore[list-item]


def _label(language: str) -> str:
    with override(language):
        return str(MotionKind.MAIN.label)


# Shaping ------------------------------------------------------------------------------------------


def shaped(user: Any, texts: Iterable[DecisionText]) -> list[DecisionRow]:
    """The rows as `user` reads them. The texts must have come through `visible_to(user)`."""
    found = list(texts)
    rows = [_row(user, text) for text in found]
    live, visible = _live_follow_ups(user, found)
    for text, row in zip(found, rows, strict=True):
        if not row.is_redacted:
            known = live.get(row.decision.item_id, [])
            row.follow_ups = _lines(text, row, known, visible)
    return rows


def _row(user: Any, text: DecisionText) -> DecisionRow:
    item = EMPTY | deepcopy(text.body["item"])
    _tighten(text, item)
    own = [row for row in text.body["additions"] if row["item"] is not None]
    level = level_of(user, text)
    read = redact({"items": [item], "additions": own}, level=lambda _item: level)
    shown: dict[str, Any] = read["items"][0]
    whole = [_of_the_whole(row) for row in text.body["additions"] if row["item"] is None]
    decision = shown.get("decision")
    return DecisionRow(
        decision=text.decision,
        version=text.number,
        item=shown,
        additions=sorted([*read["additions"], *whole], key=lambda row: row["number"]),
        outcome=text.outcome if decision else "",
    )


def level_of(user: Any, text: DecisionText) -> Level:
    """As `reading` has it: members in full, but not who is disqualified from the item."""
    reads = roles_in(user, text.decision.committee_id) & READ_CLOSED
    return "full" if reads and text.decision.item_id not in disqualified_items(user) else "public"


def _tighten(text: DecisionText, item: dict[str, Any]) -> None:
    """What has been closed or taken off since it was sealed is so here, too."""
    live = text.decision.item
    if live.removed_at:
        item.update(TAKEN_OFF)
    if live.is_closed and item["access"] == Access.OPEN:
        item.update(closed_face(live))


def _of_the_whole(row: dict[str, Any]) -> dict[str, Any]:
    """An addition to all of the minutes may speak of another item: only its words for everybody."""
    return {"number": row["number"], "at": row["at"], "text": row.get("public_text", "")}


# Follow-ups ---------------------------------------------------------------------------------------


def _live_follow_ups(
    user: Any, texts: list[DecisionText]
) -> tuple[dict[int, list[FollowUp]], set[int]]:
    """Item → its follow-ups as they stand, and the ids of those that `user` may open."""
    items = [text.decision.item_id for text in texts]
    found: dict[int, list[FollowUp]] = defaultdict(list)
    rows = FollowUp.objects.filter(item__in=items).select_related("owner").order_by("pk")
    for row in rows:
        found[row.item_id].append(row)
    visible = FollowUp.objects.visible_to(user).filter(item__in=items)
    return found, set(visible.values_list("pk", flat=True))


def _lines(
    text: DecisionText, row: DecisionRow, live: list[FollowUp], visible: set[int]
) -> list[FollowUpLine]:
    """Those of the minutes in their order, then what has been added since for who may see it."""
    minuted = minuted_follow_ups(text, live)
    # Of an item that was taken off nothing is listed any more.
    pairs = zip(row.item["follow_ups"], minuted, strict=False)
    lines = [_line(shown, found, visible) for shown, found in pairs]
    told = {found.pk for found in minuted if found}
    return lines + [_live(one) for one in live if one.pk in visible - told]


def minuted_follow_ups(text: DecisionText, live: list[FollowUp]) -> list[FollowUp | None]:
    """The follow-ups that the sealed item lists; older minutes name them by their words only."""
    by_id = {row.pk: row for row in live}
    by_text = {row.text: row for row in live}
    lines = text.body["item"].get("follow_ups", [])
    return [by_id.get(line.get("id", 0)) or by_text.get(line["text"]) for line in lines]


def _line(shown: dict[str, Any], live: FollowUp | None, visible: set[int]) -> FollowUpLine:
    if live and live.pk in visible:
        return _live(live)
    return FollowUpLine(
        text=shown["text"],
        owner=shown.get("owner", ""),
        due=date.fromisoformat(shown["due"]),
        state=live.state if live else "",
        is_overdue=bool(live and live.is_overdue),
    )


def _live(row: FollowUp) -> FollowUpLine:
    return FollowUpLine(
        row.text, row.owner_name, row.due_on, row.state, row.is_overdue, row.get_absolute_url()
    )
