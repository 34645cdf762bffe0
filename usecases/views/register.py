"""The register: list, board, map and charts; moves from the board and acts on many."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import push_url

from committee.enums import Role
from committee.models import committees_where
from core.htmx import go_to, render_page, wants_fragment
from core.numbers import whole_number
from core.once import once
from core.verdicts import NotAllowed, Refused, StaleState
from usecases import policies
from usecases.filters import Filters, parse, parse_query
from usecases.forms.register import ACTS, BulkForm
from usecases.models import UseCase
from usecases.naming import MOVES
from usecases.selectors import register_page
from usecases.services.bulk import MOST_CASES, act_on_cases, sentence
from usecases.services.moves import move_case
from usecases.views.fetch import get_own_case, trail
from usecases.workflow import LIFE_CYCLE


@login_not_required
@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """All cases that the reader may know of, as the address asks for them.

    A pressed filter sends its empty fields along; they do not stay in the address.
    """
    address = without_empty(request)
    if address and not wants_fragment(request):
        return HttpResponseRedirect(address)
    filters = parse(request.GET)
    context = register_page.page(request.user, filters, request.GET.get("side", "1"))
    context |= register_page.tabs(request.user, filters, request.GET.get("visning", ""))
    context |= {
        "can_propose": bool(policies.can_propose(request.user)),
        "sees_ranking": policies.sees_some_ranking(request.user),
        "acts": ACTS,
        "trail": trail(),
    }
    page = render_page(request, "usecases/case_list.html", context, fragment="register")
    return push_url(page, address) if address else page


def without_empty(request: HttpRequest) -> str:
    """The address without fields that nothing stands in; empty when there are none."""
    given = [(name, one) for name, found in request.GET.lists() for one in found]
    kept = [(name, one) for name, one in given if one.strip()]
    if len(kept) == len(given):
        return ""
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def back_to_list(query: str) -> str:
    """The register as its reader left it; what stands in the address is read, never followed."""
    return register_page.list_url(parse_query(query))


def came_from(request: HttpRequest, case: UseCase) -> dict[str, Any]:
    """Next and previous, when the address says which list the reader came from."""
    if "liste" not in request.GET:
        return {}
    return register_page.from_list(request.user, case, request.GET["liste"])


@require_POST
@once
def board_move(request: HttpRequest, case_id: int) -> HttpResponse:
    """A move that asks for nothing, made from the board; back to the board it was made on."""
    case = get_own_case(request, case_id)
    name = MOVES.get(request.POST.get("move", ""), "")
    if not name or LIFE_CYCLE.get(name).guards:
        raise Http404
    policies.may_move(request.user, case, name).require()
    if request.POST.get("status") != case.status:
        raise StaleState(_("Somebody else moved the proposal meanwhile. Nothing was changed."))
    case = move_case(case=case, move=name, by=request.user)
    facts = {"number": case.number, "status": case.get_status_display()}
    messages.success(request, _("%(number)s is now: %(status)s.") % facts)
    return go_to(request, back_to_list(request.POST.get("liste", "")))


@require_POST
@once
def cases_act(request: HttpRequest) -> HttpResponse:
    """An act on the chosen cases: first what it asks for, then what came of it."""
    if not committees_where(request.user, {Role.SECRETARIAT}):
        raise NotAllowed(policies.ONLY_SECRETARIAT)
    filters = parse_query(request.POST.get("liste", ""))
    chosen = _chosen(request)
    act = request.POST.get("act", "")
    if not chosen or act not in ACTS:
        messages.error(request, _("Choose some proposals and what to do with them."))
        return go_to(request, register_page.list_url(filters))
    confirmed = "confirm" in request.POST
    form = BulkForm(act, request.POST if confirmed else None)
    if form.is_ready():
        # A refused case must not undo the others: each has a savepoint of its own.
        with transaction.atomic():
            result = act_on_cases(cases=chosen, act=act, by=request.user, **form.cleaned_data)
        if result.done:
            messages.success(request, sentence(result))
            return go_to(request, register_page.list_url(filters))
        form.stop(StaleState(sentence(result)))
    return _ask(request, act, chosen, form, filters)


def _chosen(request: HttpRequest) -> list[int]:
    given = request.POST.getlist("case")
    found = [number for one in given if (number := whole_number(one)) is not None]
    if len(found) > MOST_CASES:
        raise Refused(_("Choose some proposals and what to do with them."), "act")
    return found


def _ask(
    request: HttpRequest, act: str, chosen: list[int], form: BulkForm, filters: Filters
) -> HttpResponse:
    cases = UseCase.objects.visible_to(request.user).filter(pk__in=chosen)
    context = {
        "act": act,
        "label": ACTS[act],
        "form": form,
        "cases": list(cases.only("pk", "title", "reference", "status").order_by("pk")),
        "query": filters.query,
        "back": register_page.list_url(filters),
        "trail": trail((ACTS[act], "")),
    }
    return render_page(request, "usecases/cases_act.html", context, status=form.status)
