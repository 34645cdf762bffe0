"""`make messages`: collect the texts of the code, merge locale/parts/*.yaml, compile."""

import subprocess
import tempfile
from pathlib import Path

from scripts.messages import CATALOGUE, ROOT, extract, fill, read_parts, write


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        catalogue = extract(Path(folder))
    for key in sorted(fill(catalogue, read_parts())):
        print(f"in locale/parts/, but not in the code: {key!r}")
    write(catalogue, ROOT / CATALOGUE)
    compiled = (ROOT / CATALOGUE).with_suffix(".mo")
    subprocess.run(
        ["msgfmt", "--check-format", "--output-file", compiled, ROOT / CATALOGUE],
        check=True,
    )
    missing = catalogue.untranslated_entries()
    for entry in missing:
        print(f"no Danish yet: {entry.msgid!r}")
    print(f"{len(catalogue)} texts, {len(missing)} without Danish.")


if __name__ == "__main__":
    main()
