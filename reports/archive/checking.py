"""Read a package with the suspicion it deserves, and say what does not fit, file by file."""

import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import bagit
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.archive import offline

MAX_MEMBERS = 200_000
MAX_UNPACKED = 20 * 1024**3
MAX_RATIO = 250
RATIO_FROM = 1024 * 1024
IS_LINK = 0o120000
FAULTS = (bagit.BagError, OSError, ValueError, KeyError, zipfile.BadZipFile, zlib.error)

CHANGED = _("the file is not what was packed")
MISSING = _("the file is missing")
EXTRA = _("the file was not packed")
NO_ZIP = _("the file is damaged or no ZIP")
UNSAFE = _("the name points out of the package")
TWICE = _("the name stands twice")
TOO_MUCH = _("the package unpacks to more than a package holds")
NO_BAG = _("there is no BagIt package in the file")
FETCHES = _("the package asks to fetch files from elsewhere")
NO_SHA512 = _("the package has no sha512 of its files")
BAD_ROW = _("a row of the protocol does not fit its chain")


@dataclass(frozen=True)
class Fault:
    """What does not fit: the name inside the package (empty: the package as a whole), and why."""

    name: str
    why: str | Promise

    def __str__(self) -> str:
        return f"{self.name}: {self.why}" if self.name else str(self.why)


@dataclass
class Checked:
    """What came of reading a package."""

    faults: list[Fault] = field(default_factory=list)
    info: dict[str, str] = field(default_factory=dict)
    files: int = 0

    @property
    def is_valid(self) -> bool:
        return not self.faults

    def note(self, name: str, why: str | Promise) -> None:
        """One line for each file: what was found first stands."""
        if name not in {fault.name for fault in self.faults}:
            self.faults.append(Fault(name, why))


def check_package(path: Path) -> Checked:
    """Unpack beside, validate the bag and the chain of the protocol. Never raises for content."""
    checked = Checked()
    with unpacked(path, checked) as folder:
        if folder is not None:
            _check_bag(folder, checked)
    return checked


@contextmanager
def unpacked(path: Path, checked: Checked) -> Iterator[Path | None]:
    """The bag's folder in a temporary place; None when there is nothing that could be one."""
    with tempfile.TemporaryDirectory(prefix="arkiv-") as name:
        root = Path(name)
        try:
            with zipfile.ZipFile(path) as archive:
                top = _extract(archive, root, checked)
        except FAULTS:
            checked.note("", NO_ZIP)
            top = None
        yield root / top if top else None


def _extract(archive: zipfile.ZipFile, root: Path, checked: Checked) -> str | None:
    """Write the members below `root`; returns the one folder that they all lie in."""
    members = [entry for entry in archive.infolist() if not entry.is_dir()]
    if not _is_bearable(members):
        checked.note("", TOO_MUCH)
        return None
    names: set[str] = set()
    for entry in members:
        why = _refusal(entry, names)
        if why:
            checked.note(entry.filename, why)
            continue
        names.add(entry.filename.casefold())
        _write(archive, entry, root, checked)
    tops = {entry.filename.split("/")[0] for entry in members if "/" in entry.filename}
    if checked.faults and not tops:
        return None
    if len(tops) != 1:
        checked.note("", NO_BAG)
        return None
    return tops.pop() if not any(fault.why is UNSAFE for fault in checked.faults) else None


def _is_bearable(members: list[zipfile.ZipInfo]) -> bool:
    total = sum(entry.file_size for entry in members)
    bursts = any(
        entry.file_size > RATIO_FROM and entry.file_size > max(entry.compress_size, 1) * MAX_RATIO
        for entry in members
    )
    return len(members) <= MAX_MEMBERS and total <= MAX_UNPACKED and not bursts


def _refusal(entry: zipfile.ZipInfo, names: set[str]) -> str | Promise:
    name = entry.filename
    parts = PurePosixPath(name).parts
    odd = "\\" in name or "\0" in name or ":" in name or name.startswith("/")
    if odd or not parts or ".." in parts or "." in name.split("/") or "" in name.split("/"):
        return UNSAFE
    if (entry.external_attr >> 16) & 0o170000 == IS_LINK:
        return UNSAFE
    return TWICE if name.casefold() in names else ""


def _write(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, root: Path, checked: Checked) -> None:
    """A member that is damaged is named, and the others are still read."""
    target = root / entry.filename
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with archive.open(entry) as source, target.open("wb") as out:
            shutil.copyfileobj(source, out, 1 << 20)
    except (*FAULTS, RuntimeError, NotImplementedError, EOFError):
        checked.note(inner(entry.filename), CHANGED)


def inner(name: str) -> str:
    """The name as the manifests have it: without the folder that holds the bag."""
    return name.partition("/")[2] or name


def _check_bag(folder: Path, checked: Checked) -> None:
    if not (folder / "bagit.txt").is_file():
        checked.note("bagit.txt", MISSING)
        return
    if (folder / "fetch.txt").exists():
        checked.note("fetch.txt", FETCHES)
        return
    if not (folder / "manifest-sha512.txt").is_file():
        checked.note("manifest-sha512.txt", NO_SHA512)
        return
    try:
        bag = bagit.Bag(str(folder))
        checked.info = {key: str(value) for key, value in bag.info.items()}
        checked.files = sum(1 for _name in bag.payload_files())
        _validate(bag, checked)
    except FAULTS as error:
        # A tag file that cannot be read stops bagit before it says which one.
        _by_hand(folder, checked, str(error))
        return
    if checked.is_valid:
        for line in offline.broken_rows(folder):
            checked.note(line, BAD_ROW)


def _validate(bag: bagit.Bag, checked: Checked) -> None:
    try:
        bag.validate(processes=1)
    except bagit.BagValidationError as error:
        # Without details it stopped at the sizes, before it looked at the files one by one.
        details = list(error.details) or _details(bag)
        for detail in details:
            _note(detail, checked)
        if not details and checked.is_valid:
            checked.note("", str(error))


def _details(bag: bagit.Bag) -> list[Exception]:
    """What the files themselves say, when their sizes alone did not fit."""
    found: list[Exception] = []
    for step in (bag._validate_completeness, lambda: bag._validate_entries(1)):  # noqa: SLF001
        try:
            step()
        except bagit.BagValidationError as error:
            found += error.details
        except OSError:
            continue
    return found


def _note(detail: Exception, checked: Checked) -> None:
    name = getattr(detail, "path", "")
    if isinstance(detail, bagit.ChecksumMismatch):
        checked.note(name, CHANGED)
    elif isinstance(detail, bagit.FileMissing):
        checked.note(name, MISSING)
    elif isinstance(detail, bagit.UnexpectedFile):
        checked.note(name, EXTRA)
    else:
        checked.note(name, str(detail))


def _by_hand(folder: Path, checked: Checked, reason: str) -> None:
    """Compare with the manifest of the tag files; if even that cannot be read, say why."""
    try:
        lines = (folder / "tagmanifest-sha512.txt").read_text(encoding="utf-8").splitlines()
        for expected, name in (line.split(maxsplit=1) for line in lines):
            if offline.digest_of(folder / PurePosixPath(name).name) != expected:
                checked.note(name, CHANGED)
    except FAULTS:
        checked.note("tagmanifest-sha512.txt", CHANGED)
    if checked.is_valid:
        checked.note("", reason)
