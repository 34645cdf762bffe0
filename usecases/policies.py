"""Who may do what with a use case, and why not. The only place that knows roles."""

from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from committee.enums import LEADERS, READ_CLOSED, SEATED, Role
from committee.models import Committee, committees_where, roles_in
from committee.policies import BOTH
from core.verdicts import YES, Verdict, no
from usecases import hooks
from usecases.enums import FINAL, PUBLIC, TITLE_ONLY, Actor, Status
from usecases.models import Comment, UseCase
from usecases.models.handover import earlier_bodies
from usecases.models.ranking import SEES_RANKING
from usecases.workflow import LIFE_CYCLE

Level = Literal["full", "public", "title", "none"]
A = Actor

# Who makes each move of the life cycle; a decision is made elsewhere and recorded here.
MOVERS: dict[str, frozenset[Actor]] = {
    "submit": frozenset({A.PROPOSER, A.OWNER}),
    "take_up": frozenset({A.SECRETARIAT}),
    "park": frozenset({A.SECRETARIAT}),
    "unpark": frozenset({A.SECRETARIAT, A.OWNER}),
    "withdraw": frozenset({A.PROPOSER, A.OWNER}),
    "approve_pilot": frozenset({A.DECIDER}),
    "approve_operation": frozenset({A.DECIDER}),
    "reject": frozenset({A.DECIDER}),
    "start_pilot": frozenset({A.OWNER}),
    "end_pilot": frozenset({A.OWNER, A.SYSTEM}),
    "start_operation": frozenset({A.OWNER}),
    "suspend": frozenset({A.OWNER, A.SECRETARIAT, A.CHAIR, A.DPO, A.SECURITY}),
    "resume_pilot": frozenset({A.SECRETARIAT}),
    "resume_operation": frozenset({A.SECRETARIAT}),
    "retire": frozenset({A.OWNER}),
    "lapse": frozenset({A.SYSTEM}),
}
# The committee's roles that stand for an actor. Data protection and security sit as reviewers.
ROLES: dict[Actor, frozenset[Role]] = {
    A.SECRETARIAT: frozenset({Role.SECRETARIAT}),
    A.DECIDER: frozenset({Role.SECRETARIAT}),
    A.CHAIR: LEADERS,
    A.DPO: frozenset({Role.REVIEWER, Role.DPO}),
    A.SECURITY: frozenset({Role.REVIEWER}),
}
MERGED = _("The proposal has been merged into another. Go on there.")
ONLY_SECRETARIAT = _("Only the secretariat can do this. Write to them if something must change.")


def actors(user: Any, case: UseCase) -> frozenset[Actor]:
    """What `user` is to the case. Nobody (None) is the system itself."""
    if user is None:
        return frozenset({A.SYSTEM})
    if not getattr(user, "is_active", False):
        return frozenset()
    scope = getattr(user, "role_scope", None)
    held = roles_in(user, case.committee_id)
    found = {actor for actor, roles in ROLES.items() if held & roles}
    if scope is not None and case.committee_id not in scope:
        return frozenset(found)
    if case.proposer_id and case.proposer_id == user.pk:
        found.add(A.PROPOSER)
    if case.owner_id and case.owner_id == user.pk:
        found.add(A.OWNER)
    return frozenset(found)


def reading_level(user: Any, case: UseCase) -> Level:
    """How much of the case `user` reads. The same rule as `visible_to`, for one row."""
    own = actors(user, case) & {A.PROPOSER, A.OWNER} if user is not None else frozenset()
    held = roles_in(user, case.committee_id)
    if own or Role.SECRETARIAT in held or (held and case.submitted_at) or _read_before(user, case):
        return "full"
    if not case.committee.is_public:
        return "none"
    if case.status in PUBLIC:
        return "public"
    return "title" if case.status in TITLE_ONLY else "none"


def _read_before(user: Any, case: UseCase) -> bool:
    """Did `user` read the case in a body that has handed it on since?"""
    return case.handed_on and any(
        Role.SECRETARIAT in roles_in(user, body) or (case.submitted_at and case.submitted_at <= at)
        for body, at in earlier_bodies(user).get(case.pk, [])
    )


def roles_around(user: Any, case: UseCase) -> frozenset[Role]:
    """The roles one reads the case with: in the body that has it, and in those that had it."""
    held = roles_in(user, case.committee_id)
    if not case.handed_on:
        return held
    earlier = (roles_in(user, body) for body, _at in earlier_bodies(user).get(case.pk, []))
    return held.union(*earlier)


def moves_for(user: Any, case: UseCase) -> list[str]:
    """The moves that are `user`'s to make now, whether or not the guards let them through."""
    if case.merged_into_id:
        return []
    mine = actors(user, case)
    return [
        transition.name
        for transition in LIFE_CYCLE.transitions
        if case.status in transition.sources and MOVERS[transition.name] & mine
    ]


