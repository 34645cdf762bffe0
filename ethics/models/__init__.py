"""What is stored of ethics; one module for each part."""

from ethics.models.conditions import Condition, ConditionEvent, ConditionEvidence

__all__ = ["Condition", "ConditionEvent", "ConditionEvidence"]
