"""Pages of the use cases."""

from usecases.views.cases import case_list, case_page
from usecases.views.intake import (
    case_new,
    case_new_draft,
    case_review,
    case_similar,
    section_draft,
    section_edit,
    similar_cases,
)
from usecases.views.moves import case_decide, case_fact, case_move

__all__ = [
    "case_decide",
    "case_fact",
    "case_list",
    "case_move",
    "case_new",
    "case_new_draft",
    "case_page",
    "case_review",
    "case_similar",
    "section_draft",
    "section_edit",
    "similar_cases",
]
