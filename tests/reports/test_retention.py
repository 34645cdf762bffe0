"""Retention: every table has its rule, nothing goes before it is archived, all is logged."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from core.content import ContentError, read_yaml
from core.drafts import save_draft
from core.models import AuditEntry, Draft
from core.triggers import APPEND_ONLY
from meetings.models import InputAnswer, InputRound, PrivateNote
from reports.models import ArchivePackage, RetentionLog
from reports.retention import OUR_APPS, check_cover, current, parse, uncovered
from reports.services.archive import check_stored
from reports.services.retention import apply_rules
from tests.factories import InputRoundFactory
from tests.reports.archive_scenes import ask, held_meeting, made, move_back, stored_path

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=6 * 365)


def an_old_answer(scene) -> InputAnswer:
    """Written in a round that closed six years ago; the meeting is where the package is."""
    row = InputRoundFactory(committee=scene.committee, meeting=scene.meeting)
    then = timezone.now() - LONG_AGO
    InputRound.objects.filter(pk=row.pk).update(state="closed", closed_at=then)
    return InputAnswer.objects.create(
        round=row, author=scene.member, text="Mit input", saved_at=then
    )


def a_draft(scene) -> None:
    save_draft(owner=scene.member, form="item:1", fields={"text": "x"}, base_versions={})


def an_old_draft(scene) -> Draft:
    a_draft(scene)
    Draft.objects.update(saved_at=timezone.now() - timedelta(days=400))
    return Draft.objects.get()


def done_to(label: str, **facts):
    return next(done for done in apply_rules(**facts) if done.model == label)


# The rules ---------------------------------------------------------------------------------------


def test_every_table_of_ours_has_a_rule_or_an_excuse() -> None:
    assert uncovered(current()) == []
    assert check_cover(None) == []


def test_a_table_without_a_rule_stops_the_check(monkeypatch) -> None:
    rules = current()
    fewer = type(rules)(rules.reference, rules.title, rules.note, rules.rules[1:], rules.excused)
    monkeypatch.setattr("reports.retention.current", lambda: fewer)

    found = {error.msg for error in check_cover(None)}

    assert "retention: no rule says how long meetings.Meeting is kept" in found


def test_no_rule_deletes_what_the_database_protects() -> None:
    MigrationLoader(connection)
    deleted = {label for rule in current().rules if rule.deletes for label in rule.models}
    tables = {apps.get_model(label)._meta.db_table for label in deleted}

    assert tables & APPEND_ONLY == set()
    assert {"core.AuditEntry", "meetings.IssuedVersion", "meetings.SealedFile"} & deleted == set()
    assert set(OUR_APPS) >= {label.split(".")[0] for label in deleted} - {"sessions"}


GOOD = """
title: T
note: N
rules:
  - id: kladder
    title: Kladder
    models: [core.Draft]
    keep: 1 year
    counted_from: saved_at
    counted_words: da den blev gemt
    then: delete
    why: W
    legal: L
excused: []
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("core.Draft", "core.Findesikke", "there is no table"),
        ("saved_at", "gemt_da", "gemt_da"),
        ("1 year", "et år", "write “keep” like"),
        ("then: delete", "then: brænd", "is not one of"),
        ("    legal: L\n", "", "“legal” is missing"),
        ("why: W", "why: W\n    extra: E", "“extra” is not known here"),
        ("core.Draft", "meetings.Meeting", "gemt_da|Cannot resolve|would be deleted"),
        ("id: kladder", "id: KLADDER", "small letters"),
    ],
)
def test_a_mistake_in_a_rule_is_told(old, new, said, tmp_path) -> None:
    path = tmp_path / "retention@1.yaml"
    path.write_text(GOOD)
    assert parse("retention", 1, read_yaml(path)).rules[0].days == 365
    path.write_text(GOOD.replace(old, new))

    with pytest.raises(ContentError, match=said):
        parse("retention", 1, read_yaml(path))


# Deleting ---------------------------------------------------------------------------------------


def test_what_need_not_be_archived_is_deleted_with_a_log_and_an_act() -> None:
    scene = held_meeting("issued")
    draft = an_old_draft(scene)

    done = done_to("core.Draft")

    log = RetentionLog.objects.get(model="core.Draft")
    assert (done.count, Draft.objects.count()) == (1, 0)
    assert (log.rule, log.ids, log.count) == ("retention@1#kladder", [draft.pk], 1)
    act = AuditEntry.objects.get(verb="reports.apply_retention", object_id=str(log.pk))
    assert act.data == {"rule": log.rule, "model": "core.Draft", "count": 1}


