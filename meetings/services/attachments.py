"""Attach files to items: checked, stored under random names, each with its own level."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.store import store_bytes
from core.verdicts import Refused, StaleState
from meetings import policies
from meetings.enums import Access
from meetings.models import AgendaItem, Attachment

TITLE_LIMIT = 200


@transaction.atomic
def add_attachment(
    *, item: AgendaItem, data: bytes, filename: str, by: Any, title: str = "", access: str = ""
) -> Attachment:
    """Check and store a file on the item. Raises `Refused` with what is wrong with the file.

    Without `access` it gets the item's own level.
    """
    from core.files import BadFile, inspect

    policies.can_edit_agenda(by, item.meeting).require()
    _check_access(access or item.access)
    if item.removed_at:
        raise StaleState(_("The item has been taken off the agenda. Nothing was changed."))
    try:
        found = inspect(data, filename)
    except BadFile as error:
        raise Refused(str(error), "file") from error
    stored = store_bytes(data, filename=found.filename, media_type=found.media_type, by=by)
    last = item.attachments.aggregate(last=Max("position"))["last"] or 0
    attachment = Attachment.objects.create(
        item=item,
        position=last + 1,
        title=(title.strip() or found.filename.rsplit(".", 1)[0])[:TITLE_LIMIT],
        access=access or item.access,
        file=stored,
        pages=found.pages,
        text=found.text,
        added_by=by,
    )
    audit.record(
        "meetings.add_attachment",
        attachment,
        by=by,
        scope=item.meeting,
        data={"item": item.pk, "sha256": stored.sha256, "access": attachment.access},
    )
    return attachment


def _check_access(access: str) -> None:
    if access not in Access.values:
        raise Refused(_("Choose whether the attachment is open or closed."), "access")


@transaction.atomic
def change_attachment(
    *, attachment: Attachment, by: Any, title: str | None = None, access: str | None = None
) -> Attachment:
    """Give an attachment another title or another level; both take effect at once."""
    policies.can_edit_agenda(by, attachment.item.meeting).require()
    _check_access(access or attachment.access)
    if not Attachment.objects.filter(pk=attachment.pk, removed_at__isnull=True).exists():
        raise StaleState(_("The attachment has been taken off the item. Nothing was changed."))
    before = (attachment.title, attachment.access)
    attachment.title = (title or "").strip()[:TITLE_LIMIT] or attachment.title
    attachment.access = access or attachment.access
    if before != (attachment.title, attachment.access):
        attachment.save(update_fields=["title", "access"])
        audit.record(
            "meetings.change_attachment",
            attachment,
            by=by,
            scope=attachment.item.meeting,
            data={"access": attachment.access, "access_was": before[1]},
        )
    return attachment


@transaction.atomic
def remove_attachment(*, attachment: Attachment, by: Any) -> None:
    """Take a file off the item, at once for every reader; the issued bytes still name it."""
    policies.can_edit_agenda(by, attachment.item.meeting).require()
    gone = Attachment.objects.filter(pk=attachment.pk, removed_at__isnull=True).update(
        removed_at=timezone.now(), released=False
    )
    if gone:
        audit.record("meetings.remove_attachment", attachment, by=by, scope=attachment.item.meeting)
