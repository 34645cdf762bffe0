"""What the import of cases promises."""

import resource
import time

from committee.enums import Role
from committee.models import Committee, Membership, Municipality, User
from core.bench import Outcome, benchmark
from usecases.models import UseCase
from usecases.services import importing


@benchmark("usecases_import", target="10,000 rows in under 60 s, in constant memory")
def usecases_import(rows: int = 10_000) -> Outcome:
    """Read a CSV file with many rows and take them in, as the worker does"""
    committee, by = _secretary()
    lines = (f"Sag {n};{'Beskrivelse af løsningen. ' * 8};Vejle;Andet" for n in range(rows))
    data = "\n".join(["Projekttitel;Beskrivelse;Kommune;Fagområde", *lines]).encode()
    steps: list[int] = []

    def report(step: str, share: int, /) -> None:
        steps.append(share)

    batch = importing.begin_import(committee=committee, data=data, filename="stor.csv", by=by)
    del data
    before = _megabytes()
    began = time.perf_counter()
    importing.check_import(importing.get_batch(batch.pk), report)
    read = time.perf_counter() - began
    importing.confirm_import(batch=importing.get_batch(batch.pk), by=by)
    importing.run_import(importing.get_batch(batch.pk), report)
    seconds = time.perf_counter() - began
    figures = {
        "rows": UseCase.objects.count(),
        "seconds_to_preview": round(read, 1),
        "seconds": round(seconds, 1),
        "reports_of_progress": len(steps),
        "more_megabytes_than_before": round(_megabytes() - before, 1),
    }
    return Outcome(figures, seconds < 60 and figures["rows"] == rows)


def _megabytes() -> float:
    """The most memory that the process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _secretary() -> tuple[Committee, User]:
    from django.utils import timezone

    municipality = Municipality.objects.create(name="Gentofte Kommune")
    committee = Committee.objects.create(
        municipality=municipality, slug="bench", name="Bench", full_name="Bench"
    )
    by = User.objects.create_user(username="bench", email="bench@example.dk", name="Bench")
    Membership.objects.create(
        committee=committee, user=by, role=Role.SECRETARIAT, valid_from=timezone.localdate()
    )
    return committee, by
