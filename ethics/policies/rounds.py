"""Who takes part in a review, and why not. The only place of the rounds that knows roles.

Everything but the declaration itself stays shut until one has said that one is impartial; a
“yes” or a doubt shuts it for good.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from committee.enums import SEATED
from committee.models import roles_in
from core.verdicts import YES, Verdict, no
from ethics.enums.rounds import BLIND, FILLING, REVEALED, Capacity, Mover, RoundState
from ethics.models import ReviewAssignment, ReviewRound, ReviewSheet
from ethics.models.rounds import REVIEW_READERS
from ethics.workflow import ROUNDS
from usecases import policies as cases
from usecases.enums import Actor
from usecases.models import UseCase

M = Mover
MOVERS: dict[str, frozenset[Mover]] = {
    "ask_for_information": frozenset({M.SECRETARIAT, M.CHAIR}),
    "answer": frozenset({M.PROPOSER, M.OWNER}),
    "start_individual": frozenset({M.SECRETARIAT}),
    "fast_track": frozenset({M.SECRETARIAT}),
    "call_up": frozenset({M.MEMBER}),
    "reveal": frozenset({M.SYSTEM, M.SECRETARIAT}),
    "sign_assessment": frozenset({M.SECRETARIAT, M.CHAIR}),
    "put_on_agenda": frozenset({M.SECRETARIAT}),
    "recommend": frozenset({M.CHAIR}),
    "defer": frozenset({M.CHAIR}),
    "take_up_again": frozenset({M.SECRETARIAT}),
    "send_to_body": frozenset({M.SECRETARIAT}),
    "record_decision": frozenset({M.DECIDER}),
    "cancel": frozenset({M.SECRETARIAT, M.SYSTEM}),
    "restart_on_change": frozenset({M.SECRETARIAT, M.SYSTEM}),
}
ACTORS = {
    Actor.PROPOSER: M.PROPOSER,
    Actor.OWNER: M.OWNER,
    Actor.SECRETARIAT: M.SECRETARIAT,
    Actor.CHAIR: M.CHAIR,
    Actor.DECIDER: M.DECIDER,
    Actor.SYSTEM: M.SYSTEM,
}
# Whoever answers for a case has no say in what is thought of it.
JUDGING = frozenset({"fast_track", "call_up", "sign_assessment", "recommend", "defer"})
OUT_OF_IT = _("You have said that you may be partial in this case. The review is closed to you.")
DECLARE_FIRST = _("Say first whether you are impartial in this case.")
OWN_CASE = _("Those who answer for a proposal do not take part in its review.")
ONLY_RUNS = _("Only the secretariat can do this. Write to them if something must change.")


def assignment_of(user: Any, review: ReviewRound) -> ReviewAssignment | None:
    """What `user` is in this round, released or not."""
    pk = getattr(user, "pk", None)
    return next((one for one in review.people if one.reviewer_id == pk), None) if pk else None


def is_disqualified(user: Any, review: ReviewRound) -> bool:
    """Has `user` said of themselves, in any round, that they may be partial in this case?"""
    return getattr(user, "pk", None) in review.out_ids


def answers_for(user: Any, case: UseCase) -> bool:
    """Is it `user`'s own case?"""
    return user is not None and user.pk in (case.proposer_id, case.owner_id)


def takes_part(user: Any, review: ReviewRound) -> bool:
    """Is `user` one of those who review in this body, or in one that had the case before?"""
    return bool(cases.roles_around(user, review.case) & REVIEW_READERS)


def may_declare(user: Any, review: ReviewRound) -> Verdict:
    """Answer for this case; later only for the worse."""
    if answers_for(user, review.case):
        return no(OWN_CASE)
    if not takes_part(user, review):
        return no(_("Only those who take part in the review answer this."))
    if review.is_ended:
        return no(_("The review has ended."))
    own = assignment_of(user, review)
    if own is not None and own.is_out:
        return no(OUT_OF_IT)
    return YES


