"""Saved views of the register. Personal like private notes: no row in the protocol."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.text import clean_text
from core.verdicts import NotAllowed, Refused
from usecases.filters import parse_query
from usecases.models import SavedView
from usecases.models.views import LONGEST_NAME, LONGEST_QUERY

MOST_VIEWS = 50


@transaction.atomic
def save_view(*, name: str, query: str, by: Any, is_shared: bool = False) -> SavedView:
    """Keep a question under a name. Raises `Refused` for a name that cannot be used."""
    own = SavedView.objects.of(by).select_for_update()
    if len(own) >= MOST_VIEWS:
        raise Refused(_("You have %(n)s views. Delete one first.") % {"n": MOST_VIEWS}, "name")
    name = _checked_name(name, own)
    canonical = parse_query(query).query
    if len(canonical) > LONGEST_QUERY:
        raise Refused(_("There are too many filters to save. Remove some."), "name")
    return SavedView.objects.create(owner=by, name=name, query=canonical, is_shared=is_shared)


@transaction.atomic
def change_view(*, view: SavedView, name: str, is_shared: bool, by: Any) -> SavedView:
    """Rename it, share it by its link, or stop sharing it."""
    view = _own(view, by)
    view.name = _checked_name(name, SavedView.objects.of(by).exclude(pk=view.pk))
    view.is_shared = is_shared
    view.save(update_fields=["name", "is_shared"])
    return view


@transaction.atomic
def delete_view(*, view: SavedView, by: Any) -> None:
    _own(view, by).delete()


def _own(view: SavedView, by: Any) -> SavedView:
    found = SavedView.objects.of(by).select_for_update().filter(pk=view.pk).first()
    if found is None:
        raise NotAllowed(_("Only the one who saved the view can change it."))
    return found


def _checked_name(name: str, others: Any) -> str:
    name = " ".join(clean_text(name).split())
    if not name:
        raise Refused(_("Give the view a name."), "name")
    if len(name) > LONGEST_NAME:
        raise Refused(_("Write at most %(n)s characters.") % {"n": LONGEST_NAME}, "name")
    if name.casefold() in {other.name.casefold() for other in others}:
        raise Refused(_("You already have a view with that name."), "name")
    return name
