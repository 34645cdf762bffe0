"""Uploads that are looked at once and never kept, not even in a temporary file."""

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class MemoryUploadHandler(FileUploadHandler):
    """Holds at most `limit` bytes of a file; of a bigger one only its size is known."""

    def __init__(self, request: Any = None, *, limit: int) -> None:
        super().__init__(request)
        self.limit = limit

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.held = io.BytesIO()
        self.length = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.length += len(raw_data)
        if self.length <= self.limit:
            self.held.write(raw_data)
        else:
            self.held = io.BytesIO()

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.held.seek(0)
        return InMemoryUploadedFile(
            file=self.held,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
