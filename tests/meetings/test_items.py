"""The order of the agenda has no holes, and nobody's click is lost or doubled."""

import pytest
from django.utils import timezone, translation
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from core.models import AuditEntry
from core.verdicts import NotAllowed, Refused, StaleState
from meetings.models import AgendaItem, Meeting
from meetings.services.items import add_item, change_item, move_item, order_items, remove_item
from tests.factories import AgendaItemFactory
from tests.meetings.scenes import CLOSED, a_scene, bring_to

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def order(meeting):
    return list(meeting.items.on_agenda().values_list("title", flat=True))


def places(meeting):
    return list(meeting.items.on_agenda().values_list("position", flat=True))


def agenda(count):
    scene = a_scene(items=False)
    scene.items = [
        add_item(meeting=scene.meeting, title=f"P{n}", by=scene.secretary)
        for n in range(1, count + 1)
    ]
    return scene


class AgendaOrder(RuleBasedStateMachine):
    """The agenda behaves like a list, whatever is done to it."""

    @initialize()
    def begin(self):
        self.scene = a_scene(items=False)
        self.expected, self.added = [], 0

    def item(self, data):
        title = data.draw(st.sampled_from(self.expected))
        return AgendaItem.objects.get(meeting=self.scene.meeting, title=title)

    @rule()
    def add(self):
        self.added += 1
        title = f"P{self.added}"
        add_item(meeting=self.scene.meeting, title=title, by=self.scene.secretary)
        self.expected.append(title)

    @rule(data=st.data(), to=st.integers(-2, 9))
    def move(self, data, to):
        if not self.expected:
            return
        item = self.item(data)
        rest = [title for title in self.expected if title != item.title]
        place = max(0, min(to - 1, len(rest)))
        rest.insert(place, item.title)
        self.expected = rest

        assert move_item(item=item, to=to, by=self.scene.secretary) == place + 1

    @rule(data=st.data())
    def remove(self, data):
        if not self.expected:
            return
        item = self.item(data)
        remove_item(item=item, by=self.scene.secretary)
        self.expected.remove(item.title)

    @rule(data=st.data())
    def drag(self, data):
        self.expected = data.draw(st.permutations(self.expected))
        ids = [
            AgendaItem.objects.get(title=t, meeting=self.scene.meeting).pk for t in self.expected
        ]
        order_items(meeting=self.scene.meeting, order=ids, by=self.scene.secretary)

    @invariant()
    def order_is_as_expected_without_holes(self):
        if hasattr(self, "scene"):
            assert order(self.scene.meeting) == self.expected
            assert places(self.scene.meeting) == list(range(1, len(self.expected) + 1))


class TestAgendaOrder(HypothesisTestCase, AgendaOrder.TestCase):
    settings = settings(max_examples=10, stateful_step_count=12, deadline=None)


def test_items_keep_their_id_and_address_when_they_move():
    scene = agenda(3)
    last = scene.items[2]
    before = last.get_absolute_url()

    move_item(item=last, to=1, by=scene.secretary)

    moved = AgendaItem.objects.get(pk=last.pk)
    assert (moved.position, moved.get_absolute_url()) == (1, before)


@pytest.mark.parametrize(
    "change",
    [
        lambda ids, foreign: ids[:-1],
        lambda ids, foreign: [*ids, foreign],
        lambda ids, foreign: [*ids[:-1], foreign],
        lambda ids, foreign: [*ids[:-1], ids[0]],
        lambda ids, foreign: [],
    ],
    ids=["missing", "foreign too", "foreign instead", "twice", "none"],
)
def test_order_must_name_exactly_the_items(change):
    scene = agenda(3)
    foreign = AgendaItemFactory().pk
    ids = [item.pk for item in scene.items]

    with pytest.raises(StaleState, match="The agenda was changed by somebody else"):
        order_items(meeting=scene.meeting, order=change(ids, foreign), by=scene.secretary)

    assert order(scene.meeting) == ["P1", "P2", "P3"]


def test_order_with_an_item_that_was_taken_off_is_stale():
    scene = agenda(3)
    ids = [item.pk for item in scene.items]
    remove_item(item=scene.items[0], by=scene.secretary)

    with pytest.raises(StaleState):
        order_items(meeting=scene.meeting, order=ids, by=scene.secretary)


def test_moving_nowhere_is_no_act():
    scene = agenda(2)
    before = AuditEntry.objects.count()

    assert move_item(item=scene.items[0], to=0, by=scene.secretary) == 1
    order_items(meeting=scene.meeting, order=[item.pk for item in scene.items], by=scene.secretary)

    assert AuditEntry.objects.count() == before


