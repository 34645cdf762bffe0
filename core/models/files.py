from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models


class StoredFile(models.Model):
    """Bytes that never change, kept under a random name with their sha256.

    Access is decided by the row that points here; a stored file has no address of its own.
    """

    path = models.CharField(max_length=120, unique=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    filename = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return self.filename

    def read(self) -> bytes:
        """The bytes. Raises `FileNotFoundError` when the store has lost them."""
        with default_storage.open(self.path) as file:
            return file.read()
