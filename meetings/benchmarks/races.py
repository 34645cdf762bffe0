"""Votes that are cast while somebody closes the vote."""

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

from core.bench import Outcome, benchmark
from core.verdicts import StaleState
from meetings.benchmarks.builder import Body, a_body, begin, move_on
from meetings.enums import VoteChoice
from meetings.models import Motion, VoteRound
from meetings.services.votes import cast_vote, close_round, open_round

# The close falls somewhere among the votes, which come within this time.
SPREAD_SECONDS = 0.02
REFUSED = "refused"


@benchmark("vote_races", target="1,000 right counts of 1,000 rounds")
def vote_races(rounds: int = 1_000, members: int = 6) -> Outcome:
    """Members vote while the vote is closed; the frozen count is exactly the votes accepted"""
    body = a_body(members, items=1)
    begin(body)
    motion = move_on(body, body.items[0])
    lot = random.Random(1)  # noqa: S311 - when each one comes, not a secret
    began = time.perf_counter()
    # One more than members: the secretary who closes.
    with ThreadPoolExecutor(members + 1, initializer=_settle) as pool:
        counts = [_round(body, motion, pool, lot) for _number in range(rounds)]
    right = sum(count["right"] for count in counts)
    figures = {
        "rounds": rounds,
        "right_counts": right,
        "votes_accepted": sum(count["accepted"] for count in counts),
        "votes_refused_as_closed": sum(count["refused"] for count in counts),
        "rounds_with_both": sum(bool(c["accepted"] and c["refused"]) for c in counts),
        "other_answers": sum(count["other"] for count in counts),
        "seconds": round(time.perf_counter() - began, 1),
    }
    return Outcome(figures, right == rounds)


def _settle() -> None:
    connection.ensure_connection()


def _round(
    body: Body, motion: Motion, pool: ThreadPoolExecutor, lot: random.Random
) -> dict[str, int]:
    motion = Motion.objects.select_related("item__meeting").get(pk=motion.pk)
    row = open_round(motion=motion, by=body.secretary)
    choices = [lot.choice(VoteChoice.values) for _member in body.members]
    acts: list[Callable[[], Any]] = [
        lambda member=member, choice=choice: cast_vote(  # type: ignore[misc]
            vote_round=row, member=member, choice=choice, by=member
        )
        for member, choice in zip(body.members, choices, strict=True)
    ]
    acts.append(lambda: close_round(vote_round=row, by=body.secretary))
    *answers, closed = _together(acts, pool, lot)
    accepted = [c for c, answer in zip(choices, answers, strict=True) if answer == "done"]
    return {
        "right": int(_is_right(row, accepted, answers) and closed == "done"),
        "accepted": len(accepted),
        "refused": answers.count(REFUSED),
        "other": len([answer for answer in answers if answer not in {"done", REFUSED}]),
    }


def _together(
    acts: list[Callable[[], Any]], pool: ThreadPoolExecutor, lot: random.Random
) -> list[str]:
    """Start all at the same moment, let each wait a little, and say what each was answered."""
    start = threading.Barrier(len(acts))
    waits = [lot.uniform(0, SPREAD_SECONDS) for _act in acts]

    def act(number: int) -> str:
        start.wait()
        time.sleep(waits[number])
        try:
            acts[number]()
        except StaleState:
            return REFUSED
        except Exception as error:  # noqa: BLE001 - any other answer is a wrong one, and counted
            return type(error).__name__
        return "done"

    return list(pool.map(act, range(len(acts))))


def _is_right(row: VoteRound, accepted: list[str], answers: list[str]) -> bool:
    """The frozen numbers are the votes accepted, and everybody else was told that it is closed."""
    frozen = VoteRound.objects.get(pk=row.pk)
    numbers = [frozen.votes_for, frozen.votes_against, frozen.abstentions]
    choices = (VoteChoice.FOR, VoteChoice.AGAINST, VoteChoice.ABSTAIN)
    stored = sorted(frozen.votes.values_list("choice", flat=True))
    return (
        not frozen.is_open
        and numbers == [accepted.count(choice) for choice in choices]
        and stored == sorted(accepted)
        and set(answers) <= {"done", REFUSED}
    )
