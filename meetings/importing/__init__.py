"""Minutes made elsewhere, read into the shape of a meeting without losing or adding a word."""

from meetings.importing.accounting import Account, account
from meetings.importing.parser import parse_minutes
from meetings.importing.result import (
    ImportedItem,
    ImportedSection,
    ParsedMinutes,
    StructureLine,
    as_dict,
)
from meetings.importing.source import ImportRefused, source_text

__all__ = [
    "Account",
    "ImportRefused",
    "ImportedItem",
    "ImportedSection",
    "ParsedMinutes",
    "StructureLine",
    "account",
    "as_dict",
    "parse_minutes",
    "source_text",
]
