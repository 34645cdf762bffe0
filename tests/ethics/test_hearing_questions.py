"""The default questions of a hearing: mistakes in the file are told with their line."""

import pytest

from core.content import ContentError, read_yaml
from ethics.hearing_questions import HEARINGS, parse_questions

GOOD = """title: {da: Høring, en: Hearing}
questions:
  - id: a
    da: Hvad?
    en: What?
  - id: b
    da: Hvem?
    en: Who?
"""


def parsed(tmp_path, text):
    path = tmp_path / "x@1.yaml"
    path.write_text(text, encoding="utf-8")
    node = read_yaml(path)
    found = parse_questions("x", 1, node)
    node.finish()
    return found


def test_a_file_is_read_in_order(tmp_path):
    found = parsed(tmp_path, GOOD)
    assert [one.id for one in found.questions] == ["a", "b"]
    assert (found.title.da, found.title.en) == ("Høring", "Hearing")
    assert found.reference == "x@1"


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("id: b", "id: a", 2, "id of its own"),
        ("    da: Hvem?\n", "", 6, "“da” is missing"),
        ("da: Hvem?", "da: ''", 7, "“da” is empty"),
        ("en: Who?", "en: Who?\n    hjælp: nej", 9, "“hjælp” is not known here"),
        ("  - id: a\n    da: Hvad?\n    en: What?\n", "  - bare tekst\n", 2, "must be a mapping"),
        (", en: Hearing", "", 1, "“en” is missing"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path, old, new, line, words):
    with pytest.raises(ContentError) as error:
        parsed(tmp_path, GOOD.replace(old, new))
    assert f":{line}:" in str(error.value)
    assert words in str(error.value)


def test_our_own_files_have_no_mistakes():
    assert HEARINGS.errors() == []
