"""What is stored of use cases."""

from usecases.models.cases import UseCase
from usecases.models.discussion import (
    CaseFollow,
    CaseMerge,
    CaseReading,
    CaseSplit,
    Comment,
    CommentMention,
    CommentVersion,
)
from usecases.models.history import Revision, StatusChange
from usecases.models.views import SavedView
from usecases.models.words import CaseWord

__all__ = [
    "CaseFollow",
    "CaseMerge",
    "CaseReading",
    "CaseSplit",
    "CaseWord",
    "Comment",
    "CommentMention",
    "CommentVersion",
    "Revision",
    "SavedView",
    "StatusChange",
    "UseCase",
]
