"""A case's answers to the questionnaire, and every change of them."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ethics.questionnaire import (
    NO_ANSWER,
    Answer,
    Answers,
    Question,
    Questionnaire,
    by_ref,
    current,
    is_answered,
)
from usecases.models import UseCase
from usecases.record import record


class CaseAnswers(models.Model):
    """The answers of a case to one version of the questionnaire: proposer, owner, secretariat.

    `answers` is the state; who said what and when stands in the changes. Only
    `ethics.services.questions` writes here.
    """

    case = models.ForeignKey(UseCase, on_delete=models.PROTECT, related_name="questionnaires")
    questionnaire_ref = models.CharField(_("questionnaire"), max_length=60)
    version = models.PositiveIntegerField(_("version"), default=0)
    answers = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("answers of a case")
        verbose_name_plural = _("answers of cases")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "questionnaire_ref"], name="one_set_of_answers_per_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.questionnaire_ref}"

    @property
    def questionnaire(self) -> Questionnaire:
        return by_ref(self.questionnaire_ref)


class AnswerChange(models.Model):
    """One answer as it was saved: by whom and when. Append-only."""

    sheet = models.ForeignKey(CaseAnswers, on_delete=models.PROTECT, related_name="changes")
    # The version of the answers that it made.
    version = models.PositiveIntegerField(_("version"))
    question_id = models.CharField(_("question"), max_length=10)
    answer = models.JSONField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("change of an answer")
        verbose_name_plural = _("changes of answers")
        ordering = ["sheet", "version", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "version", "question_id"], name="one_change_per_answer_and_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.version} {self.question_id}"


def sheet_of(case: UseCase) -> CaseAnswers | None:
    """The answers in the newest version that the case has been answered in."""
    return CaseAnswers.objects.filter(case=case).order_by("-pk").first()


def questionnaire_of(sheet: CaseAnswers | None) -> Questionnaire:
    """The version a case is answered in; what nobody has begun is answered in the newest."""
    return sheet.questionnaire if sheet else current()


def answers_of(case: UseCase) -> dict[str, Answer]:
    """Every answer of the case, also those that its record gives."""
    sheet = sheet_of(case)
    return with_record(questionnaire_of(sheet), case, sheet.answers if sheet else {})


def with_record(questionnaire: Questionnaire, case: UseCase, answers: Answers) -> dict[str, Answer]:
    """Nobody answers twice: what nobody has answered here and the record says is taken there."""
    found: dict[str, Answer] = {key: dict(answer) for key, answer in answers.items()}
    for question in questionnaire.questions:
        own = found.get(question.id, NO_ANSWER)
        said = from_record(question, case)
        if said and takes_from_record(question, own):
            found[question.id] = {key: own.get(key) or said[key] for key in NO_ANSWER}
    return found


def takes_from_record(question: Question, own: Mapping[str, Any] | None) -> bool:
    return bool(question.record_fields) and not is_answered(question, own)


def from_record(question: Question, case: UseCase) -> Answer | None:
    """What the case's own record says to this question; a text beside boxes is its reason."""
    given = [(name, case.value(name)) for name in question.record_fields]
    given = [(name, value) for name, value in given if value not in (None, "", [], False)]
    if not given:
        return None
    if question.options:
        value = str(given[0][1])
        return NO_ANSWER | {"value": value} if value in dict(question.choices) else None
    text = "\n\n".join(_as_text(name, value) for name, value in given)
    return NO_ANSWER | {"value" if question.type == "text" else "reason": text}


def _as_text(name: str, value: Any) -> str:
    return str(record().by_key[name].choices.get(str(value), value))
