"""Everything that is written down while a review is discussed, saved at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as say

from core.canonical import canonical_json, sha256_hex
from core.forms import RefusableForm
from core.text import clean_text
from core.verdicts import Refused, StaleState
from ethics.models import ReviewRound
from ethics.services import sheets as services

LONGEST = 5000
LABELS = {
    "minor": lambda: say("Comment"),
    "major": lambda: say("What is done about it"),
    "blocker": lambda: say("How the cause was removed"),
}


@dataclass(frozen=True)
class Row:
    """A disagreement or a flag with its own inputs; None where the reader may not write."""

    shown: Any
    text: BoundField | None
    condition: BoundField | None = None
    gone: BoundField | None = None
    # Names what stood there when the page was drawn.
    seen: BoundField | None = None


class DiscussionForm(RefusableForm):
    """`page` is what `selectors.sheets.discussion_page` found for the reader."""

    def __init__(self, page: dict[str, Any], data: Any = None) -> None:
        super().__init__(data)
        self.page = page
        choices = [("", say("None"))] + [
            (str(row.pk), f"{row.number}. {row.text}"[:90]) for row in page["conditions"]
        ]
        for row in page["disagreements"] if page["can_discuss"] else ():
            self.fields[_note(row)] = _words(
                say("What was said of %(id)s") % {"id": row.question.id},
                row.note.note if row.note else "",
            )
            self._add_seen(_note(row))
        for entry in page["flags"]:
            if entry["can_write"]:
                self._add_flag(entry["flag"], choices)

    def _add_flag(self, flag: Any, choices: list[tuple[str, str]]) -> None:
        key, answer = _flag(flag), flag.answer
        told = f"{LABELS[flag.severity]()} ({flag.question.id})"
        self.fields[key] = _words(told, answer.text if answer else "")
        if flag.severity == "major":
            chosen = str(answer.condition or "") if answer else ""
            self.fields[f"{key}-condition"] = forms.ChoiceField(
                label=say("Condition that meets it") + f" ({flag.question.id})",
                choices=choices, required=False, initial=chosen,
            )  # fmt: skip
        if flag.severity == "blocker":
            self.fields[f"{key}-gone"] = forms.BooleanField(
                label=say("The cause has been removed") + f" ({flag.question.id})",
                required=False, initial=bool(answer and answer.cause_removed),
            )  # fmt: skip
        self._add_seen(key)

    def _add_seen(self, name: str) -> None:
        mark = self._mark(name, lambda part: self.fields[part].initial)
        self.fields[_seen(name)] = forms.CharField(
            required=False, max_length=64, widget=forms.HiddenInput, initial=mark
        )

    def _mark(self, name: str, value: Any) -> str:
        """Of the inputs of one disagreement or flag, with what `value` says stands in them."""
        parts = [part for part in _parts(name) if part in self.fields]
        return sha256_hex(canonical_json([_plain(value(part)) for part in parts]))

    def _is_mine(self, name: str) -> bool:
        """Did this person change it? Raises `StaleState` when somebody else has meanwhile, too."""
        shown, now = self.cleaned_data.get(_seen(name), ""), self.fields[_seen(name)].initial
        if not shown or shown == now:
            return True
        if self._mark(name, lambda part: self.cleaned_data[part]) == shown:
            return False
        # Sent once more, it is written over what is shown above it now.
        again: Any = self.data
        again = again.copy()
        again[_seen(name)] = now
        self.data = again
        raise StaleState(
            say("Somebody else has written here meanwhile. Read it, and save again if yours holds.")
        )

    def _bound(self, name: str) -> BoundField | None:
        return self[name] if name in self.fields else None

    @property
    def disagreements(self) -> list[Row]:
        return [
            Row(row, self._bound(name), seen=self._bound(_seen(name)))
            for row in self.page["disagreements"]
            if (name := _note(row))
        ]

    @property
    def flags(self) -> list[Row]:
        return [
            Row(
                entry,
                self._bound(key),
                self._bound(f"{key}-condition"),
                self._bound(f"{key}-gone"),
                self._bound(_seen(key)),
            )
            for entry in self.page["flags"]
            if (key := _flag(entry["flag"]))
        ]

    def save(self, review: ReviewRound, by: Any) -> int:
        """Write down what differs from what stands; returns how much that was.

        Raises what the services raise, after it has been said at its field.
        """
        count = 0
        for name, act in self._acts(review, by):
            try:
                act()
            except Refused as refusal:
                self.add_error(name, str(refusal.reason))
                raise
            count += 1
        return count

    def _acts(self, review: ReviewRound, by: Any) -> Iterator[tuple[str, Any]]:
        typed, changed = self.cleaned_data, set(self.changed_data)
        for row in self.page["disagreements"]:
            if (name := _note(row)) in changed and self._is_mine(name):
                yield (
                    name,
                    lambda q=row.question.id, n=name: services.note_spread(
                        review=review, question=q, note=typed[n], by=by
                    ),
                )
        for entry in self.page["flags"]:
            name, flag = _flag(entry["flag"]), entry["flag"]
            if changed & set(_parts(name)) and self._is_mine(name):
                yield (
                    name,
                    lambda f=flag, n=name: services.answer_flag(
                        review=review,
                        question=f.question.id,
                        severity=f.severity,
                        text=typed[n],
                        condition=int(typed.get(f"{n}-condition") or 0) or None,
                        cause_removed=bool(typed.get(f"{n}-gone")),
                        by=by,
                    ),
                )


def _words(label: str, initial: str) -> forms.CharField:
    box = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(
        label=label, required=False, max_length=LONGEST, widget=box, initial=initial
    )


def _parts(name: str) -> list[str]:
    return [name, f"{name}-condition", f"{name}-gone"]


def _seen(name: str) -> str:
    return f"seen-{name}"


def _plain(value: Any) -> Any:
    return clean_text(value) if isinstance(value, str) else bool(value)


def _note(row: Any) -> str:
    return f"note-{row.question.id}"


def _flag(flag: Any) -> str:
    return f"flag-{flag.question.id}-{flag.severity}"
