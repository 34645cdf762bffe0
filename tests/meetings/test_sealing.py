"""The sealed document: bound to the protocol, signed, and known again byte for byte."""

import io
import json
import logging

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import translation

from core import audit, outbox
from core.canonical import sha256_hex
from core.documents import validate_ua
from core.models import AuditEntry, StoredFile
from core.sealing import SealError, anchor_in, make_test_certificate
from meetings.models import Seal, SealedFile
from meetings.selectors.reading import edition_reading
from meetings.services.documents import find_document
from meetings.services.publication import withdraw_minutes
from tests.core.test_audit import attack
from tests.core.test_documents import text_of
from tests.core.test_sealing import checked
from tests.meetings.samples import blank_pdf, picture
from tests.meetings.scenes import a_scene, bring_to

pytestmark = pytest.mark.django_db
YES = "Yes, this is a sealed document"
NO = "No, this is not a sealed document"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def scene(settings, tmp_path):
    settings.SEAL_TEST_CERTIFICATE = tmp_path / "test.p12"
    return bring_to(a_scene(), "locked")


def sealed(scene, edition="full"):
    """The bytes of the sealed PDF that a reader of the edition fetches."""
    outbox.drain()
    read = edition_reading(scene.fresh(), edition)
    return find_document("minutes", read).file.read()


def published(scene):
    bring_to(scene, "published")
    return sealed(scene, "public")


def flipped(data):
    changed = bytearray(data)
    changed[len(data) // 2] ^= 1
    return bytes(changed)


def check(tmp_path, data, capsys):
    """The command's answer: what it writes, or what it fails with."""
    path = tmp_path / "file.pdf"
    path.write_bytes(data)
    try:
        call_command("verify_document", str(path))
    except CommandError as error:
        return f"{error.returncode}: {error}"
    return capsys.readouterr().out.strip()


def upload(client, data, name="x.pdf"):
    file = SimpleUploadedFile(name, data, "application/pdf")
    client.cookies["django_language"] = "en"
    return client.post(reverse("meetings:verify_page"), {"file": file})


# What is sealed ------------------------------------------------------------------------------


def test_seal_quotes_the_act_of_locking(scene):
    seal = Seal.objects.get(meeting=scene.meeting)
    act = AuditEntry.objects.get(verb="meetings.lock")

    assert (seal.audit_seq, seal.audit_hash, seal.sealed_at) == (act.seq, act.hash, act.at)
    assert seal.sha256 == seal.version.sha256 == act.data["sha256"]


def test_sealed_file_prints_and_carries_the_anchor(scene):
    data = sealed(scene)
    seal = Seal.objects.get()

    text = text_of(data)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        record = pdf.attachments["protokol.json"].get_file().read_bytes()
    assert f"{seal.audit_seq}: {seal.audit_hash}" in text
    assert sha256_hex(record) in text
    assert json.loads(record)["anchor"]["hash"] == seal.audit_hash
    assert anchor_in(data) == audit.Anchor(seal.audit_seq, seal.audit_hash)
    assert "TEST" not in text


def test_sealed_file_is_signed_conforms_and_says_that_it_is_a_test(scene):
    make_test_certificate(organisation="Prøve Kommune")
    data = sealed(scene)
    kept = SealedFile.objects.get()

    from core.sealing import certificate

    assert checked(data, certificate()).bottom_line
    assert (validate_ua(data), validate_ua(data, profile="3a")) == ([], [])
    assert "TEST" in text_of(data)
    assert (kept.is_test, kept.signed_by) == (True, "TEST - Prøve Kommune")


def test_every_sealed_file_is_remembered_by_its_final_bytes(scene):
    full, public = sealed(scene), published(scene)

    rows = dict(SealedFile.objects.values_list("edition", "sha256"))
    assert rows == {"full": sha256_hex(full), "public": sha256_hex(public)}
    assert SealedFile.objects.count() == 2


def test_public_file_carries_nothing_of_what_is_closed(scene):
    data = published(scene)

    with pikepdf.open(io.BytesIO(data)) as pdf:
        record = pdf.attachments["protokol.json"].get_file().read_bytes().decode()
    assert "HEMMELIG" not in record
    # A hash of the full record would let a guess at the closed text be tried.
    assert Seal.objects.get().sha256 not in record


def test_unusable_certificate_stops_the_file_and_not_the_lock(scene, settings):
    settings.SEAL_CERTIFICATE = "/nowhere.p12"
    document = find_document("minutes", edition_reading(scene.fresh(), "full"))

    from meetings.tasks.documents import render_document

    with pytest.raises(SealError):
        render_document({"document": document.pk}, lambda step, share: None)
    assert SealedFile.objects.count() == 0


@pytest.mark.database
@pytest.mark.parametrize("model", [Seal, SealedFile])
def test_seals_cannot_be_changed_or_deleted(scene, model):
    sealed(scene)
    table = model._meta.db_table
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET sha256 = 'x'"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            run(statement)


# verify_document -----------------------------------------------------------------------------


def test_verify_document_says_yes_to_the_sealed_file(scene, tmp_path, capsys):
    answer = check(tmp_path, sealed(scene), capsys)

    assert answer.startswith("Yes, this is the sealed document")
    assert scene.meeting.title in answer


@pytest.mark.parametrize("make", [flipped, lambda data: data + b"\n", lambda data: data[:-1]])
def test_verify_document_says_no_to_one_changed_byte(scene, tmp_path, capsys, make):
    answer = check(tmp_path, make(sealed(scene)), capsys)

    assert answer.startswith("1: No, ")


def test_verify_document_names_what_a_changed_file_pretends_to_be(scene, tmp_path, capsys):
    answer = check(tmp_path, sealed(scene) + b"\n", capsys)

    assert "it is not byte for byte what was sealed" in answer


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"", "empty"), (b"x", "not a PDF"), (blank_pdf(1), "no document that was sealed")],
)
def test_verify_document_says_why_not(tmp_path, capsys, data, why):
    assert why in check(tmp_path, data, capsys)


