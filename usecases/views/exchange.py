"""Files in and out: importing a table, and the register as a file."""

import csv
import io
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
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
from core.tables import guarded
from core.uploads import MemoryUploadHandler
from usecases import policies
from usecases.exchange.mappings import FORMATS, ideas
from usecases.exchange.reading import MAX_BYTES
from usecases.filters import parse
from usecases.forms.exchange import CaseImportForm
from usecases.models import CaseImport, ImportRow, RowAction
from usecases.models.cases import UseCaseQuerySet
from usecases.record import record
from usecases.selectors import exchange
from usecases.selectors.register import find
from usecases.services import importing
from usecases.views.fetch import trail

ROWS_PER_PAGE = 50
ACTIONS = {"nye": "new", "opdateres": "update", "uaendret": "same", "tilbageholdt": "held"}


def _committee(request: HttpRequest) -> Committee:
    """The body whose secretariat the reader is; 403 for everybody else."""
    mine = Committee.objects.filter(pk__in=committees_where(request.user, {Role.SECRETARIAT}))
    found = current_committee(request, list(mine.select_related("municipality")))
    if found is None:
        policies.no(policies.ONLY_SECRETARIAT).require()
    assert found is not None  # noqa: S101 - for the type; `require` has raised
    return found


# In ----------------------------------------------------------------------------------------


@csrf_exempt  # checked below, once the upload has its handler
@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: HttpRequest) -> HttpResponse:
    """Choose a file. One that is too big is never held in memory."""
    request.upload_handlers = [MemoryUploadHandler(request, limit=MAX_BYTES)]
    return _import_new(request)


@csrf_protect
@once
def _import_new(request: HttpRequest) -> HttpResponse:
    committee = _committee(request)
    bound = request.method == "POST"
    form = CaseImportForm(request.POST if bound else None, request.FILES if bound else None)
    if form.is_ready():
        facts = dict(form.cleaned_data)
        upload = facts.pop("file")
        by: Any = request.user
        batch = form.attempt(
            lambda: importing.begin_import(
                committee=committee, data=upload.read(), filename=upload.name, by=by, **facts
            )
        )
        if batch:
            return go_to(request, reverse("usecases:import_page", args=[batch.pk]))
    context = {
        "form": form,
        "committee": committee,
        "earlier": CaseImport.objects.visible_to(request.user).select_related("file", "by")[:20],
        "trail": trail((_("Import"), "")),
    }
    return render_page(request, "usecases/import_new.html", context, status=form.status)


def _batch(request: HttpRequest, import_id: int) -> CaseImport:
    rows = CaseImport.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("committee", "file", "by"), pk=import_id)


def _entry(batch: CaseImport) -> OutboxEntry | None:
    keys = [f"{kind}:{batch.pk}" for kind in (importing.CHECK, importing.RUN)]
    return OutboxEntry.objects.filter(key__in=keys).order_by("-pk").first()


def _stamp(request: HttpRequest, import_id: int) -> str | None:
    """The ETag of a poll; a whole page always comes anew."""
    if not wants_fragment(request):
        return None
    batch, entry = _batch(request, import_id), None
    entry = _entry(batch)
    facts = [batch.state, entry and [entry.state, entry.step, entry.share]]
    return f'"{sha256_hex(canonical_json(facts))[:32]}"'


@require_safe
@condition(etag_func=_stamp)
def import_page(request: HttpRequest, import_id: int) -> HttpResponse:
    """How far the file is; what its rows become; what they became."""
    batch = _batch(request, import_id)
    counts = importing.counts_of(batch)
    chosen = ACTIONS.get(request.GET.get("vis", ""), "")
    rows = batch.rows.select_related("case__committee")
    rows = rows.filter(action=chosen) if chosen else rows
    found = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("side", "1"))
    context = {
        "batch": batch,
        "entry": _entry(batch),
        "columns": [(name, _name_of(key)) for name, key in batch.columns.items()],
        "tabs": [(s, a, RowAction(a).label, counts[a]) for s, a in ACTIONS.items()],
        "counts": counts,
        "takes_in": counts["new"] + counts["update"],
        "chosen": chosen,
        "slug": request.GET.get("vis", "") if chosen else "",
        "rows": [(row, [_name_of(key) for key in row.changes]) for row in found],
        "page": found,
        "trail": trail((_("Import"), reverse("usecases:import_new")), (batch.file.filename, "")),
    }
    return render_page(request, "usecases/import_page.html", context, fragment="progress")


