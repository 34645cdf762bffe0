"""Guidelines: what citizens read, and what the committee works on."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from committee.context import current_committee
from committee.enums import Role
from committee.models import Committee, committees_where
from core.diffs import word_diff
from core.drafts import discard_draft, find_draft, save_draft
from core.htmx import go_to, render_page
from core.kept import take_kept_post
from core.once import once
from core.templatetags.ur import clock
from core.verdicts import NotAllowed, Refused, StaleState
from ethics.enums.guidelines import VersionState
from ethics.forms.guidelines import (
    AdoptForm,
    GuidelineForm,
    GuidelineSectionForm,
)
from ethics.models import Guideline, GuidelineSection, GuidelineVersion
from ethics.policies import guidelines as policies
from ethics.selectors import guidelines as selectors
from ethics.services import guidelines
from ethics.services.guidelines import SectionConflict

READ_OR_WRITE = ["GET", "HEAD", "POST"]
LONGEST_DRAFT = 60_000


# Fetching ---------------------------------------------------------------------------------


def get_guideline(request: HttpRequest, slug: str) -> Guideline:
    """The guideline, if this reader may know of it."""
    rows = Guideline.objects.visible_to(request.user).select_related("committee__municipality")
    row = get_object_or_404(rows, slug=slug)
    # The frame shows the committee that the page is about.
    request.committee_id = row.committee_id  # type: ignore[attr-defined]
    return row


def get_inside(request: HttpRequest, slug: str) -> Guideline:
    """The guideline, for pages that only those of the body have."""
    row = get_guideline(request, slug)
    if not policies.is_inside(request.user, row.committee_id):
        raise Http404
    return row


def get_section(
    request: HttpRequest, slug: str, number: int
) -> tuple[Guideline, GuidelineVersion, GuidelineSection]:
    row = get_inside(request, slug)
    version = guidelines.current_version(row)
    section = get_object_or_404(version.sections.filter(removed=False), number=number)
    return row, version, section


def own_body(request: HttpRequest, *, roles: Any, why: Any) -> Committee:
    """The body that the page is about among those in which the reader has one of `roles`.

    Raises `NotAllowed`, with `why`, for those who have none.
    """
    own = Committee.objects.filter(pk__in=committees_where(request.user, roles))
    found = current_committee(request, list(own.select_related("municipality").order_by("name")))
    if found is None:
        raise NotAllowed(why)
    return found


def trail(*steps: tuple[Any, str]) -> list[dict[str, Any]]:
    rows = [(_("Guidelines"), reverse("ethics:guideline_list")), *steps]
    return [{"label": label, "url": url} for label, url in rows]


def work_trail(row: Guideline, *steps: tuple[Any, str]) -> list[dict[str, Any]]:
    return trail((row.title, row.work_url), *steps)


def status_of(form: Any, stale: str = "") -> int:
    return 409 if stale else 422 if form.is_bound and form.errors else 200


# Read ---------------------------------------------------------------------------------


@login_not_required
@require_safe
def guideline_list(request: HttpRequest) -> HttpResponse:
    """The guidelines one may know of."""
    context = {
        "rows": selectors.guideline_rows(request.user),
        "may_begin": bool(committees_where(request.user, {Role.SECRETARIAT})),
        "trail": [{"label": _("Guidelines"), "url": ""}],
    }
    return render_page(request, "ethics/guideline_list.html", context)


@login_not_required
@require_safe
def guideline_page(request: HttpRequest, guideline: str) -> HttpResponse:
    """An adopted version (`?version=`), and what changed since another (`?siden=`)."""
    row = get_guideline(request, guideline)
    if not request.GET and policies.is_inside(request.user, row.committee_id):
        never = not row.versions.exclude(state=VersionState.DRAFT).exists()
        if never:
            return go_to(request, row.work_url)
    asked = request.GET.get("version", "")
    context = selectors.adopted_page(request.user, row, asked, request.GET.get("siden", ""))
    context["trail"] = trail((row.title, ""))
    return render_page(request, "ethics/guideline_page.html", context)


# Work ---------------------------------------------------------------------------------


@require_http_methods(READ_OR_WRITE)
@once
def guideline_new(request: HttpRequest) -> HttpResponse:
    body = own_body(request, roles={Role.SECRETARIAT}, why=policies.ONLY_SECRETARIAT)
    form = GuidelineForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            row = guidelines.create_guideline(
                committee=body, title=form.cleaned_data["title"], by=request.user
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return go_to(request, row.work_url)
    context = {
        "form": form,
        "body": body,
        "back": reverse("ethics:guideline_list"),
        "trail": trail((_("New guideline"), "")),
    }
    return render_page(request, "ethics/guideline_new.html", context, status=status_of(form))


@require_http_methods(READ_OR_WRITE)
@once
def guideline_work(request: HttpRequest, guideline: str) -> HttpResponse:
    """The text as it is now, with what is proposed. The button begins the next draft."""
    row = get_inside(request, guideline)
    if request.method == "POST":
        draft = guidelines.open_draft(guideline=row, by=request.user)
        words = {"number": draft.number}
        messages.success(request, _("The draft of version %(number)s is begun.") % words)
        return go_to(request, row.work_url)
    context = selectors.work_page(request.user, row)
    context["trail"] = trail((row.title, ""))
    return render_page(request, "ethics/guideline_work.html", context)


@require_http_methods(READ_OR_WRITE)
@once
def guideline_adopt(request: HttpRequest, guideline: str) -> HttpResponse:
    """Freeze and publish the draft as the meeting adopted it."""
    row = get_inside(request, guideline)
    policies.can_run(request.user, row.committee_id).require()
    draft = guidelines.current_version(row)
    if request.method != "POST" and draft.state != VersionState.DRAFT:
        return go_to(request, row.work_url)
    expected = {"expected": guidelines.draft_hash(draft)}
    data = request.POST if request.method == "POST" else None
    form = AdoptForm(data, initial=expected | take_kept_post(request))
    stale = ""
    if form.is_bound and form.is_valid():
        try:
            edition = guidelines.adopt(
                guideline=row,
                decided=form.decided(),
                expected=form.cleaned_data["expected"],
                by=request.user,
            )
        except Refused as refusal:
            form.refuse(refusal)
        except (NotAllowed, StaleState) as refusal:
            form.stop(refusal)
            stale = str(refusal.reason)
            # The page shows the draft as it is now; the next press is about that.
            form.data = request.POST.dict() | expected
        else:
            words = {"number": edition.version.number}
            messages.success(request, _("Version %(number)s is adopted and published.") % words)
            return go_to(request, row.get_absolute_url())
    context = {
        "guideline": row,
        "version": draft,
        "sections": draft.sections.filter(removed=False),
        "waiting": row.amendments.unanswered().count(),
        "form": form,
        "back": row.work_url,
        "trail": work_trail(row, (_("Adopt"), "")),
    }
    status = status_of(form, stale)
    return render_page(request, "ethics/guideline_adopt.html", context, status=status)


# Sections ---------------------------------------------------------------------------------


@require_http_methods(READ_OR_WRITE)
@once
def section_new(request: HttpRequest, guideline: str) -> HttpResponse:
    row = get_inside(request, guideline)
    policies.can_run(request.user, row.committee_id).require()
    data = request.POST if request.method == "POST" else None
    form = GuidelineSectionForm(data, initial=take_kept_post(request))
    stopped = 0
    if form.is_bound and form.is_valid():
        heading, text = form.cleaned_data["heading"], form.cleaned_data["text"]
        try:
            section = guidelines.add_section(
                guideline=row, heading=heading, text=text, by=request.user
            )
        except Refused as refusal:
            form.refuse(refusal)
        except StaleState as refusal:
            stopped = form.stop(refusal)
        else:
            return go_to(request, f"{row.work_url}#afsnit-{section.number}")
    context = {
        "guideline": row,
        "form": form,
        "back": row.work_url,
        "trail": work_trail(row, (_("New section"), "")),
    }
    status = stopped or status_of(form)
    return render_page(request, "ethics/section_edit.html", context, status=status)


def draft_name(row: Guideline, number: int) -> str:
    return f"guideline:{row.pk}:{number}"


@require_http_methods(READ_OR_WRITE)
@once
def section_edit(request: HttpRequest, guideline: str, number: int) -> HttpResponse:
    """Write a section of the draft. When two did, both texts are shown with a proposed merge."""
    row, version, section = get_section(request, guideline, number)
    policies.can_run(request.user, row.committee_id).require()
    if request.method != "POST" and version.state != VersionState.DRAFT:
        return go_to(request, row.work_url)
    if request.method == "POST" and "remove" in request.POST:
        return _remove(request, row, section)
    draft = find_draft(owner=request.user, form=draft_name(row, number))
    form = GuidelineSectionForm(
        request.POST if request.method == "POST" else None, initial=_initial(request, section)
    )
    stopped = 0
    if form.is_bound and form.is_valid():
        try:
            saved, conflict = guidelines.save_section(
                guideline=row,
                number=number,
                heading=form.cleaned_data["heading"],
                text=form.cleaned_data["text"],
                revision=form.cleaned_data["revision"] or 0,
                by=request.user,
            )
        except Refused as refusal:
            form.refuse(refusal)
        except StaleState as refusal:
            stopped = form.stop(refusal)
        else:
            if conflict is not None:
                return _conflict_page(request, row, saved, form, conflict)
            discard_draft(owner=request.user, form=draft_name(row, number))
            messages.success(request, _("Section %(number)s is saved.") % {"number": number})
            return go_to(request, f"{row.work_url}#afsnit-{number}")
    context = {
        "guideline": row,
        "section": section,
        "form": form,
        "draft": draft,
        "autosave": reverse("ethics:section_draft", args=[row.slug, number]),
        "back": row.work_url,
        "trail": work_trail(row, (section.heading, "")),
    }
    status = stopped or status_of(form)
    return render_page(request, "ethics/section_edit.html", context, status=status)


def _initial(request: HttpRequest, section: GuidelineSection) -> dict[str, Any]:
    """What was typed and not saved comes first, with the revision that it was typed on."""
    saved = {"heading": section.heading, "text": section.text, "revision": section.revision}
    name = draft_name(section.version.guideline, section.number)
    draft = find_draft(owner=request.user, form=name)
    if kept := take_kept_post(request):
        return saved | kept
    if draft is None:
        return saved
    return saved | draft.fields | {"revision": draft.base_versions.get("section", 0)}


def _conflict_page(
    request: HttpRequest,
    row: Guideline,
    section: GuidelineSection,
    form: GuidelineSectionForm,
    conflict: SectionConflict,
) -> HttpResponse:
    heading = form.cleaned_data["heading"]
    merged = {"heading": heading, "text": conflict.merged, "revision": conflict.theirs_revision}
    context = {
        "guideline": row,
        "section": section,
        "conflict": conflict,
        "mine": word_diff(conflict.base, conflict.mine),
        "theirs": word_diff(conflict.base, conflict.theirs),
        "form": GuidelineSectionForm(initial=merged),
        "back": row.work_url,
        "trail": work_trail(row, (section.heading, "")),
    }
    return render_page(request, "ethics/section_conflict.html", context, status=409)


def _remove(request: HttpRequest, row: Guideline, section: GuidelineSection) -> HttpResponse:
    revision = request.POST.get("revision", "")
    known = revision.isascii() and revision.isdecimal()
    guidelines.remove_section(
        guideline=row,
        number=section.number,
        revision=int(revision[:9]) if known else 0,
        by=request.user,
    )
    discard_draft(owner=request.user, form=draft_name(row, section.number))
    words = {"number": section.number}
    messages.success(request, _("Section %(number)s is taken out of the draft.") % words)
    return go_to(request, row.work_url)


@require_POST
def section_draft(request: HttpRequest, guideline: str, number: int) -> HttpResponse:
    """Keep what is being typed; the page's script calls this."""
    row, _version, section = get_section(request, guideline, number)
    verdict = policies.can_run(request.user, row.committee_id)
    if not verdict:
        return JsonResponse({"message": str(verdict.reason)}, status=403)
    revision = request.POST.get("revision", "")
    known = revision.isascii() and revision.isdecimal()
    kept = save_draft(
        owner=request.user,
        form=draft_name(row, number),
        fields={key: request.POST.get(key, "")[:LONGEST_DRAFT] for key in ("heading", "text")},
        base_versions={"section": int(revision[:9]) if known else section.revision},
    )
    saved = _("Draft saved %(clock)s") % {"clock": clock(kept.saved_at)}
    return JsonResponse({"saved_at_text": saved})
