"""The demo's final report: a draft, as the secretariat begins it some time before the end."""

from django.utils import timezone

from committee.models import Committee
from demo.holding import person
from reports.enums import ReportKind
from reports.models import Report
from reports.services import reports
from reports.services.texts import save_texts

RECIPIENT = "Kommunalbestyrelsen"
HEADLINE = "AI i Gentofte: Det har udvalget nået, og det mangler endnu"
FOREWORD = (
    "Opgaveudvalget AI i Gentofte har haft til opgave at foreslå en samlet ambition for kommunens "
    "brug af AI, etiske retningslinjer og områder, hvor AI egner sig. "
    "Her er, hvad udvalget er nået frem til, hvordan det er sket, og hvad der mangler."
)
REQUESTS = (
    "1) At tage slutrapporten til efterretning.\n"
    "2) At de vedtagne retningslinjer gælder for hele kommunen.\n"
    "3) At de åbne vilkår følges op af den, der tager over."
)


def seed_final_report(committee: Committee) -> Report:
    """Over the mandate until now; it stays a draft."""
    secretary = person("sekretariat")
    today = timezone.localdate()
    first = committee.mandate_from or today
    report = reports.open_report(
        committee=committee,
        recipient_name=RECIPIENT,
        period_from=min(first, today),
        period_to=max(committee.mandate_to or today, today),
        kind=ReportKind.FINAL,
        by=secretary,
    )
    texts = {"headline": HEADLINE, "foreword": FOREWORD, "requests": REQUESTS}
    save_texts(report=report, texts=texts, version=report.version, by=secretary)
    return report
