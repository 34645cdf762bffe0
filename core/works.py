"""Long work: asked for in a request, made by a worker, found again by what it is made of.

An app registers a maker for each kind. The outbox brings the worker, the lease, the retries and
the progress; this module adds the finished file and those who wait for it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from core import outbox
from core.models import StoredFile, Work, WorkAsker
from core.store import store_bytes, store_path

KIND = "core.work"
# What was made takes its name last; until then the share stays below this.
NEARLY = 95


@dataclass(frozen=True)
class Made:
    """A finished file; a large one lies at a path of its own, deleted once it is stored."""

    data: bytes | Path
    filename: str
    media_type: str = "application/pdf"


@dataclass(frozen=True)
class Maker:
    """How works of a kind are made, and who may open them."""

    kind: str
    label: str | Promise
    # Returns None when what was asked for no longer is (a changed text, another access).
    make: Callable[[Work, outbox.Report], Made | None]
    may_open: Callable[[Any, Work], bool]


MAKERS: dict[str, Maker] = {}


def register(maker: Maker) -> Maker:
    """Makers live in the `makers.py` of their app."""
    if MAKERS.setdefault(maker.kind, maker) != maker:
        raise ValueError(f"two makers for {maker.kind!r}")
    return maker


def maker_of(kind: str) -> Maker:
    """Raises `KeyError` for a kind that nobody makes."""
    if kind not in MAKERS:
        autodiscover_modules("makers")
    return MAKERS[kind]


@transaction.atomic
def request_work(*, kind: str, key: str, title: str, params: dict[str, Any], by: Any) -> Work:
    """Ask for a work; the same key again is the same work, with one more who waits."""
    maker_of(kind)
    work, _created = Work.objects.get_or_create(
        key=key, defaults={"kind": kind, "title": title, "params": params}
    )
    if getattr(by, "pk", None):
        WorkAsker.objects.get_or_create(work=work, person=by)
    if work.file_id is None:
        payload = {"work": work.pk}
        outbox.enqueue(kind=KIND, key=work.outbox_key, payload=payload, by=getattr(by, "pk", None))
    return work


def find_work(key: str) -> Work | None:
    return Work.objects.select_related("file").filter(key=key).first()


@outbox.handler(KIND)
def do_work(payload: outbox.Payload, report: outbox.Report) -> None:
    """Make the file and attach it to its row; a work that has its file is done already."""
    work = Work.objects.filter(pk=payload["work"]).first()
    if work is None or work.file_id:
        return
    made = maker_of(work.kind).make(work, report)
    if made is None:
        report("out of date", 100)
        return
    report("", NEARLY)
    stored = _store(made)
    with transaction.atomic():
        Work.objects.filter(pk=work.pk, file__isnull=True).update(
            file=stored, made_at=timezone.now()
        )


def _store(made: Made) -> StoredFile:
    names = {"filename": made.filename, "media_type": made.media_type}
    if isinstance(made.data, bytes):
        return store_bytes(made.data, **names)
    try:
        return store_path(made.data, **names)
    finally:
        made.data.unlink()
