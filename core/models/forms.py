from django.conf import settings
from django.db import models


class SubmittedForm(models.Model):
    """A form that has been acted on, so that a double click is one act (see `core.once`)."""

    token = models.CharField(max_length=43, unique=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    location = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return self.token
