"""Administration: users, bodies and settings. Everything saved here is an act in the protocol."""

from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

from allauth.account.forms import ResetPasswordForm
from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from committee import services
from committee.models import (
    Committee,
    CouncilDecision,
    Deliverable,
    HandOver,
    Membership,
    Municipality,
    Revisit,
    RuleProfile,
    SeatGroup,
    ShelfDocument,
    ShelfFigure,
    TermsOfReference,
    TermsSection,
    User,
)
from committee.rules import RULES
from core.admin import ReadOnlyAdmin
from core.audit import record
from core.verdicts import Refused

LOGO_SUFFIXES = {".png", ".jpg", ".jpeg"}

# Rights come from memberships; Django's groups would be a second, silent source.
admin.site.unregister(Group)
# Addresses are fields of the person; allauth keeps no list of its own here.
admin.site.unregister(EmailAddress)


class AuditedAdmin(admin.ModelAdmin):
    """Records which fields were changed (never the texts); nothing is deleted from a list."""

    actions: Any = None

    def scope_of(self, obj: Any) -> Model | None:
        """The committee the act belongs to."""
        return obj if isinstance(obj, Committee) else getattr(obj, "committee", None)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        super().save_model(request, obj, form, change)
        verb = f"{obj._meta.model_name}.{'changed' if change else 'created'}"
        fields = {"fields": sorted(form.changed_data)}
        record(verb, obj, by=request.user, scope=self.scope_of(obj), data=fields)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: Any) -> None:
        super().save_formset(request, form, formset, change)
        changed = [row for row, _fields in formset.changed_objects]
        self._record_rows(request, form.instance, "added", formset.new_objects)
        self._record_rows(request, form.instance, "changed", changed)
        self._record_rows(request, form.instance, "deleted", formset.deleted_objects)

    def _record_rows(
        self, request: HttpRequest, owner: Any, verb: str, rows: Iterable[Any]
    ) -> None:
        for row in rows:
            name = f"{row._meta.model_name}.{verb}"
            data = {"of": owner._meta.label, "of_id": owner.pk}
            record(name, row, by=request.user, scope=self.scope_of(owner), data=data)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


# People ------------------------------------------------------------------------------------


