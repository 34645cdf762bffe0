"""What is issued is frozen, numbered once, and reaches exactly those it is for."""

import json
import re

import pytest
from django.utils import timezone, translation

from core.canonical import canonical_json, sha256_hex
from core.models import AuditEntry, OutboxEntry
from core.verdicts import NotAllowed, Refused, StaleState
from meetings.enums import MeetingState as S
from meetings.models import (
    AgendaItem,
    Attachment,
    IssuedVersion,
    Meeting,
    ReadThrough,
    RenderedDocument,
)
from meetings.services.attachments import remove_attachment
from meetings.services.issuing import approve_agenda, issue_agenda, pending_changes
from meetings.services.items import change_item, remove_item
from meetings.services.planning import change_meeting
from tests.factories import days
from tests.meetings.scenes import a_scene, attach, bring_to, issue, write

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def scene():
    return a_scene()


def versions(scene):
    return list(IssuedVersion.objects.filter(meeting=scene.meeting).order_by("number"))


def test_first_issue(scene):
    version = issue(scene, note="Husk nøglekort")

    meeting = scene.fresh()
    assert (meeting.state, meeting.agenda_version, meeting.ical_sequence) == (S.ISSUED, 1, 1)
    assert meeting.announced_at is not None
    assert (version.kind, version.number, version.issued_by) == ("agenda", 1, scene.secretary)
    assert version.snapshot["version"]["note"] == "Husk nøglekort"
    assert version.snapshot["version"]["issued_by"] == "Sekretær B"
    assert version.snapshot["changes"] == []


def test_stored_bytes_match_their_hash(scene):
    version = issue(scene)

    stored = IssuedVersion.objects.get(pk=version.pk)
    assert stored.sha256 == sha256_hex(stored.body.encode())
    assert canonical_json(json.loads(stored.body)).decode() == stored.body
    entry = AuditEntry.objects.get(verb="meetings.issue_agenda")
    assert entry.data == {"version": 1, "sha256": stored.sha256, "changes": 0, "public": True}


def test_issued_version_does_not_follow_later_edits(scene):
    body = issue(scene).body

    write(scene, scene.opened, summary="Nyt")
    change_item(item=scene.opened, version=1, title="Ny", by=scene.secretary)
    issue(scene)

    assert [v.body == body for v in versions(scene)] == [True, False]


def test_snapshot_of_a_version_cannot_be_altered(scene):
    version = issue(scene)
    version.snapshot["items"].clear()

    assert len(version.snapshot["items"]) == 2


def test_everybody_seated_is_invited_once(scene):
    issue(scene)

    keys = OutboxEntry.objects.filter(kind="meetings.send_invitation").values_list("key", flat=True)
    people = (scene.chair, scene.member, scene.recused)
    pk = scene.meeting.pk
    assert sorted(keys) == sorted(f"invite:{pk}:request:v1:{user.pk}" for user in people)


def test_documents_are_asked_for_in_both_editions(scene):
    issue(scene)

    asked = RenderedDocument.objects.values_list("kind", "edition")
    assert sorted(asked) == [
        ("agenda", "full"),
        ("agenda", "public"),
        ("pack", "full"),
        ("pack", "public"),
    ]


def test_second_issue_lists_what_changed(scene):
    issue(scene)
    write(scene, scene.opened, summary="Et andet resumé")
    version = issue(scene)

    assert [(c["kind"], c["item"]) for c in version.snapshot["changes"]] == [
        ("changed", scene.opened.pk)
    ]
    assert [item["change"] for item in version.snapshot["items"]] == ["changed", ""]
    assert pending_changes(scene.fresh()) == []


def test_issued_change_list_is_danish_whoever_issues(scene):
    issue(scene)
    with translation.override("en"):
        write(scene, scene.opened, summary="Et andet resumé")
        words = issue(scene).snapshot["changes"][0]["what"]
    with translation.override("da"):
        expected = translation.gettext("%(heading)s changed")

    assert words == [expected % {"heading": "Resumé"}]


def test_nothing_new_is_not_issued_again(scene):
    issue(scene)

    with pytest.raises(Refused, match="Nothing has changed since version 1"):
        issue(scene)

    assert len(versions(scene)) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"place": "Et andet sted"},
        {"starts_at": days(17), "ends_at": days(17).replace(hour=15)},
    ],
)
def test_new_date_or_place_may_be_issued_again(scene, fields):
    issue(scene)
    meeting = scene.fresh()
    change_meeting(meeting=meeting, version=meeting.version, by=scene.secretary, **fields)

    version = issue_agenda(meeting=meeting, expected=2, by=scene.secretary)

    assert version.snapshot["meeting"]["place"] == fields.get("place", meeting.place)


def test_a_note_alone_may_be_issued(scene):
    issue(scene)

    assert issue(scene, note="Mødet begynder til tiden").number == 2


