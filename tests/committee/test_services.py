"""Acts on bodies and people: written, audited together or not at all, refused with a sentence."""

import pytest

from committee import services
from committee.enums import DeliverableStatus, Role, SeatKind, ShelfKind
from committee.models import Deliverable, Membership, SeatGroup, TermsOfReference
from core.models import AuditEntry
from core.verdicts import NotAllowed, Refused, StaleState
from tests.factories import (
    CommitteeFactory,
    DeliverableFactory,
    MembershipFactory,
    MunicipalityFactory,
    SeatGroupFactory,
    TermsOfReferenceFactory,
    UserFactory,
    day,
    person,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def committee():
    return CommitteeFactory()


@pytest.fixture
def secretary(committee):
    return person(committee, Role.SECRETARIAT)


@pytest.fixture
def acts(committee, secretary):
    """Every service as a call that succeeds, by name."""
    deliverable = DeliverableFactory(terms__committee=committee)
    committee.revisit_on = day(0)
    committee.save()
    held = services.Held(on=day(0), outcome="upheld", text="Det virker.", decided_by="Rådet")
    evidence = services.NewEvidence("Referat", "/moeder/", day(0))
    group = SeatGroupFactory(terms=deliverable.terms)
    seat = MembershipFactory(committee=committee)
    admin = person(None, is_staff=True)
    terms = {"committee": committee, "adopted_on": day(0)}
    sections = [services.NewSection("Formål", "Tekst")]
    member = {"role": Role.MEMBER, "valid_from": day(0), "seat_group": group}
    shelf = {"kind": ShelfKind.SURVEY, "title": "Måling", "figures": [("1", "Demotal")]}
    body = {"municipality": MunicipalityFactory(), "name": "Ny", "full_name": "Ny"}
    rules = {"label": "ny", "rules_ref": "opgaveudvalg@1", "valid_from": day(0)}
    return {
        "create_user": lambda: services.create_user(email="ny@example.dk", name="Ny", by=admin),
        "appoint_member": lambda: services.appoint_member(
            committee=committee, user=UserFactory(), **member, by=secretary
        ),
        "change_membership": lambda: services.change_membership(membership=seat, by=secretary),
        "end_membership": lambda: services.end_membership(
            membership=seat, last_day=day(0), by=secretary
        ),
        "create_committee": lambda: services.create_committee(slug="ny", **body, by=admin),
        "adopt_terms": lambda: services.adopt_terms(**terms, sections=sections, by=secretary),
        "adopt_rule_profile": lambda: services.adopt_rule_profile(
            terms=deliverable.terms, **rules, by=secretary
        ),
        "set_deliverable_status": lambda: services.set_deliverable_status(
            deliverable=deliverable, status="in_progress", by=secretary
        ),
        "add_evidence": lambda: services.add_evidence(
            deliverable=deliverable, evidence=evidence, by=secretary
        ),
        "save_shelf_document": lambda: services.save_shelf_document(
            committee=committee, **shelf, by=secretary
        ),
        "hold_revisit": lambda: services.hold_revisit(
            committee=committee, due_on=day(0), held=held, by=secretary
        ),
        "start_view_as": lambda: services.start_view_as(
            committee=committee, person=None, by=secretary
        ),
    }


# Checks, and mails of the clock: they write no act.
HELPERS = {"check_address", "check_appointment", "check_rules_ref", "remind_revisits"}
NAMES = sorted(n for n in services.__all__ if n.islower() and n not in HELPERS)


def test_every_service_is_tried(acts):
    assert sorted(acts) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_service_leaves_one_act_in_the_protocol(acts, name):
    acts[name]()

    assert AuditEntry.objects.count() == 1


def rows():
    from django.apps import apps

    return {m._meta.label: list(m.objects.order_by("pk").values()) for m in apps.get_app_config("committee").get_models()}  # fmt: skip  # noqa: E501


@pytest.mark.parametrize("name", NAMES)
def test_service_writes_nothing_when_the_protocol_fails(acts, name, monkeypatch):
    def broken(self, *args, **kwargs):
        raise RuntimeError("no protocol")

    people = UserFactory.create_batch(1)
    before = rows()
    monkeypatch.setattr(AuditEntry, "save", broken)

    with pytest.raises(RuntimeError):
        acts[name]()

    after = rows()
    if name == "appoint_member":  # the case itself makes the person to appoint
        after["committee.User"] = after["committee.User"][: len(before["committee.User"])]
    assert people
    assert after == before


def test_service_refuses_a_stranger_and_writes_nothing(committee):
    with pytest.raises(NotAllowed):
        services.appoint_member(
            committee=committee,
            user=UserFactory(),
            role=Role.MEMBER,
            valid_from=day(0),
            by=person(committee, Role.CHAIR),
        )

    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"valid_to": day(-5)}, "valid_to"),
        ({"role": Role.CHAIR}, "role"),
        ({"role": Role.FOLLOW_GROUP, "seat": "own"}, "seat_group"),
        ({"seat": "other"}, "seat_group"),
    ],
)
def test_appointment_is_refused_beside_its_field(committee, secretary, changes, field):
    MembershipFactory(committee=committee, role=Role.CHAIR)
    groups = {
        "own": SeatGroupFactory(terms__committee=committee),
        "other": SeatGroupFactory(),
        None: None,
    }
    facts = {"role": Role.MEMBER, "valid_from": day(0), **changes}
    facts["seat_group"] = groups[facts.pop("seat", None)]

    with pytest.raises(Refused) as refused:
        services.appoint_member(committee=committee, user=UserFactory(), **facts, by=secretary)

    assert refused.value.field == field


