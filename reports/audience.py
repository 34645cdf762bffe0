"""Through whose eyes a report is gathered."""

from committee.enums import Role
from committee.models import Committee, User

# No person has it, so that nothing anywhere is "one's own" to these eyes.
NOBODY = 0


def council_eyes(committee: Committee) -> User:
    """An unsaved person who reads what a council reader of the committee reads, and no more.

    What a report holds goes through the same access rule as pages do, with these eyes.
    """
    eyes = User(pk=NOBODY, name="Council", email="council@invalid", username="council")
    eyes.roles = {committee.pk: frozenset({Role.COUNCIL_READER})}
    return eyes
