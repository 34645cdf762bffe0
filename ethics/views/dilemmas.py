"""Dilemmas: a library inside, published one by one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from committee.models import committees_where
from core.htmx import go_to, render_page
from core.kept import take_kept_post
from core.once import once
from core.verdicts import Refused, StaleState
from ethics.enums.guidelines import Side
from ethics.forms.guidelines import ArgumentForm, DilemmaForm, EditDilemmaForm
from ethics.models import Dilemma
from ethics.policies import guidelines as policies
from ethics.selectors import dilemmas as selectors
from ethics.services import dilemmas
from ethics.views.guidelines import own_body, status_of

READ_OR_WRITE = ["GET", "HEAD", "POST"]


def get_dilemma(request: HttpRequest, dilemma_id: int) -> Dilemma:
    """The dilemma, if this reader may know of it."""
    rows = Dilemma.objects.visible_to(request.user).select_related(
        "committee__municipality", "published", "guideline"
    )
    row = get_object_or_404(rows, pk=dilemma_id)
    request.committee_id = row.committee_id  # type: ignore[attr-defined]
    return row


def get_inside(request: HttpRequest, dilemma_id: int) -> Dilemma:
    row = get_dilemma(request, dilemma_id)
    if not policies.is_inside(request.user, row.committee_id):
        raise Http404
    return row


def trail(*steps: tuple[Any, str]) -> list[dict[str, Any]]:
    rows = [(_("Dilemmas"), reverse("ethics:dilemma_list")), *steps]
    return [{"label": label, "url": url} for label, url in rows]


@login_not_required
@require_safe
def dilemma_list(request: HttpRequest) -> HttpResponse:
    context = {
        "rows": selectors.dilemma_rows(request.user),
        "may_write": bool(committees_where(request.user, policies.ARGUES)),
        "trail": [{"label": _("Dilemmas"), "url": ""}],
    }
    return render_page(request, "ethics/dilemma_list.html", context)


@require_http_methods(READ_OR_WRITE)
@once
def dilemma_new(request: HttpRequest) -> HttpResponse:
    body = own_body(request, roles=policies.ARGUES, why=policies.ONLY_THEY_ARGUE)
    data = request.POST if request.method == "POST" else None
    choices = selectors.section_choices(body)
    form = DilemmaForm(choices, data, initial=take_kept_post(request))
    if form.is_bound and form.is_valid():
        title, situation = form.cleaned_data["title"], form.cleaned_data["situation"]
        try:
            row = dilemmas.create_dilemma(
                committee=body, title=title, situation=situation, by=request.user, **form.place()
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return go_to(request, row.get_absolute_url())
    context = {
        "form": form,
        "back": reverse("ethics:dilemma_list"),
        "trail": trail((_("New dilemma"), "")),
    }
    return render_page(request, "ethics/dilemma_new.html", context, status=status_of(form))


@login_not_required
@require_safe
def dilemma_page(request: HttpRequest, dilemma_id: int) -> HttpResponse:
    """The dilemma with its arguments on both sides."""
    row = get_dilemma(request, dilemma_id)
    context = selectors.dilemma_page(request.user, row)
    context["trail"] = trail((context["title"], ""))
    return render_page(request, "ethics/dilemma_page.html", context)


@require_http_methods(READ_OR_WRITE)
@once
def argument_new(request: HttpRequest, dilemma_id: int) -> HttpResponse:
    """Record an argument on one side."""
    row = get_inside(request, dilemma_id)
    policies.can_argue(request.user, row.committee_id).require()
    data = request.POST if request.method == "POST" else None
    form = ArgumentForm(data, initial=_first(request))
    stopped = 0
    if form.is_bound and form.is_valid():
        try:
            found = dilemmas.add_argument(dilemma=row, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.refuse(refusal)
        except StaleState as refusal:
            stopped = form.stop(refusal)
        else:
            messages.success(request, _("The argument is recorded."))
            return go_to(request, f"{row.get_absolute_url()}#argument-{found.pk}")
    context = {
        "dilemma": row,
        "form": form,
        "back": row.get_absolute_url(),
        "trail": trail((row.title, row.get_absolute_url()), (_("New argument"), "")),
    }
    status = stopped or status_of(form)
    return render_page(request, "ethics/argument_new.html", context, status=status)


def _first(request: HttpRequest) -> dict[str, Any]:
    """What was typed before the login, or the side that the link asks for."""
    kept = take_kept_post(request)
    side = request.GET.get("side", "")
    return kept or ({"side": side} if side in Side.values else {})


@require_http_methods(READ_OR_WRITE)
@once
def dilemma_edit(request: HttpRequest, dilemma_id: int) -> HttpResponse:
    row = get_inside(request, dilemma_id)
    policies.can_run(request.user, row.committee_id).require()
    place = f"{row.guideline_id}:{row.section_number}" if row.guideline_id else ""
    initial = {
        "title": row.title,
        "situation": row.situation,
        "section": place,
        "state": row.state,
        "stance": row.stance,
        "version": row.version,
    }
    data = request.POST if request.method == "POST" else None
    choices = selectors.section_choices(row.committee)
    form = EditDilemmaForm(choices, data, initial=initial | take_kept_post(request))
    stale = ""
    if form.is_bound and form.is_valid():
        try:
            _save(request, row, form)
        except Refused as refusal:
            form.refuse(refusal)
        except StaleState as refusal:
            stale = str(refusal.reason)
            row = get_inside(request, dilemma_id)
            again = form.cleaned_data | {"version": row.version}
            form = EditDilemmaForm(choices, initial=again)
        else:
            messages.success(request, _("The dilemma is saved."))
            return go_to(request, row.get_absolute_url())
    context = {
        "dilemma": row,
        "form": form,
        "stale": stale,
        "back": row.get_absolute_url(),
        "trail": trail((row.title, row.get_absolute_url()), (_("Change"), "")),
    }
    status = status_of(form, stale)
    return render_page(request, "ethics/dilemma_edit.html", context, status=status)


def _save(request: HttpRequest, row: Dilemma, form: EditDilemmaForm) -> None:
    facts = {key: form.cleaned_data[key] for key in ("title", "situation", "state", "stance")}
    version = form.cleaned_data["version"] or 0
    dilemmas.edit_dilemma(dilemma=row, by=request.user, version=version, **facts, **form.place())


@require_http_methods(READ_OR_WRITE)
@once
def dilemma_publish(request: HttpRequest, dilemma_id: int) -> HttpResponse:
    """See exactly what becomes public; publish it, or take it away again."""
    row = get_inside(request, dilemma_id)
    policies.can_run(request.user, row.committee_id).require()
    if request.method == "POST":
        if "withdraw" in request.POST:
            dilemmas.unpublish_dilemma(dilemma=row, by=request.user)
            messages.success(request, _("The dilemma is no longer published."))
        else:
            expected = request.POST.get("expected", "")
            dilemmas.publish_dilemma(dilemma=row, expected=expected, by=request.user)
            messages.success(request, _("The dilemma is published."))
        return go_to(request, row.get_absolute_url())
    context = selectors.dilemma_page(request.user, row)
    context |= {
        "expected": selectors.body_hash(row),
        "now": selectors.published_page(row) if context["is_behind"] else None,
        "back": row.get_absolute_url(),
        "trail": trail((row.title, row.get_absolute_url()), (_("Publish"), "")),
    }
    return render_page(request, "ethics/dilemma_publish.html", context)
