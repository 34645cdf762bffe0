"""The engine of the AI Act: every vector, every outcome, every duty, and what never lowers."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from ethics.ai_act import BadAnswer, classify, current_rules
from ethics.ai_act.articles import danish_article
from ethics.ai_act.rules import UNKNOWN

DATA = Path(__file__).parent / "data"
GIVEN = yaml.safe_load((DATA / "ai_act_vectors.yaml").read_text())["vectors"]
OWN = yaml.safe_load((DATA / "ai_act_own_vectors.yaml").read_text())["vectors"]
VECTORS = [*GIVEN, *OWN]
RULES = current_rules()


def run(answers: dict[str, Any], tmp_path: Path, capsys: Any) -> dict[str, Any]:
    file = tmp_path / "answers.json"
    file.write_text(json.dumps({"answers": answers}))
    call_command("classify", str(file))
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


# Vectors --------------------------------------------------------------------------------------


@pytest.mark.parametrize("vector", VECTORS, ids=[one["name"] for one in VECTORS])
def test_vector(vector: dict[str, Any], tmp_path: Path, capsys: Any) -> None:
    found = run(vector["answers"], tmp_path, capsys)
    duties = {one["id"]: one for one in found["obligations"]}

    assert found["outcomes"] == vector["expect"]
    assert found["tier"] == vector.get("tier", found["tier"])
    assert found["disposition"] == vector.get("disposition", found["disposition"])
    assert set(vector.get("expect_obligations", [])) <= set(duties)
    assert not set(vector.get("expect_not_obligations", [])) & set(duties)
    for code, day in vector.get("dates", {}).items():
        assert duties[code]["applies_from"] == day
    for code, day in vector.get("other_readings", {}).items():
        assert duties[code]["other_reading"] == day


def test_vectors_have_every_outcome_and_every_duty() -> None:
    results = [classify(one["answers"], assume=True) for one in VECTORS]

    assert {one.id for result in results for one in result.outcomes} == {
        one.id for one in RULES.outcomes
    }
    assert {one.obligation.id for result in results for one in result.obligations} == {
        one.id for one in RULES.obligations
    }


def test_vectors_have_every_tier_and_every_gate() -> None:
    results = [classify(one["answers"], assume=True) for one in VECTORS]

    assert {result.tier for result in results} == set(RULES.tiers)
    assert {duty.obligation.gate for result in results for duty in result.obligations} == {
        *("screening", "pilot", "operation")
    }


# What a result tells ---------------------------------------------------------------------------


def test_finding_names_question_answer_reason_article_and_version(tmp_path, capsys) -> None:
    answer = {"value": "yes", "reason": "Den sorterer ansøgninger.", "evidence": "https://x.dk/1"}

    found = run({"III-4a": answer, "D-01": "yes"}, tmp_path, capsys)

    finding = next(one for one in found["findings"] if one["question"] == "III-4a")
    assert finding["answer"] == "yes"
    assert finding["reason"] == "Den sorterer ansøgninger."
    assert finding["evidence"] == "https://x.dk/1"
    assert finding["article"] == "Annex III point 4(a)"
    assert finding["ruleset"] == "ai_act@1"
    assert not finding["assumed"]


def test_every_block_is_asked_also_after_a_prohibition() -> None:
    result = classify({"P-E1": "yes", "III-5a": "yes", "D-01": "yes", "T-03": "yes"}, assume=True)

    assert [one.id for one in result.outcomes] == [
        "PROHIBITED",
        "HIGH_RISK_ANNEX_III",
        "TRANSPARENCY",
    ]
    assert {RULES.by_id[name].block for name in result.asked} == set(RULES.blocks)


def test_presets_are_told_and_can_be_changed() -> None:
    assert {"SC-01", "RO-01", "RO-04"} <= set(classify({}, assume=True).assumed)
    changed = classify({"III-5a": "yes", "D-01": "yes", "RO-04": "no"}, assume=True)
    assert "OB-27" not in {one.obligation.id for one in changed.obligations}


def test_nothing_answered_is_never_minimal() -> None:
    result = classify({})

    assert result.tier == "unresolved"
    assert result.needs_review
    assert result.unanswered == result.asked


def test_hidden_answers_do_not_count() -> None:
    result = classify({"P-C1": "no", "P-C2": "yes"}, assume=True)

    assert result.tier == "minimal"
    assert result.ignored == ("P-C2",)


def test_a_new_prohibition_has_its_own_day() -> None:
    both = classify({"P-BA1": "yes", "P-BA2": "yes"}, assume=True)

    assert both.obligations[1].applies_from == RULES.dates["new_prohibitions"].day


def test_stored_result_is_plain_and_stable() -> None:
    answers = {"III-5a": "yes", "D-01": "yes"}

    stored = classify(answers, assume=True).stored()

    assert json.loads(json.dumps(stored)) == classify(dict(answers), assume=True).stored()


@pytest.mark.parametrize(
    ("reference", "danish"),
    [
        ("Art. 5(1)(a)", "art. 5, stk. 1, litra a"),
        ("Art. 26(8), 27(1), 49(3)", "art. 26, stk. 8; art. 27, stk. 1; art. 49, stk. 3"),
        ("Annex III point 5(a)", "bilag III, punkt 5, litra a"),
        ("Art. 2(3)-(4), (6)", "art. 2, stk. 3-4 og stk. 6"),
        ("Art. 6(3), last subparagraph; GDPR Art. 4(4)",
         "art. 6, stk. 3, sidste afsnit; GDPR art. 4, nr. 4"),
    ],
)  # fmt: skip
def test_articles_are_written_as_danish_lawyers_do(reference: str, danish: str) -> None:
    assert danish_article(reference) == danish


# Bad answers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"XX-99": "yes"}, "XX-99: there is no such question"),
        ({"SC-01": "maybe"}, "SC-01: “maybe” is not one of the answers"),
        ({"SC-01": True}, "SC-01: “True” is not one of the answers"),
        ({"SC-01": 3}, "SC-01: “3” is not one of the answers"),
        ({"SC-05": ["none", "science"]}, "SC-05: takes one answer only"),
        ({"RO-01": ["uses", "flies"]}, "RO-01: “flies” is not one of the answers"),
    ],
)
def test_classify_refuses_what_is_no_answer(
    answers: dict[str, Any], told: str, tmp_path: Path, capsys: Any
) -> None:
    with pytest.raises(CommandError, match=told):
        run(answers, tmp_path, capsys)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "not JSON: line 1"),
        ("[]", "must be like"),
        ('{"answers": []}', "must be like"),
        ('{"answers": {"SC-01": "yes", "SC-01": "no"}}', "“SC-01” is answered twice"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_classify_refuses_what_is_no_file_with_answers(text, told, tmp_path) -> None:
    file = tmp_path / "answers.json"
    file.write_text(text)

    with pytest.raises(CommandError, match=told):
        call_command("classify", str(file))


def test_classify_says_that_a_file_or_ruleset_is_not_there(tmp_path) -> None:
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("classify", str(tmp_path / "nowhere.json"))
    file = tmp_path / "answers.json"
    file.write_text('{"answers": {}}')
    with pytest.raises(CommandError, match="There is no ruleset “ai_act@99”"):
        call_command("classify", str(file), "--ruleset", "ai_act@99")


def test_bad_answer_names_its_question() -> None:
    with pytest.raises(BadAnswer) as caught:
        classify({"SC-01": {"value": "perhaps"}})
    assert caught.value.question == "SC-01"


# Not knowing ------------------------------------------------------------------------------------


def any_answers() -> st.SearchStrategy[dict[str, Any]]:
    """Answers to any questions, hidden ones too; most systems raise few points."""
    found: dict[str, st.SearchStrategy[Any]] = {}
    for question in RULES.questions:
        values = [option.value for option in question.options]
        usual = [value for value in values if value in ("no", "none", "uses")] * 3
        one = st.sampled_from(usual + values)
        found[question.id] = (
            st.lists(st.sampled_from(values), min_size=1, max_size=4) if question.is_multi else one
        )
    return st.fixed_dictionaries({}, optional=found)


@settings(deadline=None)
@given(answers=any_answers())
def test_unknown_never_lowers_the_tier(answers: dict[str, Any]) -> None:
    for assume in (True, False):
        before = classify(answers, assume=assume)
        for name in RULES.by_id:
            after = classify(answers | {name: UNKNOWN}, assume=assume)
            assert RULES.weight(after.tier) <= RULES.weight(before.tier), (name, before.tier)
            if name in after.asked:
                assert after.needs_review, name


@settings(deadline=None)
@given(answers=any_answers())
def test_leaving_a_question_out_is_never_better_than_not_knowing(answers: dict[str, Any]) -> None:
    for name in list(answers):
        rest = {key: value for key, value in answers.items() if key != name}

        assert classify(rest).stored() == classify(answers | {name: UNKNOWN}).stored()
