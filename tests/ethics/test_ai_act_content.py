"""The rules' file: a mistake of whoever writes it is told with its line and its reason."""

from pathlib import Path

import pytest

from core.content import ContentError, read_yaml
from ethics.ai_act import AI_ACT, current_rules
from ethics.ai_act.loading import parse_rules

FILE = Path(AI_ACT.directory()) / "ai_act@1.yaml"
TEXT = FILE.read_text(encoding="utf-8")


def problem_of(old: str, new: str, tmp_path: Path) -> str:
    """What the loader says of the file with one change."""
    assert TEXT.count(old) >= 1
    file = tmp_path / "ai_act@2.yaml"
    file.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    try:
        node = read_yaml(file)
        parse_rules("ai_act", 2, node)
        node.finish()
    except ContentError as error:
        return str(error)
    return ""


def line_of(text: str) -> int:
    return TEXT[: TEXT.index(text)].count("\n") + 1


def test_the_file_is_sound() -> None:
    assert AI_ACT.errors() == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("- id: SC-02\n", "- id: SC-01\n", "“SC-01” stands twice"),
        ("- id: OB-26-1\n", "- id: OB-04\n", "“OB-04” stands twice"),
        ("- id: PRE_SERVICE_ONLY\n", "- id: PROHIBITED\n", "“PROHIBITED” stands twice"),
        ("- id: models\n", "- id: force\n", "“force” stands twice"),
        ("rank: 2\n", "rank: 1\n", "rank 1 stands twice"),
        ("outcome: NOT_AI_SYSTEM, next: END", "outcome: NOT_AI_SYSTEM, next: SC-99",
         "SC-01 leads to “SC-99”, which is not a question"),
        ("outcome: NOT_AI_SYSTEM, next: END", "outcome: NOT_AI_SYSTEM, next: SC-01",
         "a cycle: SC-01 leads back to “SC-01”"),
        ("outcome: NOT_AI_SYSTEM", "outcome: NOT_AI", "there is no outcome “NOT_AI”"),
        ("show_if: {any: [trigger.a]}", "show_if: {any: [triger.a]}", "sets “triger.a”"),
        ("show_if: {any: [trigger.a]}", "show_if: {any: [trigger.b]}",
         "before P-A2 sets “trigger.b”"),
        ("none: [derog.established]", "none: [derog.estabished]",
         "nothing sets the label “derog.estabished”"),
        ("rule: {all: [derog.own_provider, role.provider]}",
         "rule: {all: [derog.own_provider, derog.established]}",
         "a cycle: “derog.established” is only known after this label"),
        ("    da: Nej\n", "", "“da” is missing"),
        ("  da: Har kommunen kontrol over inputdata", "  da: ''\n  #", "“da” is empty"),
        ("applies_from: annex_3\n", "applies_from: annex_4\n", "must name one of the dates"),
        ("date: '2026-08-02'", "date: '2026-13-02'", "must be a date like"),
        ("senest {legacy}", "senest {legasy}", "names a date that there is not"),
        ("gate: pilot", "gate: pillot", "“gate” must be one of screening, pilot, operation"),
        ("{tier: derogated}", "{tier: derogatd}", "there is no tier “derogatd”"),
        ("set: [review.SC-01]", "set: [scope.odd]", "“unknown” must set a review. label"),
        ("  - {value: 'yes'}\n", "  - {value: yes}\n", "write the answers yes and no in quotes"),
        ("  SC-05: none\n", "  SC-05: nobody\n", "“nobody” is not an answer to SC-05"),
        ("otherwise: true", "any: [art50.1]", "exactly one outcome must hold “otherwise”"),
        ("markers:", "maker: x\nmarkers:", "“maker” is not known here"),
    ],
)  # fmt: skip
def test_mistake_is_told_with_its_reason(old: str, new: str, told: str, tmp_path: Path) -> None:
    problem = problem_of(old, new, tmp_path)

    assert told in problem
    assert problem.startswith("ai_act@2.yaml:")


def test_question_without_danish_is_told_with_its_line(tmp_path: Path) -> None:
    old = "  da: Skaber systemet syntetisk tekst, billeder, lyd eller video?\n"

    problem = problem_of(old, "", tmp_path)

    assert problem == f"ai_act@2.yaml:{line_of('- id: T-02' + chr(10))}: “da” is missing"


def test_mistake_stands_at_its_own_line(tmp_path: Path) -> None:
    problem = problem_of("show_if: {any: [trigger.h]}", "show_if: {any: [trigger.hh]}", tmp_path)

    assert problem.startswith(f"ai_act@2.yaml:{line_of('show_if: {any: [trigger.h]}')}:")


def test_no_date_is_typed_twice() -> None:
    """Dates stand in the list of dates: what applies names them."""
    after = TEXT[TEXT.index("\nblocks:") :]
    days = {one.day for one in current_rules().dates.values()}

    assert [day.isoformat() for day in sorted(days) if day.isoformat() in after] == []


def test_every_question_says_where_it_stands_and_has_both_languages() -> None:
    rules = current_rules()

    assert len(rules.questions) == 86
    assert len(rules.obligations) == 26
    assert len(rules.outcomes) == 11
    for question in rules.questions:
        assert question.text.da
        assert question.text.en
        assert question.article.da.strip()
        assert bool(question.help.da) == bool(question.help.en)
