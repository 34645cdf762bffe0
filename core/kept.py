"""What was posted and could not be used, so that nobody has to write it again.

Posted just after the login had expired, it is kept in the session until the next login. With
JavaScript the page itself keeps the text; this is for those who have none. Refused without a form
to show it in, it stands on the page that says no.
"""

from typing import Any

from django.http import HttpRequest, QueryDict

SESSION_KEY = "kept_post"
# A session is no file store; a person's longest text is far below this.
MOST_CHARACTERS = 400_000


def keep_post(request: HttpRequest) -> None:
    """Remember the fields that were posted, for whoever logs in next in this browser."""
    fields = _fields(request)
    if fields and sum(map(len, _values(fields))) <= MOST_CHARACTERS:
        request.session[SESSION_KEY] = {"path": request.path, "typed": fields.urlencode()}


def _fields(request: HttpRequest) -> QueryDict:
    """What a person typed or ticked; a field with several values keeps them all."""
    fields = request.POST.copy()
    for name in list(fields):
        if name.startswith(("csrf", "_")) or "password" in name:
            del fields[name]
    return fields


def _values(fields: QueryDict) -> list[str]:
    return [str(value) for _name, values in fields.lists() for value in values]


def typed_words(request: HttpRequest) -> list[str]:
    """The texts of a post: what is more than one word takes time to write again."""
    if request.method != "POST":
        return []
    texts = [text for text in _values(_fields(request)) if len(text.split()) > 1]
    return list(dict.fromkeys(texts)) if sum(map(len, texts)) <= MOST_CHARACTERS else []


def take_kept_query(request: HttpRequest) -> QueryDict:
    """The fields kept for this very page, once; empty when there are none."""
    kept = request.session.get(SESSION_KEY)
    if not kept or kept["path"] != request.path:
        return QueryDict()
    del request.session[SESSION_KEY]
    return QueryDict(kept["typed"])


def take_kept_post(request: HttpRequest) -> dict[str, Any]:
    """The same for forms whose fields have one value each."""
    return take_kept_query(request).dict()
