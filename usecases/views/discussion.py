"""The discussion of a case: read, write, change, take away, follow."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.drafts import discard_draft, find_draft, save_draft
from core.htmx import go_to, render_page, wants_fragment
from core.kept import take_kept_post
from core.numbers import whole_number
from core.once import once
from core.templatetags.ur import clock
from core.verdicts import NotAllowed, Refused, StaleState
from usecases import policies
from usecases.forms.discussion import CommentForm, EditCommentForm, RemoveCommentForm, SeenForm
from usecases.models import Comment, UseCase
from usecases.selectors import discussion as selectors
from usecases.selectors.revisions import revisions_of
from usecases.services import discussion, reading
from usecases.views.fetch import case_trail, get_own_case

READ_OR_WRITE = ["GET", "HEAD", "POST"]
DRAFTED = ("text", "notify")
LONGEST_DRAFT = 20_000


def number_in(request: HttpRequest, name: str) -> int:
    """A number from the address; anything else is none."""
    return whole_number(request.GET.get(name)) or 0


def draft_name(case: UseCase, section: str, reply_to: int) -> str:
    """One kept text for each place where one can write."""
    return f"comment:{case.pk}:{section[:40]}:{reply_to}"


def comment_context(
    request: HttpRequest,
    case: UseCase,
    *,
    section: str = "",
    reply_to: int = 0,
    form: CommentForm | None = None,
    kept: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The form for a comment, filled with what was typed and not sent."""
    draft = find_draft(owner=request.user, form=draft_name(case, section, reply_to))
    if form is None:
        initial = kept or (draft.fields if draft else {})
        form = CommentForm(initial={key: initial.get(key, "") for key in DRAFTED})
    return {
        "comment_form": form,
        "draft": draft,
        "reply_to": reply_to,
        "write_section": section,
        "write_heading": selectors.section_heading(section),
    }


@require_http_methods(READ_OR_WRITE)
@once
def case_discussion(request: HttpRequest, case_id: int) -> HttpResponse:
    """All that is said of a case, and the form to say more."""
    case = get_own_case(request, case_id)
    if request.method != "POST":
        return _show(request, case, kept=take_kept_post(request))
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _show(request, case, form=form, status=422)
    facts = form.facts()
    try:
        row = discussion.write_comment(case=case, by=request.user, **facts)
    except Refused as refusal:
        form.refuse(refusal)
        return _show(request, case, form=form, status=422)
    except StaleState as refusal:
        _keep(request, case, request.POST.dict())
        return _show(request, case, form=form, stale=str(refusal.reason), status=409)
    name = draft_name(case, facts["section"], facts["reply_to"])
    discard_draft(owner=request.user, form=name)
    messages.success(request, _("Your comment is sent."))
    return go_to(request, row.get_absolute_url())


def _show(
    request: HttpRequest,
    case: UseCase,
    *,
    form: CommentForm | None = None,
    kept: dict[str, Any] | None = None,
    stale: str = "",
    status: int = 200,
) -> HttpResponse:
    section, reply_to = request.GET.get("afsnit", ""), number_in(request, "svar")
    if form is not None or kept:
        data: dict[str, Any] = kept or request.POST.dict()
        section, reply_to = str(data.get("section", "")), _number(data.get("reply_to", ""))
    if not selectors.section_heading(section):
        section = ""
    if stale:
        case = get_own_case(request, case.pk)
    context = _content(request, case, section, reply_to)
    context |= comment_context(
        request, case, section=section, reply_to=reply_to, form=form, kept=kept
    )
    context |= {"case": case, "stale": stale, "trail": case_trail(case, (_("Comments"), ""))}
    return render_page(request, "usecases/case_discussion.html", context, status=status)


def _number(raw: Any) -> int:
    return whole_number(str(raw)) or 0


def _content(request: HttpRequest, case: UseCase, section: str, reply_to: int) -> dict[str, Any]:
    """A whole page of threads, or one thread when the address asks for it."""
    page = request.GET.get("side", "")
    thread = number_in(request, "traad")
    if thread:
        roots = Comment.objects.filter(case=case, parent__isnull=True)
        root = get_object_or_404(roots, number=thread)
        return selectors.thread_page(request.user, case, root, page)
    comment = reply_to or number_in(request, "kommentar")
    return selectors.discussion_page(
        request.user, case, section=section, page=page, comment=comment
    )


@require_POST
def comment_draft(request: HttpRequest, case_id: int) -> HttpResponse:
    """Keep what is being typed; the page's script calls this."""
    case = get_own_case(request, case_id)
    verdict = policies.may_comment(request.user, case)
    if not verdict:
        return JsonResponse({"message": str(verdict.reason)}, status=403)
    _keep(request, case, request.POST.dict())
    now = clock(timezone.now())
    return JsonResponse({"saved_at_text": _("Draft saved %(clock)s") % {"clock": now}})


def _keep(request: HttpRequest, case: UseCase, data: dict[str, Any]) -> None:
    name = draft_name(case, str(data.get("section", "")), _number(data.get("reply_to", "")))
    kept = {key: str(data.get(key, ""))[:LONGEST_DRAFT] for key in DRAFTED}
    save_draft(owner=request.user, form=name, fields=kept, base_versions={})


