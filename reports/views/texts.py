"""Write in a report: nobody overwrites anybody, and what is typed is kept."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.diffs import Piece, word_diff
from core.drafts import discard_draft, find_draft, save_draft
from core.htmx import go_to, render_page
from core.kept import take_kept_post
from core.numbers import whole_number
from core.once import once
from core.templatetags.ur import clock
from reports.content.texts import COMMENT
from reports.forms.reports import TextsForm
from reports.models import Report
from reports.policies import reports as policies
from reports.selectors.pages import edit_fields
from reports.services.texts import Conflict, save_texts
from reports.views.fetch import READ_OR_WRITE, get_working_report, report_trail

LONGEST_DRAFT = 20_000


def draft_name(report: Report) -> str:
    return f"report:{report.pk}"


@require_http_methods(READ_OR_WRITE)
@once
def report_edit(request: HttpRequest, report_id: int) -> HttpResponse:
    """Headline, foreword, requests and comments. When two wrote the same text, both are shown."""
    report = get_working_report(request, report_id)
    data = request.POST if request.method == "POST" else None
    form = TextsForm(report, data, initial=_initial(request, report))
    if form.is_ready(policies.can_write(request.user, report)):
        version = form.cleaned_data["version"] or 0
        conflicts = form.attempt(
            lambda: save_texts(report=report, texts=form.texts(), version=version, by=request.user)
        )
        if conflicts:
            return _conflict_page(request, report, conflicts)
        if conflicts is not None:
            discard_draft(owner=request.user, form=draft_name(report))
            messages.success(request, _("The texts are saved."))
            return go_to(request, report.get_absolute_url())
    context = {
        "report": report,
        "form": form,
        "draft": find_draft(owner=request.user, form=draft_name(report)),
        "autosave": reverse("reports:report_draft", args=[report.pk]),
        "back": report.get_absolute_url(),
        "trail": report_trail(report, (_("Texts"), "")),
    }
    return render_page(request, "reports/report_edit.html", context, status=form.status)


def _initial(request: HttpRequest, report: Report) -> dict[str, Any]:
    """What was typed and not saved comes first, with the version that it was typed on."""
    saved: dict[str, Any] = edit_fields(report) | {"version": report.version}
    if kept := take_kept_post(request):
        return saved | kept
    draft = find_draft(owner=request.user, form=draft_name(report))
    if draft is None:
        return saved
    return saved | draft.fields | {"version": draft.base_versions.get("texts", 0)}


@require_POST
def report_draft(request: HttpRequest, report_id: int) -> HttpResponse:
    """Keep what is being typed; the page's script calls this."""
    report = get_working_report(request, report_id)
    verdict = policies.can_write(request.user, report)
    if not verdict:
        return JsonResponse({"message": str(verdict.reason)}, status=403)
    names = [name for name in TextsForm(report).fields if name != "version"]
    version = whole_number(request.POST.get("version"))
    kept = save_draft(
        owner=request.user,
        form=draft_name(report),
        fields={name: request.POST[name][:LONGEST_DRAFT] for name in names if name in request.POST},
        base_versions={"texts": report.version if version is None else version},
    )
    saved = _("Draft saved %(clock)s") % {"clock": clock(kept.saved_at)}
    return JsonResponse({"saved_at_text": saved})


@dataclass(frozen=True)
class Shown:
    """A conflict with the differences marked word by word."""

    conflict: Conflict
    heading: str
    mine: list[Piece]
    theirs: list[Piece]


def _conflict_page(request: HttpRequest, report: Report, conflicts: list[Conflict]) -> HttpResponse:
    """409 with every text that two people changed; nothing of either is lost."""
    # The texts that did not conflict are saved; what stands now is what the merge is based on.
    report.refresh_from_db()
    headings = _headings(report)
    shown = [
        Shown(
            conflict=one,
            heading=headings.get(one.key, one.key),
            mine=word_diff(one.base, one.mine),
            theirs=word_diff(one.base, one.theirs),
        )
        for one in conflicts
    ]
    merged = {one.key.replace(".", "__"): one.merged for one in conflicts}
    form = TextsForm(report, initial={**merged, "version": report.version})
    for name in list(form.fields):
        if name not in merged and name != "version":
            del form.fields[name]
    context = {
        "report": report,
        "shown": shown,
        "form": form,
        "edit_url": reverse("reports:report_edit", args=[report.pk]),
        "back": report.get_absolute_url(),
        "trail": report_trail(report, (_("Two changes"), "")),
    }
    return render_page(request, "reports/report_conflict.html", context, status=409)


def _headings(report: Report) -> dict[str, Any]:
    parts = report.content.get("sections", [])
    names = {f"{COMMENT}{part['key']}": part["heading"] for part in parts}
    return names | {
        "headline": _("Headline"),
        "foreword": _("Foreword"),
        "requests": _("What the committee asks for"),
    }
