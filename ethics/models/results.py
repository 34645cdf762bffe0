from django.db import models

from core.models import StoredFile
from ethics.models.rounds import ReviewRound


class ResultDocument(models.Model):
    """The PDF of exactly one state of a review's result, named by its fingerprint."""

    round = models.ForeignKey(ReviewRound, on_delete=models.PROTECT, related_name="documents")
    fingerprint = models.CharField(max_length=64, unique=True)
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.round_id} {self.fingerprint[:8]}"

    @property
    def outbox_key(self) -> str:
        return f"render:review_result:{self.fingerprint}"
