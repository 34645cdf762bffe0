from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from committee.models import User
from core import outbox
from core.sealing import make_test_certificate
from demo.ai_act import write_changed_law
from demo.committee import PASSWORD, seed_committee, seed_other_committee
from demo.ethics import seed_guidelines
from demo.meetings import STAGES, seed_meetings
from demo.reports_final import seed_final_report
from demo.reports_mandate import seed_mandate
from demo.reports_status import seed_reports
from demo.usecases import seed_cases


class Command(BaseCommand):
    help = "Fill an empty installation with the demo committee and its meetings."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--stage", choices=STAGES, default="meeting")
        parser.add_argument("--seed", type=int, default=1, help="for what is drawn by lot")
        parser.add_argument(
            "--no-documents", action="store_true", help="leave the PDFs to the worker"
        )

    def handle(self, *args: Any, stage: str, seed: int, no_documents: bool, **options: Any) -> None:
        if User.objects.exists():
            self.stdout.write(
                "Der er allerede brugere her. Demoen lægges kun i en tom installation."
            )
            return
        with transaction.atomic():
            committee = seed_committee()
            seed_other_committee()
            make_test_certificate(organisation=committee.municipality.name)
            meetings = seed_meetings(committee, stage, seed)
            seed_cases(committee)
            write_changed_law()
            seed_guidelines(committee)
            # mandate
            seed_mandate(committee)
            if stage == "done":
                seed_reports(committee)
                seed_final_report(committee)
        self.stdout.write(f"{committee}: {len(meetings)} møder er lagt ind.")
        if not no_documents:
            self.stdout.write(f"{outbox.drain()} PDF'er og mails er lavet.")
        self.stdout.write(f"Log ind som fx sekretariat med adgangskoden {PASSWORD}")
