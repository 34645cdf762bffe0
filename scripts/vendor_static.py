#!/usr/bin/env python3
"""Fetch the front end's pinned packages, without a Node build.

`vendor_static.py` fetches every package with `npm pack`, keeps the wanted files and writes
`static/vendor/vendor.lock.json` (the registry's integrity per package, sha256 per file).
`vendor_static.py --check` needs no network: it exits 1 and names what differs from the lock.
"""

import argparse
import base64
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("static/vendor", "tests/vendor")
LOCK = "static/vendor/vendor.lock.json"
SPRITE = "static/ur/icons.svg"
OWN_SYMBOLS = "static/ur/own-symbols.svg"
DKFDS_SYMBOLS = "dist/img/all-svg-icons.svg"
FONTS = "dist/fonts/IBMPlexSans/complete/"
PDF_FONTS = ("Regular", "Italic", "Medium", "SemiBold", "Bold")


@dataclass(frozen=True, slots=True)
class Package:
    """A pinned npm package and where its files go; a path ending in `/` is a folder."""

    spec: str
    files: dict[str, str]


PACKAGES = (
    Package(
        "dkfds@11.2.0",
        {
            "dist/css/dkfds.min.css": "static/vendor/dkfds/css/",
            "dist/js/dkfds.min.js": "static/vendor/dkfds/js/",
            "dist/img/svg-icons/": "static/vendor/dkfds/img/svg-icons/",
            FONTS + "woff2/": f"static/vendor/{FONTS.replace('dist', 'dkfds')}woff2/",
            FONTS + "ttf/license.txt": f"static/vendor/{FONTS.replace('dist', 'dkfds')}ttf/",
            **{
                f"{FONTS}ttf/IBMPlexSans-{weight}.ttf": (
                    f"static/vendor/{FONTS.replace('dist', 'dkfds')}ttf/"
                )
                for weight in PDF_FONTS
            },
            "LICENSE.md": "static/vendor/dkfds/",
        },
    ),
    Package(
        "htmx.org@2.0.11",
        {"dist/htmx.min.js": "static/vendor/htmx/", "LICENSE": "static/vendor/htmx/"},
    ),
    Package(
        "sortablejs@1.15.7",
        {"Sortable.min.js": "static/vendor/sortable/", "LICENSE": "static/vendor/sortable/"},
    ),
    Package(
        "axe-core@4.14.1",
        {"axe.min.js": "tests/vendor/axe/", "LICENSE": "tests/vendor/axe/"},
    ),
)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def integrity(data: bytes, algorithm: str = "sha512") -> str:
    """Return `data`'s checksum in the form the registry gives it."""
    digest = hashlib.new(algorithm, data).digest()
    return f"{algorithm}-{base64.b64encode(digest).decode()}"


def keep_woff2(match: re.Match[str]) -> str:
    """Return an @font-face that names only its woff2 file, or nothing if it has none."""
    face = match.group()
    source = re.search(r"url\([^)]*\.woff2\)\s*format\(\"woff2\"\)", face)
    if source is None:
        return ""
    return re.sub(r"src:[^;}]*", f"src:{source.group()}", face)


def patched(path: str, data: bytes) -> bytes:
    """Drop references to files that are not vendored; a manifest storage refuses them."""
    if path.endswith(".css"):
        text = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", data.decode())
        text = re.sub(r"background-image:url\([^)]*placeholder\.png\);", "", text)
        return re.sub(r"@font-face\{[^}]*\}", keep_woff2, text).encode()
    if path.endswith(".js"):
        return re.sub(rb"\n?//# sourceMappingURL=.*", b"", data)
    return data


