"""The one shape that pages, PDFs and the record are made from."""

from datetime import timedelta

import pytest
from django.utils import translation

from committee.enums import Role
from committee.models import SeatGroup
from core.canonical import canonical_json
from meetings.models import AgendaItem, Meeting
from meetings.selectors.seats import seated_members
from meetings.selectors.snapshot import live_snapshot
from meetings.services.items import remove_item
from tests.factories import MembershipFactory, SeatGroupFactory, day, person
from tests.meetings.scenes import a_scene, attach, bring_to, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


SHAPE = {
    "": {"schema", "municipality", "committee", "meeting", "version", "attendance", "changes",
         "items", "unplaced"},
    "committee": {"slug", "name", "full_name"},
    "meeting": {"id", "number", "title", "kind", "starts_at", "ends_at", "place", "online_link",
                "chair", "template", "rule_profile"},
    "version": {"kind", "number", "issued_at", "issued_by", "note"},
    "item": {"id", "number", "kind", "access", "title", "public_title", "closing", "case_id",
             "presenter", "minutes", "change", "sections", "decision", "public_decision",
             "attachments"},
    "attachment": {"id", "number", "title", "access", "filename", "media_type", "size", "pages",
                   "sha256"},
}  # fmt: skip


def test_shape_is_the_agreed_one():
    scene = a_scene()
    attach(scene, scene.opened)

    snapshot = live_snapshot(scene.fresh(), "agenda")

    parts = {
        "": snapshot,
        "committee": snapshot["committee"],
        "meeting": snapshot["meeting"],
        "version": snapshot["version"],
        "attachment": snapshot["items"][0]["attachments"][0],
    }
    assert {name: set(part) for name, part in parts.items()} == {
        name: keys for name, keys in SHAPE.items() if name != "item"
    }
    assert set(snapshot["items"][0]) >= SHAPE["item"]
    rules = snapshot["meeting"]["rule_profile"]
    assert set(rules) == {"label", "summary", "quorum_needed", "seats"}


def test_same_meeting_is_the_same_bytes():
    scene = a_scene()

    one, other = (canonical_json(live_snapshot(scene.fresh(), "agenda")) for _time in range(2))

    assert one == other


def test_times_are_danish_with_their_offset():
    scene = a_scene()
    start = scene.meeting.starts_at.replace(year=2026, month=7, day=1)
    Meeting.objects.filter(pk=scene.meeting.pk).update(
        starts_at=start, ends_at=start + timedelta(hours=3)
    )

    starts = live_snapshot(scene.fresh(), "agenda")["meeting"]["starts_at"]

    assert starts.startswith("2026-07-01T")
    assert starts.endswith("+02:00")


def test_items_stand_in_order_without_those_taken_off():
    scene = a_scene()
    remove_item(item=scene.opened, by=scene.secretary)

    items = live_snapshot(scene.fresh(), "agenda")["items"]

    assert [(item["id"], item["number"]) for item in items] == [(scene.closed.pk, 1)]


def test_attachments_are_numbered_by_place():
    scene = a_scene()
    for title in ("Et", "To"):
        attach(scene, scene.closed, title)

    item = live_snapshot(scene.fresh(), "agenda")["items"][1]

    assert [(a["number"], a["title"]) for a in item["attachments"]] == [
        ("2.1", "Et"),
        ("2.2", "To"),
    ]


def test_sections_stand_in_the_order_of_the_template():
    scene = a_scene()
    write(scene, scene.opened, background="Baggrund")

    sections = live_snapshot(scene.fresh(), "agenda")["items"][0]["sections"]

    assert [s["key"] for s in sections] == [s.key for s in scene.meeting.template.sections]
    assert {s["key"]: s["text"] for s in sections if s["text"]} == {
        "summary": "Åbent resumé", "background": "Baggrund",
    }  # fmt: skip


def test_closing_is_told_for_closed_items_only():
    items = live_snapshot(a_scene().fresh(), "agenda")["items"]

    assert items[0]["closing"] is None
    assert items[1]["closing"] == {
        "ground": "Offentlighedslovens § 30, nr. 2", "reason": "HEMMELIGGRUND",
    }  # fmt: skip
    assert items[0]["public_title"] == items[0]["title"]


@pytest.mark.parametrize(("kind", "shown"), [("agenda", False), ("minutes", True)])
def test_decisions_are_in_minutes_only(kind, shown):
    scene = bring_to(a_scene(), "approval")

    snapshot = live_snapshot(scene.fresh(), kind)

    assert [bool(item["decision"]) for item in snapshot["items"]] == [shown, shown]
    assert bool(snapshot["items"][1]["public_decision"]) is shown
    assert bool(snapshot["attendance"]) is shown


def test_leaders_come_first_then_the_council_then_citizens():
    scene = a_scene()
    SeatGroup.objects.all().delete()
    terms = scene.meeting.rule_profile.terms
    council = SeatGroupFactory(terms=terms, kind="council")
    citizens = SeatGroupFactory(terms=terms, kind="citizen")
    vice = person(scene.committee, Role.VICE_CHAIR, Role.MEMBER, name="Å Næstformand")
    for name, group in (("A Borger", citizens), ("Z Politiker", council), ("B Politiker", council)):
        user = person(None, name=name)
        MembershipFactory(user=user, committee=scene.committee, seat_group=group)

    seats = seated_members(scene.fresh())

    names = [seat.user.name for seat in seats]
    assert names[:2] == ["Formand", "Å Næstformand"]
    assert names.index("B Politiker") < names.index("Z Politiker") < names.index("A Borger")
    assert [seat.role for seat in seats if seat.user == vice] == [Role.VICE_CHAIR]
    assert scene.secretary.name not in names


def test_seats_are_those_of_the_day_of_the_meeting():
    scene = a_scene()
    MembershipFactory(
        user=person(None, name="Tidligere"), committee=scene.committee, valid_to=day(13)
    )
    MembershipFactory(user=person(None, name="Ny"), committee=scene.committee, valid_from=day(14))

    names = {seat.user.name for seat in seated_members(scene.fresh())}

    assert ("Ny" in names, "Tidligere" in names) == (True, False)


def test_item_str_is_what_anybody_may_see():
    scene = a_scene()

    assert str(AgendaItem.objects.get(pk=scene.closed.pk)) == "2. Udbud af et fagsystem"
