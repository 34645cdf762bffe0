"""What is stored of use cases."""

from usecases.models.cases import UseCase
from usecases.models.history import Revision, StatusChange
from usecases.models.views import SavedView
from usecases.models.words import CaseWord

__all__ = ["CaseWord", "Revision", "SavedView", "StatusChange", "UseCase"]
