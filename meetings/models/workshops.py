from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from meetings.models.items import AgendaItem
from meetings.models.meeting import Meeting


class WorkshopExercise(models.Model):
    """An exercise at a workshop meeting, such as ”AI-mareridt”."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="exercises")
    position = models.PositiveSmallIntegerField(_("order"))
    exercise_ref = models.CharField(max_length=60)
    title = models.CharField(_("title"), max_length=150)
    instruction = models.TextField(_("instruction"))
    prompts = models.JSONField(default=list)

    class Meta:
        verbose_name = _("exercise")
        verbose_name_plural = _("exercises")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "position"], name="exercises_in_order")
        ]

    def __str__(self) -> str:
        return self.title


class WorkshopNote(models.Model):
    """What a group wrote; a note can become an agenda item."""

    exercise = models.ForeignKey(WorkshopExercise, on_delete=models.PROTECT, related_name="notes")
    group = models.CharField(_("group"), max_length=80)
    prompt = models.CharField(_("question"), max_length=150, blank=True)
    text = models.TextField(_("note"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    item = models.ForeignKey(
        AgendaItem, null=True, on_delete=models.PROTECT, related_name="workshop_notes"
    )

    class Meta:
        verbose_name = _("workshop note")
        verbose_name_plural = _("workshop notes")
        ordering = ["exercise", "at"]

    def __str__(self) -> str:
        return f"{self.pk}"
