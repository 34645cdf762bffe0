"""One case."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from core.htmx import render_page
from usecases import policies
from usecases.enums import Status
from usecases.selectors import page
from usecases.selectors.discussion import case_rail, with_talk
from usecases.selectors.relations import relations
from usecases.views.discussion import comment_context
from usecases.views.fetch import case_trail, get_case
from usecases.views.register import came_from


@login_not_required
@require_safe
def case_page(request: HttpRequest, case_id: int) -> HttpResponse:
    """One case: the answer, where it is in its life, what lacks, and what it says."""
    case = get_case(request, case_id)
    context = page.case_page(request.user, case) | {"trail": case_trail(case)}
    context |= relations(request.user, case)
    if context["level"] == "full":
        context |= case_rail(request.user, case) | comment_context(request, case)
        if case.status != Status.DRAFT:
            context["sections"] = with_talk(context["sections"], context["parts"], case)
        context["may_merge"] = bool(policies.can_merge(request.user, case))
    context |= came_from(request, case)
    context["sees_ranking"] = policies.sees_scores(request.user, case)
    if context["may_edit"]:
        context["empty_sections"] = page.empty_sections(case)
    return render_page(request, "usecases/case_page.html", context)
