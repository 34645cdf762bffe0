from django.db import models

from usecases.enums import TokenPart
from usecases.models.cases import UseCase


class CaseWord(models.Model):
    """A stem in a case's title or text: what similar cases are found by."""

    case = models.ForeignKey(UseCase, on_delete=models.CASCADE, related_name="words")
    part = models.CharField(max_length=5, choices=TokenPart)
    stem = models.CharField(max_length=40)
    weight = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stem", "case", "part"], name="one_word_once"),
        ]

    def __str__(self) -> str:
        return self.stem
