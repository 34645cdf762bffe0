"""The demo's guidelines and dilemmas, made through the services only."""

from pathlib import Path
from typing import Any

import yaml

from committee.models import Committee, User
from ethics.models import Dilemma, Guideline
from ethics.selectors.dilemmas import body_hash
from ethics.services.amendments import mark_of, propose_amendment
from ethics.services.dilemmas import add_argument, create_dilemma, publish_dilemma
from ethics.services.guidelines import (
    Decided,
    add_section,
    adopt,
    create_guideline,
    current_version,
    draft_hash,
)
from meetings.models import Meeting

CONTENT = Path(__file__).parent / "content" / "guidelines.yaml"


def seed_guidelines(committee: Committee) -> list[Guideline]:
    """Guidelines, what members want changed in them, and dilemmas, after the meetings.

    A guideline is adopted when the meeting that adopted it has been held in this stage.
    """
    plan = yaml.safe_load(CONTENT.read_text(encoding="utf-8"))
    by = User.objects.get(username="sekretariat")
    found = {entry["title"]: _guideline(committee, entry, by) for entry in plan["guidelines"]}
    for entry in plan["dilemmas"]:
        _dilemma(committee, entry, found, by)
    return list(found.values())


def _guideline(committee: Committee, plan: dict[str, Any], by: User) -> Guideline:
    row = create_guideline(committee=committee, title=plan["title"], by=by)
    for section in plan["sections"]:
        add_section(guideline=row, heading=section["heading"], text=section["text"], by=by)
    meeting = _held(committee, plan.get("adopted_at"))
    if meeting is not None:
        decided = Decided(
            meeting=meeting.title,
            on=meeting.starts_at.date(),
            item=plan["item"],
            link=meeting.get_absolute_url(),
        )
        expected = draft_hash(current_version(row))
        adopt(guideline=row, decided=decided, expected=expected, by=by)
    for wish in plan.get("amendments", []):
        _amendment(row, wish)
    return row


def _held(committee: Committee, number: int | None) -> Meeting | None:
    if number is None:
        return None
    rows = Meeting.objects.filter(committee=committee, number=number).exclude(
        state__in=["draft", "read_through", "issued", "cancelled", "in_session"]
    )
    return rows.first()


def _amendment(guideline: Guideline, plan: dict[str, Any]) -> None:
    section = current_version(guideline).sections.get(number=plan["section"])
    propose_amendment(
        guideline=guideline,
        number=section.number,
        text=section.text.replace(*plan["replace"]),
        reason=plan["reason"],
        seen=mark_of(section.text),
        by=User.objects.get(username=plan["by"]),
    )


def _dilemma(
    committee: Committee, plan: dict[str, Any], guidelines: dict[str, Guideline], by: User
) -> None:
    title, section = plan["section"]
    row = create_dilemma(
        committee=committee,
        title=plan["title"],
        situation=plan["situation"],
        guideline=guidelines[title],
        section=section,
        by=by,
    )
    for side in ("for", "against"):
        for text in plan[side]:
            add_argument(dilemma=row, side=side, text=text, source=plan["source"], by=by)
    if plan.get("publish"):
        fresh = Dilemma.objects.get(pk=row.pk)
        publish_dilemma(dilemma=fresh, expected=body_hash(fresh), by=by)
