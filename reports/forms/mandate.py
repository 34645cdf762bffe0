"""Forms of the mandate's pages: the re-visit, and the hand-over."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committee.enums import RevisitOutcome
from committee.models import Committee
from committee.services import Held, NewEvidence, check_address
from core.forms import DanishDateField, RefusableForm
from core.verdicts import Refused
from reports.selectors.handover import Bundle, Listing
from reports.services.handover import LONGEST_NOTE, LONGEST_REASON, Plan


class RevisitForm(RefusableForm):
    """What looking at the work again led to."""

    due_on = forms.DateField(widget=forms.HiddenInput)
    held_on = DanishDateField(label=_("When was it held?"))
    outcome = forms.ChoiceField(
        label=_("What did it lead to?"), choices=RevisitOutcome, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("What was found?"),
        max_length=5000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("Everybody who may see the committee can read it."),
    )
    decided_by = forms.CharField(
        label=_("Who decided?"),
        max_length=200,
        help_text=_("The body, the date and the item, for example the council 29 06 2028, item 7"),
    )
    title = forms.CharField(
        label=_("What can one see?"),
        max_length=200,
        required=False,
        help_text=_("For example the minutes of a meeting or a document"),
    )
    url = forms.CharField(
        label=_("Link"),
        max_length=500,
        required=False,
        help_text=_("An address that begins with https:// or, for a page here, with /"),
    )
    next_on = DanishDateField(
        label=_("When is it looked at again?"),
        required=False,
        help_text=_("Leave it empty when this was the last time."),
    )

    def __init__(self, committee: Committee, *args: Any, **kwargs: Any) -> None:
        initial = {"due_on": committee.revisit_on, "held_on": timezone.localdate()}
        super().__init__(*args, initial=initial, **kwargs)

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"].strip()
        if url:
            try:
                check_address(url)
            except Refused as refused:
                raise ValidationError(str(refused.reason)) from refused
        return url

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("title") and not data.get("url") and "url" not in self.errors:
            self.add_error("url", _("Write the address where one can see it"))
        if data.get("url") and not data.get("title"):
            self.add_error("title", _("Write what the link shows"))
        return data

    def held(self) -> Held:
        """What the service wants."""
        data = self.cleaned_data
        evidence = None
        if data["title"]:
            evidence = NewEvidence(data["title"], data["url"], data["held_on"])
        return Held(
            on=data["held_on"],
            outcome=data["outcome"],
            text=data["text"],
            decided_by=data["decided_by"],
            evidence=evidence,
            next_on=data["next_on"],
        )


class Tick:
    """A case or follow-up in the form: ticked or not, and why not."""

    def __init__(self, bundle: Bundle, *, ticked: bool, reason: str, error: str) -> None:
        self.bundle, self.thing = bundle, bundle.thing
        self.ticked, self.reason, self.error = ticked, reason, error

    @property
    def reason_name(self) -> str:
        return f"reason-{self.thing.key}"


class HandOverForm(RefusableForm):
    """What is handed over; everything is ticked until somebody leaves something out."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    decision = forms.CharField(
        label=_("Where was it decided?"),
        max_length=200,
        help_text=_("For example the council 28 05 2026, item 12"),
    )
    note = forms.CharField(
        label=_("Note to the next body"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, listing: Listing, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"seen": listing.mark}, **kwargs)
        self.listing = listing

    def ticks(self, bundles: tuple[Bundle, ...]) -> list[Tick]:
        """The rows as they were sent; all ticked before anything was."""
        return [self._tick(bundle) for bundle in bundles]

    def _tick(self, bundle: Bundle) -> Tick:
        if not self.is_bound:
            return Tick(bundle, ticked=True, reason="", error="")
        key = bundle.thing.key
        ticked, reason = key in self._taken(), self._reason(key)
        return Tick(bundle, ticked=ticked, reason=reason, error="" if ticked else _lack(reason))

    def _taken(self) -> set[str]:
        return set(self.data.getlist("take"))  # type: ignore[attr-defined]

    def _reason(self, key: str) -> str:
        return " ".join(str(self.data.get(f"reason-{key}", "")).split())

    def look_again(self, listing: Listing) -> None:
        """Show the list as it is by now: what somebody gave a reason for stays unticked."""
        keys = [bundle.thing.key for bundle in listing.bundles]
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data["seen"] = listing.mark
        data.setlist("take", [key for key in keys if not self._reason(key)])
        self.listing, self.data = listing, data

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if any(tick.error for tick in self.ticks(self.listing.bundles)):
            self.add_error(None, _("Write why each thing that you leave out stays."))
        return data

    def plan(self) -> Plan:
        """What the service wants."""
        taken = self._taken()
        keys = [bundle.thing.key for bundle in self.listing.bundles]
        return Plan(
            seen=self.cleaned_data["seen"],
            decision=self.cleaned_data["decision"],
            note=self.cleaned_data["note"],
            left_out={key: self._reason(key) for key in keys if key not in taken},
        )


def _lack(reason: str) -> str:
    if not reason:
        return str(_("Write why it stays."))
    if len(reason) > LONGEST_REASON:
        return str(_("Write at most %(n)s characters.") % {"n": LONGEST_REASON})
    return ""