def pack(spec: str) -> tuple[bytes, str]:
    """Fetch a package and return its archive and integrity, checked against the bytes."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--json", "--silent", spec]
        output = subprocess.run(command, cwd=folder, check=True, capture_output=True).stdout
        answer = json.loads(output)
        info = answer[0] if isinstance(answer, list) else next(iter(answer.values()))
        archive = (Path(folder) / info["filename"]).read_bytes()
    promised = str(info["integrity"])
    if integrity(archive, promised.split("-", 1)[0]) != promised:
        raise SystemExit(f"{spec}: the archive is not the one the registry promises")
    return archive, promised


def members(archive: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield path (below the package folder) and bytes of every file of an npm archive."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for member in tar.getmembers():
            stream = tar.extractfile(member) if member.isfile() else None
            if stream is not None:
                yield member.name.split("/", 1)[1], stream.read()


def target(path: str, wanted: dict[str, str]) -> str | None:
    """Return where a package's file goes, or None when it is not wanted."""
    if path in wanted:
        return wanted[path] + path.rsplit("/", 1)[-1]
    for source, folder in wanted.items():
        if source.endswith("/") and path.startswith(source):
            return folder + path.removeprefix(source)
    return None


def sprite(dkfds: str, own: str) -> bytes:
    """Join the design system's symbols and ours into the one file that pages point into."""
    symbols = [
        symbol
        for source in (dkfds, own)
        for symbol in re.findall(r"<symbol .*?</symbol>", source, flags=re.DOTALL)
    ]
    names = [re.search(r'id="([^"]+)"', symbol).group(1) for symbol in symbols]  # type: ignore[union-attr]
    if len(names) != len(set(names)):
        raise SystemExit("two symbols share a name")
    lines = ['<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>", ""]
    return "\n".join(lines).encode()


def fetch(root: Path = ROOT) -> None:
    """Fetch everything anew; a package whose integrity moved since the lock is refused."""
    lock_path = root / LOCK
    known = json.loads(lock_path.read_text())["packages"] if lock_path.exists() else {}
    packages: dict[str, str] = {}
    files: dict[str, bytes] = {}
    for package in PACKAGES:
        archive, promised = pack(package.spec)
        if known.get(package.spec, promised) != promised:
            raise SystemExit(f"{package.spec}: integrity changed since the lock was written")
        packages[package.spec] = promised
        for path, data in members(archive):
            if path == DKFDS_SYMBOLS and package.spec.startswith("dkfds@"):
                own = (root / OWN_SYMBOLS).read_text()
                files[SPRITE] = sprite(data.decode(), own)
            if (place := target(path, package.files)) is not None:
                files[place] = patched(path, data)
    replace(root, files)
    write_lock(lock_path, packages, files)


def replace(root: Path, files: dict[str, bytes]) -> None:
    """Empty the vendored folders and write `files`."""
    for folder in FOLDERS:
        shutil.rmtree(root / folder, ignore_errors=True)
    for place, data in files.items():
        path = root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def write_lock(path: Path, packages: dict[str, str], files: dict[str, bytes]) -> None:
    lock = {"packages": packages, "files": {place: sha256(files[place]) for place in files}}
    path.write_text(json.dumps(lock, indent=1, sort_keys=True) + "\n")


def differences(root: Path = ROOT) -> list[str]:
    """Return one line per vendored file that is missing, changed or not in the lock."""
    locked: dict[str, str] = json.loads((root / LOCK).read_text())["files"]
    found = {
        path.relative_to(root).as_posix()
        for folder in FOLDERS
        for path in (root / folder).rglob("*")
        if path.is_file()
    } - {LOCK}
    lines = [f"{place}: not in the lock" for place in sorted(found - locked.keys())]
    for place, digest in sorted(locked.items()):
        path = root / place
        if not path.is_file():
            lines.append(f"{place}: missing")
        elif sha256(path.read_bytes()) != digest:
            lines.append(f"{place}: changed")
    return lines


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--check", action="store_true", help="compare with the lock, offline")
    if not parser.parse_args(arguments).check:
        fetch()
        return 0
    lines = differences()
    for line in lines:
        print(line, file=sys.stderr)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
