"""Everything that points to a person, as they or an administrator get it; and what may go."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from committee.enums import SEATED
from committee.models import Membership, User
from core.canonical import canonical_json, sha256_hex
from core.models import AuditEntry
from ethics.verbs import WORDS as ETHICS_WORDS
from meetings.verbs import WORDS as MEETING_WORDS
from reports.models import ErasureRequest
from reports.personal_data import WAYS, Child, Pointer, Rule, policy
from reports.selectors.dossier.look import stamp
from reports.verbs import WORDS as REPORT_WORDS
from usecases.enums import FINAL
from usecases.models import UseCase
from usecases.verbs import WORDS as CASE_WORDS

SCHEMA = 1
LANGUAGE = "da"
WORDS = {**CASE_WORDS, **ETHICS_WORDS, **MEETING_WORDS, **REPORT_WORDS}
ABOUT = ("email", "username", "name", "title", "is_active", "is_staff", "date_joined", "last_login")


def newest_act() -> int:
    """The number of the newest row of the protocol."""
    return int(AuditEntry.objects.aggregate(newest=Max("seq"))["newest"] or 0)


def export_of(person: User, *, own: bool, until: int) -> dict[str, Any]:
    """Every row that points to the person, and their acts up to number `until` of the protocol.

    `own`: the person asks themself, and gets what they wrote. Nobody else's text is in it.
    """
    with translation.override(LANGUAGE):
        return {
            "schema": SCHEMA,
            "policy": policy().reference,
            "own": own,
            "person": {"id": person.pk} | {name: plain(getattr(person, name)) for name in ABOUT},
            "models": [
                part
                for rule in policy().rules
                if (own or not rule.own) and (part := _part(rule, person, own))["rows"]
            ],
            "left_out": [] if own else [rule.name for rule in policy().rules if rule.own],
            "protocol": _acts(person, until),
        }


def _part(rule: Rule, person: User, own: bool) -> dict[str, Any]:
    rows = [one for pointer in rule.pointers for one in _rows(rule, pointer, person, own)]
    return {
        "model": rule.label,
        "name": rule.name,
        "why": rule.reason.text,
        "basis": rule.reason.basis,
        "rows": rows,
    }


def _rows(rule: Rule, pointer: Pointer, person: User, own: bool) -> Iterator[dict[str, Any]]:
    children = [one for one in rule.children if one.of == pointer.name and own]
    for row in pointing(rule, pointer, person):
        found: dict[str, Any] = {
            "id": str(row.pk),
            "as": pointer.name,
            "role": policy().roles[pointer.name],
            "facts": _columns(row, pointer.facts),
            "texts": _columns(row, pointer.texts) if own else {},
        }
        for child in children:
            found[child.name] = [_columns(one, child.texts) for one in _below(row, child)]
        yield found


def pointing(rule: Rule, pointer: Pointer, person: User) -> Any:
    """The rows whose key `pointer` is the person."""
    return rule.model._base_manager.filter(**{pointer.name: person}).order_by("pk")


def _below(row: models.Model, child: Child) -> Any:
    return getattr(row, child.name).order_by("pk")


def _columns(row: models.Model, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _value(row, _field(type(row), name)) for name in names}


def _value(row: models.Model, field: Any) -> Any:
    """A state in words; a key as its number, never the text of what it points to."""
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    return plain(getattr(row, field.attname))


def _field(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name)


def plain(value: Any) -> Any:
    """A value as JSON."""
    if isinstance(value, date):
        return stamp(value)
    return value if isinstance(value, bool | int | dict | list) or value is None else str(value)


def _acts(person: User, until: int) -> list[dict[str, Any]]:
    rows = AuditEntry.objects.filter(actor_id=person.pk, seq__lte=until).order_by("seq")
    return [
        {
            "seq": row.seq,
            "at": stamp(row.at),
            "verb": row.verb,
            "act": str(WORDS.get(row.verb, row.verb)),
            "object": f"{row.object_type} {row.object_id}",
        }
        for row in rows
    ]


# What an erasure does ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Fate:
    """What becomes of a sort of row, and why. Nobody else counts what is the person's alone."""

    label: str
    name: str
    count: int | None
    erase: str
    reason: str
    basis: str