def test_verify_document_says_when_there_is_no_file(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_document", str(tmp_path / "none.pdf"))


def test_rendered_by_hand_is_the_sealed_file_itself(scene, tmp_path, capsys):
    """There is one sealed file, however it is fetched."""
    out = tmp_path / "out.pdf"
    call_command("render_document", "minutes", str(scene.meeting.pk), "--out", str(out))

    assert out.read_bytes() == sealed(scene)
    capsys.readouterr()
    assert check(tmp_path, out.read_bytes(), capsys).startswith("Yes")


# The public page -----------------------------------------------------------------------------


def test_citizen_is_told_which_public_minutes_it_is(scene, client):
    answer = upload(client, published(scene)).content.decode()

    assert YES in answer
    assert scene.fresh().title in answer


def test_nothing_is_told_of_minutes_one_does_not_read(scene, client):
    """The full edition, also when the public one is out, and any edition after withdrawal."""
    full, public = sealed(scene), published(scene)
    withdraw_minutes(meeting=scene.fresh(), reason="En fejl", by=scene.secretary)

    for data in (full, public):
        answer = upload(client, data)
        told = answer.content.decode()
        assert YES in told
        assert scene.fresh().title not in told
        assert answer.context["told"].seal is None


def test_full_edition_of_published_minutes_stays_nameless_to_citizens(scene, client):
    full = sealed(scene)
    published(scene)

    assert upload(client, full).context["told"].seal is None


def test_member_is_told_of_the_full_edition(scene, client):
    client.force_login(scene.member)

    told = upload(client, sealed(scene)).context["told"]

    assert (told.seal.meeting, told.edition) == (scene.meeting, "full")


def test_changed_file_gets_a_no(scene, client):
    answer = upload(client, flipped(published(scene)))

    assert (answer.status_code, NO in answer.content.decode()) == (200, True)


def locked_pdf():
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(blank_pdf(1))) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "The file is empty"),
        (picture(), "The file is not a PDF"),
        (locked_pdf(), "protected with a password"),
        (b"%PDF-1.7" + bytes(25 * 1024 * 1024), "It may be at most"),
    ],
    ids=["empty", "not-pdf", "locked", "big"],
)
def test_page_says_beside_the_field_what_is_wrong_with_the_file(client, data, why):
    answer = upload(client, data)

    assert answer.status_code == 422
    assert why in str(answer.context["form"].errors["file"])


def test_sealed_file_that_holds_the_word_of_locked_ones_gets_a_yes(scene, client):
    sealed(scene)
    row = SealedFile.objects.get(edition="full")
    data = b"%PDF-1.7 /Encrypt"
    SealedFile.objects.create(seal=row.seal, edition="full", file=row.file, sha256=sha256_hex(data))

    assert upload(client, data).context["told"] is not None


def test_page_without_a_file_asks_for_one(client):
    assert client.post(reverse("meetings:verify_page")).status_code == 422


