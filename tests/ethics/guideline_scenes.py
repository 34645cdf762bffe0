"""A committee with a guideline of two sections, through the services."""

from dataclasses import dataclass

from committee.enums import Role
from committee.models import Committee, User
from ethics.models import Amendment, Guideline, GuidelineEdition, GuidelineSection
from ethics.selectors.guidelines import work_page
from ethics.services.amendments import mark_of, propose_amendment
from ethics.services.guidelines import (
    Decided,
    add_section,
    adopt,
    create_guideline,
    current_version,
    draft_hash,
)
from tests.factories import CommitteeFactory, day, person

TEXT = "En medarbejder afgør altid sagen. Borgeren får besked."


@dataclass
class Scene:
    committee: Committee
    secretary: User
    second: User
    chair: User
    member: User
    other_member: User
    follower: User
    outsider: User
    guideline: Guideline

    def section(self, number: int = 1) -> GuidelineSection:
        return current_version(self.guideline).sections.get(number=number)

    def page(self) -> dict:
        return work_page(self.secretary, self.guideline)


def a_scene(**fields) -> Scene:
    committee = CommitteeFactory(**fields)
    secretary = person(committee, Role.SECRETARIAT, name="Sekretær")
    guideline = create_guideline(committee=committee, title="Etiske retningslinjer", by=secretary)
    for heading, text in (("Menneskelig kontrol", TEXT), ("Åbenhed", "Vi siger, når det er AI.")):
        add_section(guideline=guideline, heading=heading, text=text, by=secretary)
    return Scene(
        committee=committee,
        secretary=secretary,
        second=person(committee, Role.SECRETARIAT, name="Sekretær B"),
        chair=person(committee, Role.CHAIR, name="Formand"),
        member=person(committee, Role.MEMBER, name="Medlem"),
        other_member=person(committee, Role.MEMBER, name="Medlem B"),
        follower=person(committee, Role.FOLLOW_GROUP, name="Følgegruppe"),
        outsider=person(None, name="Ansat"),
        guideline=guideline,
    )


def decided(**fields) -> Decided:
    return Decided(**{"meeting": "3. møde", "on": day(-1), "item": "2", **fields})


def adopted(scene: Scene, by: User | None = None) -> GuidelineEdition:
    draft = current_version(scene.guideline)
    return adopt(
        guideline=scene.guideline,
        decided=decided(),
        expected=draft_hash(draft),
        by=by or scene.secretary,
    )


def proposed(
    scene: Scene, text: str, by: User | None = None, number: int = 1, reason: str = "Fordi."
) -> Amendment:
    return propose_amendment(
        guideline=scene.guideline,
        number=number,
        text=text,
        reason=reason,
        seen=mark_of(scene.section(number).text),
        by=by or scene.member,
    )