# One comment -----------------------------------------------------------------------------------


def get_comment(request: HttpRequest, case_id: int, number: int) -> Comment:
    """The comment by its number in the case, for those who read the discussion."""
    case = get_own_case(request, case_id)
    rows = Comment.objects.with_text().select_related("author", "removed_by")
    row: Comment = get_object_or_404(rows, case=case, number=number)
    row.case = case
    return row


@require_safe
def comment_versions(request: HttpRequest, case_id: int, number: int) -> HttpResponse:
    """What the comment said before it was edited."""
    row = get_comment(request, case_id, number)
    if not policies.reads_versions(request.user, row):
        raise Http404
    context = {
        "case": row.case,
        "comment": row,
        "versions": selectors.versions_of(row),
        "trail": _comment_trail(row, _("Versions of the comment")),
    }
    return render_page(request, "usecases/comment_versions.html", context)


def _comment_trail(row: Comment, label: str) -> list[dict[str, Any]]:
    return case_trail(row.case, (_("Comments"), row.get_absolute_url()), (label, ""))


@require_http_methods(READ_OR_WRITE)
@once
def comment_edit(request: HttpRequest, case_id: int, number: int) -> HttpResponse:
    """Change one's own words."""
    row: Any = get_comment(request, case_id, number)
    if request.method != "POST" or row.author_id != request.user.pk:
        policies.can_edit_comment(request.user, row).require()
    initial = {"text": row.text, "version": row.version}
    form = EditCommentForm(request.POST if request.method == "POST" else None, initial=initial)
    stale, stopped = "", 0
    if form.is_ready():
        text, version = form.cleaned_data["text"], form.cleaned_data["version"] or 0
        try:
            discussion.edit_comment(comment=row, text=text, version=version, by=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        except StaleState as refusal:
            stale = str(refusal.reason)
            row = get_comment(request, case_id, number)
            form = EditCommentForm(initial={"text": text, "version": row.version})
        except NotAllowed as refusal:
            stopped = form.stop(refusal)
        else:
            messages.success(request, _("The comment is changed."))
            return go_to(request, row.get_absolute_url())
    context = {
        "case": row.case,
        "comment": row,
        "form": form,
        "stale": stale,
        "back": row.get_absolute_url(),
        "trail": _comment_trail(row, _("Change the comment")),
    }
    status = stopped or (409 if stale else 422 if form.errors else 200)
    return render_page(request, "usecases/comment_edit.html", context, status=status)


@require_http_methods(READ_OR_WRITE)
@once
def comment_remove(request: HttpRequest, case_id: int, number: int) -> HttpResponse:
    """Take a comment away; its place stays."""
    row = get_comment(request, case_id, number)
    is_own = row.author_id == request.user.pk
    form = RemoveCommentForm(request.POST if request.method == "POST" else None, is_own=is_own)
    if form.is_ready(policies.can_remove_comment(request.user, row)) and (
        form.carries_out(
            lambda: discussion.remove_comment(
                comment=row, by=request.user, reason=form.cleaned_data.get("reason", "")
            )
        )
    ):
        messages.success(request, _("The comment is removed."))
        return go_to(request, row.get_absolute_url())
    context = {
        "case": row.case,
        "comment": row,
        "form": form,
        "is_own": is_own,
        "shows_text": policies.reads_versions(request.user, row),
        "back": row.get_absolute_url(),
        "trail": _comment_trail(row, _("Remove the comment")),
    }
    return render_page(request, "usecases/comment_remove.html", context, status=form.status)


# Read, followed, changed -------------------------------------------------------------------------


@require_POST
def case_seen(request: HttpRequest, case_id: int) -> HttpResponse:
    """The button “Mark as read”, or (`visit`) the page saying that the case is open."""
    case = get_own_case(request, case_id)
    form = SeenForm(request.POST)
    shown = form.cleaned_data["shown"] if form.is_valid() else 0
    if "visit" in request.POST:
        reading.note_visit(case=case, shown=shown, by=request.user)
        if wants_fragment(request):
            return HttpResponse(status=204)
    else:
        reading.mark_read(case=case, shown=shown, by=request.user)
        messages.success(request, _("The comments are marked as read."))
    return go_to(request, reverse("usecases:case_discussion", args=[case.pk]))


@require_POST
def case_follow(request: HttpRequest, case_id: int) -> HttpResponse:
    """Follow, or stop following."""
    case = get_own_case(request, case_id)
    follows = request.POST.get("follows") == "1"
    discussion.follow_case(case=case, follows=follows, by=request.user)
    if follows:
        words = _("You follow the proposal. You get a mail when something is new.")
        messages.success(request, words)
    else:
        messages.success(request, _("You no longer follow the proposal."))
    return go_to(request, case.get_absolute_url())


@require_safe
def case_revisions(request: HttpRequest, case_id: int) -> HttpResponse:
    """What has changed in the text of the case, version by version."""
    case = get_own_case(request, case_id)
    context = revisions_of(request.user, case, request.GET.get("side", "1"))
    context |= {"case": case, "trail": case_trail(case, (_("Changes"), ""))}
    return render_page(request, "usecases/case_revisions.html", context)
