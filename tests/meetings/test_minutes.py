"""From the last word to published minutes: complete, frozen, sealed, and taken back if wrong."""

import pytest
from django.utils import translation

from core.models import AuditEntry
from core.verdicts import NotAllowed, Refused, StaleState
from meetings.enums import MeetingState as S
from meetings.models import IssuedVersion, Meeting, RenderedDocument
from meetings.selectors.minutes import available_moves, minutes_page, protocol_rows
from meetings.selectors.publication_page import publish_page
from meetings.selectors.reading import edition_reading
from meetings.services.documents import is_sealed
from meetings.services.minutes import lock_minutes, reopen_minutes, send_for_approval
from meetings.services.publication import ask_publication, publish_minutes, withdraw_minutes
from meetings.verbs import WORDS
from tests.meetings.scenes import a_scene, approve, attach, attend, bring_to, decide, publish, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def minutes(scene):
    return list(IssuedVersion.objects.filter(meeting=scene.meeting, kind="minutes"))


def test_incomplete_minutes_are_not_sent_and_the_first_lack_is_said():
    scene = bring_to(a_scene(), "minutes_draft")
    steps = [
        ("Record who was present", lambda: attend(scene)),
        ("Write the decision of item 1", lambda: decide(scene, scene.opened)),
        ("Write the decision of item 2", lambda: decide(scene, scene.closed, "HEMMELIGT")),
        (
            "Write the public decision text of item 2",
            lambda: decide(scene, scene.closed, "HEMMELIGT", "Offentligt"),
        ),
    ]
    for reason, mend in steps:
        with pytest.raises(Refused, match=reason):
            send_for_approval(meeting=scene.meeting, by=scene.secretary)
        assert (scene.fresh().state, minutes(scene)) == (S.MINUTES_DRAFT, [])
        mend()

    assert send_for_approval(meeting=scene.meeting, by=scene.secretary).number == 1


def test_minutes_hold_decisions_and_attendance():
    scene = bring_to(a_scene(), "approval")

    snapshot = minutes(scene)[0].snapshot
    decisions = [item["decision"]["text"] for item in snapshot["items"]]
    assert decisions == ["Åben beslutning", "HEMMELIGBESLUTNING"]
    assert snapshot["items"][1]["public_decision"] == "Offentlig beslutning"
    assert {row["name"]: row["status"] for row in snapshot["attendance"]} == {
        "Formand": "present", "Medlem": "present", "Inhabilt medlem": "present",
    }  # fmt: skip


def test_agenda_holds_no_decision_and_no_attendance():
    bring_to(a_scene(), "approval")

    snapshot = IssuedVersion.objects.get(kind="agenda").snapshot
    assert [item["decision"] for item in snapshot["items"]] == [None, None]
    assert snapshot["attendance"] == []


def test_corrected_minutes_are_a_new_version_and_the_old_one_stays():
    scene = bring_to(a_scene(), "approval")
    first = minutes(scene)[0].body

    reopen_minutes(meeting=scene.meeting, by=scene.secretary)
    decide(scene, scene.opened, "Rettet beslutning")
    send_for_approval(meeting=scene.meeting, by=scene.secretary)

    assert [version.body == first for version in minutes(scene)] == [True, False]
    assert "Rettet" in minutes(scene)[1].body


def test_locked_is_the_version_that_was_approved():
    scene = bring_to(a_scene(), "locked")

    sent, locked = minutes(scene)
    entry = AuditEntry.objects.get(verb="meetings.lock")
    numbers = [str(row) for row in scene.meeting.decisions.order_by("serial")]
    assert entry.data == {
        "version": 2,
        "sha256": locked.sha256,
        "approved": 1,
        "decisions": numbers,
    }
    added = {"approval", "version"}
    assert {k: v for k, v in locked.snapshot.items() if k not in added} == {
        k: v for k, v in sent.snapshot.items() if k not in added
    }


@pytest.mark.parametrize("state", ["approval", "locked", "published"])
def test_locked_minutes_are_sealed(state):
    scene = bring_to(a_scene(), state)

    assert is_sealed(edition_reading(scene.fresh(), "full")) is (state != "approval")


def test_public_edition_is_asked_for_when_published():
    scene = bring_to(a_scene(), "locked")
    editions = RenderedDocument.objects.filter(kind="minutes").values_list("edition", flat=True)
    assert set(editions) == {"full"}

    bring_to(scene, "published")

    assert set(editions.all()) == {"full", "public"}


