"""Error answers: the same page for every cause of the same status."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.htmx import wants_fragment


def error_page(
    request: HttpRequest, status: int, reason: Any = "", typed: Sequence[str] = ()
) -> HttpResponse:
    """Answer with the page for `status`; a fragment request gets only the sentence.

    `typed` is what the reader wrote and would else have lost.
    """
    context = {"reason": reason, "typed": typed}
    if wants_fragment(request) and reason:
        response = render(request, "components/error_fragment.html", context, status=status)
        # The sentence goes to the message region; what the reader was looking at stays.
        response.headers["HX-Reswap"] = "none"
        return response
    return render(request, f"{status}.html", context, status=status)
