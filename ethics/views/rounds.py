"""The rounds: overview, one round and its steps, those who review."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from committee.models import Committee
from core.htmx import go_to, render_page
from core.once import once
from core.verdicts import NotAllowed, Refused, StaleState
from ethics.forms import rounds as forms
from ethics.models import ReviewAssignment, ReviewRound
from ethics.naming import STEPS
from ethics.policies import rounds as policies
from ethics.selectors import rounds as selectors
from ethics.services import reviewers
from ethics.services import rounds as services
from ethics.services.deadlines import move_deadline
from ethics.workflow import ROUNDS, RUNNING
from usecases.views.fetch import case_trail, get_own_case

READ_OR_WRITE = ["GET", "HEAD", "POST"]
View = Callable[..., HttpResponse]


def get_review(request: HttpRequest, review_id: int) -> ReviewRound:
    """The round, if this reader may know of it; else 404."""
    rows = ReviewRound.objects.visible_to(request.user).select_related(
        "case__committee__municipality", "case__proposer", "case__owner"
    )
    review = get_object_or_404(rows, pk=review_id)
    # The frame shows the committee that the page is about.
    request.committee_id = review.case.committee_id  # type: ignore[attr-defined]
    return review


def opened(view: Callable[..., HttpResponse]) -> View:
    """Nothing of a round is shown before one has said that one is impartial in the case."""

    @wraps(view)
    def wrapper(request: HttpRequest, review_id: int, *args: Any, **kwargs: Any) -> HttpResponse:
        review = get_review(request, review_id)
        verdict = policies.opens(request.user, review)
        own = policies.assignment_of(request.user, review)
        if not verdict and request.method != "POST" and own is not None and not own.conflict:
            return go_to(request, reverse("ethics:review_declare", args=[review.pk]))
        verdict.require()
        return view(request, review, *args, **kwargs)

    return wrapper


def trail(*steps: tuple[Any, str]) -> list[dict[str, Any]]:
    rows = [(_("Ethics"), reverse("ethics:review_list")), *steps]
    return [{"label": label, "url": url} for label, url in rows]


def review_trail(review: ReviewRound, *steps: tuple[Any, str]) -> list[dict[str, Any]]:
    name = _("Review of %(number)s") % {"number": review.case.number}
    return trail((name, review.get_absolute_url()), *steps)


@require_safe
def review_list(request: HttpRequest) -> HttpResponse:
    """What waits for me, and where every review is."""
    return render_page(request, "ethics/review_list.html", selectors.review_list(request.user))


@require_http_methods(READ_OR_WRITE)
@once
def review_new(request: HttpRequest, case_id: int) -> HttpResponse:
    """Begin a review of a case."""
    case = get_own_case(request, case_id)
    policies.can_open(request.user, case).require()
    kinds = selectors.kinds_for(case)
    form = forms.OpenForm(kinds, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            review = services.open_round(case=case, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The review is open."))
            return go_to(request, review.get_absolute_url())
    context = {
        "case": case,
        "form": form,
        "kinds": kinds,
        "back": case.get_absolute_url(),
        "trail": case_trail(case, (_("New review"), "")),
    }
    return render_page(request, "ethics/review_new.html", context, status=_status(form))


@require_safe
@opened
def review_page(request: HttpRequest, review: ReviewRound) -> HttpResponse:
    """A round: where it is, what the reader does next, who takes part, what is reviewed."""
    name = _("Review of %(number)s") % {"number": review.case.number}
    context = selectors.review_page(request.user, review) | {"trail": trail((name, ""))}
    return render_page(request, "ethics/review_page.html", context)


@require_http_methods(READ_OR_WRITE)
@once
def review_declare(request: HttpRequest, review_id: int) -> HttpResponse:
    """Impartial in this case? The one page that is open before the answer."""
    review = get_review(request, review_id)
    policies.may_declare(request.user, review).require()
    own = policies.assignment_of(request.user, review)
    initial = {"answer": own.conflict if own else ""}
    form = forms.DeclareForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            row = reviewers.declare_impartiality(
                review=review, by=request.user, **form.cleaned_data
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _declared(request, review, row)
    context = {
        "review": review,
        "form": form,
        "back": reverse("ethics:review_list"),
        "trail": trail((_("Impartial?"), "")),
    }
    return render_page(request, "ethics/review_declare.html", context, status=_status(form))


def _declared(request: HttpRequest, review: ReviewRound, row: ReviewAssignment) -> HttpResponse:
    if row.is_impartial:
        messages.success(request, _("Thank you. The review is open to you."))
        return go_to(request, review.get_absolute_url())
    messages.success(request, _("Thank you for saying so. The review is closed to you now."))
    return go_to(request, reverse("ethics:review_list"))


@require_http_methods(READ_OR_WRITE)
@once
@opened
def review_deadline(request: HttpRequest, review: ReviewRound) -> HttpResponse:
    """Give the sheets another deadline."""
    verdict = policies.can_move_deadline(request.user, review)
    initial = {"deadline": timezone.localdate(review.deadline) if review.deadline else None}
    form = forms.DeadlineForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_ready(verdict) and form.carries_out(
        lambda: move_deadline(review=review, deadline=form.closes, by=request.user)
    ):
        messages.success(request, _("The deadline is moved. Those who are writing get a mail."))
        return go_to(request, review.get_absolute_url())
    context = {
        "review": review,
        "heading": _("Move the deadline"),
        "form": form,
        "submit": _("Move the deadline"),
        "back": review.get_absolute_url(),
        "trail": review_trail(review, (_("Deadline"), "")),
    }
    return render_page(request, "ethics/review_form.html", context, status=form.status)


# Those who review --------------------------------------------------------------------------------


@require_http_methods(READ_OR_WRITE)
@once
@opened
def review_people(request: HttpRequest, review: ReviewRound) -> HttpResponse:
    """Ask somebody to review, and see who has answered."""
    policies.runs(request.user, review).require()
    if request.method == "POST":
        policies.can_assign(request.user, review).require()
    people = selectors.candidates(review)
    form = forms.AssignForm(people, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            reviewers.assign_reviewer(review=review, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The reviewer gets a mail."))
            return go_to(request, reverse("ethics:review_people", args=[review.pk]))
    context = {
        "review": review,
        "case": review.case,
        "people": review.people,
        "form": form if policies.can_assign(request.user, review) else None,
        "missing": _missing_people(review),
        "back": review.get_absolute_url(),
        "trail": review_trail(review, (_("Reviewers"), "")),
    }
    return render_page(request, "ethics/review_people.html", context, status=_status(form))


def _missing_people(review: ReviewRound) -> Any:
    if review.state != "r_screening" and not review.fast_track:
        return ""
    return selectors.missing_first(review, "start_individual")


@require_http_methods(READ_OR_WRITE)
@once
@opened
def review_release(request: HttpRequest, review: ReviewRound, assignment_id: int) -> HttpResponse:
    """Let a reviewer go."""
    policies.can_assign(request.user, review).require()
    row = get_object_or_404(
        ReviewAssignment.objects.select_related("reviewer"), pk=assignment_id, round=review
    )
    form = forms.ReleaseForm(request.POST if request.method == "POST" else None)
    back = reverse("ethics:review_people", args=[review.pk])
    if form.is_bound and form.is_valid():
        reviewers.release_reviewer(assignment=row, by=request.user, **form.cleaned_data)
        messages.success(request, _("The reviewer has been released."))
        return go_to(request, back)
    context = {
        "review": review,
        "heading": _("Release %(name)s") % {"name": row.reviewer.name},
        "form": form,
        "submit": _("Release the reviewer"),
        "back": back,
        "trail": review_trail(review, (_("Reviewers"), back), (_("Release"), "")),
    }
    return render_page(request, "ethics/review_form.html", context, status=_status(form))


# Steps -------------------------------------------------------------------------------------------


@require_http_methods(READ_OR_WRITE)
@once
@opened
def review_step(request: HttpRequest, review: ReviewRound, step: str) -> HttpResponse:
    """One move: what stands in its way, else what it asks for and its button."""
    if step not in STEPS:
        raise Http404
    name = STEPS[step]
    policies.may_move(request.user, review, name).require()
    form = step_form(request, review, name)
    stopped = 0
    if form.is_bound and form.is_valid():
        try:
            act(review, name, request.user, form)
        except Refused as refusal:
            form.refuse(refusal)
        except (NotAllowed, StaleState) as refusal:
            stopped = form.stop(refusal)
        else:
            messages.success(request, _("Done: %(step)s.") % {"step": ROUNDS.get(name).label})
            return go_to(request, review.get_absolute_url())
    transition = ROUNDS.get(name)
    context = {
        "review": review,
        "case": review.case,
        "move": transition,
        "form": form,
        "possible": review.state in transition.sources,
        "missing": "" if form.is_bound else missing(review, name),
        "back": review.get_absolute_url(),
        "trail": review_trail(review, (transition.label, "")),
    }
    return render_page(request, "ethics/review_step.html", context, status=stopped or _status(form))


def missing(review: ReviewRound, name: str) -> Any:
    if review.state not in ROUNDS.get(name).sources:
        return ""
    if name == "call_up" and not review.called_up_at:
        verdict = ROUNDS.get(name).guards[0](review)
        return "" if verdict else verdict.reason
    return selectors.missing_first(review, name)


def step_form(request: HttpRequest, review: ReviewRound, name: str) -> Any:
    data = request.POST if request.method == "POST" else None
    if name == "record_decision":
        bodies = Committee.objects.visible_to(request.user).order_by("name")
        return forms.DecideForm(review, review.case.status in RUNNING, bodies, data)
    return forms.FORMS[name](review, data)


def act(review: ReviewRound, name: str, user: Any, form: Any) -> None:
    if name == "call_up" and not review.called_up_at:
        services.ask_call_up(review=review, by=user)
        return
    services.move_round(review=review, move=name, by=user, **form.facts())


def _status(form: Any) -> int:
    return 422 if form.errors else 200
