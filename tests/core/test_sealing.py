"""Signing keeps PDF/A and PDF/UA, and the signature stands up to pyHanko's own validation."""

import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from django.core.management import call_command
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from core.audit import Anchor
from core.canonical import canonical_json
from core.checks import seal_certificate_is_usable
from core.documents import Embedded, validate_ua
from core.sealing import SealError, anchor_in, certificate, make_test_certificate, sign
from tests.core.test_documents import render
from tests.meetings.samples import blank_pdf


@pytest.fixture(scope="session")
def seal_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("seal")


@pytest.fixture
def test_seal(settings, seal_folder):
    """The certificate that the demo has; made once, because a key takes its time."""
    settings.SEAL_TEST_CERTIFICATE = seal_folder / "test.p12"
    make_test_certificate(organisation="Prøve Kommune")
    return certificate()


def signed(by, **more):
    return sign(render("<p>Tekst</p>", variant="pdf/a-3a", **more), by=by, label="Segl", reason="R")


def checked(data, by):
    """What pyHanko says of the only signature, trusting our own certificate."""
    held = pkcs12.load_pkcs12(by.path.read_bytes(), by.passphrase).cert.certificate
    roots = list(load_certs_from_pemder_data(held.public_bytes(Encoding.DER)))
    [signature] = PdfFileReader(io.BytesIO(data)).embedded_signatures
    context = ValidationContext(trust_roots=roots, allow_fetching=False)
    # In a thread of its own: a browser test of the same worker leaves a loop running.
    with ThreadPoolExecutor(max_workers=1) as alone:
        return alone.submit(validate_pdf_signature, signature, context).result()


def test_signed_file_keeps_both_standards(test_seal):
    data = signed(test_seal)

    assert (validate_ua(data), validate_ua(data, profile="3a")) == ([], [])


def test_signature_validates_and_covers_the_whole_file(test_seal):
    status = checked(signed(test_seal), test_seal)

    assert status.bottom_line
    assert status.coverage.name == "ENTIRE_FILE"
    assert status.docmdp_ok


def said_by_pyhanko(data, by, folder):
    """The exit code of pyHanko's own command on the file; no code of ours takes part."""
    held = pkcs12.load_pkcs12(by.path.read_bytes(), by.passphrase).cert.certificate
    trusted, file = folder / "trusted.pem", folder / "file.pdf"
    trusted.write_bytes(held.public_bytes(Encoding.PEM))
    file.write_bytes(data)
    command = [sys.executable, "-m", "pyhanko", "sign", "validate", "--trust", trusted, file]
    return subprocess.run(command, check=False, capture_output=True).returncode


def test_pyhankos_own_command_validates_the_signature(test_seal, tmp_path):
    data = signed(test_seal)
    changed = bytearray(data)
    changed[len(data) // 2] ^= 1

    assert said_by_pyhanko(data, test_seal, tmp_path) == 0
    assert said_by_pyhanko(bytes(changed), test_seal, tmp_path) == 1


def test_changed_byte_breaks_the_signature(test_seal):
    data = bytearray(signed(test_seal))
    place = data.find(b"%PDF-") + 9
    data[place] ^= 1

    assert not checked(bytes(data), test_seal).intact


def test_test_certificate_says_that_it_is_one_and_stays(test_seal):
    before = test_seal.path.read_bytes()

    make_test_certificate(organisation="En anden")

    assert (test_seal.is_test, test_seal.name) == (True, "TEST - Prøve Kommune")
    assert test_seal.path.read_bytes() == before
    assert test_seal.path.stat().st_mode & 0o077 == 0


def test_configured_certificate_goes_before_the_test_one(settings, test_seal):
    settings.SEAL_CERTIFICATE = str(test_seal.path)
    settings.SEAL_PASSPHRASE = settings.SEAL_TEST_PASSPHRASE

    assert certificate().is_test is False


def test_without_certificate_there_is_no_seal_and_no_complaint(settings, tmp_path):
    settings.SEAL_TEST_CERTIFICATE = tmp_path / "none.p12"

    assert certificate() is None
    assert seal_certificate_is_usable() == []


@pytest.mark.parametrize("fault", ["missing", "passphrase", "rubbish", "expired"])
def test_unusable_certificate_is_refused_and_told_about(settings, test_seal, tmp_path, fault):
    settings.SEAL_CERTIFICATE = str(test_seal.path)
    settings.SEAL_PASSPHRASE = settings.SEAL_TEST_PASSPHRASE
    now = datetime.now(UTC)  # noqa: TID251
    if fault == "missing":
        settings.SEAL_CERTIFICATE = str(tmp_path / "none.p12")
    elif fault == "passphrase":
        settings.SEAL_PASSPHRASE = "forkert"
    elif fault == "rubbish":
        settings.SEAL_CERTIFICATE = str(tmp_path / "x.p12")
        (tmp_path / "x.p12").write_bytes(b"x")
    else:
        now += timedelta(days=4000)

    with time_machine.travel(now), pytest.raises(SealError):
        certificate()
    with time_machine.travel(now):
        assert [told.id for told in seal_certificate_is_usable()] == ["core.W101"]
        call_command("check")


def test_anchor_is_read_back_from_the_signed_file(test_seal):
    record = canonical_json({"schema": 1, "anchor": {"seq": 7, "hash": "ab"}})
    data = signed(test_seal, attachments=[Embedded("r.json", record, "Data")])

    assert anchor_in(data) == Anchor(7, "ab")


@pytest.mark.parametrize(
    "record",
    [
        {}, [], {"anchor": 1}, {"anchor": {"seq": "7", "hash": "ab"}},
        {"anchor": {"seq": 0, "hash": "ab"}},
    ],
)  # fmt: skip
def test_record_without_an_anchor_has_none(record):
    file = Embedded("r.json", canonical_json(record), "Data")

    assert anchor_in(render("", variant="pdf/a-3a", attachments=[file])) is None


@pytest.mark.parametrize("data", [b"", b"x", b"%PDF-1.7\n", blank_pdf(1)])
def test_file_that_is_none_of_ours_has_no_anchor(data):
    assert anchor_in(data) is None
