"""“Det blev besluttet på”: the frozen facts, as their reader may see them."""

from typing import Any

from ethics.models import CaseSnapshot
from ethics.snapshots import is_current, providers
from usecases import policies
from usecases.models import UseCase


def decided_on(case: UseCase) -> CaseSnapshot | None:
    """What the recorded decision rests on: the newest that was frozen before it."""
    rows = CaseSnapshot.objects.filter(case=case).order_by("-number")
    if case.decision_recorded_at is None:
        return None
    return rows.filter(at__lte=case.decision_recorded_at).select_related("by").first()


def snapshot_page(user: Any, case: UseCase) -> dict[str, Any]:
    """Inside: the newest, and whether it still holds. Outside: what was decided on."""
    level = policies.reading_level(user, case)
    decided = decided_on(case)
    if level != "full" and (decided is None or _not_carried_out(case)):
        decided = None
    newest = (
        CaseSnapshot.objects.filter(case=case).order_by("-number").first()
        if level == "full"
        else None
    )
    row = decided or newest
    return {
        "case": case,
        "level": level,
        "row": row,
        "is_decided_on": row is not None and row == decided,
        "newest": newest,
        "is_current": newest is not None and is_current(newest),
        "pieces": _pieces(user, case, row) if row else [],
        "may_take": level == "full" and policies.runs(user, case),
    }


def _not_carried_out(case: UseCase) -> bool:
    """A decision that is recorded and not carried out yet is for the committee alone."""
    recorded = case.decision_recorded_at
    return recorded is None or recorded > case.status_since


def _pieces(user: Any, case: UseCase, row: CaseSnapshot) -> list[dict[str, Any]]:
    """Only pieces that this reader sees something of."""
    frozen = row.pieces
    found = []
    for one in providers:
        lines = list(one.show(user, case, frozen[one.key])) if one.key in frozen else []
        if lines:
            found.append({"key": one.key, "heading": one.heading, "lines": lines})
    return found
