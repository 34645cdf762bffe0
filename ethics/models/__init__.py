"""What is stored of ethics; one module for each part."""

from ethics.models.conditions import Condition, ConditionEvent, ConditionEvidence
from ethics.models.snapshots import CaseSnapshot

__all__ = ["CaseSnapshot", "Condition", "ConditionEvent", "ConditionEvidence"]
