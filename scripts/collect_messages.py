"""`make messages`: collect the texts of the code, say what lacks Danish, compile."""

import subprocess
import tempfile
from pathlib import Path

from scripts.messages import CATALOGUE, ROOT, extract, write


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        catalogue = extract(Path(folder))
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
