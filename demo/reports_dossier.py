"""A dossier that a member of the council has had made, and somebody's own data."""

from committee.models import Committee, User
from reports.services.dossier import PDF, ZIP, request_dossier
from reports.services.personal_data import PDF as PERSONAL
from reports.services.personal_data import request_export
from usecases.models import UseCase


def seed_dossiers(committee: Committee) -> None:
    """Of the proposal that was decided on first; after everything else has been done."""
    rows = UseCase.objects.filter(committee=committee, decision_recorded_at__isnull=False)
    case = rows.select_related("committee__municipality").order_by("decision_recorded_at").first()
    if case is not None:
        for username, kind in (("raadslaeser", PDF), ("sekretariat", ZIP)):
            request_dossier(case=case, kind=kind, by=User.objects.get(username=username))
    person = User.objects.get(username="borgermedlem")
    request_export(person=person, kind=PERSONAL, by=person)
