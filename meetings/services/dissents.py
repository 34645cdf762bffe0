"""A dissenting opinion: in the member's own words, in the minutes, and never dropped."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import audit
from core.text import clean_text, word_count
from core.verdicts import NotAllowed, Refused, StaleState
from meetings import policies
from meetings.enums import MeetingState, VoteChoice
from meetings.models import Dissent, Meeting, VoteRound
from meetings.voting import winning_choice


@transaction.atomic
def write_dissent(
    *, vote_round: VoteRound, member: Any, text: str, by: Any, reason: str = ""
) -> Dissent:
    """Write down why a member did not vote for what was decided.

    Raises `NotAllowed` for those who voted for it or not at all, `Refused` when the text is empty
    or longer than the rules allow, or when it comes after the meeting without a reason.
    """
    item = vote_round.item
    item.meeting = Meeting.objects.select_for_update().get(pk=item.meeting_id)
    policies.can_write_dissent(by, vote_round, member).require()
    _require_loser(vote_round, member)
    text, reason = clean_text(text), reason.strip()
    _require_length(item.meeting, text)
    if item.meeting.state != MeetingState.IN_SESSION and not reason:
        raise Refused(_("Write why it is written down after the meeting."), "reason")
    try:
        with transaction.atomic():
            row = Dissent.objects.create(
                round=vote_round, member=member, text=text, recorded_by=by, reason=reason[:300]
            )
    except IntegrityError as error:
        raise StaleState(
            _("%(name)s has a dissenting opinion to this vote already.") % {"name": member.name}
        ) from error
    audit.record(
        "meetings.write_dissent",
        item,
        by=by,
        scope=item.meeting,
        data={"round": vote_round.pk, "member": member.pk, "late": bool(reason)},
    )
    return row


def _require_loser(vote_round: VoteRound, member: Any) -> None:
    if vote_round.is_open:
        raise NotAllowed(_("Close the vote first."))
    vote = vote_round.votes.filter(member=member.pk).first()
    about_member = vote_round.disqualification_id is not None
    won = winning_choice(vote_round.outcome, about_member=about_member)
    if vote is None or vote.choice == won:
        raise NotAllowed(_losers(won) % {"legal": _rule(vote_round.item.meeting).legal})


def _losers(won: str) -> str:
    if won == VoteChoice.AGAINST:
        return _(
            "Only those who voted for or abstained, by name, can have a dissenting opinion from "
            "this decision in the minutes. %(legal)s."
        )
    return _(
        "Only those who voted against or abstained, by name, can have a dissenting "
        "opinion in the minutes. %(legal)s."
    )


def _rule(meeting: Meeting) -> Any:
    return meeting.rule_profile.rules.rules["dissent_max_words"]


def _require_length(meeting: Meeting, text: str) -> None:
    if not text:
        raise Refused(_("Write the dissenting opinion."), "text")
    rule = _rule(meeting)
    words = word_count(text)
    if words > rule.value:
        raise Refused(
            _("The text has %(words)s words. %(rule)s %(legal)s.")
            % {"words": words, "rule": rule.text, "legal": rule.legal},
            "text",
        )
