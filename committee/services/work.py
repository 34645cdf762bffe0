"""Acts on what a body delivers and what it builds on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from committee import policies
from committee.enums import DeliverableStatus
from committee.models import Committee, Deliverable, DeliverableEvidence, ShelfDocument, ShelfFigure
from core.audit import record
from core.text import clean_text
from core.verdicts import Refused, StaleState


@dataclass(frozen=True)
class NewEvidence:
    title: str
    url: str
    on: date


@transaction.atomic
def set_deliverable_status(
    *, deliverable: Deliverable, status: str, by: Any, evidence: NewEvidence | None = None
) -> Deliverable:
    """Say where a deliverable stands. It is done only when one can see it somewhere."""
    policies.can_set_deliverable_status(by, deliverable).require()
    if status not in DeliverableStatus.values:
        raise Refused(_("Choose one of the three statuses."), field="status")
    if evidence:
        add_evidence(deliverable=deliverable, evidence=evidence, by=by)
    # Asked anew: the caller's row may carry a list read before the evidence was added.
    evidenced = DeliverableEvidence.objects.filter(deliverable=deliverable).exists()
    if status == DeliverableStatus.DONE and not evidenced:
        raise Refused(_("Add evidence before you set the deliverable to done."), field="status")
    old = deliverable.status
    if status == old:
        return deliverable
    if not Deliverable.objects.filter(pk=deliverable.pk, status=old).update(status=status):
        raise StaleState(_("Somebody else has just changed the status. Nothing was changed."))
    deliverable.status = status
    record(
        "deliverable.status_set",
        deliverable,
        by=by,
        scope=deliverable.terms.committee,
        data={"from": str(old), "to": str(status)},
    )
    return deliverable


@transaction.atomic
def add_evidence(
    *, deliverable: Deliverable, evidence: NewEvidence, by: Any
) -> DeliverableEvidence:
    """Link to the item or document where one can see that the deliverable moved."""
    policies.can_add_evidence(by, deliverable).require()
    check_address(evidence.url)
    row = DeliverableEvidence.objects.create(
        deliverable=deliverable, title=evidence.title, url=evidence.url, on=evidence.on
    )
    record(
        "deliverable.evidence_added",
        row,
        by=by,
        scope=deliverable.terms.committee,
        data={"deliverable": deliverable.pk},
    )
    return row


def check_address(url: str) -> None:
    """Raise `Refused` for anything but a web address or a page of this site."""
    own_page = url.startswith("/") and not url.startswith(("//", "/\\"))
    if not own_page and not url.startswith(("https://", "http://")):
        raise Refused(
            _("Write an address that begins with https:// or, for a page here, with /."),
            field="url",
        )


@transaction.atomic
def save_shelf_document(
    *,
    committee: Committee,
    kind: str,
    title: str,
    by: Any,
    document: ShelfDocument | None = None,
    year: int | None = None,
    summary: str = "",
    url: str = "",
    figures: Sequence[tuple[str, str]] = (),
) -> ShelfDocument:
    """Put something on the shelf, or change it. `figures` are all its (value, label)."""
    policies.can_save_shelf_document(by, committee).require()
    if url:
        check_address(url)
    row = document or ShelfDocument(committee=committee, position=_last_on_shelf(committee) + 1)
    row.kind, row.title, row.year, row.url = kind, title, year, url
    row.summary = clean_text(summary)
    row.save()
    row.figures.all().delete()
    ShelfFigure.objects.bulk_create(
        ShelfFigure(document=row, position=position, value=value, label=label)
        for position, (value, label) in enumerate(figures, 1)
    )
    verb = "shelf.changed" if document else "shelf.added"
    record(verb, row, by=by, scope=committee, data={"figures": len(figures)})
    return row


def _last_on_shelf(committee: Committee) -> int:
    return committee.shelf.aggregate(last=Max("position"))["last"] or 0