def opens(user: Any, review: ReviewRound) -> Verdict:
    """May `user` see anything of the round beside that it is there?"""
    own = assignment_of(user, review)
    if own is None:
        return no(OUT_OF_IT) if is_disqualified(user, review) else YES
    if own.is_out:
        return no(OUT_OF_IT)
    return YES if own.conflict else no(DECLARE_FIRST)


def movers(user: Any, review: ReviewRound) -> frozenset[Mover]:
    """What `user` is to the round. Nobody (None) is the system itself."""
    if user is None:
        return frozenset({M.SYSTEM})
    found = {ACTORS[actor] for actor in cases.actors(user, review.case) if actor in ACTORS}
    if roles_in(user, review.case.committee_id) & SEATED:
        found.add(M.MEMBER)
    own = assignment_of(user, review)
    if (own is not None and not own.is_impartial) or is_disqualified(user, review):
        found &= {M.PROPOSER, M.OWNER}
    return frozenset(found)


def may_move(user: Any, review: ReviewRound, name: str) -> Verdict:
    """Is the move this person's to make? Says nothing about the state of the round."""
    if name in JUDGING and answers_for(user, review.case):
        return no(OWN_CASE)
    mine = movers(user, review)
    # Once a member has called it up, whoever hands out sheets carries it out.
    extra = {M.SECRETARIAT} if name == "call_up" and review.called_up_at else set()
    if (MOVERS[name] | extra) & mine:
        return YES
    own = assignment_of(user, review)
    if own is not None and not own.is_impartial:
        return no(OUT_OF_IT if own.is_out else DECLARE_FIRST)
    who = ", ".join(str(one.label).lower() for one in Mover if one in MOVERS[name])
    return no(_("This can only be done by: %(who)s.") % {"who": who})


def moves_for(user: Any, review: ReviewRound) -> list[str]:
    """The moves that are `user`'s to make from here, whether or not the guards say yes."""
    return [
        one.name
        for one in ROUNDS.transitions
        if review.state in one.sources and may_move(user, review, one.name)
    ]


def runs(user: Any, review: ReviewRound) -> Verdict:
    """Prepare the round: assign, remind, write down what was said."""
    return YES if M.SECRETARIAT in movers(user, review) else no(ONLY_RUNS)


def can_open(user: Any, case: UseCase) -> Verdict:
    """Begin a review of a case. Nobody (None) is the system."""
    if user is None:
        return YES
    return cases.runs(user, case)


def can_assign(user: Any, review: ReviewRound) -> Verdict:
    verdict = runs(user, review)
    if not verdict:
        return verdict
    fast = review.state == RoundState.ASSESSED and review.fast_track
    if review.state in (RoundState.SCREENING, RoundState.INDIVIDUAL) or fast:
        return YES
    return no(_("Reviewers are chosen before the sheets are opened."))


def can_move_deadline(user: Any, review: ReviewRound) -> Verdict:
    """Give those who write more time, or less."""
    verdict = runs(user, review)
    if not verdict or review.state == RoundState.INDIVIDUAL:
        return verdict
    return no(_("Only sheets that are out have a deadline that can be moved."))


def may_review(person: Any, review: ReviewRound) -> Verdict:
    """May this person be asked to review?"""
    if answers_for(person, review.case):
        return no(_("The proposer and the owner cannot review their own case."))
    if not roles_in(person, review.case.committee_id) & REVIEW_READERS:
        return no(_("Only members and reviewers of the body can be asked."))
    if is_disqualified(person, review):
        return no(_("This person is disqualified in the case."))
    return YES


# Sheets ---------------------------------------------------------------------------------------


def sees_own_sheet(user: Any) -> bool:
    """Nobody sees a sheet by looking through its reviewer's eyes."""
    return not getattr(user, "is_looked_through", False)


