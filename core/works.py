"""Long work: asked for in a request, made by a worker, found again by what it is made of.

An app registers a maker for each kind. The outbox brings the worker, the lease, the retries and
the progress; this module adds the finished file and those who wait for it. Steps are told with
`core.steps.step`. `Maker.may_open` is asked for each page and each download.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import mailing, outbox
from core.models import OutboxEntry, StoredFile, Work, WorkAsker
from core.progress import Progress, progress_from, progress_of, start_over
from core.store import store_bytes, store_path

KIND = "core.work"
MAIL = "core.work_mail"
# What was made takes its name last; until then the share stays below this.
NEARLY = 95
# As many as “My work” shows.
MOST = 10
OUT_OF_REACH = _("This document cannot be opened: its content or your access has changed.")


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
    # Where the file is handed out when opening it is an act of its own, e.g. one that is logged.
    address: Callable[[Work], str] | None = None
    # Whether somebody who waits may read its title in a list; asked of ten at once, so cheap.
    # Without it `may_open` is asked.
    may_list: Callable[[Any, Work], bool] | None = None


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


# Asking --------------------------------------------------------------------------------


@transaction.atomic
def request_work(*, kind: str, key: str, title: str, params: dict[str, Any], by: Any) -> Work:
    """Ask for a work; the same key again is the same work, with one more who waits.

    One that failed, was cancelled or is out of date is begun again.
    """
    maker_of(kind)
    work, _created = Work.objects.get_or_create(
        key=key, defaults={"kind": kind, "title": title, "params": params}
    )
    # Whoever asks while it is being finished is either told by the worker or sees the file.
    work = Work.objects.select_for_update(of=("self",)).get(pk=work.pk)
    if getattr(by, "pk", None):
        _wait_for(work, by)
    if work.file_id is None:
        payload = {"work": work.pk}
        outbox.enqueue(kind=KIND, key=work.outbox_key, payload=payload, by=getattr(by, "pk", None))
        start_over(work)
    return work


def _wait_for(work: Work, person: Any) -> None:
    asker, created = WorkAsker.objects.get_or_create(work=work, person=person)
    if not created and work.file_id is None:
        WorkAsker.objects.filter(pk=asker.pk).update(seen_at=None)


def find_work(key: str) -> Work | None:
    return Work.objects.select_related("file").filter(key=key).first()


@transaction.atomic
def cancel_work(work: Work, *, by: Any) -> bool:
    """`by` waits no more, and the making stops. False when it goes on because others wait."""
    work = Work.objects.select_for_update(of=("self",)).get(pk=work.pk)
    if work.file_id:
        return True
    put_aside(work, by=by)
    if work.askers.filter(seen_at__isnull=True).exists():
        return False
    if entry := work.entry:
        outbox.cancel(entry)
    return True


def put_aside(work: Work, *, by: Any) -> None:
    """`by` has opened it, or wants to hear no more of it."""
    mine = work.askers.filter(person=by.pk, seen_at__isnull=True)
    mine.update(seen_at=timezone.now())


# Reading -------------------------------------------------------------------------------


def may_open(user: Any, work: Work) -> bool:
    """May `user` open what was made, as things are now?"""
    if not user.is_authenticated:
        return False
    try:
        maker = maker_of(work.kind)
    except KeyError:
        return False
    return maker.may_open(user, work)


def may_list(user: Any, work: Work) -> bool:
    """May `user` read the title of what they wait for?"""
    try:
        asked = maker_of(work.kind).may_list
    except KeyError:
        return False
    return asked(user, work) if asked else may_open(user, work)


def label_of(work: Work) -> str | Promise:
    """What kind of thing it is; says nothing of what it is about."""
    try:
        return maker_of(work.kind).label
    except KeyError:
        return _("Document")


@dataclass(frozen=True)
class Awaited:
    """A work that somebody asked for and has not opened or put aside."""

    work: Work
    progress: Progress


def awaited_by(user: Any) -> list[Awaited]:
    """What `user` waits for, the newest first: two queries, and what `may_list` asks."""
    rows = WorkAsker.objects.filter(person=user.pk, seen_at__isnull=True)
    rows = rows.select_related("work__file").order_by("-asked_at", "-pk")[:MOST]
    works = [row.work for row in rows if may_list(user, row.work)]
    keys = [work.outbox_key for work in works if work.file_id is None]
    entries = {one.key: one for one in OutboxEntry.objects.filter(key__in=keys)}
    return [Awaited(work, progress_from(work, entries.get(work.outbox_key))) for work in works]


# Making --------------------------------------------------------------------------------


@outbox.handler(KIND)
def do_work(payload: outbox.Payload, report: outbox.Report) -> None:
    """Make the file and attach it to its row; a work that has its file is done already."""
    work = Work.objects.filter(pk=payload["work"]).first()
    if work is None or work.file_id:
        return
    made = maker_of(work.kind).make(work, report)
    if made is None:
        return
    report("", NEARLY)
    stored = _store(made)
    with transaction.atomic():
        unmade = Work.objects.filter(pk=work.pk, file__isnull=True)
        if unmade.update(file=stored, made_at=timezone.now()):
            _tell_askers(work, "done")


@outbox.when_failed(KIND)
def work_failed(payload: outbox.Payload) -> None:
    work = Work.objects.filter(pk=payload["work"], file__isnull=True).first()
    if work is not None:
        _tell_askers(work, f"failed:{int(timezone.now().timestamp())}")


def _tell_askers(work: Work, occasion: str) -> None:
    """A mail to each who waits, once per occasion; not to those who look for themselves."""
    for asker in work.askers.filter(seen_at__isnull=True):
        outbox.enqueue(
            kind=MAIL,
            key=f"work-mail:{asker.pk}:{occasion}",
            payload={"asker": asker.pk, "occasion": occasion},
            wait=timedelta(seconds=settings.WORK_MAIL_SECONDS),
        )


def _store(made: Made) -> StoredFile:
    names = {"filename": made.filename, "media_type": made.media_type}
    if isinstance(made.data, bytes):
        return store_bytes(made.data, **names)
    try:
        return store_path(made.data, **names)
    finally:
        made.data.unlink()


# Mail ----------------------------------------------------------------------------------


@outbox.handler(MAIL)
def send_work_mail(payload: outbox.Payload, report: outbox.Report) -> None:
    """Tell one who waits, unless they have seen it or may not open it any more."""
    rows = WorkAsker.objects.select_related("work__file", "person")
    asker = rows.filter(pk=payload["asker"], seen_at__isnull=True).first()
    if asker is None or not _is_news(asker, payload["occasion"]):
        report("not needed", 100)
        return
    with translation.override(mailing.LANGUAGE):
        notice = _notice(asker.work, payload["occasion"])
        mailing.send(mailing.build_notice(notice, asker.person))


def _is_news(asker: WorkAsker, occasion: str) -> bool:
    expected = "done" if occasion == "done" else "failed"
    if not asker.person.is_active or not may_open(asker.person, asker.work):
        return False
    return progress_of(asker.work).state == expected


def _notice(work: Work, occasion: str) -> mailing.Notice:
    words = {"title": work.title}
    if occasion == "done":
        subject = gettext("Ready: %(title)s") % words
        lines = [gettext("“%(title)s” is ready, and you can open it now.") % words]
        link_text = gettext("Open the document")
    else:
        found = progress_of(work)
        subject = gettext("Could not be made: %(title)s") % words
        lines = [
            gettext("“%(title)s” could not be made, although it was tried several times.") % words,
            f"{found.reason} {found.advice}",
        ]
        link_text = gettext("See it and try again")
    return mailing.Notice(
        subject=subject,
        lines=lines,
        link=mailing.absolute(work.get_absolute_url()),
        link_text=link_text,
        mark=f"work.{work.pk}.{occasion.replace(':', '.')}",
        answer_to=mailing.answer_address(""),
    )
