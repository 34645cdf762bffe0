"""Fails unless the Danish catalogue holds every text of the code, translated, and no other."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib

from scripts.messages import CATALOGUE, ROOT, extract, identity


def findings(committed: polib.POFile, fresh: polib.POFile) -> Iterator[str]:
    have, want = ({identity(e): e for e in po if not e.obsolete} for po in (committed, fresh))
    for key in sorted(want.keys() - have.keys()):
        yield f"not in the catalogue (make messages): {key[1]!r}"
    for key in sorted(have.keys() - want.keys()):
        yield f"no longer in the code (make messages): {key[1]!r}"
    for entry in committed:
        if fault := _fault(entry):
            yield f"{fault}: {entry.msgid!r}"


def _fault(entry: polib.POEntry) -> str:
    if entry.obsolete:
        return "obsolete"
    if entry.fuzzy:
        return "fuzzy"
    return "" if entry.translated() else "no Danish"


def main() -> int:
    path = ROOT / CATALOGUE
    if not path.exists():
        print(f"{CATALOGUE} is missing (make messages)")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        fresh = extract(Path(folder))
    found = list(findings(polib.pofile(str(path)), fresh))
    print(*found, sep="\n", end="\n" if found else "")
    print(f"{len(fresh)} texts, {len(found)} findings.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