def test_nothing_of_the_upload_is_kept_or_logged(scene, client, settings, tmp_path, caplog):
    data = published(scene)
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "uploads")
    (tmp_path / "uploads").mkdir()
    before = (StoredFile.objects.count(), audit.head())
    caplog.set_level(logging.DEBUG)
    caplog.clear()

    for sent in (data, data + bytes(3 * 1024 * 1024)):
        upload(client, sent, "hemmeligt-navn.pdf")

    assert (StoredFile.objects.count(), audit.head()) == before
    assert list((tmp_path / "uploads").iterdir()) == []
    assert "hemmeligt-navn" not in caplog.text


def test_page_still_checks_where_the_form_came_from():
    from django.test import Client

    assert upload(Client(enforce_csrf_checks=True), b"%PDF-").status_code == 403


# verify_protocol with the anchor -------------------------------------------------------------


def verify(*documents):
    try:
        call_command("verify_protocol", *[f"--document={path}" for path in documents])
    except CommandError as error:
        return str(error)
    return ""


def forged(seq, prev):
    row = AuditEntry.objects.get(seq=1)
    row.pk, row.seq, row.prev_hash = None, seq, prev
    row.hash = audit.entry_hash(row)
    return row


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def rehash_from(seq):
    """What a careful forger does: chain every later row anew."""
    prev = AuditEntry.objects.get(seq=seq - 1).hash
    for row in AuditEntry.objects.filter(seq__gte=seq).order_by("seq"):
        row.prev_hash = prev
        prev = audit.entry_hash(row)
        run(
            "UPDATE core_auditentry SET prev_hash = %s, hash = %s WHERE seq = %s",
            row.prev_hash, prev, row.seq,
        )  # fmt: skip


@pytest.mark.database
def test_protocol_with_a_seal_is_whole(scene, tmp_path):
    path = tmp_path / "sealed.pdf"
    path.write_bytes(sealed(scene))

    assert verify(path) == ""


@pytest.mark.database
@pytest.mark.parametrize(
    "what", ["byte", "middle", "last", "tail", "inserted", "swapped", "rehashed"]
)
def test_every_attack_is_found_by_the_anchor_or_the_chain(scene, what):
    last = audit.head()[0]
    assert last == Seal.objects.get().audit_seq  # the lock is the newest row
    attack("UPDATE core_auditentry SET verb = verb")

    if what == "byte":
        run("UPDATE core_auditentry SET verb = 'x' WHERE seq = 3")
    elif what == "middle":
        run("DELETE FROM core_auditentry WHERE seq = 3")
    elif what == "last":
        run("DELETE FROM core_auditentry WHERE seq = %s", last)
    elif what == "tail":
        run("DELETE FROM core_auditentry WHERE seq > %s", last - 4)
    elif what == "inserted":
        run("UPDATE core_auditentry SET seq = seq + 1000 WHERE seq > 2")
        run("UPDATE core_auditentry SET seq = seq - 999 WHERE seq > 1000")
        forged(3, AuditEntry.objects.get(seq=2).hash).save(force_insert=True)
        rehash_from(4)
    elif what == "swapped":
        for old, new in ((2, 1000), (3, 2), (1000, 3)):
            run("UPDATE core_auditentry SET seq = %s WHERE seq = %s", new, old)
    else:
        run("UPDATE core_auditentry SET actor_name = 'En anden' WHERE seq = 2")
        rehash_from(2)

    found = {
        "byte": (3, audit.ALTERED), "middle": (3, audit.MISSING), "last": (last, audit.CUT),
        "tail": (last - 3, audit.CUT), "inserted": (last, audit.REWRITTEN),
        "swapped": (2, audit.UNCHAINED), "rehashed": (last, audit.REWRITTEN),
    }[what]  # fmt: skip
    assert audit.first_break(audit.all_entries(), audit.known_anchors()) == audit.Break(*found)
    assert str(found[0]) in verify()


def test_the_pdf_itself_anchors_when_the_seal_is_deleted_too(scene, tmp_path):
    path = tmp_path / "sealed.pdf"
    path.write_bytes(sealed(scene))
    attack("DELETE FROM core_auditentry WHERE verb = %s", "meetings.lock")
    for statement in ("meetings_sealedfile", "meetings_seal"):
        run(f"DROP TRIGGER {statement}_no_delete")
        run(f"DELETE FROM {statement}")

    assert verify() == ""
    assert "a later one" in verify(path)


def test_document_without_an_anchor_and_lost_document_are_said(tmp_path):
    path = tmp_path / "x.pdf"
    path.write_bytes(blank_pdf(1))

    assert "quotes no row" in verify(path)
    assert "cannot be read" in verify(tmp_path / "none.pdf")
