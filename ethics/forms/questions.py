"""One part of the questionnaire as a form; the owner's answers and a reviewer's sheet use it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.forms import PlainMessages
from core.verdicts import NotAllowed, Refused, StaleState
from ethics.questionnaire import (
    NO_ANSWER,
    Answer,
    Answers,
    Named,
    Question,
    Questionnaire,
    Severity,
    Words,
    checked,
    keys_of,
    visible,
    words_of,
)

PARTS = ("reason", "evidence")


@dataclass(frozen=True)
class Choice:
    """One box to press."""

    id: str
    value: str
    label: Any
    figure: str
    is_chosen: bool


@dataclass(frozen=True)
class FlagRow:
    """A flag that may be raised here, and whether it is."""

    when: str
    severity: Severity
    text: Words
    is_raised: bool


@dataclass
class QuestionRow:
    """A question as `ethics/parts/question.html` shows it."""

    question: Question
    answer: Mapping[str, Any]
    is_shown: bool
    # False: shown, not to be answered by this reader.
    may: bool
    value: BoundField | None = None
    reason: BoundField | None = None
    evidence: BoundField | None = None
    choices: list[Choice] = field(default_factory=list)
    flags: list[FlagRow] = field(default_factory=list)
    # For the page's script: C1!=none
    condition: str = ""
    # Somebody else's answer, in words.
    given: str = ""
    given_reason: str = ""
    given_by: Any = ""
    # Where the text comes from when nobody has written it here.
    origin: Any = ""
    # What somebody else has saved meanwhile.
    theirs: str = ""
    # Who answered, and when; or who is to.
    who: Any = ""

    @property
    def id(self) -> str:
        return self.question.id

    @property
    def layout(self) -> str:
        """The boxes in one row when they are few and short, else below each other."""
        if self.question.type == "scale_0_4":
            return ""
        return "list" if self.question.options else "four"

    @property
    def words(self) -> str:
        return words_of(self.question, self.answer)


class SectionForm(PlainMessages, forms.Form):
    """The questions of one part. Nothing must be answered to save; what is answered must hold.

    `answers` are those of the whole questionnaire: they decide what is asked. `may`: the ids
    that this reader answers (all, unless told otherwise). `typed`: what somebody typed and did
    not save, by name of field.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(
        self,
        questionnaire: Questionnaire,
        section: Named,
        answers: Answers,
        data: Any = None,
        *,
        version: int = 0,
        may: Collection[str] | None = None,
        given: Answers | None = None,
        given_by: Any = "",
        typed: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial={"version": version})
        self.questionnaire = questionnaire
        self.section = section
        self.answers = dict(answers)
        self.given, self.given_by = given or {}, given_by
        self.questions = list(questionnaire.questions_of(section.id))
        self.mine = [one for one in self.questions if may is None or one.id in may]
        self._checked: dict[str, Answer] = {}
        for question in self.mine:
            self.fields |= _fields(question)
            self._fill(question)
        self.initial.update({k: v for k, v in (typed or {}).items() if k in self.fields})

    def _fill(self, question: Question) -> None:
        answer = self.answers.get(question.id, NO_ANSWER)
        value = answer.get("value", "")
        self.initial[question.id] = value if isinstance(value, list) else str(value)
        for part in PARTS:
            self.initial[f"{question.id}_{part}"] = answer.get(part, "")

    def clean(self) -> dict[str, Any]:
        """Every answer by the engine's rules; what is not asked is kept as far as it can be."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        raw = {question.id: self._raw(question, data) for question in self.mine}
        asked = visible(self.questionnaire, self.answers | raw)
        for question in self.mine:
            try:
                self._checked[question.id] = checked(question, raw[question.id])
            except Refused as refusal:
                if question in asked:
                    self.add_error(refusal.field, str(refusal.reason))
                else:
                    kept = self.answers.get(question.id, NO_ANSWER)
                    self._checked[question.id] = dict(kept)
        return data

    def _raw(self, question: Question, data: Mapping[str, Any]) -> dict[str, Any]:
        parts = {part: data.get(f"{question.id}_{part}", "") for part in PARTS}
        return {"value": data.get(question.id, "")} | parts

    def cleaned_answers(self) -> dict[str, Answer]:
        """The answers of this part that were posted and hold, by question."""
        return dict(self._checked)

    def refuse(self, error: Refused) -> None:
        """Show a service's refusal beside the question it is about."""
        self.add_error(error.field if error.field in self.fields else None, str(error.reason))

    def stop(self, error: NotAllowed | StaleState) -> int:
        """Say above what was typed why it can no longer be saved; returns the answer's status."""
        self.add_error(None, str(error.reason))
        return 409 if isinstance(error, StaleState) else 403

    def typed(self, data: QueryDict) -> dict[str, Any]:
        """What stands in the inputs of `data`, to be shown again or kept as a draft."""
        return {
            name: found.widget.value_from_datadict(data, None, name) or ""
            for name, found in self.fields.items()
            # Boxes that are not chosen are not sent; the text beside them always is.
            if f"{name.partition('_')[0]}_evidence" in data
        }

    # For the template -----------------------------------------------------------------------

    @property
    def now(self) -> dict[str, dict[str, Any]]:
        """The answers as they stand in the form, saved or not."""
        found: dict[str, dict[str, Any]] = {key: dict(one) for key, one in self.answers.items()}
        for question in self.mine:
            parts = {part: self[f"{question.id}_{part}"].value() or "" for part in PARTS}
            found[question.id] = {"value": self[question.id].value() or ""} | parts
        return found

    @property
    def rows(self) -> list[QuestionRow]:
        now = self.now
        asked = {one.id for one in visible(self.questionnaire, now)}
        return [self._row(one, now, one.id in asked) for one in self.questions]

    def _row(self, question: Question, now: Answers, shown: bool) -> QuestionRow:
        answer = now.get(question.id, NO_ANSWER)
        row = QuestionRow(question, answer, is_shown=shown, may=question in self.mine)
        row.condition = self._condition(question)
        row.flags = _flags(self.questionnaire, question, answer)
        if question.id in self.given:
            row.given = words_of(question, self.given[question.id])
            row.given_reason = self.given[question.id].get("reason", "")
            row.given_by = self.given_by
        if row.may:
            row.value = self[question.id]
            row.reason, row.evidence = (self[f"{question.id}_{part}"] for part in PARTS)
            row.choices = _choices(question, answer, row.value)
        return row

    def _condition(self, question: Question) -> str:
        """Only about questions of this page: of others the script knows no answer."""
        here = {one.id for one in self.mine}
        if not all(one.question in here for one in question.show_if):
            return ""
        return " ".join(
            f"{one.question}{'=' if one.wanted else '!='}{'|'.join(sorted(one.values))}"
            for one in question.show_if
        )


