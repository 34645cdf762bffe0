"""What is stored of ethics; one module for each part."""

from ethics.models.questions import AnswerChange, CaseAnswers
from ethics.models.results import ResultDocument
from ethics.models.rounds import (
    FlagAnswer,
    ReviewAssignment,
    ReviewMove,
    ReviewRound,
    ReviewSheet,
    SheetAddition,
    SpreadNote,
)

__all__ = [
    "AnswerChange",
    "CaseAnswers",
    "FlagAnswer",
    "ResultDocument",
    "ReviewAssignment",
    "ReviewMove",
    "ReviewRound",
    "ReviewSheet",
    "SheetAddition",
    "SpreadNote",
]
