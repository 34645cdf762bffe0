"""The demo's mandate: what has been delivered, and the body that is to take over."""

from datetime import timedelta

from committee.enums import BodyKind, Role
from committee.models import Committee, User
from committee.services import (
    NewDeliverable,
    NewEvidence,
    NewSection,
    add_evidence,
    adopt_terms,
    appoint_member,
    create_committee,
)
from demo.committee import GUIDELINES, mandate_end
from ethics.models import GuidelineEdition

SUCCESSOR = "ai-og-data"
SECTIONS = (
    NewSection(
        "Formål",
        "Udvalget er opdigtet til demoen. Det følger de anvendelser af AI, som opgaveudvalget AI i "
        "Gentofte har behandlet, og ser til, at vilkårene bliver overholdt.",
    ),
    NewSection(
        "Udvalgets opgaver",
        "1. følge op på beslutningerne om AI\n2. et register, som borgerne kan læse",
    ),
)
DELIVERABLES = (
    NewDeliverable("Status på alle anvendelser af AI", "Hvert halve år til kommunalbestyrelsen."),
)


def seed_mandate(committee: Committee) -> Committee:
    """What the meetings delivered, and a successor that nothing has been handed to yet."""
    _report_guidelines(committee)
    return _seed_successor(committee)


def _report_guidelines(committee: Committee) -> None:
    """What has been adopted in this stage can be seen at the deliverable."""
    editions = GuidelineEdition.objects.filter(version__guideline__committee=committee)
    edition = editions.select_related("version__guideline").order_by("pk").first()
    terms = committee.terms.order_by("-version").first()
    if edition is None or terms is None:
        return
    guideline = edition.version.guideline
    day = edition.decided_on or edition.at.date()
    add_evidence(
        deliverable=terms.deliverables.get(title=GUIDELINES),
        evidence=NewEvidence(guideline.title, guideline.get_absolute_url(), day),
        by=User.objects.get(username="sekretariat"),
    )


def _seed_successor(committee: Committee) -> Committee:
    admin = User.objects.get(username="admin")
    first = mandate_end() + timedelta(days=1)
    body = create_committee(
        municipality=committee.municipality,
        kind=BodyKind.TASK,
        slug=SUCCESSOR,
        name="AI og data",
        full_name="Opgaveudvalget AI og data",
        summary="Et opdigtet udvalg, der skal tage over efter AI i Gentofte.",
        parent=committee.parent,
        predecessor=committee,
        mandate_from=first,
        mandate_to=first + timedelta(days=2 * 365),
        section_template=committee.section_template,
        by=admin,
    )
    adopt_terms(
        committee=body,
        adopted_on=first - timedelta(days=30),
        sections=SECTIONS,
        deliverables=DELIVERABLES,
        by=admin,
    )
    appoint_member(
        committee=body,
        user=User.objects.get(username="sekretariat"),
        role=Role.SECRETARIAT,
        valid_from=committee.mandate_from or first,
        by=admin,
    )
    return body
