"""Files of the questionnaire: every mistake is told with its line and its reason."""

from pathlib import Path

import pytest
import yaml
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import override_settings

from core import content
from ethics.questionnaire import QUESTIONNAIRES, current
from usecases.record import record

ROOT = Path(__file__).parents[2]
SMALL = """\
title: {da: Prøve, en: Trial}
severities:
- {id: info, da: Info, en: Info, effect_da: vises, effect_en: is shown}
- {id: minor, da: Mindre, en: Minor, effect_da: vises, effect_en: is shown}
- {id: major, da: Stor, en: Major, effect_da: vises, effect_en: is shown}
- {id: blocker, da: Stop, en: Stop, effect_da: vises, effect_en: is shown}
scales:
- id: impact
  da: Påvirkning
  en: Impact
  counts: highest
  unknown: 3
  anchors:
  - {v: 0, da: Ingen, en: None}
  - {v: 1, da: Lille, en: Small}
  - {v: 2, da: Nogen, en: Some}
  - {v: 3, da: Stor, en: Large}
  - {v: 4, da: Alt, en: All}
kl_points:
- {n: 1, da: Data, en: Data}
principles:
- {id: value, da: Værdi, en: Value, source: [KL]}
sections:
- {id: A, da: Formål, en: Purpose}
questions:
- id: A1
  section: A
  principles: [value]
  kl_points: [1]
  type: single
  da: Hvilke data?
  en: Which data?
  help_da: Vælg én.
  help_en: Choose one.
  options:
  - {value: none, da: Ingen, en: None}
  - {value: some, da: Nogle, en: Some}
  flags:
  - when: [unknown]
    severity: major
    da: Uafklaret.
    en: Unclear.
  evidence_da: Liste
  evidence_en: List
  source: [KL]
  required_at: screening
  answered_by: owner
  publish_answer: true
- id: A2
  section: A
  principles: [value]
  kl_points: []
  type: scale_0_4
  scale: impact
  show_if: {question: A1, is: [some]}
  da: Hvor meget?
  en: How much?
  help_da: Skøn.
  help_en: Estimate.
  flags:
  - when: ['4', unknown]
    severity: blocker
    da: For meget.
    en: Too much.
  evidence_da: Tal
  evidence_en: Figures
  source: [KL]
  required_at: pilot
  answered_by: dpo
  publish_answer: false
"""


@pytest.fixture(autouse=True)
def forget_content():
    content._load_all.cache_clear()
    # The record stays what it is when the folder of the content is another.
    record()
    yield
    content._load_all.cache_clear()


def mistakes(base, text):
    folder = base / "ethics" / "content" / "questionnaire"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "etik@1.yaml").write_text(text)
    with override_settings(BASE_DIR=base):
        return [str(error) for error in QUESTIONNAIRES.errors()]


def line_of(text, needle, nth=1):
    lines = [n for n, line in enumerate(text.splitlines(), 1) if needle in line]
    return lines[nth - 1]


def test_small_file_is_right(tmp_path):
    assert mistakes(tmp_path, SMALL) == []


def test_a_scale_without_own_anchors_takes_those_of_the_axis(tmp_path):
    mistakes(tmp_path, SMALL)
    with override_settings(BASE_DIR=tmp_path):
        assert [str(step.value) for step in current().by_id["A2"].anchors] == list("01234")


