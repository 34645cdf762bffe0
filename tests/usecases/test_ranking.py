"""Scores on anchored scales, and rounds of votes that are sealed until they close."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from committee.enums import Role
from committee.models import User
from core.models import AuditEntry, OutboxEntry
from core.verdicts import NotAllowed, Refused, StaleState
from tests.factories import days, person
from tests.usecases.scenes import a_scene, bring_to
from usecases import policies
from usecases.enums import FINAL, Status
from usecases.models import CaseScore, RankingRound, RankingVote, UseCase
from usecases.ranking import HIGHEST, KEYS, ranking
from usecases.selectors.matrix import Ranked, place
from usecases.selectors.ranking import ranking_page, round_page
from usecases.services.ranking import close_ranking, lay_votes, open_ranking, score_case
from usecases.tasks import mind_rankings
from usecases.verbs import WORDS

pytestmark = pytest.mark.django_db
STEPS = {"value": 4, "feasibility": 5, "risk": 2}


def some_cases(scene, count: int = 3) -> list[UseCase]:
    """Submitted cases as the services would have left them, without their long texts."""
    return [
        UseCase.objects.create(
            committee=scene.committee,
            title=f"Forslag nummer {number}",
            reference=f"AI-2026-{number:03}",
            status=Status.SUBMITTED,
            submitted_at=days(-2),
            answers={"problem": "Vi venter længe."},
        )
        for number in range(1, count + 1)
    ]


def a_round(count: int = 3, votes: int = 5, most: int = 3, **more: Any) -> SimpleNamespace:
    scene = a_scene()
    cases = some_cases(scene, count)
    row = open_ranking(
        committee=scene.committee,
        title="Runde i november",
        cases=cases,
        votes_each=votes,
        most_per_case=most,
        closes_at=more.pop("closes_at", days(5)),
        by=scene.secretary,
    )
    found = SimpleNamespace(**vars(scene), row=row, cases=cases)
    found.entries = list(row.entries.order_by("pk"))
    return found


def ballot(found: SimpleNamespace, *counts: int) -> dict[int, int]:
    return {entry.pk: count for entry, count in zip(found.entries, counts, strict=False)}


def as_user(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


# Scores ------------------------------------------------------------------------------------------


def test_every_step_is_anchored_by_its_own_sentence() -> None:
    steps = [step for scale in ranking().scales for step in scale.steps]

    assert [scale.key for scale in ranking().scales] == list(KEYS)
    assert len(set(steps)) == len(KEYS) * HIGHEST
    assert [ranking().level_of(n).key for n in range(1, 6)] == [
        *("low", "low", "middle", "high", "high")
    ]


def test_a_new_score_counts_and_the_earlier_stays() -> None:
    scene = a_scene()
    case = some_cases(scene, 1)[0]

    score_case(case=case, scores=STEPS, reason="Først.", by=scene.secretary)
    score_case(case=case, scores={**STEPS, "risk": 4}, reason="Så.", by=scene.second)

    rows = ranking_page(scene.member, scene.committee)["rows"]
    assert [(row.score.risk, row.score.reason, row.level.key) for row in rows] == [
        (4, "Så.", "high")
    ]
    assert [row.reason for row in case.scores.all()] == ["Først.", "Så."]
    assert AuditEntry.objects.filter(verb="usecases.score_case").count() == 2


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("step", [0, 6, -1])
def test_a_score_is_a_step_of_the_scale(key: str, step: int) -> None:
    scene = a_scene()
    case = some_cases(scene, 1)[0]

    with pytest.raises(Refused) as refusal:
        score_case(case=case, scores={**STEPS, key: step}, reason="x", by=scene.secretary)

    assert (refusal.value.field, CaseScore.objects.count()) == (key, 0)


def test_a_score_needs_its_reason() -> None:
    scene = a_scene()
    case = some_cases(scene, 1)[0]

    with pytest.raises(Refused) as refusal:
        score_case(case=case, scores=STEPS, reason="  ", by=scene.secretary)

    assert refusal.value.field == "reason"


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_keeps_scores_as_they_were(act: str) -> None:
    scene = a_scene()
    row = score_case(
        case=some_cases(scene, 1)[0], scores=STEPS, reason="Derfor.", by=scene.secretary
    )
    rows = CaseScore.objects.filter(pk=row.pk)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        rows.update(reason="Noget andet") if act == "update" else rows._raw_delete("default")


SCORERS = {"secretary", "second"}
PEOPLE = (
    *("proposer", "owner", "secretary", "second", "chair", "member"),
    *("reviewer", "follower", "outsider"),
)


@pytest.mark.parametrize("status", Status.values)
def test_who_scores_in_which_state(status: str) -> None:
    scene = a_scene()
    case = bring_to(scene, status)
    open_to = set() if status in FINAL | {Status.DRAFT} else SCORERS

    found = {name for name in PEOPLE if policies.can_score(scene.again(name), case)}

    assert found == open_to


def test_the_table_of_scorers_has_every_role() -> None:
    scene = a_scene()

    for role in Role:
        user = person(scene.committee, role)
        sees = policies.sees_ranking(user, scene.committee.pk)
        assert sees == (role in {"chair", "vice_chair", "member", "secretariat"})
        votes = bool(policies.can_vote_in_ranking(user, scene.committee.pk))
        assert votes == (role in {"chair", "vice_chair", "member"})
        runs = bool(policies.can_run_ranking(user, scene.committee.pk))
        assert runs == (role == "secretariat")


# The matrix --------------------------------------------------------------------------------------


def spread(count: int, square: Callable[[int], tuple[int, int]]) -> list[Ranked]:
    rows = []
    for number in range(1, count + 1):
        feasibility, value = square(number)
        score = CaseScore(value=value, feasibility=feasibility, risk=3)
        rows.append(Ranked(number, UseCase(title="x"), score, ranking().level_of(3), None))
    return rows


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), max_size=30))
def test_no_two_marks_touch(squares: list[tuple[int, int]]) -> None:
    marks = place(spread(len(squares), lambda number: squares[number - 1]))
    pairs = [(a, b) for i, a in enumerate(marks) for b in marks[i + 1 :]]

    assert len(marks) == len(squares)
    assert all(max(abs(a.x - b.x), abs(a.y - b.y)) >= 24 for a, b in pairs)


def test_thirty_in_one_square_stay_in_it() -> None:
    marks = place(spread(30, lambda _number: (5, 5)))

    assert len({(mark.x, mark.y) for mark in marks}) == 30
    assert max(mark.x for mark in marks) - min(mark.x for mark in marks) <= 5 * 24
    assert max(mark.y for mark in marks) - min(mark.y for mark in marks) <= 4 * 24


@pytest.mark.parametrize(
    ("sort", "order"),
    [("samlet", [2, 1, 3]), ("vaerdi", [3, 2, 1]), ("gennemfoerlighed", [2, 1, 3]),
     ("risiko", [1, 2, 3]), ("ukendt", [2, 1, 3])],
)  # fmt: skip
def test_the_list_is_sorted(sort: str, order: list[int]) -> None:
    scene = a_scene()
    steps = [(2, 4, 1), (4, 5, 2), (5, 1, 5)]
    for case, (value, feasibility, risk) in zip(some_cases(scene), steps, strict=True):
        scores = {"value": value, "feasibility": feasibility, "risk": risk}
        score_case(case=case, scores=scores, reason="Derfor.", by=scene.secretary)

    rows = ranking_page(scene.member, scene.committee, sort)["rows"]

    assert [int(row.case.reference[-3:]) for row in rows] == order


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_page_costs_the_same_for_many(count: int) -> None:
    found = a_round(max(count, 2))
    for case in found.cases:
        score_case(case=case, scores=STEPS, reason="Derfor.", by=found.secretary)
    lay_votes(ranking=found.row, votes=ballot(found, 1), by=found.member)
    close_ranking(ranking=found.row, by=found.secretary)
    client = as_user(found.member)
    pages = [reverse("usecases:ranking_page"), found.row.get_absolute_url()]
    client.get(pages[0])

    costs = []
    for path in pages:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(path).status_code == 200
        costs.append(len(queries))

    assert all(cost <= 20 for cost in costs), costs


def test_the_plot_and_the_table_say_the_same() -> None:
    scene = a_scene()
    cases = some_cases(scene, 12)
    for number, case in enumerate(cases):
        scores = {"value": number % 5 + 1, "feasibility": number % 3 + 1, "risk": number % 5 + 1}
        score_case(case=case, scores=scores, reason="Derfor.", by=scene.secretary)

    page = as_user(scene.member).get(reverse("usecases:ranking_page"))

    html = page.content.decode()
    for case in cases:
        assert html.count(f'href="{case.get_absolute_url()}"') == 2
    assert html.count("style=") == 0


# Rounds: the budget ------------------------------------------------------------------------------


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.lists(st.integers(0, 6), min_size=3, max_size=3), min_size=1, max_size=6),
)
def test_no_ballot_exceeds_the_budget(ballots: list[list[int]]) -> None:
    with transaction.atomic():
        found = a_round()
        kept = [0, 0, 0]
        for counts in ballots:
            allowed = sum(counts) <= 5 and max(counts) <= 3
            try:
                left = lay_votes(ranking=found.row, votes=ballot(found, *counts), by=found.member)
            except Refused:
                assert not allowed
            else:
                assert allowed
                assert left == 5 - sum(counts)
                kept = counts
        own = [choice.own for choice in round_page(found.member, found.row)["choices"]]
        assert own == kept
        close_ranking(ranking=found.row, by=found.secretary)
        totals = found.row.entries.order_by("pk").values_list("total", flat=True)
        assert list(totals) == kept
        transaction.set_rollback(True)


@pytest.mark.parametrize("move", ["withdrawn", "merged"])
def test_a_case_that_leaves_gives_its_votes_back(move: str) -> None:
    found = a_round()
    lay_votes(ranking=found.row, votes=ballot(found, 3, 2), by=found.member)
    gone = UseCase.objects.filter(pk=found.cases[0].pk)
    if move == "withdrawn":
        gone.update(status=Status.WITHDRAWN)
    else:
        gone.update(merged_into=found.cases[2])

    before = round_page(found.member, found.row)
    left = lay_votes(ranking=found.row, votes=ballot(found, 3, 2, 3), by=found.member)
    close_ranking(ranking=found.row, by=found.secretary)

    assert (before["laid"], before["left"]) == (2, 3)
    assert left == 0
    totals = found.row.entries.order_by("pk").values_list("total", flat=True)
    assert list(totals) == [None, 2, 3]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": " "}, "title"),
        ({"votes_each": 0}, "votes_each"),
        ({"votes_each": 21}, "votes_each"),
        ({"most_per_case": 6}, "most_per_case"),
        ({"most_per_case": 1}, "votes_each"),
        ({"closes_at": days(-1)}, "closes_on"),
        ({"cases": "one"}, "cases"),
        ({"cases": "draft"}, "cases"),
    ],
)
def test_a_round_that_cannot_be(change: dict[str, Any], field: str) -> None:
    scene = a_scene()
    cases = some_cases(scene)
    if change.get("cases"):
        change = {"cases": cases[:1] if change["cases"] == "one" else [*cases, scene.case]}
    facts = {
        "title": "Runde", "cases": cases, "votes_each": 5, "most_per_case": 3,
        "closes_at": days(3), **change,
    }  # fmt: skip

    with pytest.raises(Refused) as refusal:
        open_ranking(committee=scene.committee, by=scene.secretary, **facts)

    assert (refusal.value.field, RankingRound.objects.count()) == (field, 0)


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("state", ["open", "late", "closed"])
def test_who_votes_and_closes_when(state: str, name: str) -> None:
    found = a_round()
    if state == "late":
        RankingRound.objects.filter(pk=found.row.pk).update(closes_at=days(-1))
    if state == "closed":
        close_ranking(ranking=found.row, by=found.second)
    user = User.objects.get(pk=getattr(found, name).pk)

    voted = outcome(lambda: lay_votes(ranking=found.row, votes=ballot(found, 1), by=user))
    closed = outcome(lambda: close_ranking(ranking=found.row, by=user))

    in_time = "done" if state == "open" else "stale"
    assert voted == (in_time if name in ("chair", "member") else "no")
    assert closed == (("stale" if state == "closed" else "done") if name in SCORERS else "no")


def outcome(act: Callable[[], Any]) -> str:
    try:
        act()
    except NotAllowed:
        return "no"
    except StaleState:
        return "stale"
    return "done"


# Sealed ------------------------------------------------------------------------------------------


def test_nobody_sees_a_count_before_the_round_closes() -> None:
    """Two worlds that differ in the votes alone look the same to everybody but the voters."""
    found = a_round()
    admin = person(None, name="Administrator", is_staff=True, is_superuser=True)
    names = ("secretary", "chair", "reviewer", "follower", "outsider", "proposer")
    readers = [as_user(admin), *(as_user(getattr(found, name)) for name in names), Client()]
    lay_votes(ranking=found.row, votes=ballot(found, 3, 0, 0), by=found.member)
    first = [look(found, client) for client in readers]
    audit_before, mail_before = acts(), posted()
    lay_votes(ranking=found.row, votes=ballot(found, 0, 1, 1), by=found.member)

    assert [look(found, client) for client in readers] == first
    assert (acts(), posted()) == (audit_before, mail_before)


def look(found: SimpleNamespace, client: Client) -> list[tuple[int, str]]:
    """Everything that could tell of the votes, without what changes by itself."""
    import re

    names = ("ranking_page", "ranking_rounds", "case_list")
    paths = [reverse(f"usecases:{name}") for name in names]
    paths += [f"{paths[0]}?sortering=stemmer", found.row.get_absolute_url(), "/", "/admin/"]
    paths += [case.get_absolute_url() for case in found.cases]
    paths += [reverse("usecases:case_score", args=[case.pk]) for case in found.cases]
    paths += ["/admin/core/auditentry/", "/admin/core/outboxentry/"]
    answers = [(client.get(path), path) for path in paths]
    token = re.compile(r"[A-Za-z0-9_-]{32,64}")
    return [(one.status_code, token.sub("", one.content.decode())) for one, _path in answers]


def acts() -> list[tuple[Any, ...]]:
    return list(AuditEntry.objects.values_list("verb", "actor_id", "object_id", "data"))


def posted() -> list[tuple[Any, ...]]:
    return list(OutboxEntry.objects.values_list("key", "payload", "step", "last_error"))


def test_the_administration_has_no_ballots() -> None:
    from django.contrib import admin

    shown = {
        name for model in (RankingRound, CaseScore) for name in admin.site._registry[model].fields
    }

    assert RankingVote not in admin.site._registry
    assert shown & {"value", "feasibility", "risk", "reason", "total", "voters"} == set()


def test_only_the_number_of_voters_is_known() -> None:
    found = a_round()
    lay_votes(ranking=found.row, votes=ballot(found, 3, 2), by=found.member)

    html = as_user(found.secretary).get(found.row.get_absolute_url()).content.decode()
    closed = close_ranking(ranking=found.row, by=found.secretary)
    after = as_user(found.secretary).get(found.row.get_absolute_url()).content.decode()

    assert "1 member has voted" in html or "1 medlem har stemt" in html
    assert found.member.name not in html + after
    assert closed.voters == 1


def test_nobody_sees_votes_through_the_members_eyes() -> None:
    found = a_round()
    lay_votes(ranking=found.row, votes=ballot(found, 3, 2), by=found.member)
    lens = User.objects.get(pk=found.member.pk)
    lens.is_looked_through = True

    page = round_page(lens, found.row)

    assert [choice.own for choice in page["choices"]] == [0, 0, 0]
    assert page["shows_own"] is False


def test_totals_and_own_votes_after_closing() -> None:
    found = a_round()
    lay_votes(ranking=found.row, votes=ballot(found, 3, 2), by=found.member)
    lay_votes(ranking=found.row, votes=ballot(found, 0, 2, 3), by=found.chair)
    close_ranking(ranking=found.row, by=found.secretary)

    page = round_page(found.member, RankingRound.objects.get(pk=found.row.pk))

    shown = [(c.case.reference, c.entry.total, c.own, c.rank) for c in page["choices"]]
    assert shown == [("AI-2026-002", 4, 2, 1), ("AI-2026-001", 3, 3, 2), ("AI-2026-003", 3, 0, 2)]


# The clock and the mail --------------------------------------------------------------------------


def test_the_clock_closes_and_counts_once() -> None:
    found = a_round()
    lay_votes(ranking=found.row, votes=ballot(found, 1), by=found.member)
    early = mind_rankings()
    RankingRound.objects.filter(pk=found.row.pk).update(closes_at=timezone.now())

    closed = [mind_rankings(), mind_rankings()]

    row = RankingRound.objects.get(pk=found.row.pk)
    assert (early, closed) == (0, [1, 0])
    assert (row.voters, row.closed_by) == (1, None)
    assert AuditEntry.objects.filter(verb="usecases.close_ranking").count() == 1


def test_only_those_who_have_not_voted_are_reminded(drain_outbox) -> None:
    found = a_round(closes_at=days(1))
    drain_outbox()
    told = {message.to[0] for message in mail.outbox}
    mail.outbox.clear()
    lay_votes(ranking=found.row, votes=ballot(found, 1), by=found.member)
    RankingRound.objects.filter(pk=found.row.pk).update(opened_at=days(-3))

    mind_rankings()
    mind_rankings()
    drain_outbox()

    assert len(told) == 2
    assert [found.chair.email in message.to[0] for message in mail.outbox] == [True]


def test_a_vote_or_the_closing_comes_first(run_together) -> None:
    """Only a real server races: the vote is counted, or it is refused; never in between."""
    found = a_round()
    outcomes = set()
    for turn in range(12):
        row = open_ranking(
            committee=found.committee, title=f"Runde {turn}", cases=found.cases, votes_each=5,
            most_per_case=3, closes_at=days(5), by=found.secretary,
        )  # fmt: skip
        first = row.entries.order_by("pk").first()
        voted, closed = run_together(
            lambda row=row, first=first: lay_votes(
                ranking=row, votes={first.pk: 2}, by=found.member
            ),
            lambda row=row: close_ranking(ranking=row, by=found.secretary),
        )
        first.refresh_from_db()
        assert isinstance(closed, RankingRound), closed
        assert isinstance(voted, int | StaleState), voted
        assert first.total == (0 if isinstance(voted, StaleState) else 2)
        outcomes.add(type(voted))
    assert outcomes <= {int, StaleState}


def test_two_ballots_at_once_are_never_added(run_together) -> None:
    found = a_round()
    first, second = found.entries[:2]

    run_together(
        lambda: lay_votes(ranking=found.row, votes={first.pk: 3}, by=found.member),
        lambda: lay_votes(ranking=found.row, votes={second.pk: 3}, by=found.member),
    )

    laid = [vote.count for vote in RankingVote.objects.filter(entry__round=found.row)]
    assert laid == [3]


def test_two_closings_count_once(run_together) -> None:
    found = a_round()

    answers = run_together(
        lambda: close_ranking(ranking=found.row, by=found.secretary),
        lambda: close_ranking(ranking=found.row, by=found.second),
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["RankingRound", "StaleState"]


# By hand -----------------------------------------------------------------------------------------


def test_from_score_to_result_by_forms_alone() -> None:
    scene = a_scene()
    cases = some_cases(scene)
    secretary, member = as_user(scene.secretary), as_user(scene.member)
    secretary.post(
        reverse("usecases:case_score", args=[cases[0].pk]), {**STEPS, "reason": "Det haster."}
    )
    answer = secretary.post(
        reverse("usecases:ranking_round_new"),
        {
            "title": "Runde", "votes_each": "5", "most_per_case": "3", "closes_time": "12.00",
            "closes_on": (timezone.localdate() + timedelta(days=4)).strftime("%d %m %Y"),
            "cases": [case.pk for case in cases],
        },
    )  # fmt: skip
    row = RankingRound.objects.get()
    entry = row.entries.order_by("pk").first()
    refused = member.post(row.get_absolute_url(), {f"votes_{entry.pk}": "9"})
    words = member.post(row.get_absolute_url(), {f"votes_{entry.pk}": "to"})
    saved = member.post(row.get_absolute_url(), {f"votes_{entry.pk}": "3"})
    closed = secretary.post(reverse("usecases:ranking_round_close", args=[row.pk]))
    late = member.post(row.get_absolute_url(), {f"votes_{entry.pk}": "1"})
    entry.refresh_from_db()

    assert CaseScore.objects.get().reason == "Det haster."
    assert answer.status_code == 302
    assert (refused.status_code, words.status_code) == (422, 422)
    assert 'value="9"' in refused.content.decode()
    assert (saved.status_code, closed.status_code, late.status_code) == (302, 302, 409)
    assert entry.total == 3


def test_every_act_has_its_words() -> None:
    verbs = {"score_case", "open_ranking", "close_ranking", "submit_from_citizen"}

    assert {f"usecases.{verb}" for verb in verbs} | {"usecases.forget_citizen"} <= set(WORDS)
