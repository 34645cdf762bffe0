"""A long work: how far it is, the finished file, and what the one who waits can do."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import works
from core.htmx import go_to, render_page
from core.models import Work, WorkAsker
from core.once import once
from core.progress import progress_of
from core.responses import file_response
from core.verdicts import NotAllowed

PDF = "application/pdf"


class _Opened:
    """A work, and what the one who asks for its page is to it."""

    def __init__(self, request: HttpRequest, work_id: int) -> None:
        self.work = self._found(work_id)
        self.opens = works.may_open(request.user, self.work)
        # Whoever looks through somebody else's eyes does not wait for that person's works.
        looks_through = getattr(request, "view_as", None)
        askers = WorkAsker.objects.filter(work=self.work, person=request.user.pk)
        self.asker = None if looks_through else askers.first()
        if not (self.opens or self.asker):
            raise Http404

    @staticmethod
    def _found(work_id: int) -> Work:
        work = Work.objects.select_related("file").filter(pk=work_id).first()
        if work is None:
            raise Http404
        return work

    def require_open(self) -> None:
        if not self.opens:
            raise NotAllowed(works.OUT_OF_REACH)

    def require_asker(self) -> None:
        if self.asker is None:
            raise NotAllowed(_("You have not asked for this document."))


@require_safe
def work_page(request: HttpRequest, work_id: int) -> HttpResponse:
    """How far it is; those who asked see that much also when they may not open it any more."""
    found = _Opened(request, work_id)
    heading = found.work.title if found.opens else works.label_of(found.work)
    context: dict[str, Any] = {
        "work": found.work,
        "label": works.label_of(found.work),
        "heading": heading,
        "opens": found.opens,
        "gone": "" if found.opens else works.OUT_OF_REACH,
        "waits": found.asker is not None and found.asker.seen_at is None,
        "asker": found.asker,
        "progress": progress_of(found.work),
        "is_pdf": bool(found.work.file and found.work.file.media_type == PDF),
        "trail": [
            {"label": _("My work"), "url": reverse("portal:my_work")},
            {"label": heading, "url": ""},
        ],
    }
    response = render_page(request, "core/work_page.html", context, fragment="progress")
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
def work_file(request: HttpRequest, work_id: int) -> HttpResponse:
    """The finished file: a PDF in the browser, or with `?hent=1` and all else as a download."""
    found = _Opened(request, work_id)
    found.require_open()
    if found.work.file is None:
        return go_to(request, found.work.get_absolute_url())
    if found.asker and request.method == "GET":
        works.put_aside(found.work, by=request.user)
    if address := works.maker_of(found.work.kind).address:
        return go_to(request, address(found.work))
    inline = found.work.file.media_type == PDF and "hent" not in request.GET
    return file_response(request, found.work.file, inline=inline)


@require_POST
@once
def work_cancel(request: HttpRequest, work_id: int) -> HttpResponse:
    """Wait no more; when nobody else waits, the making stops."""
    found = _Opened(request, work_id)
    found.require_asker()
    if not works.cancel_work(found.work, by=request.user):
        messages.info(request, _("You will not hear of it. It is made, because others wait."))
        return go_to(request, reverse("portal:my_work"))
    return go_to(request, found.work.get_absolute_url())


@require_POST
@once
def work_retry(request: HttpRequest, work_id: int) -> HttpResponse:
    """Begin again what failed, was cancelled or is out of date."""
    found = _Opened(request, work_id)
    found.require_open()
    work = found.work
    works.request_work(
        kind=work.kind, key=work.key, title=work.title, params=work.params, by=request.user
    )
    return go_to(request, work.get_absolute_url())


@require_POST
@once
def work_dismiss(request: HttpRequest, work_id: int) -> HttpResponse:
    """Off “My work”; the page and the file stay where they are."""
    found = _Opened(request, work_id)
    found.require_asker()
    works.put_aside(found.work, by=request.user)
    return go_to(request, reverse("portal:my_work"))