@pytest.mark.parametrize(
    ("who", "act", "reason"),
    [
        ("chair", lambda s: send_for_approval(meeting=s.meeting, by=s.chair), "secretariat"),
        ("member", lambda s: lock_minutes(meeting=s.meeting, by=s.member), "the chair and"),
        ("member", lambda s: publish_minutes(meeting=s.meeting, by=s.member), "the chair and"),
        ("chair", lambda s: ask_publication(meeting=s.meeting, by=s.chair), "secretariat"),
        ("chair", lambda s: reopen_minutes(meeting=s.meeting, by=s.chair), "secretariat"),
        ("chair", lambda s: withdraw_minutes(meeting=s.meeting, reason="x", by=s.chair), "secret"),
    ],
)
def test_each_act_has_its_people(who, act, reason):
    scene = bring_to(a_scene(), "approval")

    with pytest.raises(NotAllowed, match=reason):
        act(scene)

    assert scene.fresh().state == S.APPROVAL


def test_publication_stops_at_a_cpr_number():
    scene = bring_to(a_scene(), "minutes_draft")
    write(scene, scene.opened, background="Borgeren, 010190-1234, klager")
    bring_to(scene, "locked")

    with pytest.raises(Refused, match="CPR number in item 1, Baggrund"):
        publish(scene)

    assert scene.fresh().state == S.LOCKED
    assert edition_reading(scene.fresh(), "public").kind == "agenda"


def test_withdrawal_needs_a_reason_and_works_at_once():
    scene = bring_to(a_scene(), "published")
    with pytest.raises(Refused, match="Write why the minutes are withdrawn"):
        withdraw_minutes(meeting=scene.meeting, reason=" ", by=scene.secretary)

    withdraw_minutes(meeting=scene.meeting, reason="Et navn var forkert", by=scene.secretary)

    assert scene.fresh().state == S.LOCKED
    assert len(minutes(scene)) == 2
    publish(scene)
    assert scene.fresh().state == S.PUBLISHED


def test_lock_by_two_is_one_lock():
    scene = bring_to(a_scene(), "approval")
    approve(scene)
    mine, theirs = scene.fresh(), scene.fresh()
    lock_minutes(meeting=mine, by=scene.chair)

    with pytest.raises(StaleState, match="the state is “Locked”"):
        lock_minutes(meeting=theirs, by=scene.secretary)

    assert AuditEntry.objects.filter(verb="meetings.lock").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.database
def test_two_send_for_approval_at_the_same_time(run_together):
    scene = bring_to(a_scene(), "minutes_draft")
    attend(scene)
    decide(scene, scene.opened)
    decide(scene, scene.closed, "x", "y")

    def click():
        meeting = Meeting.objects.get(pk=scene.meeting.pk)
        return lambda: send_for_approval(meeting=meeting, by=scene.secretary)

    answers = run_together(click(), click())

    assert sorted(type(a).__name__ for a in answers) == ["IssuedVersion", "StaleState"]
    assert len(minutes(scene)) == 1


# The pages ------------------------------------------------------------------------------

MOVES = {
    "draft": [], "issued": ["begin"], "in_session": ["end"],
    "minutes_draft": ["resume", "send_for_approval"], "approval": ["reopen_minutes", "lock"],
    "locked": [], "published": [], "cancelled": [],
}  # fmt: skip


@pytest.mark.parametrize("state", sorted(MOVES))
def test_moves_on_the_page_are_those_of_the_state(state):
    scene = bring_to(a_scene(), state)
    if state == "approval":
        approve(scene)

    moves = available_moves(scene.secretary, scene.fresh())

    assert [move["name"] for move in moves] == MOVES[state]
    assert all(move["verdict"] for move in moves)


def test_moves_say_why_not():
    scene = bring_to(a_scene(), "approval")
    approve(scene)

    verdicts = {m["name"]: bool(m["verdict"]) for m in available_moves(scene.chair, scene.fresh())}
    assert verdicts == {"reopen_minutes": False, "lock": True}


def test_member_sees_no_work_on_the_minutes():
    scene = bring_to(a_scene(), "minutes_draft")

    page = minutes_page(scene.member, scene.fresh())

    assert (page["rows"], page["missing"], page["moves"], page["reading"]) == ([], [], [], None)


def test_publication_page_shows_what_becomes_public():
    scene = a_scene()
    attach(scene, scene.opened, "Et")
    attach(scene, scene.opened, "To", "closed")
    attach(scene, scene.closed, "Tre")
    bring_to(scene, "locked")

    page = publish_page(scene.secretary, scene.fresh())

    counts = [page[k] for k in ("open_items", "closed_items", "open_files", "closed_files")]
    assert counts == [1, 1, 1, 2]
    assert page["verdict"].allowed


def test_protocol_shows_every_act_in_words():
    scene = a_scene()
    attach(scene, scene.opened)
    bring_to(scene, "published")

    acts = protocol_rows(scene.secretary, scene.fresh())

    verbs = {act["entry"].verb for act in acts}
    assert {"meetings.lock", "meetings.publish", "meetings.issue_agenda"} <= verbs
    assert verbs <= set(WORDS)
    assert len(acts) == AuditEntry.objects.exclude(verb="meetings.create_meeting").count() + 1
    assert [act["entry"].seq for act in acts] == sorted(
        (act["entry"].seq for act in acts), reverse=True
    )
