"""What is stored of ethics."""

from ethics.models.guidelines import (
    Amendment,
    AmendmentText,
    Argument,
    Dilemma,
    DilemmaPublication,
    Guideline,
    GuidelineEdition,
    GuidelineSection,
    GuidelineVersion,
    SectionRevision,
)
from ethics.models.hearings import Hearing, HearingReply

__all__ = [
    "Amendment",
    "AmendmentText",
    "Argument",
    "Dilemma",
    "DilemmaPublication",
    "Guideline",
    "GuidelineEdition",
    "GuidelineSection",
    "GuidelineVersion",
    "Hearing",
    "HearingReply",
    "SectionRevision",
]
