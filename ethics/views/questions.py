"""The questionnaire of a case: overview, one part at a time, reading, a new version."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.drafts import discard_draft, find_draft, save_draft
from core.htmx import go_to, render_page
from core.kept import take_kept_query
from core.models import Draft
from core.once import once
from core.templatetags.ur import clock
from core.verdicts import NotAllowed, Refused, StaleState
from ethics.forms.questions import SectionForm
from ethics.policies import questions as policies
from ethics.questionnaire import Named, is_answered, visible
from ethics.selectors import questions as selectors
from ethics.selectors.questions import Sheet, part_url, sheet_facts
from ethics.selectors.renewal import changed_rows, renewal
from ethics.services import questions as services
from usecases.models import UseCase
from usecases.views.fetch import case_trail, get_case, get_own_case

READ_OR_WRITE = ["GET", "HEAD", "POST"]
LONGEST_DRAFT = 200_000
LONGEST_VERSION = 9


def overview_url(case: UseCase) -> str:
    return reverse("ethics:questions", args=[case.pk])


def get_section(sheet: Sheet, part: str) -> Named:
    try:
        return sheet.questionnaire.section(part)
    except KeyError as error:
        raise Http404 from error


def draft_name(case: UseCase, sheet: Sheet, section: Named) -> str:
    """A draft belongs to one version: in another the same id may ask something else."""
    return f"ethics:{sheet.questionnaire.ref}:{case.pk}:{section.id}"


@require_safe
def questions(request: HttpRequest, case_id: int) -> HttpResponse:
    """All parts with progress and flags."""
    case = get_own_case(request, case_id)
    context = selectors.overview(request.user, case)
    context["trail"] = case_trail(case, (_("Ethics questions"), ""))
    return render_page(request, "ethics/questions.html", context)


@login_not_required
@require_safe
def questions_read(request: HttpRequest, case_id: int) -> HttpResponse:
    """All answers on one page, for reading and printing; citizens read the published ones."""
    case = get_case(request, case_id)
    if not policies.reads_answers(request.user, case):
        raise Http404
    context = selectors.reading(request.user, case)
    back = overview_url(case) if context["level"] == "full" else ""
    context["trail"] = case_trail(case, (_("Ethics questions"), back), (_("All answers"), ""))
    return render_page(request, "ethics/questions_read.html", context)


# One part -----------------------------------------------------------------------------------


@require_http_methods(READ_OR_WRITE)
@once
def questions_section(request: HttpRequest, case_id: int, part: str) -> HttpResponse:
    """The questions of one part, those of others shown but not open."""
    case = get_own_case(request, case_id)
    sheet = sheet_facts(case)
    section = get_section(sheet, part)
    if request.method != "POST":
        return _show(request, case, sheet, section, _fresh_form(request, case, sheet, section))
    if not policies.might_have_answered(request.user, case):
        policies.can_answer_some(request.user, case).require()
    form = _form(request, case, sheet, section, request.POST)
    if not form.is_valid():
        return _show(request, case, sheet, section, form, status=422)
    try:
        saved = services.save_section(
            case=case,
            section=section.id,
            answers=form.cleaned_answers(),
            version=form.cleaned_data["version"] or 0,
            ref=request.POST.get("ref", ""),
            by=request.user,
        )
    except services.AnswersConflict as conflict:
        return _show_conflict(request, case, section, form, conflict)
    except (StaleState, NotAllowed) as refusal:
        return _show(request, case, sheet, section, form, status=form.stop(refusal))
    except Refused as refusal:
        form.refuse(refusal)
        return _show(request, case, sheet, section, form, status=422)
    discard_draft(owner=request.user, form=draft_name(case, sheet, section))
    messages.success(request, _("“%(part)s” is saved.") % {"part": section.name})
    return go_to(request, _after(request, case, sheet, section, saved.answers))


def _form(
    request: HttpRequest, case: UseCase, sheet: Sheet, section: Named, data: Any = None, **more: Any
) -> SectionForm:
    # What was typed is shown again also when the case was closed meanwhile; saving refuses it.
    once = request.method == "POST"
    may = policies.answered_by(request.user, case, sheet.questionnaire, once=once)
    facts: dict[str, Any] = {"version": sheet.version, "may": may} | more
    return SectionForm(sheet.questionnaire, section, sheet.answers, data, **facts)


def _fresh_form(request: HttpRequest, case: UseCase, sheet: Sheet, section: Named) -> SectionForm:
    """What was typed and not saved comes before what is saved."""
    form = _form(request, case, sheet, section)
    data = take_kept_query(request)
    if data:
        messages.info(request, _("This is what you had written when the login expired. Save it."))
    elif draft := find_draft(owner=request.user, form=draft_name(case, sheet, section)):
        data = QueryDict(draft.fields.get("typed", ""))
    return _form(request, case, sheet, section, typed=form.typed(data) | _base(data, sheet))


def _base(data: QueryDict, sheet: Sheet) -> dict[str, int]:
    """The version that the typed answers were seen at, so that others' are not overwritten."""
    version, ref = data.get("version", ""), sheet.questionnaire.ref
    known = version.isascii() and version.isdecimal() and len(version) < LONGEST_VERSION
    return {"version": int(version)} if known and data.get("ref", ref) == ref else {}


