"""One act on many cases: each is asked for and carried out by itself."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from committee.enums import Role
from committee.models import committees_where
from core.verdicts import NotAllowed, Refused, StaleState
from usecases import policies
from usecases.models import UseCase
from usecases.services.moves import move_case
from usecases.services.texts import save_values

MOST_CASES = 200
MOVES = ("take_up", "park")
FIELDS = ("field", "target_group", "municipality")
ACTS = (*MOVES, *FIELDS)
# So many refusals are told by name.
TOLD = 3


@dataclass
class Result:
    """What was done, and why the rest was not."""

    act: str
    done: list[UseCase] = field(default_factory=list)
    refused: list[tuple[str, str | Promise]] = field(default_factory=list)


def act_on_cases(*, cases: Iterable[int], act: str, by: Any, **facts: Any) -> Result:
    """Do `act` to each case that lets itself be changed; the others are told, none stops another.

    Facts are `reason` and `revisit_on` of a move, or the `value` of a field.
    Raises `NotAllowed` for somebody who prepares no committee, `Refused` for what no case allows.
    """
    if not committees_where(by, {Role.SECRETARIAT}):
        raise NotAllowed(policies.ONLY_SECRETARIAT)
    wanted = list(dict.fromkeys(cases))
    if act not in ACTS or not wanted or len(wanted) > MOST_CASES:
        raise Refused(_("Choose some proposals and what to do with them."), "act")
    found = UseCase.objects.visible_to(by).select_related("committee").in_bulk(wanted)
    result = Result(act)
    for pk in wanted:
        case = found.get(pk)
        if case is None:
            result.refused.append((_("A proposal"), _("It is not there any more.")))
            continue
        try:
            with transaction.atomic():
                result.done.append(_act(case, act, by, facts))
        except (NotAllowed, Refused, StaleState) as refusal:
            result.refused.append((case.number, refusal.reason))
    return result


def _act(case: UseCase, act: str, by: Any, facts: dict[str, Any]) -> UseCase:
    policies.runs(by, case).require()
    if act in MOVES:
        return move_case(case=case, move=act, by=by, **facts)
    value = facts.get("value", "")
    return save_values(case=case, values={act: value}, version=case.version, by=by)


def sentence(result: Result) -> str:
    """What happened, in words: 7 sager er taget op. 2 kunne ikke: AI-2026-003 (…)."""
    words = [_done(result.act, len(result.done))] if result.done else []
    if count := len(result.refused):
        told = "; ".join(
            f"{number} ({str(why).rstrip('.')})" for number, why in result.refused[:TOLD]
        )
        if count > TOLD:
            told += _(" and %(n)s more") % {"n": count - TOLD}
        text = ngettext("%(n)s could not: %(told)s.", "%(n)s could not: %(told)s.", count)
        words.append(text % {"n": count, "told": told})
    return " ".join(words)


def _done(act: str, n: int) -> str:
    if act == "take_up":
        text = ngettext("%(n)s proposal is taken up.", "%(n)s proposals are taken up.", n)
    elif act == "park":
        text = ngettext("%(n)s proposal is parked.", "%(n)s proposals are parked.", n)
    else:
        text = ngettext("%(n)s proposal is changed.", "%(n)s proposals are changed.", n)
    return text % {"n": n}
