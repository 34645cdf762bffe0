"""Two cases that are one, and one that is two."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.htmx import go_to, render_page
from core.once import once
from core.verdicts import NotAllowed, Refused, StaleState
from usecases import policies
from usecases.forms.discussion import MergeForm, SplitForm
from usecases.models import UseCase
from usecases.selectors.relations import merge_choices
from usecases.services import merging
from usecases.views.fetch import case_trail, get_own_case

READ_OR_WRITE = ["GET", "HEAD", "POST"]


def _require(request: HttpRequest, case: UseCase) -> None:
    """Before anything is typed. Afterwards the service says no, and the form keeps the text."""
    policy = policies.runs if request.method == "POST" else policies.can_merge
    policy(request.user, case).require()


@require_http_methods(READ_OR_WRITE)
@once
def case_merge(request: HttpRequest, case_id: int) -> HttpResponse:
    """Merge the case into another."""
    case = get_own_case(request, case_id)
    _require(request, case)
    choices = merge_choices(request.user, case)
    form = MergeForm(choices, request.POST if request.method == "POST" else None)
    stopped = 0
    if form.is_bound and form.is_valid():
        into = UseCase.objects.select_related("committee").get(pk=form.cleaned_data["into"])
        reason = form.cleaned_data["reason"]
        try:
            merging.merge_cases(case=case, into=into, reason=reason, by=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        except (NotAllowed, StaleState) as refusal:
            stopped = form.stop(refusal)
        else:
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
    status = stopped or (422 if form.errors else 200)
    return render_page(request, "usecases/case_merge.html", context, status=status)


@require_http_methods(READ_OR_WRITE)
@once
def case_split(request: HttpRequest, case_id: int) -> HttpResponse:
    """Take a part of the case out as one of its own."""
    case = get_own_case(request, case_id)
    _require(request, case)
    form = SplitForm(request.POST if request.method == "POST" else None)
    stopped = 0
    if form.is_bound and form.is_valid():
        try:
            part = merging.split_case(case=case, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.refuse(refusal)
        except (NotAllowed, StaleState) as refusal:
            stopped = form.stop(refusal)
        else:
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
    status = stopped or (422 if form.errors else 200)
    return render_page(request, "usecases/case_merge.html", context, status=status)
