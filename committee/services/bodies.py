"""Acts on a body: its creation, its kommissorium and its rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from committee import policies
from committee.enums import DeliverableStatus
from committee.models import (
    Committee,
    CouncilDecision,
    Deliverable,
    Membership,
    Municipality,
    RuleProfile,
    SeatGroup,
    TermsOfReference,
    TermsSection,
)
from committee.rules import RULES
from committee.services.people import lock
from core.audit import record
from core.text import clean_text
from core.verdicts import Refused

# Addresses below /udvalg/ that are not a committee.
RESERVED = frozenset({"vaelg"})


@dataclass(frozen=True)
class NewSection:
    heading: str
    text: str


@dataclass(frozen=True)
class NewDeliverable:
    title: str
    description: str = ""
    due_on: date | None = None


@dataclass(frozen=True)
class NewSeats:
    """Seats of one sort; `parts` divide them further."""

    kind: str
    name: str
    short_name: str
    minimum: int
    maximum: int
    parts: tuple["NewSeats", ...] = ()
    brings_ethics: bool = False


@transaction.atomic
def create_committee(
    *,
    municipality: Municipality,
    slug: str,
    name: str,
    full_name: str,
    by: Any,
    decisions: Sequence[tuple[date, str, str]] = (),
    **fields: Any,
) -> Committee:
    """A body with the council decisions it rests on, each (day, item, title)."""
    policies.can_create_committee(by).require()
    if slug in RESERVED or Committee.objects.filter(slug=slug).exists():
        raise Refused(_("Another committee has this address."), field="slug")
    committee = Committee(
        municipality=municipality, slug=slug, name=name, full_name=full_name, **fields
    )
    committee.save(force_insert=True)
    for day, item, title in decisions:
        CouncilDecision.objects.create(committee=committee, decided_on=day, item=item, title=title)
    record("committee.created", committee, by=by, scope=committee, data={"slug": slug})
    return committee


@transaction.atomic
def adopt_terms(
    *,
    committee: Committee,
    adopted_on: date,
    sections: Sequence[NewSection],
    by: Any,
    seats: Sequence[NewSeats] = (),
    deliverables: Sequence[NewDeliverable] = (),
    adopted_by: CouncilDecision | None = None,
) -> TermsOfReference:
    """A new version of the kommissorium. The earlier ones stay as they were.

    Members keep their seats where the new version has a group of the same name, and a
    deliverable of the same title keeps its status and evidence.
    """
    policies.can_adopt_terms(by, committee).require()
    lock(committee)
    if not sections:
        raise Refused(_("Write at least one section."), field="sections")
    old = committee.terms.order_by("-version").first()
    terms = TermsOfReference.objects.create(
        committee=committee,
        version=(old.version if old else 0) + 1,
        adopted_on=adopted_on,
        adopted_by=adopted_by,
    )
    for position, section in enumerate(sections, 1):
        TermsSection.objects.create(
            terms=terms, position=position, heading=section.heading, text=clean_text(section.text)
        )
    _create_seats(terms, seats)
    for position, deliverable in enumerate(deliverables, 1):
        _create_deliverable(terms, position, deliverable, old)
    if old:
        _keep_seats(old, terms)
    record("terms.adopted", terms, by=by, scope=committee, data={"version": terms.version})
    return terms


def _create_seats(
    terms: TermsOfReference, seats: Sequence[NewSeats], parent: SeatGroup | None = None
) -> None:
    for new in seats:
        group = SeatGroup.objects.create(
            terms=terms,
            parent=parent,
            position=terms.seat_groups.count() + 1,
            kind=new.kind,
            name=new.name,
            short_name=new.short_name,
            minimum=new.minimum,
            maximum=new.maximum,
            brings_ethics=new.brings_ethics,
        )
        _create_seats(terms, new.parts, group)


def _create_deliverable(
    terms: TermsOfReference, position: int, new: NewDeliverable, old: TermsOfReference | None
) -> None:
    before = old.deliverables.filter(title=new.title).first() if old else None
    row = Deliverable.objects.create(
        terms=terms,
        position=position,
        title=new.title,
        description=clean_text(new.description),
        due_on=new.due_on,
        status=before.status if before else DeliverableStatus.NOT_STARTED,
    )
    for evidence in before.evidence.all() if before else ():
        row.evidence.create(title=evidence.title, url=evidence.url, on=evidence.on)


def _keep_seats(old: TermsOfReference, new: TermsOfReference) -> None:
    """Move those who sit now to the group of the same name; earlier members stay put."""
    for group in new.seat_groups.all():
        Membership.objects.active().filter(
            seat_group__terms=old, seat_group__name=group.name, seat_group__kind=group.kind
        ).update(seat_group=group)


@transaction.atomic
def adopt_rule_profile(
    *,
    terms: TermsOfReference,
    label: str,
    rules_ref: str,
    valid_from: date,
    by: Any,
    adopted: str = "",
) -> RuleProfile:
    """The body works under these rules from that day. Meetings already set up keep theirs."""
    policies.can_adopt_rule_profile(by, terms.committee).require()
    check_rules_ref(rules_ref)
    if RuleProfile.objects.filter(terms__committee=terms.committee, label=label).exists():
        raise Refused(_("The committee already has rules with this label."), field="label")
    profile = RuleProfile.objects.create(
        terms=terms, label=label, rules_ref=rules_ref, valid_from=valid_from, adopted=adopted
    )
    data = {"label": label, "rules": rules_ref, "from": valid_from.isoformat()}
    record("rule_profile.adopted", profile, by=by, scope=terms.committee, data=data)
    return profile


def check_rules_ref(rules_ref: str) -> None:
    """Raise `Refused` unless the content has this set of rules."""
    try:
        RULES.by_reference(rules_ref)
    except (KeyError, ValueError) as error:
        raise Refused(_("There are no rules with this name."), field="rules_ref") from error
