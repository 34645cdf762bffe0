from django.conf import settings
from django.db import models


class Draft(models.Model):
    """What a person has typed and not yet saved: one row per person and form, on the server.

    It is erased when the form is saved. Nobody but its owner ever reads it.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts"
    )
    form = models.CharField(max_length=120)
    fields = models.JSONField(default=dict)
    base_versions = models.JSONField(default=dict)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "form"], name="one_draft_per_owner_and_form")
        ]

    def __str__(self) -> str:
        return f"{self.form} ({self.owner_id})"
