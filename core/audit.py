"""The protocol chain: append one row per act, and prove afterwards that none was touched.

Danish practice accepts an electronic protocol when changes can be detected and corrections
are additions (Indenrigsministeriet, 04.1.4). The chain is that detection.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from core.canonical import canonical_json, sha256_hex
from core.models import AuditEntry

GENESIS = "0" * 64
# Any constant: it only has to be the same for all writers of one database.
CHAIN_LOCK = 7_417_204


MISSING = gettext_noop("row is missing")
UNCHAINED = gettext_noop("row does not follow the one before it")
ALTERED = gettext_noop("row has been altered")
REWRITTEN = gettext_noop("row is not the one that a sealed document quotes")
CUT = gettext_noop("rows are missing at the end, a sealed document quotes a later one")


@dataclass(frozen=True)
class Break:
    """Where the chain stops being whole: the row's number and what is wrong with it."""

    seq: int
    why: str


@dataclass(frozen=True)
class Anchor:
    """A row that something outside the chain quotes: its number and its hash."""

    seq: int
    hash: str


# Who knows of anchors says so when the apps are ready.
_anchor_sources: list[Callable[[], Iterable[Anchor]]] = []


def anchored_by(source: Callable[[], Iterable[Anchor]]) -> None:
    """Let `source` name the rows that the chain must hold."""
    if source not in _anchor_sources:
        _anchor_sources.append(source)


def known_anchors() -> Iterator[Anchor]:
    """Every row that must be in the chain because something sealed quotes it."""
    for source in _anchor_sources:
        yield from source()


def record(
    verb: str,
    obj: models.Model,
    *,
    by: Any,
    scope: models.Model | None = None,
    data: dict[str, Any] | None = None,
) -> AuditEntry:
    """Append one act to the chain, inside the caller's transaction.

    `data` holds facts (ids, states, numbers, hashes), never texts.
    Raises `TransactionManagementError` outside `atomic`.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("An act is recorded with its write.")
    _lock_chain()
    last = AuditEntry.objects.order_by("-seq").values("seq", "hash").first()
    person = by if getattr(by, "pk", None) else None
    entry = AuditEntry(
        seq=(last["seq"] if last else 0) + 1,
        at=timezone.now(),
        actor_id=person.pk if person else None,
        actor_name=str(person or "System")[:200],
        verb=verb,
        object_type=obj._meta.label,
        object_id=str(obj.pk),
        scope_type=scope._meta.label if scope else "",
        scope_id=str(scope.pk) if scope else "",
        data=data or {},
        prev_hash=last["hash"] if last else GENESIS,
    )
    entry.hash = entry_hash(entry)
    entry.save(force_insert=True)
    return entry


def entry_hash(entry: AuditEntry) -> str:
    """The hash that binds a row to its content and to the row before it."""
    return sha256_hex(
        canonical_json(
            [
                entry.seq,
                entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
                entry.actor_id,
                entry.actor_name,
                entry.verb,
                [entry.object_type, entry.object_id],
                [entry.scope_type, entry.scope_id],
                entry.data,
                entry.prev_hash,
            ]
        )
    )


def first_break(entries: Iterable[AuditEntry], anchors: Iterable[Anchor] = ()) -> Break | None:
    """Walk the rows in order and return the first that is altered, missing or moved.

    The anchors catch what a chain alone cannot: a cut tail, and a chain that was made anew.
    """
    prev, expected = GENESIS, 1
    quoted: dict[int, set[str]] = {}
    for anchor in anchors:
        quoted.setdefault(anchor.seq, set()).add(anchor.hash)
    for entry in entries:
        if entry.seq != expected:
            return Break(expected, MISSING)
        if entry.prev_hash != prev:
            return Break(entry.seq, UNCHAINED)
        if entry.hash != entry_hash(entry):
            return Break(entry.seq, ALTERED)
        if quoted.pop(entry.seq, {entry.hash}) != {entry.hash}:
            return Break(entry.seq, REWRITTEN)
        prev, expected = entry.hash, expected + 1
    return Break(expected, CUT) if quoted else None


def all_entries() -> Iterator[AuditEntry]:
    """Every row in order, without holding them all in memory."""
    return AuditEntry.objects.order_by("seq").iterator(chunk_size=2000)


def head() -> tuple[int, str]:
    """Number and hash of the newest row: what a sealed document quotes as its anchor."""
    last = AuditEntry.objects.order_by("-seq").values_list("seq", "hash").first()
    return last or (0, GENESIS)


def _lock_chain() -> None:
    """One writer at a time. SQLite's IMMEDIATE transaction already gives that."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
