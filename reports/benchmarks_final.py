"""What the final report promises: two hundred pages with forty figures in a worker's minute."""

import io
import resource
import time
from datetime import timedelta

from django.utils import timezone

from core.bench import Outcome, benchmark
from reports.charts import Bar, Bars, Chart, Lines, Series, Stack, Stacked
from reports.content.blocks import Block, figure, passage, section
from reports.enums import ReportKind
from reports.models import Report
from reports.services import reports

PARAGRAPH = (
    "Udvalget drøftede, hvordan AI kan hjælpe medarbejdere med at skrive, søge og sortere, og hvad "
    "borgerne skal vide om det. Der skal altid være et menneske, der læser svaret, før det sendes. "
)
# So many passages of this length fill two hundred pages beside the figures.
PASSAGES, PARAGRAPHS = 80, 15
CATEGORIES = 12


@benchmark("final-report", target="200 pages with 40 figures under 60 s and 500 MB")
def final_report(charts: int = 40) -> Outcome:
    """Set a long final report as a PDF, as the worker does"""
    import pikepdf

    from reports.benchmarks import begun
    from reports.documents.final import final_pdf

    committee, secretary = begun()
    today = timezone.localdate()
    report = reports.open_report(
        committee=committee, recipient_name="Kommunalbestyrelsen", kind=ReportKind.FINAL,
        period_from=today - timedelta(days=90), period_to=today, by=secretary,
    )  # fmt: skip
    report.content["sections"] += [_section(n, charts) for n in range(10)]
    Report.objects.filter(pk=report.pk).update(content=report.content)
    began, worked = time.perf_counter(), time.process_time()
    data = final_pdf(report)
    seconds, worked = time.perf_counter() - began, time.process_time() - worked
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pages = len(pdf.pages)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    figures = {
        "pages": pages,
        "figures": charts,
        "seconds": round(seconds, 1),
        "processor_s": round(worked, 1),
        "most_megabytes": megabytes,
        "kilobytes": len(data) // 1024,
    }
    return Outcome(figures, pages >= 200 and seconds < 60 and megabytes < 500)


def _section(number: int, charts: int) -> Block:
    texts = [
        passage(f"bench:{number}:{n}", f"Emne {number}.{n}", (PARAGRAPH * 3 + "\n\n") * PARAGRAPHS)
        for n in range(PASSAGES // 10)
    ]
    drawn = [figure(_chart(number * 10 + n)) for n in range(charts // 10)]
    return section(f"bench{number}", f"Område {number}", *texts, *drawn)


def _chart(number: int) -> Chart:
    names = [f"Fagområde {n} med et navn, der er lidt for langt" for n in range(CATEGORIES)]
    facts = (f"bench-{number}", "Anvendelser efter fagområde", "Flest i det sidste fagområde")
    if number % 3 == 0:
        return Bars(*facts, tuple(Bar(name, n) for n, name in enumerate(names)), "Anvendelser")
    if number % 3 == 1:
        rows = tuple(Stack(name, (n, 3, 1)) for n, name in enumerate(names))
        series = (("Godkendt", "main"), ("Åbne", "pale"), ("Over frist", "late"))
        return Stacked(*facts, series, rows, "Vilkår")  # type: ignore[arg-type]
    day = timezone.localdate()
    points = tuple((day + timedelta(days=30 * n), n * 3 % 11) for n in range(CATEGORIES))
    return Lines(*facts, (Series("i drift", points), Series("pilot", points[::2])), "Anvendelser")
