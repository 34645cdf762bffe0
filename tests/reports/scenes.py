"""A committee with a meeting held, uses of AI, and a report brought to any state."""

from dataclasses import dataclass
from typing import Any

from committee.enums import Role
from committee.models import User
from ethics.models import Condition
from meetings.models import Meeting
from reports.models import Report
from reports.services import reports as services
from reports.services.sending import add_recipient, send_report
from reports.services.texts import save_texts
from tests.factories import DeliverableFactory, day, days, person
from tests.meetings import scenes as meetings
from usecases.models import StatusChange, UseCase

ROAD = ["draft", "approval", "frozen", "sent", "public"]


@dataclass
class Scene:
    """Everybody a test speaks of, and the report."""

    held: meetings.Scene
    reader: User
    report: Report

    @property
    def committee(self) -> Any:
        return self.held.committee

    @property
    def secretary(self) -> User:
        return self.held.secretary

    @property
    def chair(self) -> User:
        return self.held.chair

    def fresh(self) -> Report:
        return Report.objects.select_related("committee__municipality", "previous").get(
            pk=self.report.pk
        )


def a_case(committee: Any, number: int, status: str, *, ago: int = 10, **fields: Any) -> UseCase:
    """A use that was submitted before the period and moved to `status` `ago` days ago."""
    case = UseCase.objects.create(
        committee=committee,
        title=f"Anvendelse {number}",
        reference=f"AI-2026-{number:03d}",
        status=status,
        submitted_at=days(-80),
        **fields,
    )
    if status != "submitted":
        StatusChange.objects.create(
            case=case, move="test", old="submitted", new=status, at=days(-ago)
        )
    return case


def a_condition(case: UseCase, number: int, owner: User, **fields: Any) -> Condition:
    facts: dict[str, Any] = {
        "text": f"Vilkår {number}",
        "gate": "pilot",
        "due_on": day(20),
        "state": "in_force",
        "in_force_at": days(-20),
    }
    return Condition.objects.create(case=case, number=number, owner=owner, **(facts | fields))


def a_scene(*, meeting: str = "published", period: tuple[int, int] = (-40, 0)) -> Scene:
    """A report over a period with one meeting held (or none) and a handful of uses."""
    held = meetings.a_scene()
    if meeting:
        meetings.bring_to(held, meeting)
        Meeting.objects.filter(pk=held.meeting.pk).update(starts_at=days(-5), ends_at=days(-4))
    reader = person(held.committee, Role.COUNCIL_READER, name="Kommunalbestyrelse")
    DeliverableFactory(terms=held.committee.terms.first(), title="En samlet ambition")
    a_case(held.committee, 1, "pilot", answers={"baseline": "18 timer", "goal": "6 timer"})
    a_case(held.committee, 2, "rejected", answers={"price_of_no": "Borgere venter længere."})
    a_case(held.committee, 3, "submitted")
    report = services.open_report(
        committee=held.committee,
        recipient_name="Økonomiudvalget",
        period_from=day(period[0]),
        period_to=day(period[1]),
        due_on=day(10),
        meets_on=day(20),
        by=held.secretary,
    )
    return Scene(held, reader, report)


def write(scene: Scene, **texts: str) -> None:
    facts = {"headline": "Det går fremad", "foreword": "Tre opgaver er i gang."} | texts
    report = scene.fresh()
    conflicts = save_texts(report=report, texts=facts, version=report.version, by=scene.secretary)
    assert conflicts == []


def approve(scene: Scene, by: User) -> None:
    services.approve(report=scene.fresh(), sha256=scene.fresh().sha256, by=by)


def _to_approval(scene: Scene) -> None:
    write(scene)
    services.send_to_approval(report=scene.fresh(), by=scene.secretary)


def _freeze(scene: Scene) -> None:
    approve(scene, scene.secretary)
    approve(scene, scene.chair)
    services.freeze(report=scene.fresh(), by=scene.secretary)


def _send(scene: Scene) -> None:
    if not scene.report.recipients.exists():
        add_recipient(
            report=scene.fresh(), name="Læser", email="laeser@example.dk", by=scene.secretary
        )
    send_report(report=scene.fresh(), by=scene.secretary)


def _publish(scene: Scene) -> None:
    """As if everything that it tells of were public."""
    Report.objects.filter(pk=scene.report.pk).update(is_public=True)


STEPS = {"approval": _to_approval, "frozen": _freeze, "sent": _send, "public": _publish}


def bring_to(scene: Scene, state: str) -> Scene:
    for step in ROAD[1 : ROAD.index(state) + 1]:
        STEPS[step](scene)
    return scene


def section(report: Report, key: str) -> dict[str, Any]:
    return next(part for part in report.content["sections"] if part["key"] == key)


def rows(report: Report, key: str, block: str) -> list[list[str]]:
    """The texts of a table's cells."""
    found = next(one for one in section(report, key)["blocks"] if one.get("key") == block)
    return [[cell["text"] for cell in row["cells"]] for row in found["rows"]]


def words(report: Report, key: str) -> str:
    return " ".join(one["text"] for one in section(report, key)["blocks"] if one["kind"] == "words")
