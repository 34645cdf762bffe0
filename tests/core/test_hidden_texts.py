"""Texts that the collector of messages would not find."""

import re
from pathlib import Path

from django.apps import apps
from django.conf import settings

# The collector does not look into the braces of an f-string.
HIDDEN = re.compile(r"""\bf["'][^"'\n]*\{(?:_|say|gettext|gettext_lazy)\(""")


def test_no_text_to_translate_is_hidden_in_an_f_string() -> None:
    own = [Path(one.path) for one in apps.get_app_configs()]
    root = Path(settings.BASE_DIR)
    files = [file for path in own if path.parent == root for file in path.rglob("*.py")]

    found = [file.name for file in files if HIDDEN.search(file.read_text())]

    assert (bool(files), found) == (True, [])
