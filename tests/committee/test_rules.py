"""The rules of a body: read from data, each with its sentence and its source."""

import pytest

from committee.rules import EXPECTED, RULES, RuleSet


@pytest.fixture
def rules() -> RuleSet:
    return RULES.by_reference("opgaveudvalg@1")


def with_value(rules: RuleSet, **values: object) -> RuleSet:
    changed = {
        key: type(rule)(rule.key, values.get(key, rule.value), rule.text, rule.legal, rule.source)
        for key, rule in rules.rules.items()
    }
    return RuleSet(rules.key, rules.version, rules.title, changed)


def test_every_rule_is_stated_with_text_and_legal_ground(rules: RuleSet) -> None:
    assert set(rules.rules) == set(EXPECTED)
    assert [r.key for r in rules.rules.values() if not (r.text and r.legal)] == []
    assert rules.reference == "opgaveudvalg@1"
    assert rules.name == "Regler for opgaveudvalg efter § 17, stk. 4, version 1"


@pytest.mark.parametrize(
    ("seats", "needed"), [(0, 0), (1, 1), (2, 1), (3, 2), (14, 7), (15, 8), (16, 8)]
)
def test_half_of_the_members_must_be_there(rules: RuleSet, seats: int, needed: int) -> None:
    """Kommunestyrelseslovens § 11, stk. 3: at least half, not more than half."""
    assert with_value(rules, quorum="half").quorum_needed(seats) == needed


def test_other_ways_to_be_quorate(rules: RuleSet) -> None:
    assert with_value(rules, quorum="none").quorum_needed(15) == 0
    assert with_value(rules, quorum="number", quorum_number=5).quorum_needed(15) == 5


def test_unknown_rule_is_a_key_error(rules: RuleSet) -> None:
    with pytest.raises(KeyError):
        rules["quorums"]