def test_what_is_young_stays() -> None:
    scene = held_meeting("issued")
    a_draft(scene)

    assert done_to("core.Draft").count == 0
    assert Draft.objects.count() == 1


def test_nothing_is_deleted_before_a_whole_package_holds_it() -> None:
    scene = held_meeting("issued")
    answer = an_old_answer(scene)

    without = done_to("meetings.InputAnswer")
    ask(scene)
    unmade = done_to("meetings.InputAnswer")
    package = made(scene)
    stored_path(package).write_bytes(b"ikke en pakke")
    damaged = done_to("meetings.InputAnswer")

    assert [(one.count, one.waiting) for one in (without, unmade, damaged)] == [(0, 1)] * 3
    assert InputAnswer.objects.filter(pk=answer.pk).exists()
    assert RetentionLog.objects.filter(model="meetings.InputAnswer").count() == 0


def test_what_a_whole_package_holds_is_deleted_and_says_where_it_is() -> None:
    scene = held_meeting("issued")
    answer = an_old_answer(scene)
    package = made(scene)
    later = InputAnswer.objects.create(
        round=answer.round, author=scene.chair, text="Senere", saved_at=answer.saved_at
    )

    done = done_to("meetings.InputAnswer", by=scene.secretary)

    log = RetentionLog.objects.get(model="meetings.InputAnswer")
    assert (log.ids, log.package_id, log.by_id) == ([answer.pk], package.pk, scene.secretary.pk)
    assert (done.count, done.waiting) == (1, 1)
    assert list(InputAnswer.objects.values_list("pk", flat=True)) == [later.pk]


def test_a_public_package_archives_nothing() -> None:
    scene = held_meeting("issued")
    an_old_answer(scene)
    made(scene, "public")

    assert done_to("meetings.InputAnswer").count == 0


def test_a_dry_run_changes_nothing() -> None:
    scene = held_meeting("issued")
    an_old_draft(scene)
    an_old_answer(scene)
    package = made(scene)
    check_stored(package)
    before = AuditEntry.objects.count(), ArchivePackage.objects.values_list().get(pk=package.pk)

    done = {one.model: one.count for one in apply_rules(dry_run=True)}

    after = AuditEntry.objects.count(), ArchivePackage.objects.values_list().get(pk=package.pk)
    assert (done["core.Draft"], done["meetings.InputAnswer"]) == (1, 1)
    assert before == after
    assert (Draft.objects.count(), InputAnswer.objects.count()) == (1, 1)
    assert not RetentionLog.objects.exists()


def test_private_notes_are_nobodys_to_delete() -> None:
    scene = held_meeting("issued")
    PrivateNote.objects.create(owner=scene.member, item=scene.opened, text="Min")
    PrivateNote.objects.update(created_at=timezone.now() - LONG_AGO * 5)

    apply_rules()

    assert PrivateNote.objects.count() == 1


def test_the_command_says_what_is_due(capsys) -> None:
    scene = held_meeting("issued")
    an_old_draft(scene)

    call_command("apply_retention", dry_run=True)
    told = capsys.readouterr().out
    assert Draft.objects.count() == 1
    call_command("apply_retention")

    assert "core.Draft" in told
    assert Draft.objects.count() == 0


# The other command ----------------------------------------------------------------------------


def test_verify_archive_says_whether_a_package_is_whole(capsys, tmp_path) -> None:
    scene = held_meeting("issued")
    move_back(scene, 60)
    package = made(scene)
    path = stored_path(package)

    call_command("verify_archive", str(path))
    assert scene.committee.slug in capsys.readouterr().out

    damaged = bytearray(path.read_bytes())
    damaged[damaged.index(b"HVAD DER LIGGER")] ^= 1
    other = tmp_path / "p.zip"
    other.write_bytes(damaged)
    with pytest.raises(CommandError, match=r"data/LAES-MIG\.txt"):
        call_command("verify_archive", str(other))
    with pytest.raises(CommandError):
        call_command("verify_archive", str(tmp_path / "findes-ikke.zip"))


def test_an_answer_that_was_rewritten_after_packing_is_not_deleted() -> None:
    scene = held_meeting()
    answer = an_old_answer(scene)
    InputRound.objects.update(state="open", closed_at=None)
    made(scene)

    InputAnswer.objects.update(text="Skrevet om")
    InputRound.objects.update(state="closed", closed_at=timezone.now() - LONG_AGO)
    done = done_to("meetings.InputAnswer")

    assert (done.count, done.waiting) == (0, 1)
    assert InputAnswer.objects.get(pk=answer.pk).text == "Skrevet om"
