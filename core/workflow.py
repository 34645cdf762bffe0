"""Transition tables and the one conditional UPDATE that carries them out.

A workflow knows states and guards about the object; it knows no user and does no I/O but
the write. Who may do what is the policies' business.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.verdicts import YES, NotAllowed, StaleState, Verdict, no

Guard = Callable[[Any], Verdict]


@dataclass(frozen=True)
class Transition:
    """One arrow: its name, where it may start, where it ends, and what must be true."""

    name: str
    sources: frozenset[str]
    target: str
    label: str | Promise
    guards: tuple[Guard, ...] = ()


def move(name: str, sources: Iterable[str], target: str, label: Any, *guards: Guard) -> Transition:
    """A transition as it is written in a table."""
    return Transition(name, frozenset(sources), target, label, guards)


@dataclass(frozen=True)
class Workflow:
    """A named table of transitions over one field of a model."""

    name: str
    states: Mapping[str, str | Promise]
    transitions: tuple[Transition, ...]
    field: str = "state"
    final: frozenset[str] = frozenset()

    def get(self, name: str) -> Transition:
        """The transition called `name`. Raises `KeyError` when the table has none."""
        for transition in self.transitions:
            if transition.name == name:
                return transition
        raise KeyError(name)

    def check(self, obj: models.Model, name: str) -> Verdict:
        """May the object, as it is now, make this move?"""
        transition = self.get(name)
        if getattr(obj, self.field) not in transition.sources:
            return no(self._wrong_state(obj, transition))
        for guard in transition.guards:
            verdict = guard(obj)
            if not verdict:
                return verdict
        return YES

    def apply(
        self, obj: models.Model, name: str, *, where: dict[str, Any] | None = None, **changes: Any
    ) -> str:
        """Move the object, writing `changes` in the same UPDATE. Returns the old state.

        `where` narrows the UPDATE further (a counter that must not have moved).
        Raises `StaleState` when the state is not (or no longer) one the move may start from,
        `NotAllowed` when a guard refuses.
        """
        transition = self.get(name)
        old = getattr(obj, self.field)
        if old not in transition.sources:
            raise StaleState(self._wrong_state(obj, transition))
        verdict = self.check(obj, name)
        if not verdict:
            raise NotAllowed(verdict.reason)
        values = {self.field: transition.target, **changes}
        manager = type(obj)._default_manager
        if not manager.filter(pk=obj.pk, **{self.field: old}, **(where or {})).update(**values):
            obj.refresh_from_db(fields=[self.field])
            raise StaleState(self._wrong_state(obj, transition))
        for key, value in values.items():
            setattr(obj, key, value)
        return str(old)

    def _wrong_state(self, obj: models.Model, transition: Transition) -> str:
        state = getattr(obj, self.field)
        return _(
            "“%(act)s” is not possible now: the state is “%(state)s”. Nothing was changed."
        ) % {
            "act": transition.label,
            "state": self.states.get(state, state),
        }

    def mermaid(self) -> str:
        """The table as a Mermaid state diagram, in a stable order."""
        lines = ["stateDiagram-v2", f"    [*] --> {next(iter(self.states))}"]
        lines += [
            f"    {source} --> {transition.target}: {transition.name}"
            for transition in self.transitions
            for source in self.states
            if source in transition.sources
        ]
        lines += [f"    {state} --> [*]" for state in self.states if state in self.final]
        return "\n".join(lines) + "\n"


REGISTRY: dict[str, Workflow] = {}


def register(workflow: Workflow) -> Workflow:
    """Make a workflow known to the diagram command and the completeness tests."""
    REGISTRY[workflow.name] = workflow
    return workflow
