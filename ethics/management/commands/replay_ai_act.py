"""Stored answers under another version of the AI Act's rules."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from committee.models import Committee
from core import outbox
from core.models import OutboxEntry
from core.models.outbox import SETTLED, OutboxState
from core.verdicts import Refused
from ethics.ai_act import Rules, rulesets
from ethics.models import AiActReplay
from ethics.services import aiact_replay as services
from usecases.models import UseCase


class Command(BaseCommand):
    help = "List the cases whose outcome, duties or dates change under a ruleset; re-open them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ruleset", help="for example ai_act@2")
        parser.add_argument("--dry-run", action="store_true", help="list only, change nothing")
        parser.add_argument("--committee", help="the slug of one committee; else all")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rules = services.known_rules(options["ruleset"])
        except Refused as refusal:
            known = ", ".join(rulesets())
            raise CommandError(f"There is no ruleset “{options['ruleset']}”: {known}.") from refusal
        bodies = Committee.objects.order_by("pk")
        if options["committee"]:
            bodies = bodies.filter(slug=options["committee"])
            if not bodies:
                raise CommandError(f"There is no committee “{options['committee']}”.")
        changed = sum(self._committee(one, rules, options["dry_run"]) for one in bodies)
        word = "would be re-opened" if options["dry_run"] else "re-opened"
        self.stdout.write(f"{changed} case(s) {word}.")

    def _committee(self, committee: Committee, rules: Rules, dry_run: bool) -> int:
        rows = services.concluded_in(committee)
        found = [change for change in services.find_changes(rows, rules) if change is not None]
        self.stdout.write(f"{committee.slug}: {rows.count()} assessment(s), {len(found)} change.")
        numbers = UseCase.objects.in_bulk([change.case for change in found])
        for change in found:
            # Numbers, no titles: this may stand in a log.
            self.stdout.write(f"  {numbers[change.case]}")
            for one in change.changes:
                told = f"{one['what']} {one['code']}: {one['old'] or '-'} -> {one['new'] or '-'}"
                self.stdout.write(f"    {told}")
        if found and not dry_run:
            self._apply(committee, rules)
        return len(found)

    def _apply(self, committee: Committee, rules: Rules) -> None:
        """The same two steps as on the page. A worker that is faster does the same work."""
        replay = services.begin_replay(committee=committee, ruleset=rules.reference, by=None)
        self._work(services.CHECK, replay)
        services.confirm_replay(replay=AiActReplay.objects.get(pk=replay.pk), by=None)
        self._work(services.APPLY, replay)

    def _work(self, kind: str, replay: AiActReplay) -> None:
        entry = OutboxEntry.objects.get(key=f"{kind}:{replay.pk}")
        while entry.state not in SETTLED:
            if not outbox.run(entry.pk):
                time.sleep(1)
            entry.refresh_from_db()
        if entry.state != OutboxState.DONE:
            raise CommandError("The replay stopped. See the outbox entry in the administration.")
