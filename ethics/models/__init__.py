# aiact
from ethics.models.aiact import AiActAssessment, AiActReplay, AiActReplayRow, ObligationEvidence

__all__ = [
    "AiActAssessment",
    "AiActReplay",
    "AiActReplayRow",
    "ObligationEvidence",
]
