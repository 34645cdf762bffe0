"""Files that people upload: what they are, what they say, and whether they may come in.

Bytes in, plain values out; no models and no HTTP. Metadata (EXIF, docProps) is left as it is.
"""

from core.files.errors import BadFile
from core.files.inspection import Inspected, inspect
from core.files.kinds import MAX_BYTES, MEDIA_TYPES, Kind, sniff
from core.files.names import safe_filename
from core.files.reading import extract_text, to_html

__all__ = [
    "MAX_BYTES",
    "MEDIA_TYPES",
    "BadFile",
    "Inspected",
    "Kind",
    "extract_text",
    "inspect",
    "safe_filename",
    "sniff",
    "to_html",
]