def can_fill(user: Any, review: ReviewRound, sheet: ReviewSheet | None) -> Verdict:
    """Fill in one's own sheet."""
    own = assignment_of(user, review)
    if own is None or not own.has_sheet or not sees_own_sheet(user):
        return no(_("Only the assigned reviewers have a sheet."))
    if not own.is_impartial:
        return no(OUT_OF_IT if own.is_out else DECLARE_FIRST)
    if answers_for(user, review.case):
        return no(OWN_CASE)
    if review.state not in FILLING:
        return no(_("The sheets cannot be filled in now."))
    if sheet is not None and sheet.sealed_at:
        return no(_("Your sheet is sealed. You can add to it when all sheets are open."))
    return YES


def is_late(user: Any, review: ReviewRound) -> bool:
    """Has `user` a sheet of this turn that can still be sealed, blind?"""
    own = assignment_of(user, review)
    if own is None or own not in review.reviewers or review.state not in FILLING:
        return False
    return not any(
        sheet.assignment_id == own.pk and sheet.sealed_at for sheet in review.turn_sheets
    )


def reads_sheets(user: Any, review: ReviewRound) -> Verdict:
    """Read what the others have sealed: after the reveal, and never before one's own seal."""
    if not takes_part(user, review):
        return no(_("Only those who take part in the review read the sheets."))
    if answers_for(user, review.case):
        return no(OWN_CASE)
    verdict = opens(user, review)
    if not verdict:
        return verdict
    if review.state not in REVEALED or review.revealed_at is None:
        return no(_("The sheets are sealed. All of them open at once."))
    if is_late(user, review):
        return no(_("Seal your own sheet first. Until then you see none of the others'."))
    return YES


def can_add(user: Any, review: ReviewRound, sheet: ReviewSheet) -> Verdict:
    """Add to one's own sheet, once it is open."""
    own = assignment_of(user, review)
    if own is None or own.pk != sheet.assignment_id or not own.is_impartial:
        return no(_("Only the one whose sheet it is can add to it."))
    if sheet.revealed_at is None or review.is_ended:
        return no(_("A sheet can be added to when it is open and the review has not ended."))
    return YES


def can_discuss(user: Any, review: ReviewRound) -> Verdict:
    """Write down what was said of a flag or a disagreement."""
    if answers_for(user, review.case):
        return no(OWN_CASE)
    if review.state != RoundState.DISCUSSION:
        return no(_("Notes are written while the review is discussed."))
    if movers(user, review) & {M.SECRETARIAT, M.CHAIR} and reads_sheets(user, review):
        return YES
    return no(_("The secretariat and the chair write down what was said."))


def can_remove_blocker(user: Any, review: ReviewRound) -> Verdict:
    """Say that the cause of a blocking flag is gone: until the committee recommends, or decides."""
    if answers_for(user, review.case):
        return no(OWN_CASE)
    if review.state not in REVEALED or review.is_ended:
        return no(_("This is done between the discussion and the decision."))
    if movers(user, review) & {M.SECRETARIAT, M.CHAIR} and not is_late(user, review):
        return YES
    return no(_("The secretariat and the chair write down what was said."))


def sees_proposer(user: Any, review: ReviewRound) -> bool:
    """In blind mode the reviewers do not see whose case it is before they have discussed it."""
    if not review.blind or review.state not in BLIND:
        return True
    return answers_for(user, review.case) or bool(runs(user, review))


def capacity_of(person: Any, review: ReviewRound, seat: Any) -> str:
    """As what a person would review: by their seat, else by their role."""
    held = roles_in(person, review.case.committee_id)
    if seat is not None and held & SEATED:
        return Capacity.COUNCIL if seat.kind == "council" else Capacity.CITIZEN
    for role, capacity in BY_ROLE:
        if role in held:
            return capacity
    return Capacity.OTHER


BY_ROLE = (("dpo", Capacity.DPO), ("legal", Capacity.LEGAL), ("reviewer", Capacity.EXPERT))
