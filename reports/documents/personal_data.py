"""The export of a person's data, as JSON and as a PDF."""

import json
import re
from datetime import datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from committee.models import User
from core import works
from core.branding import palette
from core.documents import palette_css, render_pdf
from core.models import AuditEntry, Work
from core.outbox import Report
from core.templatetags.ur import clock, full_date
from reports.personal_data import policy
from reports.policies import personal_data as policies
from reports.selectors.personal_data import export_of
from reports.services.personal_data import JSON

LANGUAGE = "da"
# No municipality's: a person may belong to several.
COLOUR = "#0b4f5c"
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2})?")


def export_json(content: dict[str, Any]) -> bytes:
    return json.dumps(content, sort_keys=True, indent=1, ensure_ascii=False).encode() + b"\n"


def export_pdf(content: dict[str, Any], created: datetime) -> bytes:
    """PDF/UA-1, in Danish; the same data, the same bytes."""
    with translation.override(LANGUAGE):
        context = content | {
            "parts": [_part(one) for one in content["models"]],
            "palette_css": palette_css(palette(COLOUR)),
            "created": created,
            "running": {"body": _("Personal data"), "meeting": "", "version": _("Personal data")},
        }
        return render_pdf(
            template="pdf/personal_data.html",
            context=context,
            title=_("Export of personal data"),
            created=created,
        )


def _part(model: dict[str, Any]) -> dict[str, Any]:
    rows = [{"id": one["id"], "role": one["role"], "lines": _lines(one)} for one in model["rows"]]
    return model | {"rows": rows}


def _lines(row: dict[str, Any]) -> list[str]:
    pairs = [*row["facts"].items(), *row["texts"].items()]
    for name in sorted(row.keys() - {"id", "as", "role", "facts", "texts"}):
        pairs += [pair for one in row[name] for pair in one.items()]
    columns = policy().columns
    return [
        f"{columns[name]}: {_words(value)}"
        for name, value in pairs
        if value not in (None, "", [], {})
    ]


def _words(value: Any) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, str) and MOMENT.fullmatch(value):
        return f"{full_date(value)} {clock(value)}" if "T" in value else full_date(value)
    return str(value)


def make_export(work: Work, report: Report) -> works.Made | None:
    report(gettext_noop("Gathering the data"), 5)
    person = User.objects.filter(pk=work.params["person"]).first()
    if person is None:
        return None
    until = work.params["until"]
    content = export_of(person, own=work.params["own"], until=until)
    if work.kind == JSON:
        return works.Made(export_json(content), "persondata.json", "application/json")
    last = AuditEntry.objects.filter(seq=until).first()
    created = last.at if last else timezone.now()
    return works.Made(export_pdf(content, created), "persondata.pdf")


def may_open_export(user: Any, work: Work) -> bool:
    """One's own is one's own, whoever administers."""
    if work.params["own"]:
        return bool(policies.can_have_own(user)) and user.pk == work.params["person"]
    return bool(policies.can_administer(user))
