import secrets
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from committee.enums import SEATED, Role
from committee.models.bodies import Committee


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person. `username` is taken from the address when none is given."""
        email = self.normalize_email(email).lower()
        fields.setdefault("username", email.split("@")[0][:40])
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


def new_calendar_token() -> str:
    """The secret part of a personal calendar address."""
    return secrets.token_urlsafe(32)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who logs in with an e-mail address (or the short user name)."""

    email = models.EmailField(_("e-mail"), unique=True)
    username = models.SlugField(_("user name"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=150)
    title = models.CharField(_("title"), max_length=150, blank=True)
    is_staff = models.BooleanField(_("may open the administration"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(default=timezone.now)
    calendar_token = models.CharField(max_length=43, unique=True, default=new_calendar_token)
    # When "changed since I was here" was last marked as read, and what came before.
    news_read_at = models.DateTimeField(null=True, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    # "Vis som" narrows a person's rights to these committees; None means all (see middleware).
    role_scope: frozenset[int] | None = None
    # Somebody else is looking: what only this person may see stays away.
    is_looked_through = False

    @cached_property
    def roles(self) -> dict[int, frozenset[Role]]:
        """The person's current roles by committee id; one query per request."""
        found: dict[int, set[Role]] = {}
        rows = self.memberships.active().values_list("committee_id", "role")
        for committee_id, role in rows:
            if self.role_scope is None or committee_id in self.role_scope:
                found.setdefault(committee_id, set()).add(Role(role))
        return {key: frozenset(value) for key, value in found.items()}


def roles_of(user: Any) -> dict[int, frozenset[Role]]:
    """Current roles by committee id; nobody has none."""
    return user.roles if getattr(user, "is_active", False) and user.is_authenticated else {}


def roles_in(user: Any, committee_id: int) -> frozenset[Role]:
    """Current roles of `user` in one committee."""
    return roles_of(user).get(committee_id, frozenset())


def committees_where(user: Any, roles: Iterable[Role]) -> list[int]:
    """Ids of the committees in which `user` now has one of `roles`."""
    wanted = frozenset(roles)
    return [pk for pk, held in roles_of(user).items() if held & wanted]


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> "MembershipQuerySet":
        """Those that hold today."""
        return self.active_on(timezone.localdate())

    def active_on(self, day: Any) -> "MembershipQuerySet":
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)

    def seated(self) -> "MembershipQuerySet":
        """Those who sit in the body, as opposed to those who serve or follow it."""
        return self.filter(role__in=SEATED)


class Membership(models.Model):
    """A person's role in a committee from one day to another. All rights come from these."""

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("person")
    )
    committee = models.ForeignKey(
        Committee,
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name=_("committee"),
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    seat_group = models.ForeignKey(
        "committee.SeatGroup",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name=_("seat group"),
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["committee", "role", "user__name"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="role_is_known"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="membership_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["user", "committee", "role"],
                condition=Q(valid_to__isnull=True),
                name="one_open_membership_per_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}"