@admin.register(User)
class UserAdmin(AuditedAdmin):
    """Logins. A password is never seen or set here; the person gets a link by mail."""

    list_display = ["name", "email", "username", "is_active", "is_staff"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["name", "email", "username"]
    fields = ["email", "username", "name", "title", "is_active", "is_staff", "is_superuser"]
    actions = ["send_reset"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        obj.email = obj.email.lower()
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    @admin.action(description=_("Send a link for choosing a password"))
    def send_reset(self, request: HttpRequest, users: QuerySet[User]) -> None:
        active = list(users.filter(is_active=True))
        with transaction.atomic():
            for user in active:
                _send_reset(request, user)
                record("user.reset_sent", user, by=request.user)
        text = ngettext(
            "A link has been sent to %(n)s person.",
            "A link has been sent to %(n)s people.",
            len(active),
        )
        messages.success(request, text % {"n": len(active)})


def _send_reset(request: HttpRequest, user: User) -> None:
    form = ResetPasswordForm(data={"email": user.email})
    if form.is_valid():
        form.save(request)


class MembershipForm(forms.ModelForm):
    """Says beside the field what the service would refuse."""

    class Meta:
        model = Membership
        fields = ["user", "committee", "role", "seat_group", "valid_from", "valid_to"]

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        try:
            services.check_appointment(self.instance)
        except Refused as refused:
            field = refused.field if refused.field in self.fields else None
            self.add_error(field, str(refused.reason))


@admin.register(Membership)
class MembershipAdmin(AuditedAdmin):
    """Roles. One that is over gets a last day; it is never deleted."""

    form = MembershipForm
    list_display = ["user", "committee", "role", "seat_group", "valid_from", "valid_to"]
    list_filter = ["committee", "role"]
    search_fields = ["user__name", "user__email"]
    list_select_related = ["user", "committee", "seat_group"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["user", "committee"] if obj else []

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        if change:
            services.change_membership(membership=obj, by=request.user)
            return
        names = ("committee", "user", "role", "valid_from", "valid_to", "seat_group")
        facts = {name: getattr(obj, name) for name in names}
        made = services.appoint_member(**facts, by=request.user)
        obj.pk, obj._state.adding = made.pk, False


# Bodies ------------------------------------------------------------------------------------


class MunicipalityForm(forms.ModelForm):
    class Meta:
        model = Municipality
        fields = ["name", "colour", "logo", "contact_email", "contact_phone", "was_url"]

    def clean_logo(self) -> Any:
        logo = self.cleaned_data["logo"]
        if logo and PurePath(logo.name).suffix.lower() not in LOGO_SUFFIXES:
            raise ValidationError(_("The logo must be a PNG or JPEG file."))
        return logo


@admin.register(Municipality)
class MunicipalityAdmin(AuditedAdmin):
    form = MunicipalityForm
    list_display = ["name", "colour", "contact_email"]


class CouncilDecisionInline(admin.StackedInline):
    model = CouncilDecision
    extra = 0


class ShelfInline(admin.StackedInline):
    model = ShelfDocument
    fields = ["position", "kind", "title", "year", "url"]
    extra = 0
    show_change_link = True


class TermsInline(admin.TabularInline):
    """The versions there are; they are opened and made on their own page."""

    model = TermsOfReference
    fields = ["version", "adopted_on"]
    readonly_fields = ["version", "adopted_on"]
    extra = 0
    show_change_link = True
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Committee)
class CommitteeAdmin(AuditedAdmin):
    list_display = ["name", "kind", "municipality", "mandate_from", "mandate_to", "is_public"]
    list_filter = ["municipality", "kind", "is_public"]
    search_fields = ["name", "full_name"]
    prepopulated_fields = {"slug": ["name"]}
    list_select_related = ["municipality"]
    inlines = [CouncilDecisionInline, TermsInline, ShelfInline]


@admin.register(Revisit)
class RevisitAdmin(ReadOnlyAdmin):
    """That the work was looked at again; what was found stands on the page of the mandate."""

    list_display = ["committee", "due_on", "held_on", "outcome"]
    list_select_related = ["committee"]
    fields = ["committee", "due_on", "held_on", "outcome", "next_on", "at", "by"]


@admin.register(HandOver)
class HandOverAdmin(ReadOnlyAdmin):
    """That work was handed over; what it was stands on its page, for the two bodies."""

    list_display = ["giver", "receiver", "at", "by"]
    list_select_related = ["giver", "receiver", "by"]
    fields = ["giver", "receiver", "decision", "at", "by"]


class SectionInline(admin.StackedInline):
    model = TermsSection
    extra = 0


class SeatGroupInline(admin.StackedInline):
    model = SeatGroup
    fk_name = "terms"
    extra = 0


class DeliverableInline(admin.StackedInline):
    """Titles and dates; where a deliverable stands is the secretariat's word."""

    model = Deliverable
    fields = ["position", "title", "description", "due_on"]
    extra = 0


@admin.register(TermsOfReference)
class TermsAdmin(AuditedAdmin):
    """Only the newest version can be corrected; the earlier ones are history."""

    list_display = ["committee", "version", "adopted_on"]
    list_filter = ["committee"]
    list_select_related = ["committee"]
    inlines = [SectionInline, SeatGroupInline, DeliverableInline]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        if obj is None:
            return allowed
        newer = TermsOfReference.objects.filter(committee=obj.committee_id, version__gt=obj.version)
        return allowed and not newer.exists()


class RuleProfileForm(forms.ModelForm):
    rules_ref = forms.ChoiceField(label=_("rules"))

    class Meta:
        model = RuleProfile
        fields = ["terms", "label", "rules_ref", "valid_from", "adopted"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "rules_ref" in self.fields:
            choices = [(rules.reference, rules.name) for rules in RULES.newest().values()]
            self.fields["rules_ref"].choices = choices  # type: ignore[attr-defined]


@admin.register(RuleProfile)
class RuleProfileAdmin(AuditedAdmin):
    """Meetings stand on a profile, so a changed rule is a new profile from a new day."""

    form = RuleProfileForm
    list_display = ["label", "terms", "rules_ref", "valid_from"]
    list_select_related = ["terms__committee"]

    def scope_of(self, obj: Any) -> Model | None:
        return obj.terms.committee

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["terms", "label", "rules_ref", "valid_from"] if obj else []


class ShelfFigureInline(admin.StackedInline):
    model = ShelfFigure
    extra = 0


@admin.register(ShelfDocument)
class ShelfDocumentAdmin(AuditedAdmin):
    list_display = ["title", "committee", "kind", "year"]
    list_filter = ["committee", "kind"]
    list_select_related = ["committee"]
    inlines = [ShelfFigureInline]
