"""The protocol chain: whole after any acts, and every change of it found and named."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from committee.enums import Role
from core import audit
from core.models import AuditEntry
from core.triggers import drop_statements
from meetings.models import ItemTextRevision
from meetings.services.items import add_item, move_item, remove_item
from meetings.services.texts import save_texts
from tests.factories import CommitteeFactory, MeetingFactory, UserFactory, person

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def acts(count):
    """`count` acts by one person on one user; returns the rows."""
    user = UserFactory(name="Sekretær B")
    with transaction.atomic():
        return [audit.record("test.act", user, by=user, data={"n": n}) for n in range(count)]


def attack(sql, *values):
    """What somebody with the database password can do: drop the guard, change, leave."""
    with connection.cursor() as cursor:
        for statement in drop_statements("core_auditentry", connection.vendor):
            cursor.execute(statement)
        cursor.execute(sql, values)


def verify():
    """The command's answer: what it writes, or what it fails with."""
    out = StringIO()
    try:
        call_command("verify_protocol", stdout=out)
    except CommandError as error:
        return f"{error.returncode}: {error}"
    return out.getvalue().strip()


def test_chain_is_whole_after_acts():
    rows = acts(4)

    assert audit.first_break(audit.all_entries()) is None
    assert audit.head() == (4, rows[-1].hash)
    assert rows[-1].hash in verify()
    assert [row.prev_hash for row in rows] == [audit.GENESIS, *(r.hash for r in rows[:3])]


def test_empty_chain_is_whole():
    assert audit.head() == (0, audit.GENESIS)
    assert audit.GENESIS in verify()


def test_row_read_back_hashes_to_what_was_written():
    with transaction.atomic():
        user = UserFactory(name="Åse Ærø ”Øst”")
        written = audit.record(
            "test.act", user, by=user, scope=user, data={"b": [1, None, "æ"], "a": {"z": 1.5}}
        )

    read = AuditEntry.objects.get(seq=written.seq)

    assert audit.entry_hash(read) == written.hash


@given(st.lists(st.sampled_from(["add", "move", "remove", "write"]), max_size=12))
def test_chain_is_whole_after_random_acts(choices):
    with transaction.atomic():
        before = audit.head()[0]
        committee = CommitteeFactory()
        secretary = person(committee, Role.SECRETARIAT)
        meeting = MeetingFactory(committee=committee)
        expected = 0
        for place, choice in enumerate(choices):
            item = meeting.items.on_agenda().first()
            if choice == "add" or item is None:
                add_item(meeting=meeting, title=f"Punkt {place}", by=secretary)
                expected += 1
            elif choice == "move":
                last = meeting.items.on_agenda().count()
                move_item(item=item, to=last, by=secretary)
                expected += last > 1
            elif choice == "remove":
                remove_item(item=item, by=secretary)
                expected += 1
            else:
                texts = {"summary": f"Tekst {place}"}
                version = sum(item.texts.values_list("version", flat=True))
                save_texts(item=item, texts=texts, versions={"summary": version}, by=secretary)
                expected += 1

        assert audit.first_break(audit.all_entries()) is None
        assert audit.head()[0] == before + expected
        transaction.set_rollback(True)


SILENT_EDITS = {
    "actor_name": "'Sekretær C'",
    "actor_id": "actor_id + 1",
    "verb": "'test.acT'",
    "object_type": "'committee.Uses'",
    "object_id": "'999'",
    "scope_type": "'x'",
    "scope_id": "'1'",
    "data": "'{\"n\": 3}'",
    "at": "'2020-01-01 00:00:00+00:00'",
    "hash": f"'{'a' * 64}'",
}


@pytest.mark.parametrize("column", sorted(SILENT_EDITS))
def test_one_changed_value_is_found_and_its_row_named(column):
    acts(5)

    attack(f"UPDATE core_auditentry SET {column} = {SILENT_EDITS[column]} WHERE seq = 3")

    assert audit.first_break(audit.all_entries()) == audit.Break(3, "row has been altered")
    assert "3" in verify()
    with pytest.raises(CommandError):
        call_command("verify_protocol")


def test_every_stored_value_is_in_the_hash():
    hashed = set(SILENT_EDITS) | {"prev_hash", "seq", "id"}

    assert {field.column for field in AuditEntry._meta.fields} == hashed


