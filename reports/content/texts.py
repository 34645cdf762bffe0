"""What people write in a report, as part of its content."""

from typing import Any

from reports.models import Report

FIELDS = ("headline", "foreword", "requests")
COMMENT = "comment."


def texts_of(report: Report) -> dict[str, str]:
    """Every text by its key; those of sections as “comment.<section>”."""
    found = {name: str(getattr(report, name)) for name in FIELDS}
    return found | {f"{COMMENT}{key}": text for key, text in sorted(report.comments.items())}


def with_texts(content: dict[str, Any], report: Report) -> dict[str, Any]:
    """The content with the texts as they stand now. Figures and rows are left alone."""
    if not content:
        return content
    about = content["report"] | {name: getattr(report, name) for name in FIELDS}
    sections = [
        part | {"comment": report.comments.get(part["key"], "")} for part in content["sections"]
    ]
    return content | {"report": about, "sections": sections}


def section_keys(content: dict[str, Any]) -> list[str]:
    return [part["key"] for part in content.get("sections", [])]
