"""The questions of the AI Act as plain forms, made from the rules: nothing is written twice."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from committee.models import User
from core.verdicts import Refused
from ethics.ai_act import Rules
from ethics.ai_act.rules import Question
from ethics.enums.aiact import EvidenceKind
from usecases.forms.record import RefusableForm

Answers = Mapping[str, Any]
SHOWN = "shown"
REASON, EVIDENCE = 4000, 500


class AnswersForm(RefusableForm):
    """Some of the questions. Everything may wait; what is not answered counts as not known."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        rules: Rules,
        names: Iterable[str],
        answers: Answers,
        data: QueryDict | None = None,
        *,
        with_reasons: bool = True,
        version: int = 0,
    ) -> None:
        super().__init__(data, initial={"version": version})
        self.rules, self.with_reasons = rules, with_reasons
        self.names = tuple(names)
        if not with_reasons:
            self.fields["rest_no"] = forms.BooleanField(
                label=_("Answer no to the questions I have left open (not to follow-ups)"),
                required=False,
            )
        for name in self.names:
            self._add(rules.by_id[name], answers.get(name, {}))

    def _add(self, question: Question, kept: Mapping[str, Any]) -> None:
        name = question.id
        preset = self.rules.presets.get(name, "")
        self.fields[f"q_{name}"] = _answer_field(question)
        self.initial[f"q_{name}"] = kept.get("value") or preset
        if self.with_reasons:
            self.fields[f"r_{name}"] = forms.CharField(
                label=_("Reason"), max_length=REASON, required=False,
                widget=forms.Textarea({"rows": 2}),
            )  # fmt: skip
            self.fields[f"e_{name}"] = forms.CharField(
                label=_("Evidence"), max_length=EVIDENCE, required=False,
                help_text=_("A link or a reference to where it can be seen"),
            )  # fmt: skip
            for part, key in (("r", "reason"), ("e", "evidence")):
                self.initial[f"{part}_{name}"] = kept.get(key, "")
        for part in "qre":
            if f"{part}_{name}" in self.fields:
                # Not optional, only not needed yet.
                self.fields[f"{part}_{name}"].can_wait = True  # type: ignore[attr-defined]

    def go_on_from(self, version: int) -> None:
        """What was typed, on top of the version that is there now."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data["version"] = str(version)
        self.data = data

    def take_over(self, sent: "AnswersForm") -> None:
        """What was chosen and what was wrong with it, in a form with more questions."""
        self._errors = sent.errors or None
        self.initial["rest_no"] = sent["rest_no"].value()
        for name in sent.names:
            self.initial[f"q_{name}"] = sent[f"q_{name}"].value()

    def rows(self, shown: Iterable[str]) -> list[dict[str, Any]]:
        """What the template shows, one row for each question."""
        found = []
        for name in shown:
            if f"q_{name}" not in self.fields:
                continue
            question = self.rules.by_id[name]
            row: dict[str, Any] = {"question": question, "answer": self[f"q_{name}"]}
            row["is_follow_up"] = question.show_if is not None
            row["is_preset"] = self._is_preset(name)
            if self.with_reasons:
                row["reason"], row["evidence"] = self[f"r_{name}"], self[f"e_{name}"]
                parts = (row["reason"], row["evidence"])
                row["is_open"] = any(part.value() or part.errors for part in parts)
            found.append(row)
        return found

    def _is_preset(self, name: str) -> bool:
        preset = self.rules.presets.get(name)
        return bool(preset) and self[f"q_{name}"].value() == preset

    def cleaned_answers(self) -> dict[str, dict[str, Any]]:
        """Question → value, reason and evidence, of those that were on the page."""
        data = self.cleaned_data
        return {
            name: {
                "value": data[f"q_{name}"],
                "reason": data.get(f"r_{name}", ""),
                "evidence": data.get(f"e_{name}", ""),
            }
            for name in self.names
        }

    def typed(self) -> dict[str, dict[str, Any]]:
        """What stands in the inputs, also where it is no answer."""
        return {
            name: {
                "value": self[f"q_{name}"].value() or "",
                "reason": self[f"r_{name}"].value() or "" if self.with_reasons else "",
                "evidence": self[f"e_{name}"].value() or "" if self.with_reasons else "",
            }
            for name in self.names
        }


def _answer_field(question: Question) -> forms.Field:
    choices = [(option.value, option.text) for option in question.options]
    help_text = f"{question.article}. {question.help}" if str(question.help) else question.article
    common: dict[str, Any] = {
        "label": question.text,
        "help_text": help_text,
        "required": False,
        "choices": choices,
        "error_messages": {"invalid_choice": _("Choose one of the answers.")},
    }
    if question.is_multi:
        return forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, **common)
    return forms.ChoiceField(widget=forms.RadioSelect, **common)


def names_in(rules: Rules, data: QueryDict, allowed: Iterable[str]) -> list[str]:
    """The questions that were on the page. Raises `Refused` for one that does not exist there."""
    known = set(allowed)
    told = [name for name in data.get(SHOWN, "").split(",") if name]
    told += [key[2:] for key in data if key[:2] in ("q_", "r_", "e_")]
    for name in told:
        if name not in known:
            raise Refused(_("There is no such question: %(name)s.") % {"name": name[:20]})
    wanted = set(told)
    return [one.id for one in rules.questions if one.id in wanted]


class ConcludeForm(RefusableForm):
    """Who finds out what is not known."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, rules: Rules, names: Iterable[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = tuple(names)
        people = User.objects.filter(is_active=True).order_by("name")
        for name in self.names:
            self.fields[f"p_{name}"] = forms.ModelChoiceField(
                queryset=people,
                label=str(rules.by_id[name].text),
                empty_label=_("Choose a person"),
                help_text=str(rules.by_id[name].article),
            )

    def people(self) -> dict[str, User]:
        return {name: self.cleaned_data[f"p_{name}"] for name in self.names}


class EvidenceForm(RefusableForm):
    kind = forms.ChoiceField(
        label=_("How does the duty stand?"), choices=EvidenceKind, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("What shows it?"), max_length=4000, required=False,
        widget=forms.Textarea({"rows": 4}),
    )  # fmt: skip
    link = forms.CharField(label=_("Link"), max_length=500, required=False)


class ReplayForm(RefusableForm):
    ruleset = forms.ChoiceField(label=_("Version of the rules"), widget=forms.RadioSelect)

    def __init__(self, rulesets: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["ruleset"]
        field.choices = list(rulesets)
