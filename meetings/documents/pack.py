"""The meeting pack: agenda and attachments in one PDF."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from core.documents import DocumentError, Palette, palette_css, render_pdf
from core.documents.assemble import Appendix, address, assemble, page_count
from core.documents.loose import ToHtml, UnusableFile, as_pdf, loose_page
from meetings.documents.context import Edition, Links, meeting_context
from meetings.documents.items import item_mark
from meetings.documents.single import LANGUAGE, TEMPLATE, created_at, for_edition

ReadAttachment = Callable[[dict[str, Any]], bytes]
Progress = Callable[[str, float], None]
MAX_SETTINGS = 5


@dataclass(frozen=True, slots=True)
class _Part:
    """An attachment as pages: its row in the snapshot and the bookmark of its item."""

    row: dict[str, Any]
    under: str
    data: bytes
    pages: int

    @property
    def key(self) -> str:
        return str(self.row["id"])


def pack_pdf(
    snapshot: Mapping[str, Any],
    *,
    palette: Palette,
    edition: Edition,
    read_attachment: ReadAttachment,
    progress: Progress,
    to_html: ToHtml | None = None,
) -> bytes:
    """Return agenda and attachments as one PDF with links, bookmarks and stamps.

    An attachment that cannot be read becomes a page that says so. `to_html(data, "docx"|"odt")`
    turns texts into HTML.
    """
    source = for_edition(snapshot, edition)
    with translation.override(LANGUAGE):
        parts = _read_all(source, palette, read_attachment, progress, to_html)
        progress(_("Setting the agenda"), 0.6)
        own, total = _own_part(source, palette, edition, parts)
        progress(_("Putting the pack together"), 0.9)
        appendices = [
            Appendix(key=part.key, data=part.data, bookmark=_bookmark(part.row), under=part.under)
            for part in parts
        ]
        data = assemble(own, appendices, _stamps(source, palette, parts, total))
        progress(_("The pack is ready"), 1.0)
    return data


def _read_all(
    source: dict[str, Any],
    palette: Palette,
    read_attachment: ReadAttachment,
    progress: Progress,
    to_html: ToHtml | None,
) -> list[_Part]:
    rows = [(item, row) for item in source["items"] for row in item.get("attachments", [])]
    parts = []
    for index, (item, row) in enumerate(rows):
        progress(_("Reading %(title)s") % {"title": _bookmark(row)}, 0.6 * index / len(rows))
        data = _pages_of(source, row, palette, read_attachment, to_html)
        parts.append(_Part(row=row, under=item_mark(item), data=data, pages=page_count(data)))
    return parts


def _pages_of(
    source: dict[str, Any],
    row: dict[str, Any],
    palette: Palette,
    read_attachment: ReadAttachment,
    to_html: ToHtml | None,
) -> bytes:
    created = created_at(source)
    try:
        return as_pdf(
            _read(row, read_attachment),
            media_type=row.get("media_type", ""),
            title=_name(row),
            expected_pages=row.get("pages"),
            created=created,
            palette=palette,
            to_html=to_html,
        )
    except UnusableFile as problem:
        return _problem_page(row, str(problem), source, palette)


def _read(row: dict[str, Any], read_attachment: ReadAttachment) -> bytes:
    try:
        return read_attachment(row)
    except (OSError, KeyError, LookupError) as error:
        raise UnusableFile(_("The file could not be fetched from the store.")) from error


def _problem_page(
    row: dict[str, Any], reason: str, source: dict[str, Any], palette: Palette
) -> bytes:
    lines = [
        _("The attachment cannot be shown here") + ".",
        _("File: %(name)s") % {"name": row.get("filename", "")},
        _("Reason: %(reason)s") % {"reason": reason},
        _("Open the attachment on the page of the meeting, or ask the secretariat for it."),
    ]
    return loose_page(_bookmark(row), created=created_at(source), palette=palette, lines=lines)


def _own_part(
    source: dict[str, Any], palette: Palette, edition: Edition, parts: list[_Part]
) -> tuple[bytes, int]:
    """Return our own part and the number of pages of the whole.

    The contents name pages that follow the part they stand in, so it is set again until its
    own length holds; the second setting does unless the numbers grow a digit.
    """
    appended = sum(part.pages for part in parts)
    own_pages = 1
    for _attempt in range(MAX_SETTINGS):
        own = _set(source, palette, edition, _links(parts, own_pages), own_pages + appended)
        if page_count(own) == own_pages:
            return own, own_pages + appended
        own_pages = page_count(own)
    raise DocumentError(["the contents of the pack do not settle on a length"])


def _set(
    source: dict[str, Any], palette: Palette, edition: Edition, links: Links, total: int
) -> bytes:
    context = meeting_context(
        source, kind="pack", edition=edition, palette=palette, links=links, total_pages=total
    )
    return render_pdf(
        template=TEMPLATE,
        context=context,
        title=context["title"],
        lang=LANGUAGE,
        created=created_at(source),
    )


def _links(parts: list[_Part], own_pages: int) -> Links:
    links: dict[Any, tuple[str, int]] = {}
    page = own_pages + 1
    for part in parts:
        links[part.row["id"]] = (address(part.key), page)
        page += part.pages
    return links


def _stamps(source: dict[str, Any], palette: Palette, parts: list[_Part], total: int) -> bytes:
    page = total - sum(part.pages for part in parts)
    lines = []
    for part in parts:
        for number in range(1, part.pages + 1):
            page += 1
            lines.append(_stamp(part.row, number, page, total))
    if not lines:
        return b""
    return render_pdf(
        template="pdf/stamps.html",
        context={"palette_css": palette_css(palette), "body_class": "stamps", "lines": lines},
        title="",
        created=created_at(source),
        variant="plain",
    )


def _stamp(row: dict[str, Any], number: int, page: int, total: int) -> str:
    here = _("Attachment %(number)s · page %(page)s") % {
        "number": row.get("number", ""), "page": number
    }  # fmt: skip
    whole = _("page %(page)s of %(pages)s in all") % {"page": page, "pages": total}
    return f"{here} · {whole}"


def _bookmark(row: dict[str, Any]) -> str:
    number = _("Attachment %(number)s") % {"number": row.get("number", "")}
    return f"{number} {_name(row)}"


def _name(row: dict[str, Any]) -> str:
    return row.get("title") or row.get("filename", "")
