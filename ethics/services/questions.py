"""Answering: part by part, with nobody's answer lost, and going over to a new version."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.verdicts import Refused, StaleState
from ethics.models import AnswerChange, CaseAnswers
from ethics.models.questions import sheet_of, with_record
from ethics.policies import questions as policies
from ethics.questionnaire import (
    NO_ANSWER,
    Answer,
    Questionnaire,
    checked,
    compare,
    current,
)
from usecases.enums import DECIDED
from usecases.models import UseCase
from usecases.services.facts import report_material_change
from usecases.services.texts import fresh


class AnswersConflict(StaleState):
    """Two have answered the same question differently; nothing was changed.

    `both`: those questions. `mine`: all that this writer had changed.
    """

    def __init__(self, both: frozenset[str], mine: frozenset[str]) -> None:
        super().__init__(
            _("Somebody else has answered the same question meanwhile. Your answer is kept here.")
        )
        self.both, self.mine = both, mine


@transaction.atomic
def save_section(
    *,
    case: UseCase,
    section: str,
    answers: Mapping[str, Mapping[str, Any]],
    version: int,
    by: Any,
    ref: str = "",
) -> CaseAnswers:
    """Save answers of one part, seen at `version` of the questionnaire `ref`.

    Question by question: what others have answered meanwhile stays. Raises `AnswersConflict`
    when the same question was answered differently, `Refused` for what cannot be kept.
    """
    policies.can_answer_some(by, case).require()
    case = fresh(case)
    policies.can_answer_some(by, case).require()
    sheet = sheet_of(case) or CaseAnswers(case=case, questionnaire_ref=current().ref)
    if ref and ref != sheet.questionnaire_ref:
        raise StaleState(_("The questionnaire has a new version. Your answers are kept here."))
    questionnaire = sheet.questionnaire
    kept = _checked(questionnaire, section, answers)
    before = with_record(questionnaire, case, _at(sheet, version))
    now = with_record(questionnaire, case, sheet.answers)
    mine = {k: v for k, v in kept.items() if v != before.get(k, NO_ANSWER)}
    for key in mine:
        policies.can_answer(by, case, questionnaire.by_id[key]).require()
    changed = _merged(mine, before, now)
    if changed:
        _write(sheet, changed, by)
        _tell(case, sheet, section, changed, by)
        _note_material(case, questionnaire, changed, now, by)
    return sheet


def _checked(
    questionnaire: Questionnaire, section: str, answers: Mapping[str, Mapping[str, Any]]
) -> dict[str, Answer]:
    own = {one.id: one for one in questionnaire.questions_of(section)}
    if strange := sorted(answers.keys() - own.keys()):
        raise Refused(_("There is no question %(id)s in this part.") % {"id": strange[0]})
    return {key: checked(own[key], raw) for key, raw in answers.items()}


def _at(sheet: CaseAnswers, version: int) -> dict[str, Answer]:
    """The answers as they were at `version`."""
    if version >= sheet.version:
        return dict(sheet.answers)
    rows = sheet.changes.filter(version__lte=version).order_by("version")
    return {row.question_id: row.answer for row in rows}


def _merged(
    mine: dict[str, Answer], before: dict[str, Answer], now: dict[str, Answer]
) -> dict[str, Answer]:
    """What is to be written. Raises `AnswersConflict`."""
    both = frozenset(
        key
        for key, answer in mine.items()
        if now.get(key, NO_ANSWER) not in (before.get(key, NO_ANSWER), answer)
    )
    if both:
        raise AnswersConflict(both, frozenset(mine))
    return {key: answer for key, answer in mine.items() if answer != now.get(key, NO_ANSWER)}


def _write(sheet: CaseAnswers, changed: dict[str, Answer], by: Any) -> None:
    sheet.answers = sheet.answers | changed
    sheet.version += 1
    sheet.updated_at = timezone.now()
    sheet.save()
    AnswerChange.objects.bulk_create(
        AnswerChange(
            sheet=sheet,
            version=sheet.version,
            question_id=key,
            answer=answer,
            at=sheet.updated_at,
            by=by,
        )
        for key, answer in changed.items()
    )


def _tell(case: UseCase, sheet: CaseAnswers, section: str, changed: Iterable[str], by: Any) -> None:
    facts = {
        "questionnaire": sheet.questionnaire_ref,
        "section": section,
        "questions": sorted(changed),
        "version": sheet.version,
    }
    audit.record("ethics.answer_questions", case, by=by, scope=case.committee, data=facts)


def _note_material(
    case: UseCase,
    questionnaire: Questionnaire,
    changed: Mapping[str, Answer],
    before: Mapping[str, Answer],
    by: Any,
) -> None:
    """Another answer than the one that was decided on undoes the decision."""
    if case.status not in DECIDED or case.material_change:
        return
    others = {
        key
        for key, answer in changed.items()
        if questionnaire.by_id[key].material
        and answer["value"] != before.get(key, NO_ANSWER)["value"]
    }
    if others:
        report_material_change(case=case, by=by)


@transaction.atomic
def renew_answers(*, case: UseCase, ref: str, by: Any) -> CaseAnswers:
    """Go over to the newest version, `ref`: answers to unchanged questions come along.

    The old answers stay as they are. Raises `StaleState` when there is nothing to go over to.
    """
    policies.can_renew(by, case).require()
    case = fresh(case)
    policies.can_renew(by, case).require()
    old, newest = sheet_of(case), current()
    if old is None or old.questionnaire_ref == newest.ref or ref != newest.ref:
        raise StaleState(_("There is no newer version to go over to. Nothing was changed."))
    carried = compare(old.questionnaire, newest).carried(old.answers)
    sheet = CaseAnswers.objects.create(
        case=case, questionnaire_ref=newest.ref, version=1, answers=carried
    )
    _carry_changes(old, sheet)
    facts = {"from": old.questionnaire_ref, "to": newest.ref, "carried": len(carried)}
    audit.record("ethics.renew_answers", case, by=by, scope=case.committee, data=facts)
    return sheet


def _carry_changes(old: CaseAnswers, sheet: CaseAnswers) -> None:
    """Who gave each answer last, and when, comes along with it."""
    last = {row.question_id: row for row in old.changes.all()}
    AnswerChange.objects.bulk_create(
        AnswerChange(
            sheet=sheet,
            version=sheet.version,
            question_id=key,
            answer=answer,
            at=last[key].at,
            by_id=last[key].by_id,
        )
        for key, answer in sheet.answers.items()
    )