def test_rehashing_the_changed_row_breaks_the_next():
    acts(5)
    forged = AuditEntry.objects.get(seq=3)
    forged.actor_name = "En anden"

    attack(
        "UPDATE core_auditentry SET actor_name = 'En anden', hash = %s WHERE seq = 3",
        audit.entry_hash(forged),
    )

    assert audit.first_break(audit.all_entries()) == audit.Break(
        4, "row does not follow the one before it"
    )


def test_deleted_middle_row_is_found():
    acts(5)

    attack("DELETE FROM core_auditentry WHERE seq = 3")

    assert audit.first_break(audit.all_entries()) == audit.Break(3, "row is missing")


def test_deleted_first_row_is_found():
    acts(3)

    attack("DELETE FROM core_auditentry WHERE seq = 1")

    assert audit.first_break(audit.all_entries()) == audit.Break(1, "row is missing")


def test_deleted_and_renumbered_row_is_found():
    acts(5)

    attack("DELETE FROM core_auditentry WHERE seq = 3")
    for seq in (4, 5):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE core_auditentry SET seq = %s WHERE seq = %s", [seq - 1, seq])

    assert audit.first_break(audit.all_entries()) == audit.Break(
        3, "row does not follow the one before it"
    )


def test_swapped_rows_are_found():
    acts(5)

    attack("UPDATE core_auditentry SET seq = 100 WHERE seq = 2")
    for old, new in ((3, 2), (100, 3)):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE core_auditentry SET seq = %s WHERE seq = %s", [new, old])

    assert audit.first_break(audit.all_entries()).seq == 2


def test_inserted_row_is_found():
    rows = acts(4)
    attack("UPDATE core_auditentry SET seq = seq + 100 WHERE seq > 2")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_auditentry SET seq = seq - 99 WHERE seq > 100")
    forged = AuditEntry.objects.get(seq=2)
    forged.pk, forged.seq, forged.prev_hash = None, 3, rows[1].hash
    forged.hash = audit.entry_hash(forged)
    forged.save(force_insert=True)

    assert audit.first_break(audit.all_entries()) == audit.Break(
        4, "row does not follow the one before it"
    )


def test_record_outside_a_transaction_is_refused(transactional_db):
    user = UserFactory()

    with pytest.raises(transaction.TransactionManagementError):
        audit.record("test.act", user, by=user)


@pytest.mark.parametrize("verb", ["add", "write", "move"])
def test_failing_audit_insert_rolls_the_business_write_back(verb, transactional_db):
    committee = CommitteeFactory()
    secretary = person(committee, Role.SECRETARIAT)
    meeting = MeetingFactory(committee=committee)
    first = add_item(meeting=meeting, title="Første", by=secretary)
    add_item(meeting=meeting, title="Andet", by=secretary)
    act = {
        "add": lambda: add_item(meeting=meeting, title="Tredje", by=secretary),
        "write": lambda: save_texts(item=first, texts={"summary": "Ny"}, versions={}, by=secretary),
        "move": lambda: move_item(item=first, to=2, by=secretary),
    }[verb]
    # The next number is taken already: the protocol cannot be written.
    AuditEntry.objects.create(
        seq=-1, at=first.changed_at, verb="x", object_type="x", object_id="1",
        prev_hash="x", hash="taken",
    )  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audit, "entry_hash", lambda entry: "taken")
        with pytest.raises(DatabaseError):
            act()

    titles = list(meeting.items.on_agenda().values_list("title", flat=True))
    assert titles == ["Første", "Andet"]
    assert ItemTextRevision.objects.count() == 0


def test_writers_at_the_same_time_make_one_chain(run_together):
    user = UserFactory()

    def write():
        for n in range(5):
            with transaction.atomic():
                audit.record("test.act", user, by=user, data={"n": n})

    answers = run_together(write, write, write, write)

    assert answers == [None] * 4
    assert audit.head()[0] == 20
    assert audit.first_break(audit.all_entries()) is None


def test_an_act_by_the_system_has_no_actor():
    with transaction.atomic():
        row = audit.record("test.act", UserFactory(), by=None)

    assert (row.actor_id, row.actor_name) == (None, "System")


def test_anchors_find_a_cut_tail_and_a_chain_made_anew():
    rows = acts(5)
    quoted = [audit.Anchor(row.seq, row.hash) for row in rows]
    entries = list(audit.all_entries())

    assert audit.first_break(entries, quoted) is None
    assert audit.first_break(entries[:3], quoted) == audit.Break(4, audit.CUT)
    assert audit.first_break(entries, [audit.Anchor(2, "x")]) == audit.Break(2, audit.REWRITTEN)
