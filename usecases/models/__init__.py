"""What is stored of use cases."""

from usecases.models.cases import UseCase
from usecases.models.citizens import CitizenAttempt, CitizenProposal
from usecases.models.discussion import (
    CaseFollow,
    CaseMerge,
    CaseReading,
    CaseSplit,
    Comment,
    CommentMention,
    CommentVersion,
)
from usecases.models.exchange import CaseImport, ImportKey, ImportRow, ImportState, RowAction
from usecases.models.handover import CaseHandOver
from usecases.models.history import Revision, StatusChange
from usecases.models.ranking import CaseScore, RankingEntry, RankingRound, RankingVote
from usecases.models.views import SavedView
from usecases.models.words import CaseWord

__all__ = [
    "CaseFollow",
    "CaseHandOver",
    "CaseImport",
    "CaseMerge",
    "CaseReading",
    "CaseScore",
    "CaseSplit",
    "CaseWord",
    "CitizenAttempt",
    "CitizenProposal",
    "Comment",
    "CommentMention",
    "CommentVersion",
    "ImportKey",
    "ImportRow",
    "ImportState",
    "RankingEntry",
    "RankingRound",
    "RankingVote",
    "Revision",
    "RowAction",
    "SavedView",
    "StatusChange",
    "UseCase",
]