def _fields(question: Question) -> dict[str, forms.Field]:
    """Inputs without rules of their own: the engine knows them."""
    reason = forms.CharField(
        label=_("Reason"), required=False, widget=forms.Textarea({"rows": 2}), strip=False
    )
    evidence = forms.CharField(
        label=_("Evidence"),
        help_text=str(question.evidence),
        required=False,
        widget=forms.Textarea({"rows": 1}),
        strip=False,
    )
    return {
        question.id: _value_field(question),
        f"{question.id}_reason": reason,
        f"{question.id}_evidence": evidence,
    }


def _value_field(question: Question) -> forms.Field:
    common: dict[str, Any] = {
        "label": str(question.text),
        "help_text": str(question.help),
        "required": False,
    }
    if question.type == "multi":
        boxes = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(choices=question.choices, widget=boxes, **common)
    if question.type == "text":
        return forms.CharField(widget=forms.Textarea({"rows": 5}), strip=False, **common)
    return forms.CharField(widget=forms.RadioSelect(choices=question.choices), **common)


def _choices(question: Question, answer: Mapping[str, Any], bound: BoundField) -> list[Choice]:
    chosen = keys_of(question, answer)
    return [
        Choice(f"{bound.auto_id}_{n}", value, name, _figure(value, question), value in chosen)
        for n, (value, name) in enumerate(question.choices)
    ]


def _figure(value: str, question: Question) -> str:
    if question.type != "scale_0_4":
        return ""
    return value if value.isdigit() else "?"


def _flags(
    questionnaire: Questionnaire, question: Question, answer: Mapping[str, Any]
) -> list[FlagRow]:
    """A text has none here: that it is empty is seen, and said on the overview."""
    if question.type == "text":
        return []
    keys = keys_of(question, answer)
    raised = question.flag_for(keys)
    return [
        FlagRow(
            " ".join(sorted(flag.when)),
            questionnaire.severities[flag.severity],
            flag.text,
            flag is raised,
        )
        for flag in question.flags
    ]
