"""What was posted and could not be used, so that nobody has to write it again.

Posted just after the login had expired, it is kept in the session until the next login. With
JavaScript the page itself keeps the text; this is for those who have none. Refused without a form
to show it in, it stands on the page that says no.
"""

from typing import Any

from django.http import HttpRequest

SESSION_KEY = "kept_post"
# A session is no file store; a person's longest text is far below this.
MOST_CHARACTERS = 400_000


def keep_post(request: HttpRequest) -> None:
    """Remember the fields that were posted, for whoever logs in next in this browser."""
    fields = _fields(request)
    if fields and sum(map(len, fields.values())) <= MOST_CHARACTERS:
        request.session[SESSION_KEY] = {"path": request.path, "fields": fields}


def _fields(request: HttpRequest) -> dict[str, str]:
    return {
        name: value
        for name, value in request.POST.items()
        if isinstance(value, str) and not name.startswith(("csrf", "_")) and "password" not in name
    }


def typed_words(request: HttpRequest) -> list[str]:
    """The texts of a post: what is more than one word takes time to write again."""
    if request.method != "POST":
        return []
    texts = [text for text in _fields(request).values() if len(text.split()) > 1]
    return list(dict.fromkeys(texts)) if sum(map(len, texts)) <= MOST_CHARACTERS else []


def take_kept_post(request: HttpRequest) -> dict[str, Any]:
    """The fields kept for this very page, once; empty when there are none."""
    kept = request.session.get(SESSION_KEY)
    if not kept or kept["path"] != request.path:
        return {}
    del request.session[SESSION_KEY]
    return dict(kept["fields"])
