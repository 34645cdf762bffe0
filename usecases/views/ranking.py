"""Scores, the matrix, and the members' rounds."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from committee.context import current_committee
from committee.models import Committee
from core.htmx import go_to, render_page
from core.once import once
from core.verdicts import Refused, StaleState
from usecases import policies
from usecases.forms.ranking import RankingRoundForm, ScoreForm
from usecases.models import RankingRound, UseCase
from usecases.ranking import ranking
from usecases.selectors import ranking as selectors
from usecases.services import ranking as services
from usecases.views.fetch import case_trail, get_case, trail

READ_OR_WRITE = ["GET", "HEAD", "POST"]


def get_body(request: HttpRequest) -> Committee:
    """The body whose ranking the reader may see, else 404."""
    found = current_committee(request, selectors.bodies_with_ranking(request.user))
    if found is None:
        raise Http404
    request.committee_id = found.pk  # type: ignore[attr-defined]
    return found


def get_round(request: HttpRequest, ranking_id: int) -> RankingRound:
    rows = RankingRound.objects.visible_to(request.user).select_related("committee", "closed_by")
    row = get_object_or_404(rows, pk=ranking_id)
    request.committee_id = row.committee_id  # type: ignore[attr-defined]
    return row


def ranking_trail(*steps: tuple[Any, str]) -> list[dict[str, Any]]:
    return trail((_("Ranking"), reverse("usecases:ranking_page")), *steps)


def rounds_trail(*steps: tuple[Any, str]) -> list[dict[str, Any]]:
    return ranking_trail((_("Rounds of votes"), reverse("usecases:ranking_rounds")), *steps)


@require_safe
def ranking_page(request: HttpRequest) -> HttpResponse:
    """The matrix, and the same as a sorted table."""
    body = get_body(request)
    context = selectors.ranking_page(request.user, body, request.GET.get("sortering", ""))
    context |= {"body": body, "trail": trail((_("Ranking"), ""))}
    return render_page(request, "usecases/ranking_page.html", context)


@require_http_methods(READ_OR_WRITE)
@once
def case_score(request: HttpRequest, case_id: int) -> HttpResponse:
    """The scores of one case: the secretariat scores it, members read why."""
    case = _scored_case(request, case_id)
    verdict = policies.can_score(request.user, case)
    history = selectors.score_history(case)
    last = history[0] if history else None
    form = None
    if request.method == "POST":
        form = ScoreForm(ranking(), last, request.POST)
        if form.is_ready(verdict) and _scored(request, case, form):
            return go_to(request, reverse("usecases:case_score", args=[case.pk]))
    elif verdict:
        form = ScoreForm(ranking(), last)
    context = {
        "case": case,
        "form": form,
        "history": history,
        "scales": ranking().scales,
        "back": reverse("usecases:ranking_page"),
        "trail": case_trail(case, (_("Scores"), "")),
    }
    status = form.status if form is not None else 200
    return render_page(request, "usecases/case_score.html", context, status=status)


def _scored_case(request: HttpRequest, case_id: int) -> UseCase:
    case = get_case(request, case_id)
    if not policies.sees_scores(request.user, case):
        raise Http404
    return case


def _scored(request: HttpRequest, case: UseCase, form: ScoreForm) -> bool:
    reason = form.cleaned_data["reason"]
    row = form.attempt(
        lambda: services.score_case(case=case, scores=form.scores(), reason=reason, by=request.user)
    )
    if row:
        messages.success(request, _("The scores are saved."))
    return bool(row)


# Rounds ------------------------------------------------------------------------------------------


@require_safe
def ranking_rounds(request: HttpRequest) -> HttpResponse:
    """The rounds of the body, newest first."""
    body = get_body(request)
    context = selectors.round_list(body) | {
        "runs": bool(policies.can_run_ranking(request.user, body.pk)),
        "trail": ranking_trail((_("Rounds of votes"), "")),
    }
    return render_page(request, "usecases/ranking_rounds.html", context)


@require_http_methods(READ_OR_WRITE)
@once
def ranking_round_new(request: HttpRequest) -> HttpResponse:
    """Open a round over chosen cases."""
    body = get_body(request)
    cases = selectors.rankable(body)
    form = RankingRoundForm(cases, request.POST if request.method == "POST" else None)
    if form.is_ready(policies.can_run_ranking(request.user, body.pk)) and (
        row := _opened(request, body, form)
    ):
        return go_to(request, row.get_absolute_url())
    context = {
        "form": form,
        "back": reverse("usecases:ranking_rounds"),
        "trail": rounds_trail((_("New round"), "")),
    }
    return render_page(request, "usecases/ranking_round_new.html", context, status=form.status)


def _opened(request: HttpRequest, body: Committee, form: RankingRoundForm) -> RankingRound | None:
    facts = form.cleaned_data
    row = form.attempt(
        lambda: services.open_ranking(
            committee=body,
            title=facts["title"],
            cases=list(facts["cases"]),
            votes_each=facts["votes_each"],
            most_per_case=facts["most_per_case"],
            closes_at=form.closes_at(),
            by=request.user,
        )
    )
    if row:
        messages.success(request, _("The round is open. The members get a mail."))
    return row


@require_http_methods(READ_OR_WRITE)
@once
def ranking_round(request: HttpRequest, ranking_id: int) -> HttpResponse:
    """A round: one's own votes while it is open, totals when it is closed."""
    row = get_round(request, ranking_id)
    refusal, status = "", 200
    if request.method == "POST":
        policies.can_vote_in_ranking(request.user, row.committee_id).require()
        try:
            left = services.lay_votes(ranking=row, votes=_ballot(request, row), by=request.user)
        except Refused as error:
            refusal, status = str(error.reason), 422
        except StaleState as error:
            row.refresh_from_db()
            refusal, status = str(error.reason), 409
        else:
            messages.success(request, _saved(left))
            return go_to(request, row.get_absolute_url())
    context = selectors.round_page(request.user, row) | {
        "refusal": refusal,
        "has_errors": bool(refusal),
        "typed": _typed(request) if status == 422 else {},
        "trail": rounds_trail((row.title, "")),
    }
    return render_page(request, "usecases/ranking_round.html", context, status=status)


def _saved(left: int) -> str:
    if not left:
        return _("Your votes are saved.")
    words = ngettext(
        "Your votes are saved. You have %(n)s left.",
        "Your votes are saved. You have %(n)s left.",
        left,
    )
    return words % {"n": left}


def _typed(request: HttpRequest) -> dict[str, str]:
    return {key: request.POST.get(key, "") for key in request.POST if key.startswith("votes_")}


def _ballot(request: HttpRequest, row: RankingRound) -> dict[int, int]:
    """Entry → votes, from the fields of the form. Raises `Refused` for what is no number."""
    found = {}
    for pk in row.entries.values_list("pk", flat=True):
        raw = request.POST.get(f"votes_{pk}", "").strip() or "0"
        if not (raw.isascii() and raw.isdecimal() and len(raw) <= 3):
            raise Refused(_("Write how many votes with figures, for example 2."))
        found[pk] = int(raw)
    return found


@require_POST
@once
def ranking_round_close(request: HttpRequest, ranking_id: int) -> HttpResponse:
    """Close the round before its deadline, and break the seal."""
    row = get_round(request, ranking_id)
    services.close_ranking(ranking=row, by=request.user)
    messages.success(request, _("The round is closed, and the votes are counted."))
    return go_to(request, row.get_absolute_url())
