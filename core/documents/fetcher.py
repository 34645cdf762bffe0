"""The only way a document can reach a file: an allow-list of our own static folders.

Imported only while rendering, because WeasyPrint takes half a second to import.
"""

import logging
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.contrib.staticfiles import finders
from weasyprint.urls import URLFetcher, URLFetcherResponse

logger = logging.getLogger(__name__)

FONTS = "vendor/dkfds/fonts/IBMPlexSans/complete/ttf"
ALLOWED = {"pdf": {".css": "text/css", ".svg": "image/svg+xml"}, FONTS: {".ttf": "font/ttf"}}


class FetchRefused(ValueError):
    """A document asked for something outside the allow-list."""


class LockedFetcher(URLFetcher):
    """Serves `data:` URLs and files of ours; refuses the network and every other file."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols={"data"}, allow_redirects=False, fail_on_errors=False)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        scheme = url.partition(":")[0].lower()
        if scheme == "data":
            return super().fetch(url, headers)
        if scheme == "file":
            return _own_file(url)
        return _refuse(url)


def static_path(name: str) -> Path:
    """Return the file of a static name, or raise `FetchRefused`."""
    found = finders.find(name)
    if not found:
        raise FetchRefused(f"no such static file: {name}")
    return Path(str(found))


def _own_file(url: str) -> URLFetcherResponse:
    parts = urlsplit(url)
    if parts.netloc not in ("", "localhost"):
        return _refuse(url)
    # resolve() before comparing, so that neither ".." nor a symlink leads out.
    path = Path(unquote(parts.path)).resolve()
    for folder, types in ALLOWED.items():
        root = finders.find(folder)
        if root and path.parent == Path(str(root)).resolve() and path.suffix in types:
            message = EmailMessage()
            message["Content-Type"] = types[path.suffix]
            return URLFetcherResponse(url, path.read_bytes(), message)
    return _refuse(url)


def _refuse(url: str) -> URLFetcherResponse:
    logger.warning("Document fetch refused: %.120s", url)
    raise FetchRefused("a document may not fetch this address")
