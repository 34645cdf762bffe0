"""Have a dossier made. The act is in the protocol; what was in the dossier is not."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, works
from core.canonical import canonical_json, sha256_hex
from core.models import Work
from reports.policies import dossier as policies
from reports.selectors.dossier import Gathered, gathered
from usecases.models import UseCase

PDF, ZIP = "reports.dossier", "reports.dossier_zip"
KINDS = (PDF, ZIP)
# Raised when the looks or the package change, so that nothing old is found again.
EDITION = 1


def key_of(kind: str, found: Gathered, case: UseCase) -> str:
    """Names exactly one document: what this reader reads, and the municipality's looks."""
    municipality = case.committee.municipality
    looks = [EDITION, municipality.colour, municipality.logo.name or ""]
    return f"{kind}:{sha256_hex(canonical_json([found.sha256, looks]))}"


@transaction.atomic
def request_dossier(*, case: UseCase, kind: str, by: Any) -> Work:
    """Ask for the PDF or the package of what `by` reads of the case now."""
    policies.can_ask(by, case).require()
    found = gathered(by, case)
    work = works.request_work(
        kind=kind,
        key=key_of(kind, found, case),
        title=_("Case dossier %(number)s") % {"number": case.number},
        params={"case": case.pk, "access": list(found.access)},
        by=by,
    )
    audit.record(
        "reports.request_dossier", case, by=by, scope=case.committee, data={"work": work.pk}
    )
    return work
