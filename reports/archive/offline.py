"""Check this package without the system that made it: python3 efterproev.py

Lies in every package as data/kontrol/efterproev.py. Needs Python 3.9 or newer and nothing else.
Exit code 0 when everything fits, 1 with the reason last.
"""

import csv
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MANIFESTS = ("manifest-sha512.txt", "tagmanifest-sha512.txt")
CHAIN, ROWS = Path("data/protokol/kaede.csv"), Path("data/protokol/raekker.jsonl")


def faults(bag: Path) -> Iterator[str]:
    """Each thing that does not fit: the file or the row, and why."""
    listed: set[str] = set()
    for manifest in MANIFESTS:
        for line in (bag / manifest).read_text(encoding="utf-8").splitlines():
            expected, name = line.split(maxsplit=1)
            listed.add(name)
            if not (bag / name).is_file():
                yield f"{name}: the file is missing"
            elif digest_of(bag / name) != expected:
                yield f"{name}: the file is not what was packed"
    for path in sorted((bag / "data").rglob("*")):
        name = path.relative_to(bag).as_posix()
        if path.is_file() and name not in listed:
            yield f"{name}: the file was not packed"
    yield from broken_rows(bag)


def digest_of(path: Path) -> str:
    return _digest(path, hashlib.sha512())


def sha256_of(path: Path) -> str:
    return _digest(path, hashlib.sha256())


def _digest(path: Path, digest: Any) -> str:
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return str(digest.hexdigest())


def broken_rows(bag: Path) -> Iterator[str]:
    """The rows of the protocol that are not what their hashes say, or stand outside the chain."""
    if not (bag / ROWS).is_file():
        return
    with (bag / CHAIN).open(encoding="utf-8", newline="") as file:
        chain = {int(row["seq"]): row["hash"] for row in csv.DictReader(file)}
    with (bag / ROWS).open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            seq = row["seq"]
            if row_hash(row) != row["hash"]:
                yield f"row {seq} of the protocol has been altered"
            elif (
                chain.get(seq) != row["hash"]
                or chain.get(seq - 1, row["prev_hash"]) != (row["prev_hash"])
            ):
                yield f"row {seq} of the protocol does not stand in the chain"


def row_hash(row: dict[str, Any]) -> str:
    """sha256 over the row and the hash of the row before it, as canonical JSON."""
    names = ("seq", "at", "actor_id", "actor_name", "verb", "object", "scope", "data", "prev_hash")
    text = json.dumps(
        [row[name] for name in names], sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(text.encode()).hexdigest()


def main() -> int:
    bag = Path(__file__).resolve().parents[2]
    found = list(faults(bag))
    sys.stdout.write("\n".join(found) or "OK: every file and every row is as it was packed.")
    sys.stdout.write("\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
