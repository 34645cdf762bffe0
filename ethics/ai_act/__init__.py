"""The AI Act's rules as data, and the engine that runs answers through them."""

from ethics.ai_act.engine import BadAnswer, Duty, Finding, Result, checked, classify
from ethics.ai_act.loading import AI_ACT, CURRENT, add_rules, current_rules, rules_of, rulesets
from ethics.ai_act.rules import Rules

__all__ = [
    "AI_ACT",
    "CURRENT",
    "BadAnswer",
    "Duty",
    "Finding",
    "Result",
    "Rules",
    "add_rules",
    "checked",
    "classify",
    "current_rules",
    "rules_of",
    "rulesets",
]
