from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meetings.models.items import AgendaItem

LONGEST_QUOTE = 1000


class PrivateNote(models.Model):
    """A person's own note or highlight on an item. Nobody else ever reads it (ADR 0021).

    The anchor is a quotation with what stands around it (W3C TextQuoteSelector): it can be
    found again when the text around it changes. Not in the administration, the audit or a mail.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="private_notes"
    )
    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="private_notes")
    text = models.TextField(_("your note"), blank=True)
    section = models.CharField(max_length=40, blank=True)
    quote = models.CharField(_("highlighted text"), max_length=LONGEST_QUOTE, blank=True)
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)
    # The issued version that was read; 0 is the text as it was being written.
    quoted_from = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") | ~Q(quote=""), name="a_private_note_says_something"
            )
        ]
        indexes = [models.Index(fields=["owner", "item"], name="private_notes_of_owner")]

    def __str__(self) -> str:
        # Never a word of it: this may end in a log.
        return f"private note {self.pk}"
