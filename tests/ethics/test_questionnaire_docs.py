"""The page for lawyers says what is so."""

import re
from pathlib import Path

from django.test import override_settings

from core import content
from ethics.questionnaire import QUESTIONNAIRES, current
from ethics.questionnaire.model import ANSWERED_BY, SEVERITIES, STAGES, TYPES
from usecases.record import record

PAGE = (Path(__file__).parents[2] / "docs/questionnaire.md").read_text()


def listed(name):
    """The words of a row of the page's tables."""
    return re.search(rf"^\| `{name}` \| (.*) \|$", PAGE, re.MULTILINE).group(1).split(", ")


def test_figures_are_those_of_the_file():
    etik = current()
    flags = sum(len(one.flags) for one in etik.questions)

    said = f"{len(etik.questions)} questions in {len(etik.sections)} parts with {flags} flags"

    assert f"Version {etik.version} has {said}" in PAGE


def test_tables_name_everything():
    assert re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)[: len(TYPES)] == list(TYPES)
    assert listed("severity") == list(SEVERITIES)
    assert listed("required_at") == list(STAGES)
    assert listed("answered_by") == list(ANSWERED_BY)


def test_example_is_taken_by_the_loader(tmp_path):
    record()
    example = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL).group(1)
    source = (Path(__file__).parents[2] / "ethics/content/questionnaire/etik@1.yaml").read_text()
    begin, end = source.index("- id: C2\n"), source.index("- id: C3\n")
    folder = tmp_path / "ethics/content/questionnaire"
    folder.mkdir(parents=True)
    (folder / "etik@1.yaml").write_text(source[:begin] + example + source[end:])

    with override_settings(BASE_DIR=tmp_path):
        found = QUESTIONNAIRES.errors()
    content._load_all.cache_clear()

    assert found == []
