"""What higher apps hang on a use case; this app never knows who they are.

They register in their `AppConfig.ready`. Acts run inside the transaction of the case.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.utils.functional import Promise

from core.verdicts import YES, Verdict

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Line:
    """A line of a panel: what it says, where it leads and how it stands (a look of `status`)."""

    text: str | Promise
    url: str = ""
    word: str | Promise = ""
    look: str = ""


@dataclass(frozen=True)
class Panel:
    """A box beside the case."""

    key: str
    heading: str | Promise
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Keeper:
    """Who keeps a fact that is then not recorded by hand: the sentence, and where to go."""

    reason: str | Promise
    url: str
    link_text: str | Promise = ""


# (case, move, by): after a move of the life cycle was made.
moved: list[Callable[[Any, str, Any], None]] = []
# (case, changed keys of the record, by): a submitted text was changed and frozen anew.
revised: list[Callable[[Any, list[str], Any], None]] = []
# (case, move) -> may the case make this move, as far as a higher app knows?
gates: list[Callable[[Any, str], Verdict]] = []
# (user, case) -> a panel, or None for a reader to whom it says nothing.
panels: list[Callable[[Any, Any], Panel | None]] = []
# (case, fact of the guards) -> whose rows keep that fact, or None when it is recorded by hand.
keepers: list[Callable[[Any, str], Keeper | None]] = []


def on(registry: list[Any]) -> Callable[[F], F]:
    """Add the function to a registry, once."""

    def add(function: F) -> F:
        if function not in registry:
            registry.append(function)
        return function

    return add


def tell(registry: list[Any], *facts: Any) -> None:
    """Call everybody who listens."""
    for listener in registry:
        listener(*facts)


def gates_of(case: Any, move: str) -> Verdict:
    """The first refusal of those who watch over the moves."""
    return next((verdict for gate in gates if not (verdict := gate(case, move))), YES)


def panels_of(user: Any, case: Any) -> list[Panel]:
    """The boxes that `user` may see beside the case, in order of registration."""
    found = (panel(user, case) for panel in panels)
    return [panel for panel in found if panel is not None]


def keeper_of(case: Any, fact: str) -> Keeper | None:
    """Who keeps the fact, so that nobody records it by hand."""
    found = (keeper(case, fact) for keeper in keepers)
    return next((one for one in found if one is not None), None)
