"""The meeting's table of moves: all of them, and none but them."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from core.management.commands import workflow_diagrams
from core.verdicts import NotAllowed, Refused, StaleState
from core.workflow import REGISTRY
from meetings.enums import MeetingState as S
from meetings.models import IssuedVersion, Meeting
from meetings.services.holding import move_meeting
from meetings.services.issuing import issue_agenda
from meetings.services.minutes import (
    lock_minutes,
    reopen_minutes,
    send_for_approval,
)
from meetings.services.planning import cancel_meeting
from meetings.services.publication import ask_publication, publish_minutes, withdraw_minutes
from meetings.workflow import MEETING, heading_says_nothing
from tests.factories import AgendaItemFactory, MeetingFactory
from tests.meetings.scenes import a_scene, approve, attend, bring_to, decide

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


# Written out by hand: from → move → to.
MOVES = {
    (S.DRAFT, "open_read_through"): S.READ_THROUGH,
    (S.READ_THROUGH, "close_read_through"): S.DRAFT,
    (S.DRAFT, "issue"): S.ISSUED,
    (S.READ_THROUGH, "issue"): S.ISSUED,
    (S.ISSUED, "issue"): S.ISSUED,
    (S.ISSUED, "begin"): S.IN_SESSION,
    (S.IN_SESSION, "end"): S.MINUTES_DRAFT,
    (S.MINUTES_DRAFT, "resume"): S.IN_SESSION,
    (S.MINUTES_DRAFT, "send_for_approval"): S.APPROVAL,
    (S.APPROVAL, "reopen_minutes"): S.MINUTES_DRAFT,
    (S.APPROVAL, "lock"): S.LOCKED,
    (S.LOCKED, "publish"): S.PUBLISHED,
    (S.PUBLISHED, "publish_addition"): S.PUBLISHED,
    (S.PUBLISHED, "withdraw"): S.LOCKED,
    (S.LOCKED, "reopen_locked"): S.MINUTES_DRAFT,
    (S.DRAFT, "cancel"): S.CANCELLED,
    (S.READ_THROUGH, "cancel"): S.CANCELLED,
    (S.ISSUED, "cancel"): S.CANCELLED,
}


def test_table_names_every_state_and_move():
    assert {state for state, _move in MOVES} | set(MOVES.values()) == set(S)
    assert {move for _state, move in MOVES} == {t.name for t in MEETING.transitions}


@pytest.mark.parametrize("state", S.values)
@pytest.mark.parametrize("move", sorted({t.name for t in MEETING.transitions}))
def test_move(state, move):
    meeting = MeetingFactory(state=state, agenda_version=1)
    AgendaItemFactory(meeting=meeting)
    target = MOVES.get((S(state), move))

    if target is None:
        with pytest.raises(StaleState, match=re.escape(f"the state is “{S(state).label}”")):
            MEETING.apply(meeting, move)
        assert Meeting.objects.get(pk=meeting.pk).state == state
        assert not MEETING.check(meeting, move)
    else:
        assert MEETING.check(meeting, move)
        assert MEETING.apply(meeting, move) == state
        assert meeting.state == Meeting.objects.get(pk=meeting.pk).state == target


def test_move_from_a_state_that_somebody_left_meanwhile_is_stale():
    meeting = MeetingFactory(state=S.ISSUED, agenda_version=1)
    mine = Meeting.objects.get(pk=meeting.pk)
    MEETING.apply(meeting, "cancel")

    with pytest.raises(StaleState, match=r"the state is “Cancelled”\. Nothing was changed"):
        MEETING.apply(mine, "begin")

    assert mine.state == S.CANCELLED


def test_move_with_a_counter_that_moved_is_stale():
    meeting = MeetingFactory(state=S.DRAFT)
    AgendaItemFactory(meeting=meeting)
    Meeting.objects.filter(pk=meeting.pk).update(agenda_version=1)

    with pytest.raises(StaleState):
        MEETING.apply(meeting, "issue", where={"agenda_version": 0}, agenda_version=1)

    assert Meeting.objects.get(pk=meeting.pk).state == S.DRAFT


def test_changes_are_written_with_the_move():
    meeting = MeetingFactory(state=S.ISSUED, agenda_version=1)

    MEETING.apply(meeting, "cancel", cancel_reason="Sygdom")

    stored = Meeting.objects.get(pk=meeting.pk)
    assert (stored.state, stored.cancel_reason) == (S.CANCELLED, "Sygdom")


@pytest.mark.parametrize(
    ("state", "move", "reason"),
    [
        (S.DRAFT, "open_read_through", "The agenda has no items yet. Add the first one."),
        (S.DRAFT, "issue", "The agenda has no items yet. Add the first one."),
        (S.ISSUED, "begin", "The agenda has not been issued yet."),
    ],
)
def test_guards_say_what_is_missing(state, move, reason):
    meeting = MeetingFactory(state=state)

    with pytest.raises(NotAllowed, match=re.escape(reason)):
        MEETING.apply(meeting, move)

    assert Meeting.objects.get(pk=meeting.pk).state == state


@pytest.mark.parametrize(
    ("state", "move"),
    [(S.DRAFT, "issue"), (S.MINUTES_DRAFT, "send_for_approval"), (S.LOCKED, "publish")],
)
def test_bare_public_heading_stops(state, move):
    meeting = MeetingFactory(state=state, agenda_version=1)
    AgendaItemFactory(meeting=meeting, closed=True, public_title="Lukket punkt")

    with pytest.raises(NotAllowed, match="Write a public heading that says what item 1 is about"):
        MEETING.apply(meeting, move)


@pytest.mark.parametrize(
    "heading",
    ["", " ", "Lukket punkt", "lukket", "LUKKET PUNKT.", "Lukket sag", "Punkt 4", "Lukket punkt 12",
     "Fortroligt", "Fortrolig sag", "Hemmeligt punkt", "Closed item", "***", "–", "(lukket)"],
)  # fmt: skip
def test_heading_that_says_nothing(heading):
    assert heading_says_nothing(heading)


@pytest.mark.parametrize(
    "heading", ["Udbud af fagsystem", "Lukket punkt: køb af grund", "Sag om personale", "AI"]
)
def test_heading_that_says_something(heading):
    assert not heading_says_nothing(heading)


# The services take the same road, one act per click ------------------------------------


@pytest.mark.parametrize("state", ["issued", "in_session", "minutes_draft", "approval", "locked",
                                   "published", "cancelled"])  # fmt: skip
def test_the_road_through_the_services(state):
    scene = bring_to(a_scene(), state)

    assert scene.fresh().state == state


ACTS = {
    "begin": ("issued", lambda m, s: move_meeting(meeting=m, move="begin", by=s.secretary)),
    "end": ("in_session", lambda m, s: move_meeting(meeting=m, move="end", by=s.secretary)),
    "resume": ("minutes_draft", lambda m, s: move_meeting(meeting=m, move="resume", by=s.chair)),
    "send_for_approval": (
        "minutes_draft", lambda m, s: send_for_approval(meeting=m, by=s.secretary)),
    "reopen_minutes": ("approval", lambda m, s: reopen_minutes(meeting=m, by=s.secretary)),
    "lock": ("approval", lambda m, s: lock_minutes(meeting=m, by=s.chair)),
    "publish": ("locked", lambda m, s: publish_minutes(meeting=m, by=s.chair)),
    "withdraw": (
        "published", lambda m, s: withdraw_minutes(meeting=m, reason="Fejl", by=s.secretary)),
    "issue": ("draft", lambda m, s: issue_agenda(meeting=m, expected=1, by=s.secretary)),
    "cancel": ("issued", lambda m, s: cancel_meeting(meeting=m, reason="Syg", by=s.secretary)),
}  # fmt: skip


@pytest.mark.parametrize("act", sorted(ACTS))
def test_second_click_changes_nothing(act):
    state, do = ACTS[act]
    scene = bring_to(a_scene(), state)
    if act == "send_for_approval":
        attend(scene)
        decide(scene, scene.opened)
        decide(scene, scene.closed, "x", "y")
    if act == "lock":
        approve(scene)
    if act == "publish":
        ask_publication(meeting=scene.fresh(), by=scene.secretary)
    first, second = scene.fresh(), scene.fresh()
    do(first, scene)
    before = Meeting.objects.filter(pk=first.pk).values().get()
    versions = IssuedVersion.objects.count()

    with pytest.raises(StaleState):
        do(second, scene)

    assert Meeting.objects.filter(pk=first.pk).values().get() == before
    assert IssuedVersion.objects.count() == versions


def test_move_that_is_none_is_a_key_error():
    scene = a_scene()

    with pytest.raises(KeyError):
        move_meeting(meeting=scene.meeting, move="lock", by=scene.secretary)


@pytest.mark.parametrize("reason", ["", "  "])
def test_cancelling_and_withdrawing_need_a_reason(reason):
    scene = bring_to(a_scene(), "issued")
    with pytest.raises(Refused):
        cancel_meeting(meeting=scene.meeting, reason=reason, by=scene.secretary)
    bring_to(scene, "published")
    with pytest.raises(Refused):
        withdraw_minutes(meeting=scene.meeting, reason=reason, by=scene.secretary)

    assert scene.fresh().state == "published"


# The diagrams --------------------------------------------------------------------------


def test_diagrams_are_up_to_date():
    call_command("workflow_diagrams", "--check")


def test_diagram_that_is_behind_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(workflow_diagrams, "FOLDER", tmp_path)
    with pytest.raises(CommandError, match="meeting"):
        call_command("workflow_diagrams", "--check")

    call_command("workflow_diagrams", verbosity=0)

    call_command("workflow_diagrams", "--check")


def test_every_move_is_in_the_diagram():
    text = MEETING.mermaid()

    for (source, move), target in MOVES.items():
        assert f"    {source} --> {target}: {move}\n" in text
    assert text.count("-->") == len(MOVES) + 1 + len(MEETING.final)


def test_every_workflow_starts_and_leads_somewhere():
    workflow_diagrams.load_workflows()
    for workflow in REGISTRY.values():
        sources = {s for t in workflow.transitions for s in t.sources}
        targets = {t.target for t in workflow.transitions}
        names = [t.name for t in workflow.transitions]
        assert len(set(names)) == len(names)
        assert sources | targets == set(workflow.states)
        assert workflow.final <= set(workflow.states) - sources
