"""The register as files: what each reader may read, in every format, and what it lacks."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.tables import SHEET, csv_pieces, json_pieces, xlsx_pieces
from usecases.enums import RiskTier, Status
from usecases.exchange.mappings import FORMATS, target
from usecases.exchange.records import EXAMPLE, KIND, in_words, to_target
from usecases.models import UseCase
from usecases.models.cases import UseCaseQuerySet
from usecases.policies import reading_level
from usecases.record import RecordField, record
from usecases.selectors.page import readable_kinds

PIECE = 500
PER_PAGE = 25
NEVER = (Status.DRAFT, Status.WITHDRAWN)
HEAD = {"id": "Id", "number": "Nr.", "status": "Status", "reported": "Indmeldt"}
TAIL = {"risk_tier": "AI-forordningen", "updated_on": "Ændret", "example": "Bemærkning"}
SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Format:
    """A kind of file that the register comes as."""

    key: str
    label: str | Promise
    about: str | Promise
    extension: str
    media_type: str


ALL: dict[str, Format] = {
    one.key: one
    for one in (
        Format("csv", "CSV", _("All fields, for any spreadsheet."), "csv", "text/csv"),
        Format("xlsx", "XLSX", _("All fields, for Excel."), "xlsx", SHEET),
        Format("json", "JSON", _("All fields, for programs."), "json", "application/json"),
        Format("kl", "KL's AI-landkort", _("The five columns of the landkort."), "csv", "text/csv"),
        Format("nl", "Algoritmeregister 1.0", _("The Dutch standard."), "json", "application/json"),
        Format("atrs", "UK ATRS 3.0", _("The British standard."), "json", "application/json"),
    )
}


def exported(user: Any, cases: QuerySet[UseCase] | None = None) -> UseCaseQuerySet:
    """The rows of the register that `user` may know of; `cases` narrows it to a filter.

    A merged case is in the file only when it was asked for.
    """
    rows = UseCase.objects.visible_to(user).exclude(status__in=NEVER)
    if cases is None:
        rows = rows.filter(merged_into__isnull=True)
    else:
        rows = rows.filter(pk__in=cases.order_by().values("pk"))
    return rows.select_related("committee", "owner").order_by("pk")


def exported_fields() -> list[RecordField]:
    """Contact data is in no file."""
    return [one for one in record().fields if one.public != "secretariat"]


def row_of(user: Any, case: UseCase, address: str = "") -> dict[str, Any]:
    """The case as this reader may read it, with the codes of the record."""
    level = reading_level(user, case)
    found: dict[str, Any] = {
        "id": str(case.uid),
        "number": case.reference or "",
        "status": case.status,
        "title": case.title,
        "example": case.is_example,
    }
    if level == "title":
        return found
    kinds = readable_kinds(user, case)
    found |= {
        "updated_on": case.updated_at.date().isoformat(),
        "reported": case.source.get("reported", ""),
        "risk_tier": case.risk_tier,
        "submitted_on": case.submitted_at.date().isoformat() if case.submitted_at else "",
        "source": {key: case.source.get(key, "") for key in ("file", "sha256", "row", "id")}
        if case.source
        else None,
        "url": f"{address}{case.get_absolute_url()}" if address else "",
    }
    for known in exported_fields():
        if known.public in kinds:
            found[known.key] = _plain(known, case.value(known.key))
    return found


def _plain(known: RecordField, value: Any) -> Any:
    if value is None:
        return [] if known.type == "multi_choice" else ""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if known.type == "person" else value


def rows(user: Any, cases: UseCaseQuerySet, address: str = "") -> Iterator[dict[str, Any]]:
    """One at a time, however many there are."""
    return (row_of(user, case, address) for case in cases.iterator(chunk_size=PIECE))


# Files -----------------------------------------------------------------------------------


def pieces(name: str, user: Any, cases: UseCaseQuerySet, address: str) -> Iterator[bytes]:
    """The file of one format, piece by piece. Raises `KeyError` for a format that is none."""
    maker: Callable[..., Iterator[bytes]] = {
        "csv": _csv,
        "xlsx": _xlsx,
        "json": _json,
        "kl": _kl,
    }.get(name, _standard)
    return maker(ALL[name].key, rows(user, cases, address), address)


def _columns() -> dict[str, str]:
    return HEAD | {one.key: one.short for one in exported_fields()} | TAIL


def _cells(row: dict[str, Any]) -> list[str]:
    return [_cell(key, row) for key in _columns()]


def _cell(key: str, row: dict[str, Any]) -> str:
    value = row.get(key, "")
    if key == "status":
        return str(Status(value).label)
    if key == "risk_tier":
        return str(RiskTier(value).label) if value else ""
    if key == "example":
        return EXAMPLE if value else ""
    return in_words(key, value)


def _csv(name: str, found: Iterable[dict[str, Any]], address: str) -> Iterator[bytes]:
    yield from csv_pieces([list(_columns().values())], (_cells(row) for row in found))


def _kl(name: str, found: Iterable[dict[str, Any]], address: str) -> Iterator[bytes]:
    wanted = target(name)
    heads = [[*(one.key for one in wanted.fields), "Bemærkning"]]
    lines = (to_target(wanted, row)[0] for row in found)
    yield from csv_pieces(
        heads,
        ([*(line[one.key] for one in wanted.fields), line.get("remark", "")] for line in lines),
    )


def _xlsx(name: str, found: Iterable[dict[str, Any]], address: str) -> Iterator[bytes]:
    heads = list(_columns().values())
    yield from xlsx_pieces("AI-anvendelser", heads, (_cells(row) for row in found))


def _json(name: str, found: Iterable[dict[str, Any]], address: str) -> Iterator[bytes]:
    head = {
        "kind": KIND,
        "version": SCHEMA_VERSION,
        "schema": f"{address}/forslag/eksport/skema.json",
        "record": record().reference,
        "exported_at": timezone.now().isoformat(timespec="seconds"),
    }
    yield from json_pieces(head, "cases", (_as_case(row) for row in found))


def _as_case(row: dict[str, Any]) -> dict[str, Any]:
    keys = {one.key for one in exported_fields()}
    head = {key: value for key, value in row.items() if key not in keys}
    head["remark"] = EXAMPLE if row["example"] else ""
    return head | {"fields": {key: value for key, value in row.items() if key in keys}}


def _standard(name: str, found: Iterable[dict[str, Any]], address: str) -> Iterator[bytes]:
    """The records, and beside each what it lacks."""
    wanted = target(name)
    head = {"format": name, "standard": wanted.title, "notes": list(wanted.notes)}
    gaps: list[dict[str, Any]] = []

    def records() -> Iterator[dict[str, Any]]:
        for row in found:
            made, missing, shortened = to_target(wanted, row)
            if missing or shortened:
                gaps.append({"id": row["id"], "missing": missing, "shortened": shortened})
            yield made

    yield from json_pieces(head, "records", records(), lambda: {"report": gaps})


# What is missing -------------------------------------------------------------------------


@dataclass(frozen=True)
class Gap:
    """A case that a standard would not take as it is."""

    case: UseCase
    missing: list[str]
    shortened: list[str]


def gaps(user: Any, name: str, cases: UseCaseQuerySet, page: str) -> dict[str, Any]:
    """A page of cases, each with what the standard lacks of it."""
    wanted = target(name)
    found = Paginator(cases, PER_PAGE).get_page(page)
    listed = [Gap(case, *to_target(wanted, row_of(user, case))[1:]) for case in found]
    return {"target": wanted, "format": ALL[name], "gaps": listed, "page": found}


def export_page(user: Any, cases: UseCaseQuerySet) -> dict[str, Any]:
    """The formats, and how many cases there are."""
    formats = [(one, one.key in FORMATS) for one in ALL.values()]
    return {"formats": formats, "total": cases.count()}


# The schema -------------------------------------------------------------------------------


def json_schema(address: str) -> dict[str, Any]:
    """JSON Schema (2020-12) of our JSON export, made from the record's declaration."""
    text = {"type": "string"}
    case = {
        "id": {"type": "string", "format": "uuid"},
        "number": text,
        "status": {"enum": [s for s in Status.values if s not in NEVER]},
        "example": {"type": "boolean"},
        "remark": {"enum": ["", EXAMPLE]},
        "updated_on": {"type": "string", "format": "date"},
        "submitted_on": {"type": "string", "format": "date"},
        "reported": text,
        "risk_tier": {"enum": ["", *RiskTier.values]},
        "url": text,
        "source": {"type": ["object", "null"]},
        "fields": {
            "type": "object",
            "properties": {one.key: _schema_of(one) for one in exported_fields()},
            "additionalProperties": False,
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{address}/forslag/eksport/skema.json",
        "title": "Udvalgsrum: AI-anvendelser",
        "type": "object",
        "required": ["kind", "version", "record", "cases"],
        "properties": {
            "kind": {"const": KIND},
            "version": {"const": SCHEMA_VERSION},
            "record": {"const": record().reference},
            "schema": text,
            "exported_at": {"type": "string", "format": "date-time"},
            "cases": {"type": "array", "items": _object(case)},
        },
        "additionalProperties": False,
    }


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["id", "status", "example", "fields"],
        "properties": properties,
        "additionalProperties": False,
    }


def _schema_of(known: RecordField) -> dict[str, Any]:
    about = {"title": known.short}
    if known.type == "choice":
        return about | {"enum": ["", *known.choices]}
    if known.type == "multi_choice":
        return about | {"type": "array", "items": {"enum": list(known.choices)}}
    if known.type == "boolean":
        return about | {"type": ["boolean", "string"], "enum": [True, False, ""]}
    if known.type == "date":
        return about | {"type": "string", "pattern": r"^(\d{4}-\d\d-\d\d)?$"}
    limit = {"maxLength": known.max_length} if known.max_length else {}
    return about | {"type": "string"} | limit
