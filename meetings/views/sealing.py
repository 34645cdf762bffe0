"""Anybody asks whether a PDF is the sealed document."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from core.files.kinds import MAX_BYTES
from core.htmx import render_page
from core.uploads import MemoryUploadHandler
from meetings.forms.sealing import VerifyForm
from meetings.selectors.sealing import find_sealed, told_to


@csrf_exempt  # checked below, once the upload has its handler
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def verify_page(request: HttpRequest) -> HttpResponse:
    """Say whether the file is sealed; it stays in memory and leaves no trace."""
    request.upload_handlers = [MemoryUploadHandler(request, limit=MAX_BYTES)]
    return _verify(request)


@csrf_protect
def _verify(request: HttpRequest) -> HttpResponse:
    bound = request.method == "POST"
    form = VerifyForm(request.POST if bound else None, request.FILES if bound else None)
    context = {"form": form, "checked": False, "told": None}
    if bound and form.is_valid():
        found = find_sealed(form.cleaned_data["file"])
        told = told_to(request.user, found) if found else None
        context |= {"form": VerifyForm(), "checked": True, "told": told}
    status = 422 if form.errors else 200
    response = render_page(request, "meetings/verify_page.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
