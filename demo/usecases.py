"""The demo's cases: what others have reported, taken in as any file is, and marked as examples."""

from pathlib import Path

from committee.models import Committee, User
from usecases.models import CaseImport
from usecases.services.importing import begin_import, check_import, confirm_import, get_batch
from usecases.services.importing import run_import as take_in

CONTENT = Path(__file__).parent / "content" / "usecases.csv"


def seed_cases(committee: Committee) -> CaseImport:
    """Import the eight examples; the worker finds its entries already done."""
    secretary = User.objects.get(username="sekretariat")
    batch = begin_import(
        committee=committee,
        data=CONTENT.read_bytes(),
        filename="eksempler-fra-landkortet.csv",
        by=secretary,
        allow_unplaced=True,
        is_example=True,
    )
    check_import(get_batch(batch.pk), _silent)
    confirm_import(batch=get_batch(batch.pk), by=secretary)
    take_in(get_batch(batch.pk), _silent)
    return get_batch(batch.pk)


def _silent(step: str, share: int, /) -> None:
    pass
