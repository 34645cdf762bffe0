"""What the committee's pages show, read in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from committee import policies
from committee.enums import LEADERS, SEATED, Role
from committee.models import (
    Committee,
    CouncilDecision,
    Deliverable,
    Membership,
    RuleProfile,
    SeatGroup,
    ShelfDocument,
    TermsOfReference,
    committees_where,
)
from committee.rules import RuleSet
from core.verdicts import Verdict


@dataclass(frozen=True)
class Mandate:
    """How far the body is: state is before, running, over, or open when there is no end."""

    state: str
    percent: int
    days_left: int


@dataclass(frozen=True)
class SeatedPerson:
    """A seated member as everybody sees them."""

    name: str
    title: str
    office: str


@dataclass(frozen=True)
class GroupRow:
    """A seat group with who sits there; `count` includes the groups it is divided into."""

    group: SeatGroup
    count: int
    people: tuple[SeatedPerson, ...]
    finding: str

    @property
    def is_part(self) -> bool:
        return self.group.parent_id is not None


@dataclass(frozen=True)
class Terms:
    """The version of the kommissorium that is shown, and the others to choose from."""

    shown: TermsOfReference
    is_newest: bool
    versions: list[TermsOfReference]


@dataclass(frozen=True)
class Rules:
    """The rule profile that is shown."""

    profile: RuleProfile
    rules: RuleSet
    in_force: bool
    others: list[RuleProfile]


@dataclass(frozen=True)
class CommitteePage:
    """Everything about a body that `user` may see."""

    committee: Committee
    mandate: Mandate | None
    decisions: list[CouncilDecision]
    successors: list[Committee]
    parent: Committee | None
    predecessor: Committee | None
    terms: Terms | None
    deliverables: list[Deliverable]
    groups: list[GroupRow]
    ungrouped: list[SeatedPerson]
    findings: list[str]
    seated_count: int
    chair: SeatedPerson | None
    vice_chair: SeatedPerson | None
    has_follow_group: bool
    insiders: dict[str, list[str]]
    rules: Rules | None
    shelf: list[ShelfDocument]
    may_edit_deliverables: bool
    may_view_as: Verdict


# The composition ---------------------------------------------------------------------------


@dataclass(frozen=True)
class SeatCount:
    """The numbers behind one finding: what the group asks for and how many sit in it."""

    who: str
    minimum: int
    maximum: int
    count: int


def finding(seats: SeatCount) -> str:
    """What is wrong with the number of people in a group, in words; nothing when it fits."""
    if seats.count < seats.minimum:
        missing = seats.minimum - seats.count
        text = ngettext(
            "%(n)s member %(who)s is missing", "%(n)s members %(who)s are missing", missing
        )
        return text % {"n": missing, "who": seats.who}
    if seats.count > seats.maximum:
        extra = seats.count - seats.maximum
        text = ngettext("%(n)s member too many %(who)s", "%(n)s members too many %(who)s", extra)
        return text % {"n": extra, "who": seats.who}
    return ""


def composition(terms: TermsOfReference, *, on: date) -> list[str]:
    """What is wrong with who sits in the body that day, in words; empty when it fits."""
    groups = list(terms.seat_groups.order_by("position"))
    seated = Membership.objects.filter(committee=terms.committee_id).seated().active_on(on)
    return findings_of(groups, list(seated))


def findings_of(groups: Sequence[SeatGroup], seated: Sequence[Membership]) -> list[str]:
    counts = _people_by_group(groups, seated)
    found = [finding(_seat_count(group, counts)) for group in groups]
    outside = {row.user_id for row in seated} - set().union(*counts.values())
    if groups and outside:
        text = ngettext(
            "%(n)s member sits outside the seat groups",
            "%(n)s members sit outside the seat groups",
            len(outside),
        )
        found.append(text % {"n": len(outside)})
    return [text for text in found if text]


def _seat_count(group: SeatGroup, counts: dict[int, set[int]]) -> SeatCount:
    return SeatCount(group.short_name, group.minimum, group.maximum, len(counts[group.pk]))


def _people_by_group(
    groups: Sequence[SeatGroup], seated: Iterable[Membership]
) -> dict[int, set[int]]:
    """Who sits in each group or in a group it is divided into; a person counts once."""
    parents = {group.pk: group.parent_id for group in groups}
    people: dict[int, set[int]] = {group.pk: set() for group in groups}
    for row in seated:
        at = row.seat_group_id
        while at in people:
            people[at].add(row.user_id)
            at = parents[at]
    return people


# The rules -----------------------------------------------------------------------------------


def rule_profile_on(committee: Committee, day: date) -> RuleProfile | None:
    """The rules the body works under that day."""
    profiles = RuleProfile.objects.filter(terms__committee=committee, valid_from__lte=day)
    return profiles.order_by("-valid_from", "-pk").first()


def _rules_shown(committee: Committee, label: str, today: date) -> Rules | None:
    rows = RuleProfile.objects.filter(terms__committee=committee).order_by("-valid_from", "-pk")
    profiles = list(rows)
    in_force = next((row for row in profiles if row.valid_from <= today), None)
    chosen = next((row for row in profiles if row.label == label), None) if label else in_force
    if chosen is None:
        return None
    others = [row for row in profiles if row.pk != chosen.pk]
    return Rules(chosen, chosen.rules, chosen == in_force, others)


# The page --------------------------------------------------------------------------------------


def mandate_of(committee: Committee, today: date) -> Mandate | None:
    """How much of the mandate is gone; None when no beginning is known."""
    start, end = committee.mandate_from, committee.mandate_to
    if start is None:
        return None
    if today < start:
        return Mandate("before", 0, (start - today).days)
    if end is None:
        return Mandate("open", 0, 0)
    if today > end:
        return Mandate("over", 100, 0)
    return Mandate(
        "running",
        round(100 * (today - start).days / max((end - start).days, 1)),
        (end - today).days,
    )


def committee_page(
    user: Any, slug: str, *, version: int | None = None, rules: str = "", today: date | None = None
) -> CommitteePage | None:
    """Everything about one body; None when `user` may not see it or there is no such version."""
    today = today or timezone.localdate()
    visible = Committee.objects.visible_to(user)
    found = visible.select_related("municipality", "parent", "predecessor")
    committee = found.filter(slug=slug).first()
    if committee is None:
        return None
    terms = _terms_shown(committee, version)
    shown_rules = _rules_shown(committee, rules, today)
    if (version is not None and terms is None) or (rules and shown_rules is None):
        return None
    related = _visible_relatives(user, committee)
    memberships = _memberships(committee, today)
    deliverables = _deliverables(terms.shown) if terms else []
    return CommitteePage(
        committee=committee,
        mandate=mandate_of(committee, today),
        decisions=list(committee.council_decisions.all()),
        successors=[row for row in related if row.predecessor_id == committee.pk],
        parent=next((row for row in related if row.pk == committee.parent_id), None),
        predecessor=next((row for row in related if row.pk == committee.predecessor_id), None),
        terms=terms,
        deliverables=deliverables,
        rules=shown_rules,
        shelf=list(committee.shelf.prefetch_related("figures")),
        may_edit_deliverables=_may_edit(user, terms, deliverables),
        may_view_as=policies.can_view_as(user, committee),
        **_people(user, committee, terms, memberships),
    )


def _visible_relatives(user: Any, committee: Committee) -> list[Committee]:
    """Parent, predecessor and successors, as far as the reader may know of them."""
    near = Q(pk__in=[committee.parent_id, committee.predecessor_id]) | Q(predecessor=committee)
    return list(Committee.objects.visible_to(user).filter(near))


def _terms_shown(committee: Committee, version: int | None) -> Terms | None:
    rows = committee.terms.select_related("adopted_by").order_by("-version")
    versions = list(rows.prefetch_related("sections", "seat_groups"))
    wanted = version if version is not None else (versions[0].version if versions else 0)
    shown = next((row for row in versions if row.version == wanted), None)
    return Terms(shown, shown == versions[0], versions) if shown else None


def _deliverables(terms: TermsOfReference) -> list[Deliverable]:
    return list(terms.deliverables.prefetch_related("evidence"))


def _may_edit(user: Any, terms: Terms | None, deliverables: list[Deliverable]) -> bool:
    """Old versions are history; only the newest one's deliverables move."""
    if not terms or not terms.is_newest or not deliverables:
        return False
    return bool(policies.can_set_deliverable_status(user, deliverables[0]))


