"""ZIP based documents (DOCX, ODT), opened with the suspicion they deserve."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml import ElementTree as SafeTree
from django.utils.translation import gettext_lazy as _

from core.files.errors import BadFile

MAX_MEMBERS = 3000
MAX_UNPACKED = 200 * 1024 * 1024
MAX_XML = 60 * 1024 * 1024
# Text compresses 10 to 40 times; a member that shrinks more than this is made to burst.
MAX_RATIO = 250
RATIO_FROM = 1024 * 1024
MAX_DEPTH = 200

DAMAGED = _("The file is damaged or cut short. Open it, save it again and upload the new copy.")
BOMB = _("The file unpacks to far more than a document holds. Save it again as a new document.")
HOSTILE = _(
    "The file holds instructions that a document has no use for. Save it as a new document."
)
FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    EOFError,
    KeyError,
    OSError,
    ValueError,
    RuntimeError,  # an encrypted member, an unknown compression
)


@contextmanager
def open_archive(data: bytes) -> Iterator[zipfile.ZipFile]:
    """The ZIP in `data`, within limits for members, size and ratio. Raises `BadFile`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_limits(archive)
            yield archive
    except (DefusedXmlException, RecursionError) as fault:
        raise BadFile(HOSTILE) from fault
    except FAULTS as fault:
        raise BadFile(DAMAGED) from fault


def _check_limits(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    total = sum(member.file_size for member in members)
    xml = sum(member.file_size for member in members if is_xml(member.filename))
    if len(members) > MAX_MEMBERS or total > MAX_UNPACKED or xml > MAX_XML:
        raise BadFile(BOMB)
    if any(_bursts(member) for member in members):
        raise BadFile(BOMB)


def _bursts(member: zipfile.ZipInfo) -> bool:
    return (
        member.file_size > RATIO_FROM
        and member.file_size > max(member.compress_size, 1) * MAX_RATIO
    )


def is_xml(name: str) -> bool:
    """Whether a member of the archive is XML by its name."""
    return name.lower().endswith((".xml", ".rels"))


def check_members(archive: zipfile.ZipFile) -> None:
    """Read every member: checksums hold, and no XML carries a DTD, an entity or endless depth."""
    for member in archive.infolist():
        with archive.open(member) as stream:
            if is_xml(member.filename) and member.file_size:
                _check_depth(io.BytesIO(stream.read()))
            else:
                while stream.read(65_536):
                    pass


def _check_depth(stream: io.BytesIO) -> None:
    depth = 0
    for event, element in SafeTree.iterparse(stream, events=("start", "end"), forbid_dtd=True):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise BadFile(HOSTILE)
        if event == "end":
            element.clear()


def read_xml(archive: zipfile.ZipFile, name: str) -> Element | None:
    """The root of an XML member, or None when the archive has no such member."""
    if name not in archive.namelist():
        return None
    root: Element = SafeTree.fromstring(archive.read(name), forbid_dtd=True)
    return root
