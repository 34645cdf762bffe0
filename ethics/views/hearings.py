"""The hearing of a case: asked, answered, closed."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.htmx import go_to, render_page
from core.kept import take_kept_post
from core.once import once
from core.verdicts import NotAllowed, Refused, StaleState
from ethics.forms.hearings import CancelForm, CloseForm, HearingForm, ReplyForm
from ethics.hearing_questions import defaults
from ethics.models import Hearing
from ethics.policies import hearings as policies
from ethics.selectors import hearings as selectors
from ethics.services import hearings
from ethics.views.guidelines import status_of
from usecases.models import UseCase
from usecases.views.fetch import case_trail, get_own_case

READ_OR_WRITE = ["GET", "HEAD", "POST"]


def get_hearing(request: HttpRequest, case: UseCase) -> Hearing:
    """The case's newest hearing that was not called off, else 404."""
    found = selectors.newest_hearing(case)
    if found is None:
        raise Http404
    return found


def hearing_trail(case: UseCase, label: str) -> list[dict[str, Any]]:
    return case_trail(
        case, (_("Hearing"), reverse("ethics:hearing_page", args=[case.pk])), (label, "")
    )


@require_safe
def hearing_page(request: HttpRequest, case_id: int) -> HttpResponse:
    case = get_own_case(request, case_id)
    context = selectors.hearing_page(request.user, case)
    context["trail"] = case_trail(case, (_("Hearing"), ""))
    return render_page(request, "ethics/hearing_page.html", context)


@require_http_methods(READ_OR_WRITE)
@once
def hearing_open(request: HttpRequest, case_id: int) -> HttpResponse:
    """Ask; the questions begin as the defaults."""
    case = get_own_case(request, case_id)
    policies.can_open(request.user, case).require()
    lines = "\n".join(str(one.text) for one in defaults().questions)
    data = request.POST if request.method == "POST" else None
    form = HearingForm(data, initial={"questions": lines, **take_kept_post(request)})
    stopped = 0
    if form.is_bound and form.is_valid():
        facts = form.cleaned_data | {"questions": form.cleaned_data["questions"].splitlines()}
        try:
            row = hearings.open_hearing(case=case, by=request.user, **facts)
        except Refused as refusal:
            form.refuse(refusal)
        except StaleState as refusal:
            stopped = form.stop(refusal)
        else:
            messages.success(request, _("The hearing is open, and those who are heard are told."))
            return go_to(request, row.get_absolute_url())
    context = {
        "case": case,
        "form": form,
        "back": reverse("ethics:hearing_page", args=[case.pk]),
        "trail": hearing_trail(case, _("Open a hearing")),
    }
    status = stopped or status_of(form)
    return render_page(request, "ethics/hearing_open.html", context, status=status)


@require_http_methods(READ_OR_WRITE)
@once
def hearing_reply(request: HttpRequest, case_id: int) -> HttpResponse:
    """Answer for oneself (follow group), or write down what MED answered."""
    case = get_own_case(request, case_id)
    hearing = get_hearing(request, case)
    policies.can_reply(request.user, hearing).require()
    if request.method != "POST" and not hearing.is_open:
        return go_to(request, hearing.get_absolute_url())
    party = policies.party_of(request.user, hearing) or ""
    data = request.POST if request.method == "POST" else None
    form = ReplyForm(hearing, party, data, initial=_before(request, hearing))
    stopped = 0
    if form.is_bound and form.is_valid():
        whose: dict[str, Any] = form.whose()
        try:
            hearings.reply(
                hearing=hearing, party=party, answers=form.answers(), by=request.user, **whose
            )
        except Refused as refusal:
            form.refuse(refusal)
        except (StaleState, NotAllowed) as refusal:
            stopped = form.stop(refusal)
        else:
            messages.success(request, _("The answer is recorded. You can change it for now."))
            return go_to(request, hearing.get_absolute_url())
    context = {
        "case": case,
        "hearing": hearing,
        "party": party,
        "form": form,
        "back": hearing.get_absolute_url(),
        "trail": hearing_trail(case, _("Answer the questions")),
    }
    status = stopped or status_of(form)
    return render_page(request, "ethics/hearing_reply.html", context, status=status)


def _before(request: HttpRequest, hearing: Hearing) -> dict[str, Any]:
    """What was typed before the login, else what was answered before."""
    if kept := take_kept_post(request):
        return kept
    last = selectors.own_reply(request.user, hearing)
    if last is None:
        return {}
    answers = {f"answer-{key}": text for key, text in last.answers.items()}
    return answers | {"who": last.who, "answered_on": last.answered_on}


@require_http_methods(READ_OR_WRITE)
@once
def hearing_close(request: HttpRequest, case_id: int) -> HttpResponse:
    """Write what it showed and how it was taken into account."""
    case = get_own_case(request, case_id)
    policies.can_hear(request.user, case).require()
    hearing = get_hearing(request, case)
    if request.method != "POST" and not hearing.is_open:
        return go_to(request, hearing.get_absolute_url())
    page = selectors.hearing_page(request.user, case)
    data = request.POST if request.method == "POST" else None
    seen = {"seen": page.get("replies_seen", 0)}
    form = CloseForm(data, initial=seen | take_kept_post(request))
    stopped = 0
    if form.is_bound and form.is_valid():
        facts = form.cleaned_data | {"seen": form.cleaned_data["seen"] or 0}
        try:
            hearings.close_hearing(hearing=hearing, by=request.user, **facts)
        except Refused as refusal:
            form.refuse(refusal)
        except StaleState as refusal:
            # The answers stand on the page; the next press is about all of them.
            stopped = form.stop(refusal)
            form.data = request.POST.dict() | seen
        else:
            messages.success(request, _("The hearing is closed."))
            return go_to(request, hearing.get_absolute_url())
    context = page | {
        "form": form,
        "back": hearing.get_absolute_url(),
        "trail": hearing_trail(case, _("Close the hearing")),
    }
    status = stopped or status_of(form)
    return render_page(request, "ethics/hearing_close.html", context, status=status)


@require_http_methods(READ_OR_WRITE)
@once
def hearing_cancel(request: HttpRequest, case_id: int) -> HttpResponse:
    """Call it off, with the reason."""
    case = get_own_case(request, case_id)
    policies.can_hear(request.user, case).require()
    hearing = get_hearing(request, case)
    if request.method != "POST" and not hearing.is_open:
        return go_to(request, hearing.get_absolute_url())
    form = CancelForm(request.POST if request.method == "POST" else None)
    stopped = 0
    if form.is_bound and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            hearings.cancel_hearing(hearing=hearing, reason=reason, by=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        except StaleState as refusal:
            stopped = form.stop(refusal)
        else:
            messages.success(request, _("The hearing is called off."))
            return go_to(request, hearing.get_absolute_url())
    context = {
        "case": case,
        "form": form,
        "back": hearing.get_absolute_url(),
        "trail": hearing_trail(case, _("Call the hearing off")),
    }
    status = stopped or status_of(form)
    return render_page(request, "ethics/hearing_cancel.html", context, status=status)