def _memberships(committee: Committee, today: date) -> list[Membership]:
    rows = Membership.objects.filter(committee=committee).active_on(today)
    return list(rows.select_related("user").order_by("user__name", "pk"))


def _people(
    user: Any, committee: Committee, terms: Terms | None, rows: list[Membership]
) -> dict[str, Any]:
    """The parts of the page that are about people."""
    seated = [row for row in rows if row.role in SEATED]
    # The composition is checked against the newest kommissorium, whichever version is read.
    groups = sorted(terms.versions[0].seat_groups.all(), key=lambda g: g.position) if terms else []
    counts = _people_by_group(groups, seated)
    faces = _faces(seated)
    office = {row.role: faces[row.user_id] for row in seated if row.role in LEADERS}
    return {
        "groups": [_group_row(group, counts, seated, faces) for group in groups],
        "ungrouped": _outside(groups, seated, faces),
        "findings": findings_of(groups, seated),
        "seated_count": len(faces),
        "chair": office.get(Role.CHAIR),
        "vice_chair": office.get(Role.VICE_CHAIR),
        "has_follow_group": any(row.role == Role.FOLLOW_GROUP for row in rows),
        "insiders": _insiders(user, committee, rows),
    }


def _faces(seated: Iterable[Membership]) -> dict[int, SeatedPerson]:
    """Each seated person once, with the office they hold."""
    offices: dict[int, str] = {}
    for row in seated:
        if row.role in LEADERS:
            offices[row.user_id] = str(row.get_role_display())
    return {
        row.user_id: SeatedPerson(row.user.name, row.user.title, offices.get(row.user_id, ""))
        for row in seated
    }


