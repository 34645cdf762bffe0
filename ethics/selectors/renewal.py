"""A newer version of the questionnaire beside the one that a case has answered."""

from dataclasses import dataclass

from core.diffs import Piece, word_diff
from ethics.questionnaire import Comparison, Questionnaire, compare, current, words_of
from ethics.selectors.questions import Sheet, sheet_facts
from usecases.models import UseCase


def renewal(case: UseCase) -> tuple[Sheet, Questionnaire, Comparison]:
    """The answers, the newest version, and how it differs from theirs."""
    sheet = sheet_facts(case)
    newest = current()
    return sheet, newest, compare(sheet.questionnaire, newest)


@dataclass(frozen=True)
class ChangedRow:
    """A question that is asked differently, with what was answered to the old one."""

    id: str
    pieces: list[Piece]
    words: str
    reason: str


def changed_rows(sheet: Sheet, found: Comparison) -> list[ChangedRow]:
    """The changed questions word by word."""
    return [
        ChangedRow(
            old.id,
            word_diff(str(old.text), str(new.text)),
            words_of(old, sheet.answers.get(old.id)),
            sheet.answers.get(old.id, {}).get("reason", ""),
        )
        for old, new in found.changed
    ]
