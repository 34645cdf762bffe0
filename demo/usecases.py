"""The demo's cases: what others have reported, and invented ones in every part of their life.

Both are marked as examples: no page shows them as the municipality's own entries.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

import yaml
from django.utils import timezone

from committee.models import Committee, User
from demo.ai_act import assess
from demo.clock import at
from demo.committee import SEATED_PEOPLE
from demo.holding import person
from demo.reviews import review
from usecases.enums import Decision, SimilarAnswer
from usecases.models import CaseImport, Comment, UseCase
from usecases.services import facts
from usecases.services.discussion import edit_comment, follow_case, write_comment
from usecases.services.importing import begin_import, check_import, confirm_import, get_batch
from usecases.services.importing import run_import as take_in
from usecases.services.merging import merge_cases, split_case
from usecases.services.moves import move_case
from usecases.services.ranking import close_ranking, lay_votes, open_ranking, score_case
from usecases.services.texts import answer_similar, create_case, save_values
from usecases.services.views import save_view

CONTENT = Path(__file__).parent / "content"
IMPORTED = CONTENT / "usecases.csv"
OWN = CONTENT / "cases.yaml"
# Before anything that the story tells.
IMPORTED_AGO = 120
DECISION_BODY = "Økonomiudvalget"
SEATED = [one.username for one in SEATED_PEOPLE]
Plan = dict[str, Any]


def seed_cases(committee: Committee, seed: int = 1) -> CaseImport:
    """The eight examples of other municipalities, then the invented cases; returns the import."""
    with days_ago(IMPORTED_AGO, 0):
        batch = _import_examples(committee)
    _Story(committee, Random(seed)).tell()  # noqa: S311 - a demo's lot, not a secret
    return batch


def _import_examples(committee: Committee) -> CaseImport:
    """As any file is taken in; the worker finds its entries already done."""
    secretary = person("sekretariat")
    batch = begin_import(
        committee=committee,
        data=IMPORTED.read_bytes(),
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


def day_of(ago: int) -> date:
    return timezone.localdate() - timedelta(days=ago)


@contextmanager
def days_ago(ago: int, minute: int) -> Iterator[None]:
    """In the working hours of that day, so that one thing happens after the other."""
    moment = datetime.combine(day_of(ago), time(9)) + timedelta(minutes=minute)
    with at(timezone.make_aware(moment)):
        yield


class _Story:
    """The invented cases, told day by day: what one event makes, the next ones find by its key."""

    def __init__(self, committee: Committee, lot: Random) -> None:
        self.committee = committee
        self.lot = lot
        self.secretary = person("sekretariat")
        self.made: dict[str, int] = {}
        self.plans, self.rounds, self.views = yaml.safe_load_all(OWN.read_text(encoding="utf-8"))

    def tell(self) -> None:
        today = timezone.localdate()
        for minute, (ago, act, plan, event) in enumerate(self._events()):
            event["today"] = today
            with days_ago(ago, minute):
                getattr(self, f"_{act}")(plan, event)
        for view in self.views:
            query, shared = view["query"], view["shared"]
            save_view(name=view["name"], query=query, by=self.secretary, is_shared=shared)

    def _events(self) -> list[tuple[int, str, Plan, Plan]]:
        """Everything in the order of time; on one day in the order of the file."""
        found = [
            (one["ago"], one["do"], plan, one) for plan in self.plans for one in plan["events"]
        ]
        for row in self.rounds:
            found.append((row["opened"], "open_round", row, {}))
            if "closed" in row:
                found.append((row["closed"], "close_round", row, {}))
        return sorted(found, key=lambda one: -one[0])

    def _case(self, key: str) -> UseCase:
        return UseCase.objects.select_related("committee").get(pk=self.made[key])

    def _about(self, plan: Plan, event: Plan) -> UseCase:
        return self._case(event["of"] if "of" in event else plan["key"])

    def _by(self, plan: Plan, event: Plan) -> User:
        return person(event["by"] if "by" in event else plan["by"])

    # One case ---------------------------------------------------------------------------------

    def _create(self, plan: Plan, event: Plan) -> None:
        values = {key: self._value(raw, event) for key, raw in plan["values"].items()}
        values |= {"title": plan["title"]}
        if "owner" in plan:
            values["owner"] = person(plan["owner"])
        by = person(plan["by"])
        case = create_case(committee=self.committee, values=values, by=by, is_example=True)
        self.made[plan["key"]] = case.pk

    def _value(self, raw: Any, event: Plan) -> Any:
        """A day is written as so many from today."""
        return event["today"] + timedelta(days=raw["days"]) if isinstance(raw, dict) else raw

    def _save(self, plan: Plan, event: Plan) -> None:
        case = self._about(plan, event)
        by = self._by(plan, event)
        save_values(case=case, values=event["values"], version=case.version, by=by)

    def _submit(self, plan: Plan, event: Plan) -> None:
        case, by = self._about(plan, event), self._by(plan, event)
        if not case.similar_answer:
            case = answer_similar(case=case, answer=SimilarAnswer.NONE, by=by)
        move_case(case=case, move="submit", by=by)

    def _take_up(self, plan: Plan, event: Plan) -> None:
        move_case(case=self._about(plan, event), move="take_up", by=self.secretary)

    def _park(self, plan: Plan, event: Plan) -> None:
        move_case(
            case=self._about(plan, event),
            move="park",
            by=self.secretary,
            reason=event["reason"],
            revisit_on=event["today"] + timedelta(days=event["revisit"]),
        )

    def _classify(self, plan: Plan, event: Plan) -> None:
        case = self._about(plan, event)
        assess(case, event["answers"], by=self.secretary, asks=person("systemejer"))

    def _ethics(self, plan: Plan, event: Plan) -> None:
        facts.record_ethics_outcome(
            case=self._about(plan, event),
            outcome=event["outcome"],
            on=timezone.localdate(),
            by=self.secretary,
        )

    def _approve_pilot(self, plan: Plan, event: Plan) -> None:
        self._decide(Decision.PILOT, plan, event)

    def _reject(self, plan: Plan, event: Plan) -> None:
        self._decide(Decision.REJECT, plan, event)

    def _decide(self, decision: str, plan: Plan, event: Plan) -> None:
        """The other body has decided; the secretariat writes it down and makes the move."""
        expires = event["today"] + timedelta(days=event["expires"]) if "expires" in event else None
        words: Plan = {
            "decision": decision,
            "body": DECISION_BODY,
            "on": timezone.localdate(),
            "reasons": event["reasons"],
            "conditions": event.get("conditions", ""),
            "dissent": event.get("dissent", ""),
            "expires": expires,
        }
        case = self._about(plan, event)
        if decision != Decision.REJECT:
            review(case, self.secretary, **words)
            return
        record = facts.DecisionRecord(**words)
        case = facts.record_decision(case=case, record=record, by=self.secretary)
        move_case(case=case, move=decision, by=self.secretary, reason=event["reasons"])

    def _start_pilot(self, plan: Plan, event: Plan) -> None:
        by = self.secretary
        case = self._about(plan, event)
        case = facts.set_conditions_met(case=case, gate="pilot", met=True, by=by)
        case = facts.set_obligations_met(case=case, gate="pilot", met=True, by=by)
        case = facts.approve_register_entry(case=case, by=by)
        move_case(case=case, move="start_pilot", by=person(plan["owner"]))

    def _merge(self, plan: Plan, event: Plan) -> None:
        merge_cases(
            case=self._about(plan, event),
            into=self._case(event["into"]),
            reason=event["reason"],
            by=self.secretary,
        )

    def _split(self, plan: Plan, event: Plan) -> None:
        part = split_case(
            case=self._about(plan, event),
            title=event["title"],
            problem=event["problem"],
            reason=event["reason"],
            by=self.secretary,
        )
        self.made[event["key"]] = part.pk

    # What is said of it -----------------------------------------------------------------------

    def _comment(self, plan: Plan, event: Plan) -> None:
        write_comment(
            case=self._about(plan, event),
            text=event["text"],
            by=self._by(plan, event),
            section=event.get("section", ""),
            reply_to=event.get("reply_to", 0),
        )

    def _edit_comment(self, plan: Plan, event: Plan) -> None:
        case = self._about(plan, event)
        row = Comment.objects.select_related("case__committee").get(
            case=case, number=event["number"]
        )
        by = self._by(plan, event)
        edit_comment(comment=row, text=event["text"], version=row.version, by=by)

    def _follow(self, plan: Plan, event: Plan) -> None:
        follow_case(case=self._about(plan, event), follows=True, by=self._by(plan, event))

    def _score(self, plan: Plan, event: Plan) -> None:
        scores = {key: event[key] for key in ("value", "feasibility", "risk")}
        case = self._about(plan, event)
        score_case(case=case, scores=scores, reason=event["reason"], by=self.secretary)

    # Rounds -----------------------------------------------------------------------------------

    def _open_round(self, plan: Plan, event: Plan) -> None:
        """Open it, and let some members lay all their votes."""
        days = plan["opened"] + plan.get("closes_in", -plan.get("closed", 0))
        opened = open_ranking(
            committee=self.committee,
            title=plan["title"],
            cases=[self._case(key) for key in plan["cases"]],
            votes_each=plan["votes_each"],
            most_per_case=plan["most_per_case"],
            closes_at=_noon(timezone.localdate() + timedelta(days=days)),
            by=self.secretary,
        )
        plan["made"] = opened
        entries = list(opened.entries.order_by("pk"))
        members = User.objects.filter(username__in=SEATED).order_by("pk")
        for member in self.lot.sample(list(members), plan["voters"]):
            votes: dict[int, int] = {}
            while sum(votes.values()) < plan["votes_each"]:
                pk = self.lot.choice(entries).pk
                votes[pk] = min(votes.get(pk, 0) + 1, plan["most_per_case"])
            lay_votes(ranking=opened, votes=votes, by=member)

    def _close_round(self, plan: Plan, event: Plan) -> None:
        close_ranking(ranking=plan["made"], by=self.secretary)


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))
