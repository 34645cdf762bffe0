"""A case as a plain record, as a foreign standard wants it, and back."""

import re
from typing import Any

from django.utils.translation import gettext as _

from core.files.errors import BadFile
from usecases.exchange.mappings import FORMATS, Target, TargetField, target
from usecases.record import code_of, municipalities, record

KIND = "udvalgsrum-cases"
EXAMPLE = "Eksempel – ikke kommunens egen registrering"
MUNICIPALITY = re.compile(r"\s+Kommune$", re.IGNORECASE)


def in_words(key: str, value: Any) -> str:
    """A value as a spreadsheet shows it."""
    known = record().by_key.get(key)
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    if isinstance(value, list):
        return "; ".join(known.choices.get(one, str(one)) if known else str(one) for one in value)
    return str(known.choices.get(value, value)) if known and known.choices else str(value)


def to_target(wanted: Target, row: dict[str, Any]) -> tuple[dict[str, Any], list[str], list[str]]:
    """The record for a standard; which mandatory fields are missing, and which were cut short."""
    found: dict[str, Any] = {}
    missing, shortened = [], []
    for one in wanted.fields:
        value = one.const or _value(one, row)
        if isinstance(value, str) and one.max_length and len(value) > one.max_length:
            value = value[: one.max_length - 1] + "…"
            shortened.append(one.key)
        if one.required and not value:
            missing.append(one.key)
        found[one.key] = value
    if row.get("example"):
        found["remark"] = EXAMPLE
    return found, missing, shortened


def _value(one: TargetField, row: dict[str, Any]) -> Any:
    if len(one.sources) > 1:
        return _joined(one, row)
    key = one.sources[0].removeprefix("$")
    value = row.get(key)
    if one.values:
        mapped = one.values.get(value or "", "")
        return [mapped] if one.is_list and mapped else [] if one.is_list else mapped
    if one.organisation:
        name = municipalities().get(value or "", "")
        return f"{name} Kommune" if name else ""
    text = in_words(key, value) if one.words else str(value or "")
    return text[:7] if one.month else text


def _joined(one: TargetField, row: dict[str, Any]) -> str:
    """Several of our answers in one field, each under its name."""
    parts = [
        f"{record().by_key[key].short}: {text}"
        for key in one.sources
        if (text := in_words(key, row.get(key)))
    ]
    return "\n\n".join(parts)


# Back -----------------------------------------------------------------------------------------


def rows_of_json(data: Any) -> list[dict[str, Any]]:
    """The rows of one of our JSON exports, by the keys of the record."""
    if not isinstance(data, dict):
        raise _foreign()
    if data.get("kind") == KIND:
        cases = data.get("cases")
        if not isinstance(cases, list):
            raise _foreign()
        return [_own(case) for case in cases]
    name = data.get("format")
    if name not in FORMATS or not isinstance(data.get("records"), list):
        raise _foreign()
    return [_from_target(target(str(name)), case) for case in data["records"]]


def _foreign() -> BadFile:
    return BadFile(_("The file is not an export of cases. Export it again as JSON."))


def _own(case: Any) -> dict[str, Any]:
    if not isinstance(case, dict) or not isinstance(case.get("fields"), dict):
        raise _foreign()
    head = {key: case.get(key, "") for key in ("id", "number", "status", "reported")}
    return head | {key: value for key, value in case["fields"].items() if key in record().by_key}


def _from_target(wanted: Target, case: Any) -> dict[str, Any]:
    """What the standard holds whole; a text that was cut short or joined is not taken back."""
    if not isinstance(case, dict):
        raise _foreign()
    found: dict[str, Any] = {}
    for one in wanted.fields:
        value = case.get(one.key)
        if not one.is_reversible or not isinstance(value, str) or not value:
            continue
        key = one.sources[0].removeprefix("$")
        if (key != "id" and key not in record().by_key) or value.endswith("…"):
            continue
        found[key] = _ours(one, value)
    return {"title": ""} | found


def _ours(one: TargetField, value: str) -> str:
    if one.values:
        return next((ours for ours, theirs in one.values.items() if theirs == value), "")
    if one.organisation:
        return code_of(MUNICIPALITY.sub("", value))
    return value
