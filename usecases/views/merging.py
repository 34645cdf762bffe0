"""Two cases that are one, and one that is two."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.htmx import go_to, render_page
from core.once import once
from usecases import policies
from usecases.forms.discussion import MergeForm, SplitForm
from usecases.models import UseCase
from usecases.selectors.relations import merge_choices
from usecases.services import merging
from usecases.views.fetch import case_trail, get_own_case

READ_OR_WRITE = ["GET", "HEAD", "POST"]


@require_http_methods(READ_OR_WRITE)
@once
def case_merge(request: HttpRequest, case_id: int) -> HttpResponse:
    """Merge the case into another."""
    case = get_own_case(request, case_id)
    choices = merge_choices(request.user, case)
    form = MergeForm(choices, request.POST if request.method == "POST" else None)
    if form.is_ready(policies.can_merge(request.user, case)):
        into = UseCase.objects.select_related("committee").get(pk=form.cleaned_data["into"])
        reason = form.cleaned_data["reason"]
        if form.attempt(
            lambda: merging.merge_cases(case=case, into=into, reason=reason, by=request.user)
        ):
            messages.success(
                request, _("The proposal is merged into %(number)s.") % {"number": into.number}
            )
            return go_to(request, case.get_absolute_url())
    context = {
        "case": case,
        "form": form,
        "heading": _("Merge with another proposal"),
        "submit": _("Merge the proposals"),
        "back": case.get_absolute_url(),
        "trail": case_trail(case, (_("Merge"), "")),
    }
    return render_page(request, "usecases/case_merge.html", context, status=form.status)


def _split(request: HttpRequest, case: UseCase, form: SplitForm) -> UseCase | None:
    return form.attempt(lambda: merging.split_case(case=case, by=request.user, **form.cleaned_data))


@require_http_methods(READ_OR_WRITE)
@once
def case_split(request: HttpRequest, case_id: int) -> HttpResponse:
    """Take a part of the case out as one of its own."""
    case = get_own_case(request, case_id)
    form = SplitForm(request.POST if request.method == "POST" else None)
    if form.is_ready(policies.can_merge(request.user, case)) and (
        part := _split(request, case, form)
    ):
        messages.success(request, _("The new proposal is a draft. Go on with it here."))
        return go_to(request, part.get_absolute_url())
    context = {
        "case": case,
        "form": form,
        "heading": _("Take a part out"),
        "submit": _("Make a new proposal"),
        "back": case.get_absolute_url(),
        "trail": case_trail(case, (_("Take a part out"), "")),
    }
    return render_page(request, "usecases/case_merge.html", context, status=form.status)
