"""What the question of a member's disqualification leaves in the minutes."""

from collections import defaultdict
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from meetings.enums import (
    DisqualificationGround,
    DisqualificationSource,
    DisqualificationState,
    VoteMethod,
)
from meetings.models import Disqualification, Dissent, Meeting, OutOfRoom, Vote, VoteRound
from meetings.selectors.attendance import clock
from meetings.selectors.record import outcome_facts

Row = dict[str, Any]


def disqualification_record(meeting: Meeting) -> dict[int, list[Row]]:
    """Item id → its cases. One query, and four more where there is a case."""
    rounds = VoteRound.objects.filter(closed_at__isnull=False).prefetch_related(
        Prefetch("votes", Vote.objects.select_related("member").order_by("member__name")),
        Prefetch("dissents", Dissent.objects.select_related("member")),
    )
    cases = (
        Disqualification.objects.filter(item__meeting=meeting)
        .select_related("member", "declared_by")
        .prefetch_related(Prefetch("rounds", rounds.order_by("number")), "times_out")
        .order_by("declared_at", "pk")
    )
    found: dict[int, list[Row]] = defaultdict(list)
    for case in cases:
        found[case.item_id].append(case_row(case))
    return dict(found)


def case_row(case: Disqualification) -> Row:
    """`lines` are for the committee; `public_lines` for everybody, without the grounds."""
    rounds = list(case.rounds.all())
    decided, room = _decided(case, rounds), _room(case)
    return {
        "name": case.member.name,
        "state": case.state,
        "lines": [_raised(case), *_grounds(case), *decided, *room],
        "public_lines": [*decided[:1], *room],
        "votes": [outcome_facts(row) for row in rounds if row.method == VoteMethod.NAME],
        # For the committee only: why somebody disagrees tells of the grounds.
        "dissents": [
            {"name": dissent.member.name, "text": dissent.text, "reason": dissent.reason}
            for row in rounds
            for dissent in row.dissents.all()
        ],
    }


def _raised(case: Disqualification) -> str:
    names = {"name": case.member.name, "by": case.declared_by.name}
    if case.source == DisqualificationSource.OWN:
        return _("%(name)s told the committee of a possible disqualification.") % names
    return _("%(by)s asked whether %(name)s is disqualified.") % names


def _grounds(case: Disqualification) -> list[str]:
    lines = [_("The connection: %(grounds)s") % {"grounds": case.grounds}]
    if case.ground:
        label = DisqualificationGround(case.ground).label
        lines.append(_("Forvaltningslovens § 3, stk. 1. %(ground)s.") % {"ground": label})
    return lines


def _decided(case: Disqualification, rounds: list[VoteRound]) -> list[str]:
    """The result first; then why it was written down late."""
    if case.state == DisqualificationState.RAISED:
        return [_("The committee has not decided whether %(name)s is disqualified.") % _name(case)]
    if case.state == DisqualificationState.UPHELD:
        found = _("The committee found that %(name)s is disqualified, %(how)s.")
    else:
        found = _("The committee found that %(name)s is impartial, %(how)s.")
    lines = [found % (_name(case) | {"how": _how(rounds)})]
    if case.late_reason:
        why = {"reason": case.late_reason}
        lines.append(_("Written down by the secretariat after the meeting: %(reason)s") % why)
    return lines


def _name(case: Disqualification) -> dict[str, str]:
    return {"name": case.member.name}


def _how(rounds: list[VoteRound]) -> str:
    last = rounds[-1] if rounds else None
    if last is None or last.method == VoteMethod.ACCLAMATION:
        return _("without a vote")
    numbers = {
        "for": last.votes_for,
        "against": last.votes_against,
        "abstained": last.abstentions,
    }
    return _("with %(for)s votes for and %(against)s against; %(abstained)s abstained") % numbers


def _room(case: Disqualification) -> list[str]:
    """One sentence for each time the member was out."""
    return [_out(case, time_out) for time_out in case.times_out.all()]


def _out(case: Disqualification, time_out: OutOfRoom) -> str:
    times = _name(case) | {"left": clock(time_out.left_at)}
    if time_out.returned_at is None:
        return _("%(name)s left the room at %(left)s.") % times
    times["back"] = clock(time_out.returned_at)
    return _("%(name)s left the room at %(left)s and came back at %(back)s.") % times
