"""Server-side drafts: what was typed survives an expired login, a crash and a closed lid."""

from typing import Any

from core.models import Draft


def save_draft(
    *, owner: Any, form: str, fields: dict[str, str], base_versions: dict[str, int]
) -> Draft:
    """Keep what `owner` has typed in `form`, replacing what was kept before."""
    draft, _created = Draft.objects.update_or_create(
        owner=owner, form=form, defaults={"fields": fields, "base_versions": base_versions}
    )
    return draft


def find_draft(*, owner: Any, form: str) -> Draft | None:
    """The draft that `owner` has for `form`, if any.

    A draft is nobody else's: who looks through another person's eyes does not see it.
    """
    if getattr(owner, "is_looked_through", False):
        return None
    return Draft.objects.filter(owner=owner, form=form).first()


def discard_draft(*, owner: Any, form: str) -> None:
    """Forget the draft, once its text is saved or given up."""
    Draft.objects.filter(owner=owner, form=form).delete()
