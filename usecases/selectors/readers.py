"""The people who may read all of a case: those who can be named in its discussion."""

from django.db.models import Q

from committee.models import Membership, User
from usecases.models import UseCase


def readers_of(case: UseCase) -> list[User]:
    """Everybody in the committee now, the proposer and the owner, by name."""
    inside = Membership.objects.active().filter(committee=case.committee_id).values("user")
    own = [pk for pk in (case.proposer_id, case.owner_id) if pk]
    people = User.objects.filter(Q(pk__in=inside) | Q(pk__in=own), is_active=True)
    return list(people.order_by("name", "pk"))