def test_second_click_is_one_version(scene):
    mine, same = scene.fresh(), scene.fresh()
    issue_agenda(meeting=mine, expected=1, by=scene.secretary)

    with pytest.raises(StaleState):
        issue_agenda(meeting=same, expected=1, by=scene.secretary)
    with pytest.raises(StaleState, match="Version 1 is already issued by Sekretær B"):
        issue_agenda(meeting=scene.fresh(), expected=1, by=scene.secretary)

    assert [version.number for version in versions(scene)] == [1]


@pytest.mark.parametrize("expected", [0, 2, 99])
def test_expected_number_must_be_the_next(scene, expected):
    with pytest.raises(StaleState, match="Nothing was changed"):
        issue_agenda(meeting=scene.meeting, expected=expected, by=scene.secretary)

    assert versions(scene) == []


@pytest.mark.parametrize("who", ["chair", "member", "follower", "outsider"])
def test_only_the_secretariat_issues(scene, who):
    with pytest.raises(NotAllowed, match="Only the secretariat"):
        issue_agenda(meeting=scene.meeting, expected=1, by=getattr(scene, who))


def test_open_read_through_ends_with_the_issue(scene):
    row = ReadThrough.objects.create(
        meeting=scene.meeting,
        body="{}",
        opened_at=timezone.now(),
        due_at=timezone.now(),
        opened_by=scene.secretary,
    )
    Meeting.objects.filter(pk=scene.meeting.pk).update(state=S.READ_THROUGH)
    scene.meeting.refresh_from_db()

    issue(scene)

    row.refresh_from_db()
    assert row.closed_at is not None


def test_what_an_import_could_not_place_is_not_issued(scene):
    scene.meeting.unplaced = "HEMMELIGREST"
    scene.meeting.save()

    assert "HEMMELIGREST" not in issue(scene).body


def test_only_what_was_issued_is_released(scene):
    first = attach(scene, scene.opened, "Et")
    issue(scene)
    later = attach(scene, scene.opened, "To")

    flags = dict(Attachment.objects.values_list("pk", "released"))
    assert flags == {first.pk: True, later.pk: False}
    issue(scene)
    assert set(Attachment.objects.values_list("released", flat=True)) == {True}


def test_what_was_taken_off_is_no_longer_released(scene):
    file = attach(scene, scene.opened)
    issue(scene)
    remove_attachment(attachment=file, by=scene.secretary)
    remove_item(item=scene.closed, by=scene.secretary)

    assert Attachment.objects.get(pk=file.pk).released is False
    assert AgendaItem.objects.get(pk=scene.closed.pk).released is False
    version = issue(scene)
    assert [item["id"] for item in version.snapshot["items"]] == [scene.opened.pk]
    assert [c["kind"] for c in version.snapshot["changes"]] == ["changed", "removed"]


def test_failing_freeze_leaves_nothing(scene, transactional_db):
    IssuedVersion.objects.create(
        meeting=scene.meeting,
        kind="agenda",
        number=1,
        body='{"items": []}',
        sha256="",
        issued_by=None,
        issued_at=scene.meeting.starts_at,
    )

    with pytest.raises(StaleState, match="Version 1 has already been issued"):
        issue(scene)

    assert (scene.fresh().state, scene.fresh().agenda_version) == (S.DRAFT, 0)
    assert not OutboxEntry.objects.exists()
    assert not AuditEntry.objects.filter(verb="meetings.issue_agenda").exists()


def test_approving_records_the_chair(scene):
    approve_agenda(meeting=scene.meeting, by=scene.chair)

    assert scene.fresh().agenda_approved_by == scene.chair
    with pytest.raises(NotAllowed, match="Only the chair"):
        approve_agenda(meeting=scene.meeting, by=scene.secretary)


def test_protocol_of_a_whole_meeting_quotes_nothing():
    scene = bring_to(a_scene(), "published")

    rows = str(list(AuditEntry.objects.values_list("data", "verb", "object_id")))
    assert re.findall(r"HEMMELIG\w*|Åben\w*", rows) == []
    assert scene.fresh().state == S.PUBLISHED


def test_two_secretaries_issue_at_the_same_time(run_together):
    scene = a_scene()

    def click():
        meeting = Meeting.objects.get(pk=scene.meeting.pk)
        return lambda: issue_agenda(meeting=meeting, expected=1, by=scene.secretary)

    answers = run_together(click(), click(), click())

    assert sorted(type(answer).__name__ for answer in answers) == [
        "IssuedVersion",
        "StaleState",
        "StaleState",
    ]
    assert [version.number for version in versions(scene)] == [1]
    assert AuditEntry.objects.filter(verb="meetings.issue_agenda").count() == 1
    assert OutboxEntry.objects.filter(kind="meetings.send_invitation").count() == 3