# What is put in for what, the line that is told (as its text), and the reason.
BROKEN = [
    ("- id: A2", "- id: A1", "- id: A1", 2, "the id “A1” stands twice"),
    ("question: A1,", "question: A9,", "show_if", 1, "“show_if” asks for “A9”, which is no"),
    ("is: [some]", "is: [much]", "show_if", 1, "“show_if” waits for “much”, which is no answer"),
    ("is: [some]", "is: [no]", "show_if", 1, "yes and no in “is” must stand in quotes"),
    ("is: [some]", "is: [some], is_not: [none]", "show_if", 1, "“show_if” needs either “is”"),
    ("question: A1,", "question: A2,", "show_if", 1, "A2 is shown only if it is answered itself"),
    ("  da: Hvor meget?\n", "", "- id: A2", 1, "“da” is missing"),
    ("  da: Hvor meget?\n", "  da: ' '\n", "  da: ' '", 1, "“da” is empty"),
    ("  en: How much?\n", "", "- id: A2", 1, "“en” is missing"),
    ("  help_da: Skøn.\n", "", "- id: A2", 1, "“help_da” is missing"),
    ("when: [unknown]", "when: [unknown, all]", "flags:", 1, "a flag waits for “all”, which is no"),
    ("when: ['4', unknown]", "when: ['5', unknown]", "flags:", 2, "a flag waits for “5”"),
    ("when: ['4', unknown]", "when: ['4']", "flags:", 2, "A2: “unknown” must raise a flag"),
    ("when: ['4', unknown]", "when: [no, unknown]", "when: [no", 1, "yes and no in “when”"),
    ("  - {v: 2, da: Nogen, en: Some}\n", "", "anchors:", 1, "a scale needs an anchor for each"),
    ("kl_points: [1]", "kl_points: []", "- {n: 1", 1, "no question covers KL's point 1"),
    ("kl_points: []", "kl_points: [11]", "kl_points: [11]", 1, "KL has no point 11"),
    ("kl_points: []", "kl_points: ['1']", "kl_points: ['1']", 1, "must be a list of numbers"),
    ("severity: blocker", "severity: stop", "severity: stop", 1, "“severity” cannot be “stop”"),
    ("type: single", "type: choose", "type: choose", 1, "“type” cannot be “choose”"),
    ("type: single", "type: yes_no", "type: yes_no", 1, "options belong to single and multi"),
    ("  scale: impact\n", "", "type: scale_0_4", 1, "“scale” belongs to scale_0_4"),
    ("scale: impact", "scale: cost", "scale: cost", 1, "“scale” cannot be “cost”"),
    ("  section: A\n", "  section: B\n", "section: B", 1, "there is no section “B”"),
    ("[value]", "[virtue]", "[virtue]", 1, "there is no principle “virtue”"),
    ("answered_by: dpo", "answered_by: boss", "answered_by: boss", 1, "“answered_by” cannot be"),
    ("required_at: pilot", "required_at: soon", "required_at: soon", 1, "“required_at” cannot"),
    ("publish_answer: false", "publish_answer: nej", "publish_answer: nej", 1, "wrong type"),
    ("value: none,", "value: unknown,", "value: unknown", 1, "“unknown” is always there"),
    ("value: none,", "value: some,", "value: some", 2, "the id “some” stands twice"),
    ("value: none,", "value: no,", "value: no", 1, "yes and no as “value” must stand in quotes"),
    ("publish_answer: false", "publish_answer: false\n  svar: x", "svar: x", 1, "not known here"),
    ("- id: A2", "- id: a_2", "- id: a_2", 1, "the id “a_2” must be a capital and figures"),
    ("unknown: 3", "unknown: 7", "unknown: 7", 1, "“unknown” must be a step from 0 to 4"),
    ("- {id: info", "- {id: note", "- {id: note", 1, "“id” cannot be “note”"),
    ("title: {da: Prøve, en: Trial}", "title: {da: Prøve}", "title:", 1, "“en” is missing"),
]
REUSED = [
    ("usecase.nothing", "the record of a use case has no field “nothing”"),
    ("usecase.risks", "“risks” is not public, and the answer is"),
    ("usecase.purpose", "“purpose” has other answers than A1"),
]


@pytest.mark.parametrize(("old", "new", "at", "nth", "reason"), BROKEN)
def test_mistake_is_told_with_line_and_reason(tmp_path, old, new, at, nth, reason):
    text = SMALL.replace(old, new, 1)

    said = mistakes(tmp_path, text)

    line = line_of(text, at, nth)
    assert any(s.startswith(f"etik@1.yaml:{line}: ") and reason in s for s in said), said


@pytest.mark.parametrize(("name", "reason"), REUSED)
def test_what_is_reused_must_fit(tmp_path, name, reason):
    text = SMALL.replace("answered_by: owner", f"answered_by: owner\n  reuse: [{name}]")

    said = mistakes(tmp_path, text)

    assert said == [f"etik@1.yaml:{line_of(text, 'reuse')}: “reuse”: {reason}"]


def test_circle_over_several_questions_is_told_of_each(tmp_path):
    text = SMALL.replace("type: single\n", "type: single\n  show_if: {question: A2, is: ['4']}\n")

    said = mistakes(tmp_path, text)

    assert [s.partition(": ")[2].split(" ")[0] for s in said] == ["A1", "A2"]


def test_all_mistakes_are_told_at_once(tmp_path):
    text = SMALL.replace("  da: Hvor meget?\n", "").replace("type: single", "type: choose")
    text = text.replace("  evidence_en: List\n", "")

    assert len(mistakes(tmp_path, text)) == 4  # the type, its options, the evidence, the Danish


def test_check_command_stops_at_a_mistake(tmp_path):
    mistakes(tmp_path, SMALL.replace("  help_da: Skøn.\n", ""))

    with override_settings(BASE_DIR=tmp_path), pytest.raises(SystemCheckError) as stop:
        call_command("check", "ethics")

    assert "etik@1.yaml" in str(stop.value)
    assert "“help_da” is missing" in str(stop.value)


def test_domain_file_is_plain_yaml():
    """Any YAML reader takes it, not only ours."""
    path = ROOT / "ethics/content/questionnaire/etik@1.yaml"

    assert len(yaml.safe_load(path.read_text())["questions"]) == 39
