"""Stored files are whole or absent, and never replaced."""

import pytest
from django.core.files.base import ContentFile

from core.storage import DurableFileSystemStorage


@pytest.fixture
def storage(tmp_path):
    return DurableFileSystemStorage(location=tmp_path / "files", file_permissions_mode=0o644)


def names(storage):
    return sorted(p.name for p in storage.base_location.rglob("*") if p.is_file())


def read(storage, name):
    with storage.open(name) as file:
        return file.read()


def test_save_stores_bytes_in_new_folders(storage):
    name = storage.save("a/b/c.pdf", ContentFile(b"%PDF"))

    assert name == "a/b/c.pdf"
    assert read(storage, name) == b"%PDF"
    assert names(storage) == ["c.pdf"]


def test_save_never_overwrites(storage):
    first = storage.save("c.pdf", ContentFile(b"one"))
    second = storage.save("c.pdf", ContentFile(b"two"))

    assert first != second
    assert read(storage, first) == b"one"
    assert read(storage, second) == b"two"


def test_save_takes_another_name_when_it_lost_the_race(storage, monkeypatch):
    storage.save("c.pdf", ContentFile(b"one"))
    answers = iter(["c.pdf", "d.pdf"])
    monkeypatch.setattr(storage, "get_available_name", lambda *_args, **_options: next(answers))

    assert storage.save("c.pdf", ContentFile(b"two")) == "d.pdf"
    assert read(storage, "c.pdf") == b"one"


def test_save_that_breaks_off_leaves_nothing(storage):
    class FullDisk(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"half"
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        storage.save("c.pdf", FullDisk(b"whole"))

    assert names(storage) == []


def test_save_accepts_text_and_sets_permissions(storage):
    storage.save("c.txt", ContentFile("æøå"))

    path = storage.base_location / "c.txt"
    assert path.read_text() == "æøå"
    assert path.stat().st_mode & 0o777 == 0o644


def test_save_refuses_to_leave_its_folder(storage):
    with pytest.raises(Exception, match="traversal"):
        storage.save("../out.txt", ContentFile(b"x"))
