"""The dossier of a case: what is in it for this reader, and having it made."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.htmx import go_to, render_page
from core.once import once
from core.works import find_work
from reports.policies import dossier as policies
from reports.selectors.dossier import chapters_of, gathered
from reports.services.dossier import PDF, ZIP, key_of, request_dossier
from usecases.models import UseCase
from usecases.policies import reading_level
from usecases.views.fetch import case_trail, get_case

SORTS = {"pdf": PDF, "zip": ZIP}


@require_http_methods(["GET", "HEAD", "POST"])
@once
def dossier_page(request: HttpRequest, case_id: int) -> HttpResponse:
    """What the dossier holds; a POST asks for it as PDF or as a package."""
    case = get_case(request, case_id)
    if reading_level(request.user, case) not in ("full", "public"):
        raise Http404
    sort = request.POST.get("sort", "")
    if request.method == "POST" and sort in SORTS:
        work = request_dossier(case=case, kind=SORTS[sort], by=request.user)
        return go_to(request, reverse("core:work_page", args=[work.pk]))
    return render_page(request, "reports/dossier_page.html", _context(request, case))


def _context(request: HttpRequest, case: UseCase) -> dict[str, Any]:
    found = gathered(request.user, case)
    chapters, empty = chapters_of(found.content)
    return {
        "case": case,
        "level": found.content["level"],
        "chapters": chapters,
        "empty": empty,
        "files": found.content["files"],
        "sha256": found.sha256,
        "made": {
            sort: work
            for sort, kind in SORTS.items()
            if (work := find_work(key_of(kind, found, case))) and work.file_id
        },
        "can_ask": policies.can_ask(request.user, case),
        "trail": case_trail(case, (_("Case dossier"), "")),
    }