def _name_of(key: str) -> str:
    names = exchange.HEAD | {one.key: one.short for one in record().fields}
    return names.get(key, key)


@require_POST
@once
def import_run(request: HttpRequest, import_id: int) -> HttpResponse:
    """Take the rows in."""
    batch = _batch(request, import_id)
    importing.confirm_import(batch=batch, by=request.user)  # type: ignore[arg-type]
    return go_to(request, reverse("usecases:import_page", args=[batch.pk]))


@require_safe
def import_held(request: HttpRequest, import_id: int) -> HttpResponse:
    """The rows that were held back, with the reason beside each, to be put right."""
    batch = _batch(request, import_id)
    held = ImportRow.objects.filter(batch=batch, action=RowAction.HELD)
    heads = [*batch.columns, *batch.unused]
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";")
    writer.writerow([guarded(one) for one in (*heads, _("Row"), _("Why"))])
    for row in held.iterator(chunk_size=500):
        why = " ".join(message["text"] for message in row.messages)
        cells = [row.cells.get(head, "") for head in heads]
        writer.writerow([guarded(str(one)) for one in (*cells, row.number, why)])
    response = HttpResponse("\ufeff" + buffer.getvalue(), content_type="text/csv; charset=utf-8")
    return _as_download(response, f"tilbageholdt-{batch.pk}.csv")


def _as_download(response: Any, name: str) -> Any:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


# Out ---------------------------------------------------------------------------------------


def register_of(request: HttpRequest) -> UseCaseQuerySet:
    """The cases that the reader's current filter shows."""
    return exchange.exported(request.user, find(request.user, parse(request.GET)))


@login_not_required
@require_safe
def export_page(request: HttpRequest) -> HttpResponse:
    """The register in every format."""
    context = exchange.export_page(request.user, register_of(request))
    context |= {"trail": trail((_("Export"), "")), "query": request.GET.urlencode()}
    return render_page(request, "usecases/export_page.html", context)


@login_not_required
@require_safe
def export_file(request: HttpRequest, format_name: str) -> StreamingHttpResponse:
    """The register as a file, as this reader may read it."""
    if format_name not in exchange.ALL:
        raise Http404
    found = exchange.ALL[format_name]
    address = request.build_absolute_uri("/").rstrip("/")
    pieces = exchange.pieces(format_name, request.user, register_of(request), address)
    response = StreamingHttpResponse(pieces, content_type=found.media_type)
    download: StreamingHttpResponse = _as_download(
        response, f"ai-register-{found.key}.{found.extension}"
    )
    return download


@login_not_required
@require_safe
def export_gaps(request: HttpRequest, format_name: str) -> HttpResponse:
    """What a standard lacks of each case."""
    if format_name not in FORMATS:
        raise Http404
    page = request.GET.get("side", "1")
    context = exchange.gaps(request.user, format_name, register_of(request), page)
    steps = ((_("Export"), reverse("usecases:export_page")), (_("What is missing"), ""))
    asked = request.GET.copy()
    asked.pop("side", None)
    context |= {"trail": trail(*steps), "query": asked.urlencode()}
    return render_page(request, "usecases/export_gaps.html", context)


@login_not_required
@require_safe
def export_schema(request: HttpRequest) -> HttpResponse:
    """The JSON Schema of the JSON export."""
    schema = exchange.json_schema(request.build_absolute_uri("/").rstrip("/"))
    dumps = {"ensure_ascii": False, "indent": 1}
    return JsonResponse(schema, json_dumps_params=dumps, content_type="application/schema+json")


@require_safe
def inspiration(request: HttpRequest) -> HttpResponse:
    """Types of ideas, each one a beginning of a proposal."""
    policies.can_propose(request.user).require()
    steps = ((_("New proposal"), reverse("usecases:case_new")), (_("Inspiration"), ""))
    context = {"catalogue": ideas(), "trail": trail(*steps)}
    return render_page(request, "usecases/inspiration.html", context)
