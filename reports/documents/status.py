"""A report as a PDF: the same blocks as on its page."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from core import works
from core.documents import palette_css, pdf_prose, render_pdf
from core.mailing import LANGUAGE, absolute
from core.models import Work
from core.outbox import Report as Progress
from core.templatetags.ur import full_date
from meetings.tasks.documents import livery_of
from reports.enums import ReportKind
from reports.models import Report
from reports.naming import report_filename, report_title
from reports.selectors.reading import shown_content
from reports.services.documents import work_key

TEMPLATES = {
    ReportKind.STATUS: "pdf/status_report.html",
    ReportKind.FINAL: "pdf/final_report.html",
}


def make_report(work: Work, progress: Progress) -> works.Made | None:
    """The PDF that was asked for, or nothing when the report says something else by now."""
    report = report_of(work)
    if report is None or work_key(report) != work.key:
        return None
    progress(_("Setting the pages"), 20)
    return works.Made(report_pdf(report), report_filename(report))


def report_of(work: Work) -> Report | None:
    rows = Report.objects.select_related("committee__municipality", "previous")
    return rows.filter(pk=work.params["report"]).first()


def may_open(user: Any, work: Work) -> bool:
    """Those who may read the report now, as long as the file is what it says now."""
    report = Report.objects.visible_to(user).filter(pk=work.params["report"]).first()
    return report is not None and work_key(report) == work.key


def report_pdf(report: Report) -> bytes:
    """PDF/UA-1, in Danish; the same report always gives the same bytes."""
    with translation.override(LANGUAGE):
        return render_pdf(
            template=TEMPLATES[ReportKind(report.kind)],
            context=pdf_context(report),
            title=report_title(report),
            created=report.frozen_at or report.gathered_at or report.created_at,
        )


def pdf_context(report: Report) -> dict[str, Any]:
    from reports.selectors.pages import drawn

    content = shown_content(report)
    colours = livery_of(report.committee.municipality)
    about = content["report"]
    return {
        "owner": content["municipality"],
        "logo": colours.logo,
        "palette_css": palette_css(colours),
        "running": {
            "body": content["committee"]["full_name"],
            "meeting": f"{report.get_kind_display()}, {about['period']}",
            "version": "\n".join(foot_lines(report, content)),
        },
        "content": (shown := _set(drawn(_with_addresses(content)))),
        "figures": list(drawn_figures(shown)),
        "foreword": pdf_prose(about["foreword"], under=2),
        "requests": pdf_prose(about["requests"], under=2),
    }


def drawn_figures(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The blocks with a drawing, for the list of figures."""
    for part in content["sections"]:
        for block in part["blocks"]:
            if block["kind"] == "figure" and not block["figure"].is_empty:
                yield block


def _set(content: dict[str, Any]) -> dict[str, Any]:
    """The content with its long texts as the tags of a document."""
    for part in content["sections"]:
        part["comment_html"] = pdf_prose(part["comment"], under=2)
        for block in part["blocks"]:
            if block["kind"] == "passage":
                block["html"] = pdf_prose(block["text"], under=3)
    return content


def foot_lines(report: Report, content: dict[str, Any]) -> list[str]:
    """When the figures are of, whom it is for, and the hash that the PDF and the page share."""
    about = content["report"]
    made = datetime.fromisoformat(content["gathered_at"])
    facts = [
        _("Figures of %(day)s") % {"day": full_date(content["as_of"])},
        _("gathered %(day)s") % {"day": full_date(made)},
    ]
    to = about["recipient"]
    if about["meets_on"]:
        to = _("%(recipient)s, %(day)s") % {"recipient": to, "day": full_date(about["meets_on"])}
    facts.append(_("to %(recipient)s") % {"recipient": to})
    return [" · ".join(facts), f"Data sha256 {report.sha256}"]


def _with_addresses(found: Any) -> Any:
    """Links of a document that leaves the house name the whole address."""
    if isinstance(found, list):
        return [_with_addresses(one) for one in found]
    if not isinstance(found, dict):
        return found
    made = {key: _with_addresses(value) for key, value in found.items()}
    url = made.get("url")
    if isinstance(url, str) and url.startswith("/"):
        made["url"] = absolute(url)
    return made
