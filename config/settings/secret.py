"""The secret key of an embedded installation, made on first start and kept."""

import os
import secrets
from pathlib import Path


def stored_secret_key(folder: Path) -> str:
    """Return the key in `folder/secret_key`, creating it (mode 0600) the first time."""
    path = folder / "secret_key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    key = secrets.token_urlsafe(50)
    with os.fdopen(handle, "w") as file:
        file.write(key)
    return key
