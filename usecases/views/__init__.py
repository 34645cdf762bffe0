"""Pages of the use cases."""

from usecases.views.cases import case_page
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
from usecases.views.register import board_move, case_list, cases_act
from usecases.views.saved import view_delete, view_edit, view_list, view_new, view_open

__all__ = [
    "board_move",
    "case_decide",
    "case_fact",
    "case_list",
    "case_move",
    "case_new",
    "case_new_draft",
    "case_page",
    "case_review",
    "case_similar",
    "cases_act",
    "section_draft",
    "section_edit",
    "similar_cases",
    "view_delete",
    "view_edit",
    "view_list",
    "view_new",
    "view_open",
]