def may_move(user: Any, case: UseCase, name: str) -> Verdict:
    """Is the move this person's to make? Says nothing about the state of the case."""
    if case.merged_into_id:
        return no(MERGED)
    if MOVERS[name] & actors(user, case):
        return YES
    who = ", ".join(str(actor.label).lower() for actor in Actor if actor in MOVERS[name])
    return no(_("This can only be done by: %(who)s.") % {"who": who})


def can_move(user: Any, case: UseCase, name: str) -> Verdict:
    """May `user` make the move now, with the case as it is?"""
    verdict = may_move(user, case, name) and LIFE_CYCLE.check(case, name)
    return verdict and hooks.gates_of(case, name)


def can_propose(user: Any) -> Verdict:
    """Every employee and member who logs in."""
    if getattr(user, "is_authenticated", False) and user.is_active:
        return YES
    return no(_("Log in to file a proposal."))


def can_import(user: Any, committee: Committee) -> Verdict:
    """Take in many cases from a file."""
    held = roles_in(user, committee.pk) if getattr(user, "is_active", False) else frozenset()
    return YES if Role.SECRETARIAT in held else no(ONLY_SECRETARIAT)


def can_edit(user: Any, case: UseCase) -> Verdict:
    """Change the fields of the record."""
    if case.merged_into_id:
        return no(MERGED)
    if case.status in FINAL:
        return no(_("The proposal is closed. Its text is kept as it was."))
    mine = actors(user, case)
    writers = {A.PROPOSER, A.OWNER}
    if case.status != Status.DRAFT:
        writers |= {A.SECRETARIAT}
    if case.status in PUBLIC:
        writers -= {A.PROPOSER}
    if mine & writers:
        return YES
    return no(_("Only those who answer for the proposal can change it."))


def has_edited(user: Any, case: UseCase) -> bool:
    """Might they have been changing the fields before the case moved on?"""
    return bool(actors(user, case) & {A.PROPOSER, A.OWNER, A.SECRETARIAT})


def runs(user: Any, case: UseCase) -> Verdict:
    """Record facts: decisions, classification, conditions, owner."""
    return YES if A.SECRETARIAT in actors(user, case) else no(ONLY_SECRETARIAT)


def can_recommend(user: Any, case: UseCase) -> Verdict:
    """Record what the committee recommends: its chair does, or the secretariat."""
    if {A.CHAIR, A.SECRETARIAT} & actors(user, case):
        return YES
    return no(_("The chair or the secretariat records what the committee recommends."))


def can_approve_register_entry(user: Any, case: UseCase) -> Verdict:
    """A second person: neither the owner nor the proposer."""
    if actors(user, case) & {A.OWNER, A.PROPOSER}:
        return no(_("A second person must approve it, not the owner or the proposer."))
    return runs(user, case)


def can_verify_conditions(user: Any, case: UseCase) -> Verdict:
    """Somebody other than the owner says that they are met."""
    if A.OWNER in actors(user, case):
        return no(_("Somebody other than the owner must verify the conditions."))
    return runs(user, case)


def reads_closed(user: Any, case: UseCase) -> bool:
    """Does `user` read what was decided on a closed item?

    What was closed in an earlier body stays there; of the new one, the secretariat reads it.
    """
    if case.decided_in_id is None:
        return bool(roles_in(user, case.committee_id) & READ_CLOSED)
    there = roles_in(user, case.decided_in_id) & READ_CLOSED
    return bool(there) or Role.SECRETARIAT in roles_around(user, case)


def sees_contact(user: Any, case: UseCase) -> bool:
    """Does `user` read how to reach the one who proposed it?"""
    return bool(actors(user, case) & {A.SECRETARIAT, A.PROPOSER, A.OWNER})


# The discussion ------------------------------------------------------------------------------

# Who speaks in it, beside the proposer and the owner.
SPEAKERS = SEATED | {Role.SECRETARIAT, Role.FOLLOW_GROUP}
# Why nothing more is said of a case that is closed.
CLOSED_TO_COMMENTS: dict[str, Any] = {
    Status.WITHDRAWN: _("The proposal was taken back, so nobody can comment on it any more."),
    Status.REJECTED: _("The proposal was turned down, so nobody can comment on it any more."),
    Status.RETIRED: _("The use has ended, so nobody can comment on it any more."),
}
# A merge or a split is about what is not decided yet.
UNDECIDED = frozenset({Status.SUBMITTED, Status.UNDER_ASSESSMENT, Status.PARKED})


def is_open_to_comments(case: UseCase) -> Verdict:
    """Is anything more said of the case? The same for everybody."""
    if case.merged_into_id:
        return no(_("The proposal has been merged into another. Comment there."))
    if case.status == Status.DRAFT:
        return no(_("The discussion begins when the proposal is submitted."))
    closed = CLOSED_TO_COMMENTS.get(case.status)
    return no(closed) if closed else YES


