"""A new version of the rules, run on what is stored."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    condition,
    require_http_methods,
    require_POST,
    require_safe,
)

from committee.context import current_committee
from committee.enums import Role
from committee.models import Committee, committees_where
from core.canonical import canonical_json, sha256_hex
from core.htmx import go_to, render_page, wants_fragment
from core.models import OutboxEntry
from core.once import once
from core.verdicts import Refused, no
from ethics.ai_act import CURRENT, rules_of, rulesets
from ethics.forms.aiact import ReplayForm
from ethics.models import AiActReplay
from ethics.selectors.aiact_pages import change_rows
from ethics.services import aiact_replay as services
from usecases.policies import ONLY_SECRETARIAT

ROWS_PER_PAGE = 50


def _committee(request: HttpRequest) -> Committee:
    """The body whose secretariat the reader is; 403 for everybody else."""
    mine = Committee.objects.filter(pk__in=committees_where(request.user, {Role.SECRETARIAT}))
    found = current_committee(request, list(mine.select_related("municipality")))
    if found is None:
        no(ONLY_SECRETARIAT).require()
    assert found is not None  # noqa: S101 - for the type; `require` has raised
    return found


def _trail(*steps: tuple[Any, str]) -> list[dict[str, Any]]:
    rows = [(_("Replays of the AI Act"), reverse("ethics:aiact_replays") if steps else ""), *steps]
    return [{"label": label, "url": url} for label, url in rows]


@require_http_methods(["GET", "HEAD", "POST"])
@once
def aiact_replays(request: HttpRequest) -> HttpResponse:
    """Choose a version of the rules; see the replays there have been."""
    committee = _committee(request)
    choices = [(name, f"{name}: {rules_of(name).title}") for name in reversed(rulesets())]
    bound = request.POST if request.method == "POST" else None
    form = ReplayForm(choices, bound, initial={"ruleset": choices[0][0]})
    if form.is_bound and form.is_valid():
        try:
            replay = services.begin_replay(
                committee=committee,
                ruleset=form.cleaned_data["ruleset"],
                by=request.user,  # type: ignore[arg-type]
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return go_to(request, replay.get_absolute_url())
    context = {
        "form": form,
        "committee": committee,
        "current": CURRENT,
        "count": services.concluded_in(committee).count(),
        "earlier": AiActReplay.objects.visible_to(request.user).select_related("by")[:20],
        "trail": _trail(),
    }
    status = 422 if form.errors else 200
    return render_page(request, "ethics/aiact_replays.html", context, status=status)


def _replay(request: HttpRequest, replay_id: int) -> AiActReplay:
    rows = AiActReplay.objects.visible_to(request.user).select_related("committee", "by")
    return get_object_or_404(rows, pk=replay_id)


def _entry(replay: AiActReplay) -> OutboxEntry | None:
    keys = [f"{kind}:{replay.pk}" for kind in (services.CHECK, services.APPLY)]
    return OutboxEntry.objects.filter(key__in=keys).order_by("-pk").first()


def _stamp(request: HttpRequest, replay_id: int) -> str | None:
    """The ETag of a poll; a whole page always comes anew."""
    if not wants_fragment(request):
        return None
    replay = _replay(request, replay_id)
    entry = _entry(replay)
    facts = [replay.state, entry and [entry.state, entry.step, entry.share]]
    return f'"{sha256_hex(canonical_json(facts))[:32]}"'


@require_safe
@condition(etag_func=_stamp)
def aiact_replay(request: HttpRequest, replay_id: int) -> HttpResponse:
    """How far it is; which cases change, and how; what was re-opened."""
    replay = _replay(request, replay_id)
    rules = rules_of(replay.ruleset)
    rows = replay.rows.select_related("assessment__case")
    found = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("side", "1"))
    context = {
        "replay": replay,
        "entry": _entry(replay),
        "changed": found.paginator.count,
        "rows": [(row, change_rows(rules, row.changes)) for row in found],
        "page": found,
        "trail": _trail((replay.ruleset, "")),
    }
    return render_page(request, "ethics/aiact_replay.html", context, fragment="progress")


@require_POST
@once
def aiact_replay_apply(request: HttpRequest, replay_id: int) -> HttpResponse:
    """Re-open the cases of the list, and only these."""
    replay = _replay(request, replay_id)
    services.confirm_replay(replay=replay, by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("The cases of the list are being re-opened."))
    return go_to(request, replay.get_absolute_url())