def fates_of(person: User, *, own: bool) -> list[Fate]:
    """Every sort of row that points to the person, in the order of the file.

    For others than the person, what is theirs alone is named whether or not there is any of it.
    """
    found = []
    for rule in policy().rules:
        count = _count(rule, person) if own or not rule.own else None
        if count or count is None:
            why = rule.reason
            found.append(Fate(rule.label, rule.name, count, rule.erase, why.text, why.basis))
    return found


def _count(rule: Rule, person: User) -> int:
    wanted = models.Q()
    for pointer in rule.pointers:
        wanted |= models.Q(**{pointer.name: person})
    return int(rule.model._base_manager.filter(wanted).count())


def sat_in_a_body(person: User) -> bool:
    return Membership.objects.filter(user=person, role__in=SEATED).exists()


def hindrances(person: User) -> list[str]:
    """What must be put in order first."""
    found = []
    if Membership.objects.active().filter(user=person).exists():
        found.append(_("The person is in a committee. End the memberships first."))
    running = UseCase.objects.filter(owner=person).exclude(status__in=FINAL)
    if running.exists():
        found.append(_("The person is system owner of a use. Name another owner first."))
    return found


def preview(person: User) -> dict[str, Any]:
    """What goes, what is emptied and what stays, each with its reason."""
    fates = fates_of(person, own=False)
    gone = [one for one in fates if one.erase != "keep"]
    kept = [one for one in fates if one.erase == "keep"]
    return {
        "person": person,
        "gone": by_reason(gone),
        "kept": by_reason(kept),
        "acts": AuditEntry.objects.filter(actor_id=person.pk).count(),
        "hindrances": hindrances(person),
        "keeps_name": sat_in_a_body(person),
        "sha256": preview_sha256(person),
    }


def by_reason(fates: list[Fate]) -> list[dict[str, Any]]:
    """The sorts of rows with the same fate for the same reason, together; what goes first."""
    found: dict[Any, dict[str, Any]] = {}
    for one in sorted(fates, key=lambda one: WAYS.index(one.erase)):
        part = found.setdefault(
            (one.erase, one.reason),
            {"erase": one.erase, "reason": one.reason, "basis": one.basis, "rows": [], "count": 0},
        )
        part["rows"].append(one)
        part["count"] += one.count or 0
    return list(found.values())


def preview_sha256(person: User) -> str:
    """Names what would be deleted or emptied, as the preview says it: what others agree to."""
    fates = fates_of(person, own=False)
    rows = [[one.label, one.count] for one in fates if one.erase != "keep"]
    return sha256_hex(canonical_json([person.pk, policy().reference, rows]))


def open_request(person: User) -> ErasureRequest | None:
    rows = ErasureRequest.objects.filter(confirmed_at__isnull=True, dropped_at__isnull=True)
    return rows.select_related("asked_by", "person").filter(person=person).first()


# The pages ---------------------------------------------------------------------------------------

MOST = 50


def people_page(words: str) -> dict[str, Any]:
    """The people by name, and the requests that wait for a second administrator."""
    people = User.objects.order_by("name", "pk")
    if words := words.strip():
        people = people.filter(
            models.Q(name__icontains=words)
            | models.Q(email__icontains=words)
            | models.Q(username__icontains=words)
        )
    waiting = ErasureRequest.objects.filter(confirmed_at__isnull=True, dropped_at__isnull=True)
    return {
        "people": list(people[: MOST + 1])[:MOST],
        "more": people.count() > MOST,
        "words": words,
        "waiting": list(waiting.select_related("person", "asked_by").order_by("pk")),
    }
