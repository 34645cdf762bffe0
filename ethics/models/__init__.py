"""What is stored of ethics; one module for each part."""

from ethics.models.questions import AnswerChange, CaseAnswers

__all__ = ["AnswerChange", "CaseAnswers"]
