"""Scores, and rounds of votes that are sealed until they close.

The row of the round is the lock: a ballot is in before the round closes and is counted, or it
comes after and is refused. No act of the protocol names who laid a ballot.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from committee.enums import SEATED
from committee.models import Committee, Membership
from committee.policies import still_works
from core import audit, outbox
from core.canonical import canonical_json, sha256_hex
from core.text import clean_text
from core.verdicts import Refused, StaleState
from usecases import policies
from usecases.models import CaseScore, RankingEntry, RankingRound, RankingVote, UseCase
from usecases.models.ranking import RANKED
from usecases.ranking import CURRENT, HIGHEST, KEYS, LOWEST
from usecases.services.texts import fresh

SEND = "usecases.send_ranking"
LONGEST_REASON = 2500
MOST_VOTES = 20
MOST_CASES = 60


@transaction.atomic
def score_case(*, case: UseCase, scores: Mapping[str, int], reason: str, by: Any) -> CaseScore:
    """Score a case on the three scales. Earlier scores stay as history; the newest counts."""
    case = fresh(case)
    policies.can_score(by, case).require()
    for key in KEYS:
        if not LOWEST <= scores.get(key, 0) <= HIGHEST:
            raise Refused(_("Choose one of the five steps."), key)
    reason = clean_text(reason)
    if not reason:
        raise Refused(_("Write in a few sentences why."), "reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(_("Write at most %(n)s characters.") % {"n": LONGEST_REASON}, "reason")
    steps = {key: scores[key] for key in KEYS}
    row = CaseScore.objects.create(case=case, scales_ref=CURRENT, reason=reason, by=by, **steps)
    facts = {**steps, "scales": CURRENT, "score": row.pk}
    audit.record("usecases.score_case", case, by=by, scope=case.committee, data=facts)
    return row


# Rounds ------------------------------------------------------------------------------------------


@transaction.atomic
def open_ranking(
    *,
    committee: Committee,
    title: str,
    cases: Sequence[UseCase],
    votes_each: int,
    most_per_case: int,
    closes_at: datetime,
    by: Any,
) -> RankingRound:
    """Give each member `votes_each` votes to lay on the cases. Raises `Refused`."""
    policies.can_run_ranking(by, committee.pk).require()
    still_works(committee).require()
    title = " ".join(title.split())
    chosen = list({case.pk: case for case in cases}.values())
    _check_round(title, chosen, votes_each, most_per_case, closes_at)
    if any(case.committee_id != committee.pk or not _can_be_ranked(case) for case in chosen):
        raise Refused(_("One of the proposals can no longer be ranked. Choose again."), "cases")
    row = RankingRound.objects.create(
        committee=committee,
        title=title,
        votes_each=votes_each,
        most_per_case=most_per_case,
        closes_at=closes_at,
        opened_by=by,
    )
    RankingEntry.objects.bulk_create(RankingEntry(round=row, case=case) for case in chosen)
    facts = {"cases": [case.pk for case in chosen], "votes": votes_each, "most": most_per_case}
    audit.record("usecases.open_ranking", row, by=by, scope=committee, data=facts)
    _mail_members(row, "open", by.pk)
    return row


def _can_be_ranked(case: UseCase) -> bool:
    return case.status in RANKED and case.merged_into_id is None


def _check_round(
    title: str, cases: list[UseCase], votes: int, most: int, closes_at: datetime
) -> None:
    if not title:
        raise Refused(_("Give the round a title."), "title")
    if len(title) > 120:
        raise Refused(_("Write at most %(n)s characters.") % {"n": 120}, "title")
    if not 2 <= len(cases) <= MOST_CASES:
        raise Refused(
            _("Choose at least 2 and at most %(n)s proposals.") % {"n": MOST_CASES}, "cases"
        )
    if not 1 <= votes <= MOST_VOTES:
        raise Refused(_("Give each between 1 and %(n)s votes.") % {"n": MOST_VOTES}, "votes_each")
    if not 1 <= most <= votes:
        raise Refused(_("At most as many on one proposal as each has."), "most_per_case")
    if votes > most * len(cases):
        raise Refused(
            _("Nobody could lay %(votes)s votes with at most %(most)s on each of %(n)s proposals.")
            % {"votes": votes, "most": most, "n": len(cases)},
            "votes_each",
        )
    if closes_at <= timezone.now():
        raise Refused(_("Choose a deadline that has not passed."), "closes_on")


def _mail_members(row: RankingRound, occasion: str, by: int | None) -> None:
    """To all of them: who has voted is known when the mail is sent, and not before."""
    seated = Membership.objects.filter(committee=row.committee_id, role__in=SEATED).active()
    for pk in sorted(set(seated.values_list("user", flat=True))):
        outbox.enqueue(
            kind=SEND,
            key=f"ranking:{row.pk}:{occasion}:{pk}",
            payload={"round": row.pk, "user": pk, "occasion": occasion},
            by=by,
        )


def _locked(row: RankingRound) -> RankingRound:
    rows = RankingRound.objects.select_related("committee").select_for_update(of=("self",))
    return rows.get(pk=row.pk)


@transaction.atomic
def lay_votes(*, ranking: RankingRound, votes: Mapping[int, int], by: Any) -> int:
    """Replace all of one's votes in the round: entry id → how many. Returns how many are left.

    Raises `StaleState` after closing, `Refused` for more votes than one has.
    """
    row = _locked(ranking)
    policies.can_vote_in_ranking(by, row.committee_id).require()
    if not row.takes_votes:
        raise StaleState(_("The round is closed. Your votes stand as you last saved them."))
    standing = set(row.entries.standing().values_list("pk", flat=True))
    # A case that left while the page was open gives its votes back.
    kept = {pk: count for pk, count in votes.items() if count and pk in standing}
    _check_ballot(row, kept)
    RankingVote.objects.filter(entry__round=row, member=by.pk).delete()
    RankingVote.objects.bulk_create(
        RankingVote(entry_id=pk, member_id=by.pk, count=count) for pk, count in kept.items()
    )
    return row.votes_each - sum(kept.values())


def _check_ballot(row: RankingRound, votes: Mapping[int, int]) -> None:
    if any(not 0 < count <= row.most_per_case for count in votes.values()):
        raise Refused(
            _("Lay between 0 and %(most)s votes on each proposal.") % {"most": row.most_per_case}
        )
    laid = sum(votes.values())
    if laid > row.votes_each:
        raise Refused(
            _("You have laid %(laid)s votes and have %(votes)s. Take %(over)s back.")
            % {"laid": laid, "votes": row.votes_each, "over": laid - row.votes_each}
        )


@transaction.atomic
def close_ranking(*, ranking: RankingRound, by: Any) -> RankingRound:
    """Count the votes and break the seal. `by=None` is the clock, after the deadline only.

    Raises `StaleState` when it is closed already.
    """
    row = _locked(ranking)
    if by is not None:
        policies.can_run_ranking(by, row.committee_id).require()
    elif row.takes_votes:
        raise StaleState(_("The deadline has not passed. Nothing was changed."))
    if row.is_closed:
        raise StaleState(_("The round is closed already. Nothing was changed."))
    totals = _count(row)
    row.voters = voters_of(row)
    row.closed_at, row.closed_by = timezone.now(), by
    row.save(update_fields=["voters", "closed_at", "closed_by"])
    facts = {"voters": row.voters, "totals": sha256_hex(canonical_json(totals))}
    audit.record("usecases.close_ranking", row, by=by, scope=row.committee, data=facts)
    return row


def _count(row: RankingRound) -> list[list[int | None]]:
    """Write each entry's total; one whose case has left keeps none."""
    counted = row.entries.standing().annotate(laid=Sum("votes__count"))
    laid = {entry.pk: getattr(entry, "laid", None) or 0 for entry in counted}
    entries = list(row.entries.order_by("pk"))
    for entry in entries:
        entry.total = laid.get(entry.pk)
    RankingEntry.objects.bulk_update(entries, ["total"])
    return [[entry.case_id, entry.total] for entry in entries]


def voters_of(row: RankingRound) -> int:
    """How many members have votes on something that still stands."""
    laid = RankingVote.objects.filter(entry__in=row.entries.standing())
    return laid.values("member").distinct().count()


def overdue_rankings() -> list[RankingRound]:
    """Rounds whose deadline has passed and that nobody has counted."""
    return list(RankingRound.objects.unclosed().filter(closes_at__lte=timezone.now()))


@transaction.atomic
def remind_members() -> int:
    """Queue one reminder per member of each round that soon closes. Asking again is nothing."""
    rows = RankingRound.objects.unclosed().filter(Q(closes_at__gt=timezone.now()))
    due = [row for row in rows if row.remind_at <= timezone.now()]
    for row in due:
        _mail_members(row, "remind", None)
    return len(due)
