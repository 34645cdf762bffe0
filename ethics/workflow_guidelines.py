"""The tables of guidelines, amendments, dilemmas and hearings. No users here."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.verdicts import YES, Verdict, no
from core.workflow import Transition, Workflow, register
from ethics.enums.guidelines import AmendmentState, DilemmaState, VersionState
from ethics.enums.hearings import HearingState


def has_sections(version: Any) -> Verdict:
    """A version is adopted whole: it has sections, and each of them says something."""
    sections = list(version.sections.filter(removed=False))
    if not sections:
        return no(_("There are no sections to adopt yet."))
    empty = next((one for one in sections if not one.text), None)
    if empty:
        words = {"number": empty.number}
        return no(_("Section %(number)s has no text yet. Write it or remove it.") % words)
    return YES


def has_stance(dilemma: Any) -> Verdict:
    return YES if dilemma.stance else no(_("Write where the committee stands."))


def says_what_it_showed(hearing: Any) -> Verdict:
    if hearing.summary and hearing.account:
        return YES
    return no(_("Write what the hearing showed and how it was taken into account."))


def has_reason(hearing: Any) -> Verdict:
    return YES if hearing.reason else no(_("Write the reason."))


def move(name: str, source: str, target: str, label: Any, *guards: Any) -> Transition:
    return Transition(name, frozenset({source}), target, label, guards)


V, A, D, H = VersionState, AmendmentState, DilemmaState, HearingState

VERSION = register(
    Workflow(
        name="guideline_version",
        states=dict(V.choices),
        final=frozenset({V.SUPERSEDED}),
        transitions=(
            move("adopt", V.DRAFT, V.ADOPTED, _("Adopt"), has_sections),
            move("supersede", V.ADOPTED, V.SUPERSEDED, _("Replace")),
        ),
    )
)
AMENDMENT = register(
    Workflow(
        name="amendment",
        states=dict(A.choices),
        final=frozenset({A.ACCEPTED, A.DECLINED, A.WITHDRAWN}),
        transitions=(
            move("accept", A.OPEN, A.ACCEPTED, _("Accept")),
            move("decline", A.OPEN, A.DECLINED, _("Decline")),
            move("withdraw", A.OPEN, A.WITHDRAWN, _("Take back")),
        ),
    )
)
DILEMMA = register(
    Workflow(
        name="dilemma",
        states=dict(D.choices),
        transitions=(
            move("settle", D.OPEN, D.SETTLED, _("Settle"), has_stance),
            move("reopen", D.SETTLED, D.OPEN, _("Discuss again")),
        ),
    )
)
HEARING = register(
    Workflow(
        name="hearing",
        states=dict(H.choices),
        final=frozenset({H.CLOSED, H.CANCELLED}),
        transitions=(
            move("close", H.OPEN, H.CLOSED, _("Close the hearing"), says_what_it_showed),
            move("cancel", H.OPEN, H.CANCELLED, _("Call the hearing off"), has_reason),
        ),
    )
)
