"""A report as an item of the council's agenda: recommendation, background and the PDF."""

import hashlib
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from core import audit
from core.mailing import LANGUAGE
from core.templatetags.ur import full_date
from core.verdicts import StaleState
from meetings.enums import ItemKind, MeetingState
from meetings.models import AgendaItem, Meeting
from meetings.services.attachments import add_attachment
from meetings.services.items import add_item, lock_agenda
from meetings.services.texts import save_texts
from reports.models import Report
from reports.naming import report_filename, report_title
from reports.policies import reports as policies
from reports.selectors.reading import shown_content


def make_item_package(
    *, report: Report, meeting: Meeting, pdf: bytes, by: Any, minutes: int = 20
) -> AgendaItem:
    """Put a finished report on the agenda of a meeting in draft, in its body's own sections.

    `pdf` is the report's (`reports.documents`): who asks has it made first, as it takes seconds,
    and nobody writes the agenda meanwhile. Raises `NotAllowed` for a report that may still
    change and for who does not run both the report and the meeting, `StaleState` for an agenda
    that has been issued.
    """
    policies.can_put_on_agenda(by, report).require()
    with translation.override(LANGUAGE):
        return _put(report, meeting, by, pdf, minutes)


@transaction.atomic
def _put(report: Report, meeting: Meeting, by: Any, pdf: bytes, minutes: int) -> AgendaItem:
    lock_agenda(meeting)
    meeting.refresh_from_db()
    if meeting.state != MeetingState.DRAFT:
        raise StaleState(_("The agenda is no longer a draft. Nothing was changed."))
    title = report_title(report)
    item = add_item(
        meeting=meeting, by=by, title=title[:200], kind=ItemKind.DECISION,
        presenter=report.committee.full_name[:150], minutes=minutes,
    )  # fmt: skip
    texts = package_texts(report, meeting)
    save_texts(item=item, texts=texts, versions=dict.fromkeys(texts, 0), by=by)
    add_attachment(item=item, data=pdf, filename=report_filename(report), title=title[:200], by=by)
    audit.record(
        "reports.make_item_package",
        report,
        by=by,
        scope=report.committee,
        data={
            "item": item.pk, "meeting": meeting.pk, "sha256": hashlib.sha256(pdf).hexdigest(),
        },
    )  # fmt: skip
    return item


def package_texts(report: Report, meeting: Meeting) -> dict[str, str]:
    """The texts by the keys of the meeting's section template; what it lacks is left out."""
    content = shown_content(report)
    summary, background = _summary(content), _background(report)
    made = {
        # Gentofte's sections, then Norddjurs'; a template of another body takes those it knows.
        "summary": summary,
        "background": background,
        "case_path": f"{report.committee.full_name}\n\n{meeting.committee.full_name}",
        "presentation": f"{summary}\n\n{background}",
        "relations": _relations(content),
        "economy": _("The report itself has no economic consequences."),
        "recommendation": report.requests.strip() or _("1) To take note of the report."),
    }
    return {key: made[key] for key in meeting.template.text_keys if key in made}


def _summary(content: dict[str, Any]) -> str:
    """The foreword, and what it comes to."""
    short = next((part for part in content["sections"] if part["key"] == "summary"), None)
    words = (
        [block["text"] for block in short["blocks"] if block["kind"] == "words"] if short else []
    )
    keys = [f"- {one['value']} {one['label']}" for one in content["key_figures"]]
    parts = [content["report"]["foreword"], *words, "\n".join(keys)]
    return "\n\n".join(part for part in parts if part)


def _background(report: Report) -> str:
    committee = report.committee
    facts = {
        "committee": committee.full_name,
        "from": full_date(report.period_from),
        "to": full_date(report.period_to),
    }
    told = [_("The report covers %(from)s to %(to)s and comes from %(committee)s.") % facts]
    decisions = list(committee.council_decisions.all())
    if decisions:
        told.append(_("It rests on:"))
        told.append("\n".join(f"- {full_date(one.decided_on)}: {one.title}" for one in decisions))
    return "\n\n".join(told)


def _relations(content: dict[str, Any]) -> str:
    """The adopted texts that the report brings."""
    part = next((part for part in content["sections"] if part["key"] == "guidelines"), None)
    links = [block["text"] for block in part["blocks"] if block.get("link")] if part else []
    return "\n".join(f"- {one}" for one in links) or _("No other policies are affected.")
