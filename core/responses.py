"""Answers that carry a stored file."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import content_disposition_header

from core.models import StoredFile

# Whatever the file holds, the browser must neither guess its type nor run anything in it.
SANDBOX = "default-src 'none'; sandbox"


def file_response(
    request: HttpRequest, file: StoredFile, *, filename: str = "", inline: bool = False
) -> HttpResponse:
    """The file as a download (or, for our own PDFs, inline), with its sha256 as ETag."""
    etag = f'"{file.sha256}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    response = HttpResponse(file.read(), content_type=file.media_type)
    disposition = content_disposition_header(not inline, filename or file.filename)
    response.headers["Content-Disposition"] = disposition or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    return response
