"""A folder becomes a BagIt bag, and the bag a ZIP: the same folder always gives the same bytes."""

import shutil
import threading
import zipfile
from datetime import date
from pathlib import Path

import bagit

ALGORITHM = "sha512"
FILE_MODE = 0o100644 << 16
# bagit changes the working folder of the process while it packs.
_one_at_a_time = threading.Lock()


def make_bag(folder: Path, info: dict[str, str]) -> None:
    """Turn `folder` into a bag in place. `info` must hold a Bagging-Date: today's is not used."""
    if not {"Bagging-Date", "Bag-Software-Agent"} <= set(info):
        raise ValueError("a bag with the day of today differs every day")
    with _one_at_a_time:
        bagit.make_bag(str(folder), dict(info), checksums=[ALGORITHM])


def zip_folder(folder: Path, target: Path, *, day: date) -> None:
    """Write everything in `folder` below its own name into `target`, in one order, with one date.

    Nothing is compressed: PDFs do not shrink, and another zlib would give other bytes.
    """
    moment = (max(day.year, 1980), day.month, day.day, 0, 0, 0)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(folder.rglob("*"), key=lambda one: one.relative_to(folder).as_posix()):
            if not path.is_file():
                continue
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            entry = zipfile.ZipInfo(name, moment)
            entry.create_system, entry.external_attr = 3, FILE_MODE
            entry.file_size = path.stat().st_size
            with path.open("rb") as source, archive.open(entry, "w") as out:
                shutil.copyfileobj(source, out, 1 << 20)
