"""Files that are either whole or not there."""

import os
import tempfile
from pathlib import Path

from django.core.files import File
from django.core.files.storage import FileSystemStorage


class DurableFileSystemStorage(FileSystemStorage):
    """Writes beside the target, syncs, then gives the file its name; never overwrites.

    A full disk or a power cut leaves at most a hidden temporary file, never half a document
    under a name that the database knows.
    """

    def _save(self, name: str, content: File) -> str:
        target = Path(self.path(name))
        self._make_folder(target.parent)
        temporary = self._write_beside(target, content)
        try:
            while not _take_name(temporary, target):
                name = self.get_available_name(name)
                target = Path(self.path(name))
        finally:
            temporary.unlink()
        _sync_folder(target.parent)
        return name.replace("\\", "/")

    def _make_folder(self, folder: Path) -> None:
        missing = [path for path in (folder, *folder.parents) if not path.exists()]
        for path in reversed(missing):
            path.mkdir(mode=self.directory_permissions_mode or 0o777, exist_ok=True)
            _sync_folder(path.parent)

    def _write_beside(self, target: Path, content: File) -> Path:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".unfinished-")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk.encode() if isinstance(chunk, str) else chunk)
                file.flush()
                os.fsync(file.fileno())
            if self.file_permissions_mode is not None:
                temporary.chmod(self.file_permissions_mode)
        except BaseException:
            temporary.unlink()
            raise
        return temporary


def _take_name(temporary: Path, target: Path) -> bool:
    """Link instead of rename: a rename would silently replace what is there."""
    try:
        target.hardlink_to(temporary)
    except FileExistsError:
        return False
    return True


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
