"""Minutes written elsewhere become a meeting."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from committee.context import current_committee
from committee.models import Committee
from core.htmx import go_to, render_page
from core.once import once
from core.verdicts import Refused
from meetings import policies
from meetings.forms.importing import ImportForm
from meetings.services.importing import Imported, import_minutes
from meetings.views.fetch import crumbs


@once
def meeting_import(request: HttpRequest) -> HttpResponse:
    """Take in a file with minutes; what must be looked at is listed on the meeting's page."""
    visible = Committee.objects.visible_to(request.user).select_related("municipality")
    committee = current_committee(request, list(visible))
    if committee is None:
        raise Http404
    policies.can_create_meeting(request.user, committee).require()
    bound = request.method == "POST"
    form = ImportForm(request.POST if bound else None, request.FILES if bound else None)
    if form.is_bound and form.is_valid():
        upload, day = form.cleaned_data["file"], form.cleaned_data["day"]
        again = form.cleaned_data["again"]
        try:
            imported = import_minutes(
                committee=committee,
                data=upload.read(),
                filename=upload.name,
                by=request.user,  # type: ignore[arg-type]
                day=day,
                again=again,
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            _tell(request, imported)
            return go_to(request, imported.meeting.get_absolute_url())
    trail = crumbs((_("Meetings"), reverse("meetings:meeting_list")), (_("Import minutes"), ""))
    context = {"form": form, "committee": committee, "trail": trail}
    return render_page(
        request, "meetings/meeting_import.html", context, status=422 if form.errors else 200
    )


def _tell(request: HttpRequest, imported: Imported) -> None:
    told = _("%(title)s is imported. The minutes are a draft.") % {"title": imported.meeting.title}
    messages.success(request, told)
    for warning in imported.warnings:
        messages.warning(request, warning)