def may_comment(user: Any, case: UseCase) -> Verdict:
    """Is `user` one of those who comment? Says nothing about the state of the case."""
    own = actors(user, case) & {A.PROPOSER, A.OWNER}
    if user is not None and (own or roles_in(user, case.committee_id) & SPEAKERS):
        return YES
    return no(
        _("The committee, its follow group, the secretariat, and those who answer for it comment.")
    )


def can_comment(user: Any, case: UseCase) -> Verdict:
    """Say something about the case now."""
    verdict = may_comment(user, case)
    return is_open_to_comments(case) if verdict else verdict


def can_edit_comment(user: Any, comment: Comment) -> Verdict:
    """Change one's own words, while the discussion is open."""
    if comment.author_id != user.pk:
        return no(_("Only the one who wrote a comment can change it."))
    if comment.removed_at:
        return no(_("The comment has been removed."))
    return can_comment(user, comment.case)


def can_remove_comment(user: Any, comment: Comment) -> Verdict:
    """Take back one's own words; the secretariat may take away anybody's, and says why."""
    if comment.removed_at:
        return no(_("The comment has been removed."))
    if comment.author_id == user.pk and reading_level(user, comment.case) == "full":
        return YES
    if A.SECRETARIAT in actors(user, comment.case):
        return YES
    return no(_("Only the one who wrote a comment, or the secretariat, can remove it."))


def reads_versions(user: Any, comment: Comment) -> bool:
    """Does `user` read what a comment said earlier? Of a removed one, the secretariat alone."""
    if comment.removed_at:
        return A.SECRETARIAT in actors(user, comment.case)
    return reading_level(user, comment.case) == "full"


def can_follow(user: Any, case: UseCase) -> Verdict:
    """Hear of what is new in a case: everybody who reads all of it."""
    if reading_level(user, case) == "full":
        return YES
    return no(_("You cannot follow a proposal that you cannot read."))


def can_merge(user: Any, case: UseCase) -> Verdict:
    """Put the case into another, or take a part out of it."""
    verdict = runs(user, case)
    if not verdict:
        return verdict
    if case.merged_into_id:
        return no(MERGED)
    if case.status not in UNDECIDED:
        return no(_("Only a proposal that is submitted and not decided can be merged or split."))
    return YES


def can_take_in(user: Any, case: UseCase) -> Verdict:
    """Let another case be merged into this one."""
    if case.merged_into_id:
        return no(_("That proposal has itself been merged into another. Choose that one."))
    if case.status == Status.DRAFT or case.status in FINAL:
        return no(_("That proposal is a draft or closed. Choose another."))
    return runs(user, case)


# The next body -------------------------------------------------------------------------------


def can_hand_case(user: Any, case: UseCase, receiver: Committee) -> Verdict:
    """Give the case to the body that takes over: whoever prepares both."""
    if case.merged_into_id:
        return no(MERGED)
    if case.status in FINAL:
        return no(_("The proposal is closed. It stays with the body that closed it."))
    if Role.SECRETARIAT not in roles_in(user, case.committee_id) & roles_in(user, receiver.pk):
        return no(BOTH)
    return YES


# Ranking -----------------------------------------------------------------------------------------


def sees_ranking(user: Any, committee_id: int) -> bool:
    """Scores and rounds are for those who sit in the body and its secretariat."""
    return bool(roles_in(user, committee_id) & SEES_RANKING)


def sees_scores(user: Any, case: UseCase) -> bool:
    """The scores of a case are for those who sit in the body that has it, or had it."""
    return bool(roles_around(user, case) & SEES_RANKING)


def sees_some_ranking(user: Any) -> bool:
    """Is there a body whose ranking `user` sees?"""
    return bool(committees_where(user, SEES_RANKING))


def can_score(user: Any, case: UseCase) -> Verdict:
    """Score a case that has been sent in and is not closed."""
    if A.SECRETARIAT not in actors(user, case):
        return no(ONLY_SECRETARIAT)
    if case.status == Status.DRAFT:
        return no(_("The proposal has not been submitted yet."))
    if case.status in FINAL or case.merged_into_id:
        return no(_("The proposal is closed. Its scores are kept as they were."))
    return YES


def can_run_ranking(user: Any, committee_id: int) -> Verdict:
    """Open and close rounds."""
    held = roles_in(user, committee_id)
    return YES if Role.SECRETARIAT in held else no(ONLY_SECRETARIAT)


def can_vote_in_ranking(user: Any, committee_id: int) -> Verdict:
    """Lay one's votes. Those who only serve the body have none."""
    if roles_in(user, committee_id) & SEATED:
        return YES
    return no(_("Only the members of the committee have votes."))


def sees_own_votes(user: Any) -> bool:
    """Nobody sees a member's votes by looking through that member's eyes."""
    return not getattr(user, "is_looked_through", False)
