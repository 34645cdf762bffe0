"""Who was in the room for what, and what a body can do with those who are there."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from hypothesis import given, settings
from hypothesis import strategies as st

from core.verdicts import NotAllowed, Refused, StaleState
from meetings.models import Meeting, Presence
from meetings.selectors.presence import Rolls
from meetings.services.disqualification import declare_disqualified
from meetings.services.holding import move_meeting, record_decision
from meetings.services.presence import (
    come,
    complete_step,
    finish_item,
    leave,
    record_attendance,
    take_up,
)
from tests.meetings.scenes import a_scene, attend, bring_to

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def scene():
    """In session, everybody there, since an hour ago."""
    scene = bring_to(a_scene(), "in_session")
    began = timezone.now() - timedelta(hours=1)
    Meeting.objects.filter(pk=scene.meeting.pk).update(held_from=began)
    scene.meeting.refresh_from_db()
    attend(scene)
    return scene


def ago(minutes):
    return timezone.now() - timedelta(minutes=minutes)


def on(scene, item):
    """The item with the meeting as it stands."""
    item.meeting = scene.meeting
    return item


def here(scene, item):
    names = {scene.chair.pk: "chair", scene.member.pk: "member", scene.recused.pk: "recused"}
    return {names[seat.member_id] for seat in Rolls(scene.fresh()).of(item).present}


def adopt(scene, item):
    return record_decision(
        item=on(scene, item), outcome="adopted", texts={}, versions={}, by=scene.secretary
    )


def test_roll_call_puts_those_present_in_the_room_from_the_beginning(scene):
    assert here(scene, scene.opened) == {"chair", "member", "recused"}
    assert set(Presence.objects.values_list("came_at", flat=True)) == {scene.meeting.held_from}


def test_attendance_is_counted_for_each_item(scene):
    take_up(item=on(scene, scene.opened), by=scene.secretary)
    leave(meeting=scene.meeting, member_id=scene.member.pk, at=None, by=scene.secretary)
    take_up(item=on(scene, scene.closed), by=scene.secretary)
    come(meeting=scene.meeting, member_id=scene.member.pk, at=None, by=scene.secretary)

    assert here(scene, scene.opened) == {"chair", "recused"}
    assert here(scene, scene.closed) == {"chair", "member", "recused"}


def test_member_who_left_before_an_item_is_not_there_for_it(scene):
    leave(meeting=scene.meeting, member_id=scene.member.pk, at=ago(20), by=scene.secretary)
    take_up(item=on(scene, scene.opened), by=scene.secretary)

    assert here(scene, scene.opened) == {"chair", "recused"}


def test_disqualified_member_does_not_count_for_that_item(scene):
    declare_disqualified(
        item=on(scene, scene.closed), member=scene.recused, grounds="Ansat", by=scene.recused
    )

    assert here(scene, scene.closed) == {"chair", "member"}
    assert here(scene, scene.opened) == {"chair", "member", "recused"}


def test_decision_without_quorum_is_refused_with_the_rule(scene):
    for person in (scene.member, scene.recused):
        leave(meeting=scene.meeting, member_id=person.pk, at=None, by=scene.secretary)

    with pytest.raises(Refused) as refusal:
        adopt(scene, scene.opened)

    assert "1 of 3 are present and may take part in item 1; 2 are needed" in str(
        refusal.value.reason
    )
    assert "§ 11" in str(refusal.value.reason)
    scene.opened.refresh_from_db()
    assert scene.opened.outcome == ""


def test_discussion_needs_no_quorum(scene):
    for person in (scene.member, scene.recused):
        leave(meeting=scene.meeting, member_id=person.pk, at=None, by=scene.secretary)

    record_decision(
        item=on(scene, scene.opened),
        outcome="discussed",
        texts={},
        versions={},
        by=scene.secretary,
    )

    scene.opened.refresh_from_db()
    assert scene.opened.outcome == "discussed"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(61, "before the meeting began"), (-30, "has not come yet"), (30, "already in the room")],
)
def test_time_outside_the_meeting_or_inside_a_stay_is_refused(scene, minutes, words):
    leave(meeting=scene.meeting, member_id=scene.member.pk, at=ago(10), by=scene.secretary)

    with pytest.raises(Refused, match=words):
        come(
            meeting=scene.meeting,
            member_id=scene.member.pk,
            at=ago(minutes),
            by=scene.secretary,
        )

    assert Presence.objects.filter(member=scene.member).count() == 1


def test_member_cannot_leave_before_they_came(scene):
    leave(meeting=scene.meeting, member_id=scene.member.pk, at=ago(30), by=scene.secretary)
    come(meeting=scene.meeting, member_id=scene.member.pk, at=ago(10), by=scene.secretary)

    with pytest.raises(Refused, match="cannot leave before"):
        leave(meeting=scene.meeting, member_id=scene.member.pk, at=ago(20), by=scene.secretary)


def test_coming_twice_and_leaving_twice_is_stale(scene):
    with pytest.raises(StaleState, match="already in the room"):
        come(meeting=scene.meeting, member_id=scene.member.pk, at=None, by=scene.secretary)
    leave(meeting=scene.meeting, member_id=scene.member.pk, at=None, by=scene.secretary)
    with pytest.raises(StaleState, match="not in the room"):
        leave(meeting=scene.meeting, member_id=scene.member.pk, at=None, by=scene.secretary)


def test_someone_who_is_no_member_cannot_come(scene):
    with pytest.raises(Refused, match="members only"):
        come(meeting=scene.meeting, member_id=scene.outsider.pk, at=None, by=scene.secretary)


def test_substitute_is_refused_where_the_rules_have_none(scene):
    with pytest.raises(Refused, match="stedfortrædere"):
        record_attendance(
            meeting=scene.meeting,
            statuses={scene.member.pk: ("substitute", "")},
            by=scene.secretary,
        )


def test_one_item_is_on_the_table_at_a_time(scene):
    first = take_up(item=on(scene, scene.opened), by=scene.chair)
    take_up(item=on(scene, scene.closed), by=scene.secretary)

    first.refresh_from_db()
    assert first.ended_at is not None
    with pytest.raises(StaleState):
        finish_item(item=on(scene, scene.opened), by=scene.secretary)
    with pytest.raises(StaleState):
        take_up(item=on(scene, scene.closed), by=scene.secretary)
    finish_item(item=on(scene, scene.closed), by=scene.secretary)
    assert scene.meeting.sittings.filter(ended_at__isnull=True).count() == 0


def test_member_cannot_run_the_session(scene):
    with pytest.raises(NotAllowed):
        take_up(item=on(scene, scene.opened), by=scene.member)


def test_end_sends_everybody_home_and_resume_takes_them_back(scene):
    leave(meeting=scene.meeting, member_id=scene.member.pk, at=ago(5), by=scene.secretary)
    take_up(item=on(scene, scene.opened), by=scene.secretary)

    move_meeting(meeting=scene.meeting, move="end", by=scene.secretary)
    assert Presence.objects.filter(left_at__isnull=True).count() == 0
    assert scene.meeting.sittings.filter(ended_at__isnull=True).count() == 0
    move_meeting(meeting=scene.meeting, move="resume", by=scene.secretary)

    still = Presence.objects.filter(left_at__isnull=True).values_list("member", flat=True)
    assert set(still) == {scene.chair.pk, scene.recused.pk}


def test_opening_steps_come_in_their_order(scene):
    with pytest.raises(Refused, match="in their order"):
        complete_step(meeting=scene.meeting, step="agenda", by=scene.secretary)
    for step in ("roll_call", "agenda", "impartiality"):
        complete_step(meeting=scene.meeting, step=step, by=scene.secretary)

    assert list(scene.fresh().opening) == ["roll_call", "agenda", "impartiality"]
    with pytest.raises(StaleState, match="already done"):
        complete_step(meeting=scene.meeting, step="agenda", by=scene.secretary)


def test_database_knows_one_open_stay_per_member(scene):
    with pytest.raises(IntegrityError), transaction.atomic():
        Presence.objects.create(meeting=scene.meeting, member=scene.member, came_at=timezone.now())


def test_minutes_say_who_came_late_and_who_was_away(scene):
    take_up(item=on(scene, scene.opened), by=scene.secretary)
    leave(meeting=scene.meeting, member_id=scene.member.pk, at=None, by=scene.secretary)
    take_up(item=on(scene, scene.closed), by=scene.secretary)
    from meetings.selectors.snapshot import live_snapshot

    snapshot = live_snapshot(scene.fresh(), "minutes")

    left = timezone.localtime(Presence.objects.get(member=scene.member).left_at)
    times = {row["name"]: row["times"] for row in snapshot["attendance"]}
    assert times == {"Formand": "", "Medlem": f"left at {left:%H.%M}", "Inhabilt medlem": ""}
    lines = ["2 of 3 took part. The committee could decide.", "Not in the room: Medlem."]
    assert snapshot["items"][1]["attendance"] == {
        "present": 2,
        "seats": 3,
        "needed": 2,
        "is_quorate": True,
        "lines": lines,
        "public_lines": lines,
    }


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["member", "recused", "chair"]), st.booleans())))
def test_room_follows_a_small_model(acts):
    """Whatever comes and goes: those in the room are those whose last act was to come."""
    with transaction.atomic(), translation.override("en"):
        scene = bring_to(a_scene(), "in_session")
        attend(scene)
        model = {"member", "recused", "chair"}
        for who, arrives in acts:
            act = come if arrives else leave
            try:
                act(
                    meeting=scene.meeting,
                    member_id=getattr(scene, who).pk,
                    at=None,
                    by=scene.secretary,
                )
                assert (who in model) != arrives
                model = model | {who} if arrives else model - {who}
            except StaleState:
                assert (who in model) == arrives
        roll = Rolls(scene.fresh()).of(scene.opened)
        assert here(scene, scene.opened) == model
        assert roll.is_quorate == (len(model) >= 2)
        transaction.set_rollback(True)


def test_live_page_tells_once_and_then_not_modified(scene, client):
    client.force_login(scene.again(scene.member))
    url = f"/moeder/{scene.meeting.pk}/live/"
    asks = {"HTTP_HX_REQUEST": "true"}

    first = client.get(url, **asks)
    again = client.get(url, **asks, HTTP_IF_NONE_MATCH=first["ETag"])
    take_up(item=on(scene, scene.opened), by=scene.secretary)
    changed = client.get(url, **asks, HTTP_IF_NONE_MATCH=first["ETag"])

    assert (first.status_code, again.status_code, changed.status_code) == (200, 304, 200)
    assert again.content == b""


def test_recused_member_follows_without_the_closed_heading(scene, client):
    declare_disqualified(
        item=on(scene, scene.closed), member=scene.recused, grounds="Ansat", by=scene.recused
    )
    take_up(item=on(scene, scene.closed), by=scene.secretary)
    pages = {}
    for who in ("member", "recused", "follower"):
        client.force_login(scene.again(getattr(scene, who)))
        live = client.get(f"/moeder/{scene.meeting.pk}/live/").content.decode()
        pages[who] = "HEMMELIGTITEL" in live

    screen = client.get(f"/moeder/{scene.meeting.pk}/live/storskaerm/").content.decode()
    assert pages == {"member": True, "recused": False, "follower": False}
    assert "HEMMELIGTITEL" not in screen


@pytest.mark.parametrize("items", [1, 20])
def test_live_page_costs_the_same_for_few_and_many_items(
    scene, client, django_assert_max_num_queries, items
):
    from tests.factories import AgendaItemFactory

    AgendaItemFactory.create_batch(items, meeting=scene.meeting)
    client.force_login(scene.again(scene.secretary))
    url = f"/moeder/{scene.meeting.pk}/live/"
    client.get(url)

    with django_assert_max_num_queries(32):
        assert client.get(url).status_code == 200
