"""A double click is one act.

A form carries a token (`{% once %}`). The first POST with it acts and remembers where it sent
the reader; the same token again only sends the reader there.
"""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from core.htmx import go_to
from core.models import SubmittedForm

FIELD = "_once"


def new_token() -> str:
    """A fresh token for one rendering of one form."""
    return secrets.token_urlsafe(24)


def once(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Run the view's POST at most once per form token; everything in one transaction."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        token = request.POST.get(FIELD, "")[:43]
        if request.method != "POST" or not token:
            return view(request, *args, **kwargs)
        try:
            return _first_time(view, request, token, *args, **kwargs)
        except _Seen:
            done = SubmittedForm.objects.filter(token=token).first()
            return go_to(request, done.location if done and done.location else request.path)

    return wrapper


class _Seen(Exception):
    pass


def _first_time(
    view: Callable[..., HttpResponse], request: HttpRequest, token: str, *args: Any, **kwargs: Any
) -> HttpResponse:
    with transaction.atomic():
        form = _claim(request, token)
        response = view(request, *args, **kwargs)
        location = response.get("Location") or response.get("HX-Redirect")
        if location:
            form.location = location
            form.save(update_fields=["location"])
        else:
            # Nothing was done (a form error): the corrected form may come with the same token.
            form.delete()
        return response


def _claim(request: HttpRequest, token: str) -> SubmittedForm:
    owner = request.user if request.user.is_authenticated else None
    try:
        with transaction.atomic():
            return SubmittedForm.objects.create(token=token, owner=owner)
    except IntegrityError as error:
        raise _Seen from error
