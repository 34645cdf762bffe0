"""What is said of a case, who follows it, and how far each has read."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from usecases.models.cases import UseCase


class CommentQuerySet(models.QuerySet["Comment"]):
    def with_text(self) -> "CommentQuerySet":
        """With `text`: the newest version's words."""
        newest = CommentVersion.objects.filter(comment=OuterRef("pk"), number=OuterRef("version"))
        return self.annotate(text=Subquery(newest.values("text")[:1]))

    def standing(self) -> "CommentQuerySet":
        """Those that nobody has taken away."""
        return self.filter(removed_at__isnull=True)

    def since(self, number: int, user: Any) -> "CommentQuerySet":
        """What others have written after comment `number`."""
        return self.standing().filter(number__gt=number).exclude(author=user)


class Comment(models.Model):
    """A place in the discussion. What it says stands in its versions.

    `number` counts within the case and is given while the case is locked, so that "everything up
    to number 17" is the same set for ever. Removing leaves the row: others have answered it.
    """

    case = models.ForeignKey(UseCase, on_delete=models.PROTECT, related_name="comments")
    number = models.PositiveIntegerField(_("number"))
    # One level: an answer to an answer stands under the same first comment.
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies"
    )
    # The key of a part of the record; empty: the case as a whole.
    section = models.CharField(max_length=40, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="case_comments"
    )
    at = models.DateTimeField(default=timezone.now)
    # Which text of the case it was written about.
    revision = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    # Only when the secretariat took it away.
    removed_reason = models.TextField(blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["case", "number"]
        indexes = [
            models.Index(fields=["case", "parent", "number"], name="comment_threads"),
            models.Index(fields=["case", "section", "number"], name="comment_sections"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="one_comment_per_number"),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True, removed_reason="")
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="a_removed_comment_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number}"

    def get_absolute_url(self) -> str:
        """Where it stands in the discussion, on whichever page that is."""
        url = reverse("usecases:case_discussion", args=[self.case_id])
        return f"{url}?kommentar={self.number}#{self.anchor}"

    @property
    def anchor(self) -> str:
        return f"kommentar-{self.number}"

    @property
    def is_edited(self) -> bool:
        return self.version > 1

    @property
    def is_moderated(self) -> bool:
        """Taken away by somebody else than who wrote it."""
        return self.removed_at is not None and self.removed_by_id != self.author_id


class CommentVersion(models.Model):
    """What a comment says, or said before it was edited. Append-only."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("version of a comment")
        verbose_name_plural = _("versions of comments")
        ordering = ["comment", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "number"], name="one_comment_version_per_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} {self.number}"


class CommentMention(models.Model):
    """Somebody whom a comment asks to read it."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="case_mentions"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "user"], name="mentioned_once"),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} {self.user_id}"


class CaseFollow(models.Model):
    """Whether a person wants to hear of a case. A no is remembered, too."""

    case = models.ForeignKey(UseCase, on_delete=models.CASCADE, related_name="follows")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="followed_cases"
    )
    follows = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "user"], name="one_follow_per_person"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.user_id}"


class CaseReading(models.Model):
    """How far a person has read a case's discussion; see `usecases.services.reading`."""

    case = models.ForeignKey(UseCase, on_delete=models.CASCADE, related_name="readings")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="case_readings"
    )
    # Comments up to this number are read.
    seen_until = models.PositiveIntegerField(default=0)
    # What was shown during the latest visit: read when that visit is over.
    shown_until = models.PositiveIntegerField(default=0)
    visited_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "user"], name="one_reading_per_person"),
            models.CheckConstraint(
                condition=Q(shown_until__gte=F("seen_until")), name="what_is_read_was_shown"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.user_id}"


class CaseMerge(models.Model):
    """One case went into another: which, why, by whom. Append-only; a case goes once."""

    case = models.OneToOneField(UseCase, on_delete=models.PROTECT, related_name="merge")
    into = models.ForeignKey(UseCase, on_delete=models.PROTECT, related_name="merges")
    reason = models.TextField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        constraints = [
            models.CheckConstraint(
                condition=~Q(case=F("into")), name="a_case_is_not_merged_into_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} > {self.into_id}"


class CaseSplit(models.Model):
    """A case that was taken out of another, and of which text of it. Append-only."""

    case = models.OneToOneField(UseCase, on_delete=models.PROTECT, related_name="split")
    origin = models.ForeignKey(UseCase, on_delete=models.PROTECT, related_name="splits")
    revision = models.PositiveIntegerField()
    reason = models.TextField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("split")
        verbose_name_plural = _("splits")
        constraints = [
            models.CheckConstraint(
                condition=~Q(case=F("origin")), name="a_case_is_not_split_from_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.origin_id} > {self.case_id}"