def test_new_chair_can_follow_the_day_after_the_old_one(committee, secretary):
    old = MembershipFactory(committee=committee, role=Role.CHAIR)
    services.end_membership(membership=old, last_day=day(3), by=secretary)

    new = services.appoint_member(
        committee=committee, user=UserFactory(), role=Role.CHAIR, valid_from=day(4), by=secretary
    )

    assert new.pk


def test_ending_a_membership_somebody_else_ended_is_stale(committee, secretary):
    seat = MembershipFactory(committee=committee)
    Membership.objects.filter(pk=seat.pk).update(valid_to=day(9))

    with pytest.raises(StaleState):
        services.end_membership(membership=seat, last_day=day(1), by=secretary)


def test_new_terms_keep_the_seats_and_the_progress(committee, secretary):
    old = TermsOfReferenceFactory(committee=committee)
    group = SeatGroupFactory(terms=old, name="Borgere")
    seat = MembershipFactory(committee=committee, seat_group=group)
    DeliverableFactory(terms=old, title="Ambition", status=DeliverableStatus.IN_PROGRESS)

    new = services.adopt_terms(
        committee=committee,
        adopted_on=day(0),
        sections=[services.NewSection("Formål", "Tekst")],
        seats=[services.NewSeats(SeatKind.CITIZEN, "Borgere", "blandt borgerne", 1, 2)],
        deliverables=[services.NewDeliverable("Ambition"), services.NewDeliverable("Nyt")],
        by=secretary,
    )

    seat.refresh_from_db()
    statuses = list(Deliverable.objects.filter(terms=new).values_list("title", "status"))
    assert (new.version, seat.seat_group) == (2, SeatGroup.objects.get(terms=new))
    assert statuses == [("Ambition", "in_progress"), ("Nyt", "not_started")]
    assert TermsOfReference.objects.count() == 2


def test_deliverable_is_done_only_with_evidence(committee, secretary):
    deliverable = DeliverableFactory(terms__committee=committee)

    with pytest.raises(Refused):
        services.set_deliverable_status(deliverable=deliverable, status="done", by=secretary)
    services.set_deliverable_status(
        deliverable=deliverable,
        status="done",
        evidence=services.NewEvidence("Referat", "https://example.dk/1", day(0)),
        by=secretary,
    )

    deliverable.refresh_from_db()
    assert deliverable.status == DeliverableStatus.DONE
    assert AuditEntry.objects.count() == 2


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//evil.example", "/\\evil", "data:x", "x"])
def test_address_that_is_no_page_is_refused(url):
    with pytest.raises(Refused):
        services.check_address(url)