def _group_row(
    group: SeatGroup,
    counts: dict[int, set[int]],
    seated: Iterable[Membership],
    faces: dict[int, SeatedPerson],
) -> GroupRow:
    here = dict.fromkeys(row.user_id for row in seated if row.seat_group_id == group.pk)
    return GroupRow(
        group=group,
        count=len(counts[group.pk]),
        people=tuple(faces[pk] for pk in here),
        finding=finding(_seat_count(group, counts)),
    )


def _outside(
    groups: Iterable[SeatGroup], seated: Iterable[Membership], faces: dict[int, SeatedPerson]
) -> list[SeatedPerson]:
    known = {group.pk for group in groups}
    inside = {row.user_id for row in seated if row.seat_group_id in known}
    return [face for pk, face in faces.items() if pk not in inside]


def _insiders(user: Any, committee: Committee, rows: Iterable[Membership]) -> dict[str, list[str]]:
    """Names by role of those who serve or follow the body; nothing for citizens."""
    if not policies.can_see_insides(user, committee):
        return {}
    names: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.role not in SEATED:
            names[str(row.role)].append(row.user.name)
    return dict(names)


# Vis som --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lens:
    """Somebody the secretariat can see the pages as."""

    who: str
    name: str
    roles: str


def committees_to_view_as_in(user: Any) -> list[Committee]:
    ids = committees_where(user, {Role.SECRETARIAT})
    return list(Committee.objects.filter(pk__in=ids).order_by("name"))


def lenses(committee: Committee) -> list[Lens]:
    """A citizen first, then everybody who has a role in the body but the secretariat."""
    roles: dict[int, list[str]] = defaultdict(list)
    names: dict[int, str] = {}
    rows = Membership.objects.filter(committee=committee, user__is_active=True).active()
    order = list(Role)
    for row in sorted(
        rows.select_related("user"), key=lambda r: (order.index(Role(r.role)), r.user.name)
    ):
        names[row.user_id] = row.user.name
        roles[row.user_id].append(row.role)
    people = [
        Lens(str(pk), names[pk], ", ".join(str(Role(role).label) for role in held))
        for pk, held in roles.items()
        if Role.SECRETARIAT not in held
    ]
    return [Lens("citizen", _("A citizen without a login"), ""), *people]


# One deliverable -------------------------------------------------------------------------------


def current_deliverable(committee: Committee, pk: int) -> Deliverable | None:
    """A deliverable of the newest kommissorium; those of earlier versions are history."""
    newest = committee.terms.order_by("-version").first()
    rows = Deliverable.objects.filter(terms=newest, pk=pk)
    return rows.select_related("terms__committee").prefetch_related("evidence").first()
