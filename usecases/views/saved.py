"""Mine visninger: questions to the register under a name."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.htmx import go_to, render_page
from core.once import once
from usecases.filters import parse_query
from usecases.forms.register import ViewForm
from usecases.models import SavedView
from usecases.selectors.register_page import chips, list_url
from usecases.services import views as services
from usecases.views.fetch import trail

READ_OR_WRITE = ["GET", "HEAD", "POST"]


def _own(request: HttpRequest, token: str) -> SavedView:
    return get_object_or_404(SavedView.objects.of(request.user), token=token)


def _list_url() -> str:
    return reverse("usecases:view_list")


@require_safe
def view_list(request: HttpRequest) -> HttpResponse:
    """One's own views: open, rename, share, delete."""
    views = SavedView.objects.of(request.user)
    rows = [{"view": view, "chips": chips(parse_query(view.query))} for view in views]
    context = {"rows": rows, "trail": trail((_("My views"), ""))}
    return render_page(request, "usecases/view_list.html", context)


@require_safe
def view_open(request: HttpRequest, token: str) -> HttpResponse:
    """The register as the view has it. Who opens it sees what they may see themselves."""
    view = get_object_or_404(SavedView.objects.visible_to(request.user), token=token)
    separator = "&" if view.query else ""
    return go_to(request, f"{view.list_url}{separator}visning={view.token}")


@require_http_methods(READ_OR_WRITE)
@once
def view_new(request: HttpRequest) -> HttpResponse:
    """Save what the register shows now."""
    filters = parse_query((request.POST or request.GET).get("liste", ""))
    form = ViewForm(request.POST if request.method == "POST" else None)
    if form.is_ready():
        view = form.attempt(
            lambda: services.save_view(query=filters.query, by=request.user, **form.cleaned_data)
        )
        if view:
            messages.success(request, _("The view “%(name)s” is saved.") % {"name": view.name})
            return go_to(request, view.list_url)
    context = {
        "form": form,
        "filters": filters,
        "chips": chips(filters),
        "back": list_url(filters),
        "trail": trail((_("Save the view"), "")),
    }
    return render_page(request, "usecases/view_edit.html", context, status=form.status)


@require_http_methods(READ_OR_WRITE)
@once
def view_edit(request: HttpRequest, token: str) -> HttpResponse:
    """Another name; shared or not."""
    view = _own(request, token)
    initial = {"name": view.name, "is_shared": view.is_shared}
    form = ViewForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_ready() and (
        form.carries_out(
            lambda: services.change_view(view=view, by=request.user, **form.cleaned_data)
        )
    ):
        messages.success(request, _("The view “%(name)s” is saved.") % {"name": view.name})
        return go_to(request, _list_url())
    filters = parse_query(view.query)
    context = {
        "form": form,
        "view": view,
        "filters": filters,
        "chips": chips(filters),
        "back": _list_url(),
        "trail": trail((_("My views"), _list_url()), (view.name, "")),
    }
    return render_page(request, "usecases/view_edit.html", context, status=form.status)


@require_POST
@once
def view_delete(request: HttpRequest, token: str) -> HttpResponse:
    view = _own(request, token)
    services.delete_view(view=view, by=request.user)
    messages.success(request, _("The view “%(name)s” is deleted.") % {"name": view.name})
    return go_to(request, _list_url())
