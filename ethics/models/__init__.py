"""What is stored of ethics; one module for each part."""

from ethics.models.aiact import (
    AiActAssessment,
    AiActReplay,
    AiActReplayRow,
    ObligationEvidence,
)
from ethics.models.conditions import (
    Condition,
    ConditionEvent,
    ConditionEvidence,
)
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
from ethics.models.hearings import (
    Hearing,
    HearingReply,
)
from ethics.models.questions import (
    AnswerChange,
    CaseAnswers,
)
from ethics.models.rounds import (
    FlagAnswer,
    ReviewAssignment,
    ReviewMove,
    ReviewRound,
    ReviewSheet,
    SheetAddition,
    SpreadNote,
)
from ethics.models.snapshots import (
    CaseSnapshot,
)

__all__ = [
    "AiActAssessment",
    "AiActReplay",
    "AiActReplayRow",
    "Amendment",
    "AmendmentText",
    "AnswerChange",
    "Argument",
    "CaseAnswers",
    "CaseSnapshot",
    "Condition",
    "ConditionEvent",
    "ConditionEvidence",
    "Dilemma",
    "DilemmaPublication",
    "FlagAnswer",
    "Guideline",
    "GuidelineEdition",
    "GuidelineSection",
    "GuidelineVersion",
    "Hearing",
    "HearingReply",
    "ObligationEvidence",
    "ReviewAssignment",
    "ReviewMove",
    "ReviewRound",
    "ReviewSheet",
    "SectionRevision",
    "SheetAddition",
    "SpreadNote",
]
