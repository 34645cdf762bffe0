"""The one catalogue: the texts of the code and their Danish."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = Path("locale/da/LC_MESSAGES/django.po")
APPS = (
    *("config", "core", "committee", "usecases", "ethics", "meetings"),
    *("reports", "portal", "demo", "templates"),
)
SUFFIXES = {".py", ".html", ".txt"}
HEADER = {
    "Project-Id-Version": "Udvalgsrum",
    "Language": "da",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}

Identity = tuple[str, str, str]


def identity(entry: polib.POEntry) -> Identity:
    return (entry.msgctxt or "", entry.msgid, entry.msgid_plural or "")


def extract(into: Path) -> polib.POFile:
    """Collect all texts with makemessages in a copy of the sources, keeping known translations."""
    for source in _sources():
        target = into / source.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    target = into / CATALOGUE
    target.parent.mkdir(parents=True, exist_ok=True)
    if (ROOT / CATALOGUE).exists():
        shutil.copyfile(ROOT / CATALOGUE, target)
    django_admin = str(Path(sys.executable).parent / "django-admin")
    options = ("--locale", "da", "--no-location", "--no-wrap", "--no-obsolete", "--verbosity", "0")
    subprocess.run([django_admin, "makemessages", *options], cwd=into, check=True)
    catalogue = polib.pofile(str(target), wrapwidth=-1)
    _drop_guesses(catalogue)
    return catalogue


def _sources() -> Iterator[Path]:
    for app in APPS:
        for path in (ROOT / app).rglob("*"):
            if path.suffix in SUFFIXES and path.is_file():
                yield path


def _drop_guesses(catalogue: polib.POFile) -> None:
    """A fuzzy entry is gettext's guess from a similar sentence; it is never right by itself."""
    for entry in catalogue:
        entry.previous_msgid = entry.previous_msgid_plural = entry.previous_msgctxt = None
        if entry.fuzzy:
            entry.flags.remove("fuzzy")
            entry.msgstr = ""
            entry.msgstr_plural = dict.fromkeys(entry.msgstr_plural, "")


def write(catalogue: polib.POFile, path: Path) -> None:
    """Sorted, unwrapped and without dates, so that a diff shows texts only."""
    catalogue.header = ""
    catalogue.metadata = dict(HEADER)
    catalogue.metadata_is_fuzzy = 0
    catalogue.sort(key=identity)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))
