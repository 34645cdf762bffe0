"""The demo's logins for the login page; an installation without demo data has none."""

from dataclasses import dataclass

from committee.models import User
from demo.committee import FICTIONAL

# One per role, in the order one wants to try them.
USERNAMES = (
    "sekretariat", "formand", "medlem", "borgermedlem", "foelgegruppe", "bedoemmer", "systemejer",
    "raadslaeser", "admin",
)  # fmt: skip


@dataclass(frozen=True)
class Login:
    """A name to type, and what one is then."""

    username: str
    role: str


def logins() -> list[Login]:
    """The demo's people, known by the words that say they are made up."""
    people = User.objects.filter(username__in=USERNAMES, title=FICTIONAL, is_active=True)
    found = {person.username: person for person in people.prefetch_related("memberships")}
    return [Login(name, _role(found[name])) for name in USERNAMES if name in found]


def _role(person: User) -> str:
    roles = [str(row.get_role_display()) for row in person.memberships.all()]
    return ", ".join([person.name, *roles]) if roles else person.name
