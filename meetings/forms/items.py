"""Forms for an agenda item and what hangs on it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import PlainMessages, RefusableForm
from meetings.enums import Access, ItemKind
from meetings.models import AgendaItem

GROUNDS = [
    "Offentlighedslovens § 30, nr. 1 (private forhold)",
    "Offentlighedslovens § 30, nr. 2 (drifts- og forretningsforhold)",
    "Offentlighedslovens § 33, nr. 3 (det offentliges økonomiske interesser)",
    "Forvaltningslovens § 27 (tavshedspligt)",
    "Kommunestyrelseslovens § 10, stk. 1 (nødvendigt eller ønskeligt efter sagens beskaffenhed)",
]
LONGEST = 200_000


class ItemHeadForm(RefusableForm):
    """Heading, type, access and the facts about an item."""

    title = forms.CharField(label=_("Heading"), max_length=200)
    kind = forms.ChoiceField(label=_("Type"), choices=ItemKind.choices)
    access = forms.ChoiceField(
        label=_("Access"),
        choices=[
            (Access.OPEN, _("Open: everybody can read the item")),
            (Access.CLOSED, _("Closed: only the committee reads the item")),
        ],
        widget=forms.RadioSelect,
        initial=Access.OPEN,
    )
    public_title = forms.CharField(
        label=_("Public heading"),
        max_length=200,
        required=False,
        help_text=_("For a closed item: write the subject without what is confidential."),
    )
    closing_ground = forms.ChoiceField(
        label=_("Legal ground for closing the item"),
        choices=[("", _("Choose a ground")), *((ground, ground) for ground in GROUNDS)],
        required=False,
    )
    closing_reason = forms.CharField(
        label=_("Why this item must be closed"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    case_id = forms.CharField(label=_("Case id"), max_length=40, required=False)
    presenter = forms.CharField(label=_("Presenter"), max_length=150, required=False)
    minutes = forms.IntegerField(
        label=_("Length in minutes"), min_value=1, max_value=600, required=False
    )

    @classmethod
    def of(cls, item: AgendaItem) -> "ItemHeadForm":
        """The form filled in with the item as it stands."""
        return cls(initial={name: getattr(item, name) for name in cls.base_fields})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ground = self.initial.get("closing_ground")
        field = self.fields["closing_ground"]
        if ground and ground not in GROUNDS and isinstance(field, forms.ChoiceField):
            field.choices = [*field.choices, (ground, ground)]  # type: ignore[misc]


class AttachmentForm(PlainMessages, forms.Form):
    """A file to attach."""

    file = forms.FileField(
        label=_("File"), help_text=_("PDF, DOCX, ODT, PNG or JPEG, at most 25 MB.")
    )
    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    access = forms.ChoiceField(
        label=_("Access"),
        choices=[
            ("", _("Like the item")),
            (Access.OPEN, _("Open: everybody")),
            (Access.CLOSED, _("Closed: only the committee")),
        ],
        required=False,
    )

    def refuse(self, reason: Any) -> None:
        """Show what is wrong with the file beside the file field."""
        self.add_error("file", str(reason))
