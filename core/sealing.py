"""Sign a PDF, and read back the place in the protocol chain that it quotes.

The signature is PAdES B-B without a timestamp from outside: nothing here uses the network.
"""

import io
import json
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from pikepdf import Array, Dictionary, Name, String

from core.audit import Anchor
from core.documents.structure import save

FIELD = "Segl"
# A record is text; what unpacks to more than this is none of ours.
MAX_RECORD = 50 * 1024 * 1024
TEST_DAYS = 3650


class SealError(Exception):
    """The seal cannot be set or read; the message is a sentence for whoever runs the system."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What documents are signed with. A test certificate says so in every document."""

    name: str
    is_test: bool
    path: Path
    passphrase: bytes


def certificate() -> Certificate | None:
    """The configured certificate, else the demo's test certificate, else None.

    Raises `SealError` when it is there and cannot be used.
    """
    if settings.SEAL_CERTIFICATE:
        return _open(Path(settings.SEAL_CERTIFICATE), settings.SEAL_PASSPHRASE, is_test=False)
    test = Path(settings.SEAL_TEST_CERTIFICATE)
    return _open(test, settings.SEAL_TEST_PASSPHRASE, is_test=True) if test.exists() else None


def sign(data: bytes, *, by: Certificate, label: str, reason: str) -> bytes:
    """Return `data` with a signature that allows no changes and keeps PDF/A and PDF/UA."""
    # pyHanko is a slow import: only the worker that seals pays for it.
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    class KeepMetadata(IncrementalPdfFileWriter):
        def _update_meta(self) -> None:
            """Leave the metadata alone: a rewrite drops what PDF/A and PDF/UA ask for."""

    signer = signers.SimpleSigner.load_pkcs12(str(by.path), passphrase=by.passphrase)
    if signer is None:
        raise SealError(_unusable(by.path))
    about = signers.PdfSignatureMetadata(
        field_name=FIELD,
        name=by.name,
        reason=reason,
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    out = io.BytesIO()
    # pyHanko runs a loop of its own, which a thread that already has one does not let it.
    with ThreadPoolExecutor(max_workers=1) as alone:
        alone.submit(
            signers.sign_pdf,
            KeepMetadata(io.BytesIO(_with_field(data, label))),
            about,
            signer=signer,
            output=out,
            existing_fields_only=True,
        ).result()
    return out.getvalue()


def _with_field(data: bytes, label: str) -> bytes:
    """Add an invisible signature field with a name and a place in the tag tree."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        page, tree = pdf.pages[0].obj, pdf.Root.StructTreeRoot
        numbers = tree.ParentTree.Nums
        key = 1 + max([int(numbers[at]) for at in range(0, len(numbers), 2)], default=-1)
        widget = pdf.make_indirect(
            Dictionary(
                Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=String(FIELD),
                TU=String(label), F=132, Rect=Array([0, 0, 0, 0]), P=page, StructParent=key,
            )
        )  # fmt: skip
        numbers.append(key)
        numbers.append(_form_element(pdf, page, widget, label))
        if "/ParentTreeNextKey" in tree:
            tree.ParentTreeNextKey = key + 1
        page.Annots = Array([*page.get("/Annots", []), widget])
        page.Tabs = Name.S
        pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=Array([widget]), SigFlags=3))
        return save(pdf)


def _form_element(pdf: pikepdf.Pdf, page: Any, widget: Any, label: str) -> Any:
    top = pdf.Root.StructTreeRoot.K
    parent = top if isinstance(top, Dictionary) else top[0]
    reference = pdf.make_indirect(Dictionary(Type=Name.OBJR, Obj=widget, Pg=page))
    element = pdf.make_indirect(
        Dictionary(Type=Name.StructElem, S=Name.Form, P=parent, Pg=page, Alt=String(label))
    )
    element.K = Array([reference])
    kids = parent.get("/K", Array())
    parent.K = Array([*(kids if isinstance(kids, Array) else [kids]), element])
    return element


def anchor_in(data: bytes) -> Anchor | None:
    """The place in the chain that the record inside the PDF quotes; None when it quotes none."""
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
            records = [_json_of(found.obj) for found in pdf.attachments.values()]
    except (pikepdf.PdfError, ValueError, RuntimeError, KeyError):
        return None
    return next((anchor for record in records if (anchor := _anchor(record))), None)


def _json_of(spec: Any) -> Any:
    stream = spec.EF.F
    if stream.get("/Filter", None) not in (None, Name.FlateDecode, Array([Name.FlateDecode])):
        return None
    raw = stream.read_raw_bytes()
    if "/Filter" in stream:
        try:
            raw = zlib.decompressobj().decompress(raw, MAX_RECORD)
        except zlib.error:
            return None
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def _anchor(record: Any) -> Anchor | None:
    found = record.get("anchor") if isinstance(record, dict) else None
    if not isinstance(found, dict):
        return None
    seq, digest = found.get("seq"), found.get("hash")
    if isinstance(seq, int) and isinstance(digest, str) and seq > 0:
        return Anchor(seq, digest)
    return None


def _open(path: Path, passphrase: str, *, is_test: bool) -> Certificate:
    from cryptography.hazmat.primitives.serialization import pkcs12
    from cryptography.x509.oid import NameOID

    try:
        held = pkcs12.load_pkcs12(path.read_bytes(), passphrase.encode())
    except (OSError, ValueError) as fault:
        raise SealError(_unusable(path)) from fault
    if held.key is None or held.cert is None:
        raise SealError(_unusable(path))
    found = held.cert.certificate
    if not found.not_valid_before_utc <= timezone.now() <= found.not_valid_after_utc:
        raise SealError(_("The seal's certificate %(name)s is not valid today.") % {"name": path})
    names = found.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    name = str(names[0].value) if names else found.subject.rfc4514_string()
    return Certificate(name, is_test, path, passphrase.encode())


def _unusable(path: Path) -> str:
    return _(
        "The seal's certificate %(name)s cannot be opened. It must be a PKCS#12 file with a key, "
        "and the passphrase must fit."
    ) % {"name": path}


def make_test_certificate(*, organisation: str) -> Path:
    """Write a self-signed certificate that nobody trusts, for demos and tests; returns its path.

    One that is there already stays.
    """
    path = Path(settings.SEAL_TEST_CERTIFICATE)
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(_self_signed(organisation, settings.SEAL_TEST_PASSPHRASE.encode()))
    return path


def _self_signed(organisation: str, passphrase: bytes) -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
    from cryptography.x509.oid import NameOID

    key = rsa.generate_private_key(65537, 3072)
    common = f"TEST - {organisation}"[:64]
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "DK"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )
    now = timezone.now()
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=False, crl_sign=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=TEST_DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    return pkcs12.serialize_key_and_certificates(
        common.encode(), key, made, None, BestAvailableEncryption(passphrase)
    )
