"""Who hears, who is heard, and who reads the answers."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from committee.enums import Role
from committee.models import roles_in
from core.verdicts import YES, Verdict, no
from ethics.enums.hearings import Party
from ethics.models import Hearing, HearingReply
from usecases.enums import FINAL, Actor, Status
from usecases.models import UseCase
from usecases.policies import MERGED, actors, reading_level, runs


def can_hear(user: Any, case: UseCase) -> Verdict:
    """Open, close or call off a hearing of the case."""
    return runs(user, case)


def is_heard_about(case: UseCase) -> Verdict:
    """Is the case where a hearing makes sense? The same for everybody."""
    if case.merged_into_id:
        return no(MERGED)
    if case.status == Status.DRAFT:
        return no(_("The proposal has not been submitted yet."))
    if case.status in FINAL:
        return no(_("The proposal is closed. Nobody is heard about it any more."))
    return YES


def can_open(user: Any, case: UseCase) -> Verdict:
    verdict = can_hear(user, case)
    return is_heard_about(case) if verdict else verdict


def party_of(user: Any, hearing: Hearing) -> Party | None:
    """For whom `user` answers: a follow group's member for themselves, else for MED."""
    if hearing.asks_follow_group and Role.FOLLOW_GROUP in roles_in(user, hearing.case.committee_id):
        return Party.FOLLOW_GROUP
    writes = actors(user, hearing.case) & {Actor.SECRETARIAT, Actor.OWNER}
    return Party.MED if hearing.asks_med and writes else None


def can_reply(user: Any, hearing: Hearing) -> Verdict:
    if party_of(user, hearing) is None:
        return no(
            _(
                "The follow group answers for itself. What the employees (MED) answer is written "
                "down by the secretariat or the system owner."
            )
        )
    return YES


def is_answered(hearing: Hearing) -> Verdict:
    if hearing.is_open:
        return YES
    return no(_("The hearing is over, so nobody can answer any more."))


def reads_reply(user: Any, hearing: Hearing, reply: HearingReply) -> bool:
    """One's own at once; those of others when the hearing is closed, so that nobody is led."""
    if reading_level(user, hearing.case) != "full":
        return False
    mine = actors(user, hearing.case)
    if not hearing.is_open or Actor.SECRETARIAT in mine:
        return True
    if reply.party == Party.MED:
        return Actor.OWNER in mine
    return reply.by_id == user.pk