def test_removed_item_can_neither_move_nor_go_again_nor_change():
    scene = agenda(2)
    mine = AgendaItem.objects.get(pk=scene.items[0].pk)
    remove_item(item=scene.items[0], by=scene.secretary)

    with pytest.raises(StaleState, match="taken off"):
        move_item(item=mine, to=2, by=scene.secretary)
    with pytest.raises(StaleState, match="already been taken off"):
        remove_item(item=mine, by=scene.secretary)
    with pytest.raises(StaleState):
        change_item(item=mine, version=mine.version, title="Ny", by=scene.secretary)

    assert order(scene.meeting) == ["P2"]


def test_removed_item_keeps_its_row_texts_and_history():
    scene = a_scene()

    remove_item(item=scene.opened, by=scene.secretary)

    gone = AgendaItem.objects.get(pk=scene.opened.pk)
    assert (gone.texts.get(key="summary").text, gone.released) == ("Åbent resumé", False)
    assert gone.removed_at <= timezone.now()


def test_change_of_an_old_version_is_stale():
    scene = agenda(1)
    item = scene.items[0]
    change_item(item=item, version=1, title="Ny", by=scene.secretary)

    with pytest.raises(StaleState, match="Somebody else changed the item"):
        change_item(item=item, version=1, title="Min", by=scene.secretary)

    assert AgendaItem.objects.get(pk=item.pk).title == "Ny"


@pytest.mark.parametrize(
    ("missing", "field"),
    [
        ({"title": " "}, "title"),
        ({"closing_ground": ""}, "closing_ground"),
        ({"closing_reason": " "}, "closing_reason"),
        ({"public_title": ""}, "public_title"),
        ({"public_title": "Lukket punkt"}, "public_title"),
    ],
)
@pytest.mark.parametrize("way", ["add", "change"])
def test_closed_item_needs_its_reasons(way, missing, field):
    scene = agenda(1)
    fields = {"title": "Hemmeligt", **CLOSED, **missing}

    def act():
        if way == "add":
            add_item(meeting=scene.meeting, by=scene.secretary, **fields)
        else:
            change_item(item=scene.items[0], version=1, by=scene.secretary, **fields)

    with pytest.raises(Refused) as refusal:
        act()

    assert refusal.value.field == field
    assert order(scene.meeting) == ["P1"]


def test_opened_item_forgets_its_reasons():
    scene = a_scene()

    change_item(item=scene.closed, version=1, access="open", by=scene.secretary)

    item = AgendaItem.objects.get(pk=scene.closed.pk)
    assert (item.closing_ground, item.closing_reason, item.public_title) == ("", "", "")
    facts = AuditEntry.objects.filter(verb="meetings.change_item").last().data
    assert (facts["access_was"], facts["access"]) == ("closed", "open")


@pytest.mark.parametrize("state", ["approval", "locked", "published", "cancelled"])
def test_agenda_of_a_finished_meeting_stays(state):
    scene = bring_to(a_scene(), state)
    item = AgendaItem.objects.get(pk=scene.opened.pk)

    for act in (
        lambda: add_item(meeting=scene.fresh(), title="Ny", by=scene.secretary),
        lambda: move_item(item=item, to=2, by=scene.secretary),
        lambda: remove_item(item=item, by=scene.secretary),
        lambda: change_item(item=item, version=item.version, title="x", by=scene.secretary),
        lambda: order_items(meeting=scene.fresh(), order=[], by=scene.secretary),
    ):
        with pytest.raises(NotAllowed):
            act()

    assert order(scene.meeting) == ["Åbent punkt", "HEMMELIGTITEL"]


def test_every_act_is_one_row():
    scene = agenda(2)
    before = AuditEntry.objects.count()

    move_item(item=scene.items[0], to=2, by=scene.secretary)
    remove_item(item=scene.items[1], by=scene.secretary)

    verbs = list(AuditEntry.objects.order_by("seq").values_list("verb", flat=True))[before:]
    assert verbs == ["meetings.move_item", "meetings.remove_item"]


def test_protocol_holds_no_heading():
    scene = a_scene()
    change_item(item=scene.closed, version=1, title="HEMMELIGERE", by=scene.secretary)

    assert "HEMMELIG" not in str(list(AuditEntry.objects.values_list("data", flat=True)))


def test_items_added_at_the_same_time_get_a_place_each(run_together):
    scene = agenda(1)

    def add():
        meeting = Meeting.objects.get(pk=scene.meeting.pk)
        return add_item(meeting=meeting, title="Ny", by=scene.secretary).position

    assert sorted(run_together(add, add, add)) == [2, 3, 4]


def test_items_moved_at_the_same_time_leave_no_hole(run_together):
    scene = agenda(5)

    def move(index, to):
        item = AgendaItem.objects.select_related("meeting").get(pk=scene.items[index].pk)
        return lambda: move_item(item=item, to=to, by=scene.secretary)

    answers = run_together(move(0, 5), move(4, 1), move(2, 4))

    assert all(isinstance(answer, int) for answer in answers)
    assert places(scene.meeting) == [1, 2, 3, 4, 5]
