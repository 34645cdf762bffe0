"""Verdicts: an answer to "may I?" that carries its reason.

The same sentence stands on the disabled button, on the 403 page and in the audit.
"""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether something is allowed and, when it is not, why, as a sentence for the user."""

    allowed: bool
    reason: str | Promise = ""

    def __bool__(self) -> bool:
        return self.allowed

    def require(self) -> None:
        """Raise `NotAllowed` with the reason unless allowed."""
        if not self.allowed:
            raise NotAllowed(self.reason)


YES = Verdict(allowed=True)


def no(reason: str | Promise) -> Verdict:
    """A refusal with its sentence."""
    return Verdict(allowed=False, reason=reason)


class NotAllowed(Exception):
    """The user may see the thing but not do this to it. Becomes a 403 with the reason."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(str(reason))
        self.reason = reason


class Refused(Exception):
    """The request is understood but its content is not acceptable. Becomes a 422."""

    def __init__(self, reason: str | Promise, field: str = "") -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.field = field


class StaleState(Exception):
    """Somebody else was first, nothing was changed. Becomes a 409 that shows the state."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(str(reason))
        self.reason = reason
