"""The rules of a body as data: parsed from `content/rules/*.yaml`, each with its legal source."""

from dataclasses import dataclass
from typing import Any

from core.content import ContentKind, Node

WHO = {"council", "citizen"}
QUORUM = {"half", "number", "none"}
TIES = {"falls", "chair"}


@dataclass(frozen=True)
class Rule:
    """One rule: its value, its Danish sentence and where it stands."""

    key: str
    value: Any
    text: str
    legal: str
    source: str


@dataclass(frozen=True)
class RuleSet:
    """All rules a meeting runs under."""

    key: str
    version: int
    title: str
    rules: dict[str, Rule]

    @property
    def reference(self) -> str:
        return f"{self.key}@{self.version}"

    @property
    def name(self) -> str:
        """What people call it: in the law's language, as the sentences of its rules are."""
        return f"{self.title}, version {self.version}"

    def __getitem__(self, key: str) -> Any:
        """The value of one rule. Raises `KeyError` for a rule that does not exist."""
        return self.rule(key).value

    def rule(self, key: str) -> Rule:
        """One rule with its sentence; a rule that is younger than the profile as `LATER` has it."""
        return self.rules[key] if key in self.rules else LATER[key]

    def quorum_needed(self, seats: int) -> int:
        """How many of `seats` must be present for the body to decide."""
        if self["quorum"] == "none":
            return 0
        if self["quorum"] == "number":
            return int(self["quorum_number"])
        return (seats + 1) // 2


# Every rule a profile must state, with the type of its value.
EXPECTED: dict[str, type] = {
    "agenda_deadline_weekdays": int,
    "material_deadline_weekdays": int,
    "minutes_deadline_weekdays": int,
    "saturday_is_weekday": bool,
    "items_open_by_default": bool,
    "agenda_public_on_issue": bool,
    "quorum": str,
    "quorum_number": int,
    "decide_without_quorum": bool,
    "voting_seats": list,
    "ties": str,
    "substitutes": bool,
    "dissent_max_words": int,
    "chair_approves_agenda": bool,
    "four_eyes_publication": bool,
}
# Rules that came later: a profile from before them goes by what is said here.
LATER: dict[str, Rule] = {
    rule.key: rule
    for rule in (
        Rule(
            "approval_days",
            5,
            "Medlemmerne godkender referatet inden fem hverdage.",
            "Kommunestyrelseslovens § 13, stk. 1, anvendt på udvalget",
            "Loven sætter ingen frist; reglen gælder, hvor profilen er ældre end den.",
        ),
        Rule(
            "silence_approves",
            False,
            "Den, der ikke svarer inden fristen, har ikke godkendt; det står i referatet.",
            "Kommunestyrelseslovens § 13, stk. 1, anvendt på udvalget",
            "Loven siger intet om tavshed; reglen gælder, hvor profilen er ældre end den.",
        ),
        Rule(
            "four_eyes_agenda",
            False,
            "Den åbne del af dagsordenen offentliggøres uden at vente på en anden person.",
            "Kommunestyrelseslovens § 20, stk. 7",
            "Loven kræver ikke to personer; reglen gælder, hvor profilen er ældre end den.",
        ),
    )
}
CHOICES = {"quorum": QUORUM, "ties": TIES}


def parse_rules(key: str, version: int, node: Node) -> RuleSet:
    """Read one rule file. Raises `ContentError` with the line of the first mistake."""
    title = node.take("title")
    body = node.take("rules", Node)
    rules = {
        name: _parse_rule(name, kind, body.take(name, Node)) for name, kind in EXPECTED.items()
    }
    for name, rule in LATER.items():
        if name in body:
            rules[name] = _parse_rule(name, type(rule.value), body.take(name, Node))
    body.finish()
    return RuleSet(key=key, version=version, title=title, rules=rules)


def _parse_rule(name: str, kind: type, node: Node) -> Rule:
    value = node.take("value", kind)
    if name in CHOICES and value not in CHOICES[name]:
        raise node.fail(f"“{value}” is not one of {', '.join(sorted(CHOICES[name]))}")
    if name == "voting_seats" and not set(value) <= WHO:
        raise node.fail("voting_seats may name council and citizen only")
    rule = Rule(
        key=name,
        value=value,
        text=node.take("text"),
        legal=node.take("legal"),
        source=node.take("source", default=""),
    )
    node.finish()
    return rule


RULES: ContentKind[RuleSet] = ContentKind(app="committee", folder="rules", parse=parse_rules)
