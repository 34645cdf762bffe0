"""What the demo has made of dossiers and personal data can be opened by who asked for it."""

import pytest
from django.core.management import call_command

from core import works
from core.models import Work

pytestmark = pytest.mark.django_db


def test_demo_has_dossiers_and_an_export_that_open() -> None:
    call_command("seed_demo", stage="done", verbosity=0)

    rows = list(Work.objects.filter(kind__startswith="reports.").order_by("pk"))

    assert {row.kind for row in rows} >= {
        "reports.dossier",
        "reports.dossier_zip",
        "reports.personal_data_pdf",
    }
    assert [row.kind for row in rows if row.file is None] == []
    for row in rows:
        for asker in row.askers.select_related("person"):
            assert works.maker_of(row.kind).may_open(asker.person, row)
