"""What is stored of ethics; one module for each part."""
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
    "FlagAnswer",
    "ReviewAssignment",
    "ReviewMove",
    "ReviewRound",
    "ReviewSheet",
    "SheetAddition",
    "SpreadNote",
]