def _show(
    request: HttpRequest,
    case: UseCase,
    sheet: Sheet,
    section: Named,
    form: SectionForm,
    *,
    status: int = 200,
    theirs: dict[str, str] | None = None,
) -> HttpResponse:
    if form.is_bound and policies.can_answer_some(request.user, case):
        # Without a script nothing has kept it yet.
        _keep(request, case, sheet, section, form)
    draft = find_draft(owner=request.user, form=draft_name(case, sheet, section))
    notes = selectors.notes_of(request.user, case, sheet, section.id)
    rows = form.rows
    for row in rows:
        row.origin, row.who = notes[row.id]["origin"], notes[row.id]["who"]
        row.theirs = (theirs or {}).get(row.id, "")
    context = {
        "case": case,
        "form": form,
        "rows": rows,
        "section": section,
        "ref": sheet.questionnaire.ref,
        "draft": draft,
        "has_errors": bool(form.errors),
        "conflict": bool(theirs),
        "may": bool(form.mine),
        "autosave": reverse("ethics:questions_draft", args=[case.pk, section.id]),
    }
    context |= _place(case, sheet, section)
    return render_page(request, "ethics/questions_section.html", context, status=status)


def _show_conflict(
    request: HttpRequest,
    case: UseCase,
    section: Named,
    form: SectionForm,
    conflict: services.AnswersConflict,
) -> HttpResponse:
    """Mine in the boxes, theirs beside; saving again lets mine stand."""
    sheet = sheet_facts(case)
    # What I did not touch is theirs by now.
    typed = {
        key: value
        for key, value in form.typed(request.POST).items()
        if key.partition("_")[0] in conflict.mine
    }
    typed.pop("version", None)
    again = _form(request, case, sheet, section, typed=typed)
    theirs = selectors.meanwhile(sheet, conflict.both)
    return _show(request, case, sheet, section, again, status=409, theirs=theirs)


def _place(case: UseCase, sheet: Sheet, section: Named) -> dict[str, Any]:
    """Where one is among the parts."""
    parts = sheet.questionnaire.sections
    at = parts.index(section)
    return {
        "place": at + 1,
        "count": len(parts),
        "previous": parts[at - 1] if at else None,
        "next": parts[at + 1] if at + 1 < len(parts) else None,
        "overview_url": overview_url(case),
    }


def _after(
    request: HttpRequest, case: UseCase, sheet: Sheet, section: Named, answers: dict[str, Any]
) -> str:
    """The next part; the same one again when an answer has opened a question here."""
    before = set(visible(sheet.questionnaire, sheet.answers))
    now = sheet.answers | answers
    opened = [
        one
        for one in visible(sheet.questionnaire, now)
        if one.section == section.id and one not in before and not is_answered(one, now.get(one.id))
    ]
    if opened:
        messages.info(request, _("Your answer has opened a question more in this part."))
        return f"{part_url(case, section.id)}#q-{opened[0].id}"
    way = request.POST.get("go", "")
    if way == "later":
        return overview_url(case)
    known = {one.id for one in sheet.questionnaire.sections}
    if way in known:
        return part_url(case, way)
    following = _place(case, sheet, section)["next"]
    return part_url(case, following.id) if following else overview_url(case)


@require_POST
def questions_draft(request: HttpRequest, case_id: int, part: str) -> HttpResponse:
    """Keep what is being typed; the page's script calls this."""
    case = get_own_case(request, case_id)
    sheet = sheet_facts(case)
    section = get_section(sheet, part)
    verdict = policies.can_answer_some(request.user, case)
    if not verdict:
        return JsonResponse({"message": str(verdict.reason)}, status=403)
    draft = _keep(request, case, sheet, section, _form(request, case, sheet, section))
    saved = _("Kept %(time)s, not saved in the proposal yet") % {"time": clock(draft.saved_at)}
    return JsonResponse({"saved_at_text": saved})


def _keep(
    request: HttpRequest, case: UseCase, sheet: Sheet, section: Named, form: SectionForm
) -> Draft:
    typed = QueryDict(mutable=True)
    for key, values in request.POST.lists():
        if key in form.fields:
            typed.setlist(key, values)
    return save_draft(
        owner=request.user,
        form=draft_name(case, sheet, section),
        fields={"typed": typed.urlencode()[:LONGEST_DRAFT]},
        base_versions={},
    )


# A newer version ------------------------------------------------------------------------------


@require_http_methods(READ_OR_WRITE)
@once
def questions_renew(request: HttpRequest, case_id: int) -> HttpResponse:
    """What a newer version asks; going over to it keeps the answers that still hold."""
    case = get_own_case(request, case_id)
    policies.can_renew(request.user, case).require()
    if request.method == "POST":
        services.renew_answers(case=case, ref=request.POST.get("ref", ""), by=request.user)
        messages.success(request, _("You now answer the newest version. Only the new is asked."))
        return go_to(request, overview_url(case))
    sheet, newest, found = renewal(case)
    context = {
        "case": case,
        "old": sheet.questionnaire,
        "new": newest,
        "found": found,
        "changed": changed_rows(sheet, found),
        "is_newer": sheet.row is not None and newest.ref != sheet.questionnaire.ref,
        "overview_url": overview_url(case),
        "trail": case_trail(
            case, (_("Ethics questions"), overview_url(case)), (_("New version"), "")
        ),
    }
    return render_page(request, "ethics/questions_renew.html", context)
