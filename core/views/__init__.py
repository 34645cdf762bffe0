"""Pages without business: health, colours, errors, the accessibility statement."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.errors import error_page
from core.kept import typed_words


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The process can do its work: the database answers and is migrated."""
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    status = 503 if pending else 200
    return JsonResponse({"status": "migrations pending" if pending else "ok"}, status=status)


@login_not_required
@require_safe
def brand_css(request: HttpRequest) -> HttpResponse:
    """The municipality's colours as a stylesheet; its address changes with the colour."""
    from core.branding import palette, palette_css

    try:
        colours = palette(f"#{request.GET.get('v', '')}")
    except ValueError as error:
        raise Http404 from error
    response = HttpResponse(palette_css(colours), "text/css")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 403, reason=_("You do not have access to do this."))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 400)


def server_error(request: HttpRequest) -> HttpResponse:
    # Without the context processors: the database may be what failed.
    return HttpResponse(render_to_string("500.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is too old (an expired login, mostly). What was typed stands on the page."""
    return error_page(
        request,
        403,
        reason=_("The page had been open for too long. Go back, reload it and send it again."),
        typed=typed_words(request),
    )
