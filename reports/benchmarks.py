"""What reports promise: a status report of a committee with 200 cases in five seconds."""

import time
from datetime import timedelta

from django.utils import timezone

from committee.enums import Role
from committee.models import Committee, Membership, Municipality, TermsOfReference, User
from core.bench import Outcome, benchmark
from ethics.models import Condition
from reports.services import reports
from usecases.enums import Status
from usecases.models import StatusChange, UseCase

PERIOD = timedelta(days=90)
WAY = [Status.SUBMITTED, Status.UNDER_ASSESSMENT, Status.APPROVED_FOR_PILOT, Status.PILOT]


@benchmark("reports", target="a status report for 200 cases under 5 s, gathered and as a PDF")
def status_report(cases: int = 200) -> Outcome:
    """Gather the figures of a status report and set it as a PDF, as service and worker do"""
    from reports.documents.status import report_pdf

    committee, secretary = begun()
    _cases(committee, secretary, cases)
    today = timezone.localdate()
    # Also what the first document of a process pays for the fonts and the engine.
    began, worked = time.perf_counter(), time.process_time()
    report = reports.open_report(
        committee=committee,
        recipient_name="Økonomiudvalget",
        period_from=today - PERIOD,
        period_to=today,
        by=secretary,
    )
    gathered = time.perf_counter()
    data = report_pdf(report)
    done = time.perf_counter()
    figures = {
        "cases": cases,
        "gather_s": round(gathered - began, 2),
        "pdf_s": round(done - gathered, 2),
        "seconds": round(done - began, 2),
        "processor_s": round(time.process_time() - worked, 2),
        "kilobytes": len(data) // 1024,
    }
    return Outcome(figures, done - began < 5)


def begun() -> tuple[Committee, User]:
    municipality = Municipality.objects.create(name="Gentofte Kommune")
    committee = Committee.objects.create(
        municipality=municipality, slug="bench", name="Bench", full_name="Opgaveudvalget Bench"
    )
    day = timezone.localdate() - 4 * PERIOD
    TermsOfReference.objects.create(committee=committee, version=1, adopted_on=day)
    secretary = User.objects.create_user("sekretariat@example.dk", name="Sekretær")
    Membership.objects.create(
        user=secretary, committee=committee, role=Role.SECRETARIAT, valid_from=day
    )
    return committee, secretary


def _cases(committee: Committee, owner: User, number: int) -> None:
    """Each has been moved as far as its number says, the last step within the period."""
    now = timezone.now()
    cases = UseCase.objects.bulk_create(
        UseCase(
            committee=committee,
            title=f"Anvendelse {n} af AI i forvaltningen",
            reference=f"AI-2026-{n:05d}",
            status=WAY[n % len(WAY)],
            submitted_at=now - 2 * PERIOD,
            answers={"baseline": "18 timer om ugen", "goal": "6 timer om ugen"},
        )
        for n in range(number)
    )
    StatusChange.objects.bulk_create(
        StatusChange(
            case=case, move="bench", old=WAY[step], new=WAY[step + 1],
            at=now - PERIOD / 3 * (3 - step),
        )
        for n, case in enumerate(cases)
        for step in range(n % len(WAY))
    )  # fmt: skip
    Condition.objects.bulk_create(
        Condition(
            case=case, number=1, text="Logning af opslag er slået til.", gate="pilot", owner=owner,
            due_on=timezone.localdate() + timedelta(days=n % 40 - 20), state="in_force",
            in_force_at=now - PERIOD,
        )
        for n, case in enumerate(cases)
    )  # fmt: skip


# The final report
from reports import benchmarks_final  # noqa: E402, F401
