"""Conditions on the case of a scene, brought to any state through the services."""

from typing import Any

from ethics.models import Condition
from ethics.services import conditions
from tests.factories import day
from tests.usecases.scenes import Scene

TEXT = "Logning af opslag er slået til."


def a_condition(scene: Scene, **more: Any) -> Condition:
    """Added by the secretariat, owned by the owner of the use."""
    facts = {
        "text": TEXT,
        "gate": "pilot",
        "owner": scene.owner,
        "due_on": day(40),
        "by": scene.secretary,
    } | more
    return conditions.add_condition(case=scene.fresh(), **facts)


def again(row: Condition) -> Condition:
    """The condition as the database has it."""
    return Condition.objects.select_related("case__committee", "owner").get(pk=row.pk)


def hand_in(row: Condition, **more: Any) -> Condition:
    facts = {"text": "Vi har slået logning til.", "by": row.owner} | more
    conditions.hand_in_evidence(condition=again(row), **facts)
    return again(row)


def verify(row: Condition, by: Any) -> Condition:
    number = row.evidence.count()
    return conditions.verify_condition(condition=again(row), evidence=number, by=by)


def move(row: Condition, name: str, by: Any, **more: Any) -> Condition:
    return conditions.move_condition(condition=again(row), move=name, by=by, **more)
