"""Each figure's numbers, counted again by plain loops over the rows."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from committee.enums import Role
from ethics.models import Condition, ConditionEvent
from meetings.models import Attendance, Meeting
from reports import figures
from tests.ethics.scenes import a_condition, hand_in, verify
from tests.factories import day, person
from tests.meetings import scenes as meeting_scenes
from tests.usecases import scenes
from usecases.enums import Status
from usecases.models import CaseScore, StatusChange, UseCase

pytestmark = pytest.mark.django_db
S = Status


@pytest.fixture(autouse=True)
def danish():
    with translation.override("da"):
        yield


def council(committee):
    return person(committee, Role.COUNCIL_READER, name="Kommunalbestyrelsen")


def rows_of(committee, *moves):
    """A submitted case with a history: (days ago, new status) each."""
    proposer = person(None)
    first = timezone.now() - timedelta(days=moves[0][0])
    case = UseCase.objects.create(
        committee=committee, proposer=proposer, title=f"Sag {moves}"[:90], status=moves[-1][1],
        submitted_at=first, reference=f"AI-{UseCase.objects.count()}",
    )  # fmt: skip
    old = S.DRAFT
    for ago, new in moves:
        at = timezone.now() - timedelta(days=ago)
        StatusChange.objects.create(case=case, move="m", old=old, new=new, at=at)
        old = new
    return case


@pytest.fixture
def committee():
    from tests.factories import CommitteeFactory

    found = CommitteeFactory()
    rows_of(found, (90, S.SUBMITTED), (60, S.UNDER_ASSESSMENT), (30, S.APPROVED_FOR_PILOT))
    rows_of(found, (80, S.SUBMITTED), (50, S.UNDER_ASSESSMENT))
    rows_of(found, (70, S.SUBMITTED), (65, S.UNDER_ASSESSMENT), (20, S.REJECTED))
    rows_of(found, (40, S.SUBMITTED), (35, S.WITHDRAWN))
    rows_of(found, (5, S.SUBMITTED))
    UseCase.objects.create(committee=found, proposer=person(None), title="Kladde")
    return found


def status_on(case, on):
    """By hand: walk through the changes of one case."""
    found = None
    for change in StatusChange.objects.filter(case=case).order_by("pk"):
        if timezone.localtime(change.at).date() <= on:
            found = change.new
    return found


def counted_on(committee, on):
    found = {}
    for case in UseCase.objects.filter(committee=committee):
        status = status_on(case, on)
        if status not in (None, "draft", "withdrawn"):
            found[status] = found.get(status, 0) + 1
    return found


@pytest.mark.parametrize("ago", [0, 10, 25, 55, 85, 100])
def test_case_status_counts_each_case_as_it_stood(committee, ago):
    on = day(-ago)

    chart = figures.case_status(council(committee), committee, on)

    labels = {str(S(key).label): n for key, n in counted_on(committee, on).items()}
    assert {bar.label: bar.value for bar in chart.rows} == labels
    assert chart.is_empty is (not labels)


def test_case_status_of_a_citizen_knows_of_no_more_than_the_register(committee):
    chart = figures.case_status(AnonymousUser(), committee, day(0))

    visible = UseCase.objects.visible_to(AnonymousUser()).filter(committee=committee)
    assert sum(bar.value for bar in chart.rows) == visible.count() == 3


def test_status_over_time_counts_each_day(committee):
    chart = figures.status_over_time(council(committee), committee, day(-95), day(0))

    for series, states in (
        ("under behandling", {"submitted", "under_assessment", "parked"}),
        ("lukket eller sat i bero", {"rejected", "retired", "suspended"}),
    ):
        points = next((one.points for one in chart.series if one.name == series), None)
        if points is None:  # the Danish words come with the merge
            english = {
                "under behandling": "being assessed",
                "lukket eller sat i bero": "closed or on hold",
            }
            points = next(one.points for one in chart.series if one.name == english[series])
        for on, value in points:
            counts = counted_on(committee, on)
            assert value == sum(n for key, n in counts.items() if key in states)


def test_case_flow_counts_the_moves_of_the_period(committee):
    start, end = day(-62), day(-20)

    chart = figures.case_flow(council(committee), committee, start, end)

    expected = {}
    for change in StatusChange.objects.filter(case__committee=committee):
        if start <= timezone.localtime(change.at).date() <= end:
            pair = (str(S(change.old).label), str(S(change.new).label))
            expected[pair] = expected.get(pair, 0) + 1
    assert {(one.source, one.target): one.value for one in chart.rows} == expected
    assert len(expected) == 5


def scored_by_hand(cases, on):
    found = set()
    for case in cases:
        if status_on(case, on) in (None, "withdrawn", "rejected"):
            continue
        by_then = [
            score
            for score in case.scores.order_by("pk")
            if timezone.localtime(score.at).date() <= on
        ]
        for score in by_then[-1:]:
            found.add((f"{case.number} {case.title}", score.risk, score.value))
    return found


def test_risk_and_value_has_the_newest_score_by_the_day(committee):
    secretary = person(committee, Role.SECRETARIAT)
    cases = list(UseCase.objects.filter(committee=committee, submitted_at__isnull=False))
    for place, case in enumerate(cases):
        for ago, value in ((30, 1 + place % 5), (3, 5)):
            CaseScore.objects.create(
                case=case, scales_ref="ranking@1", value=value, feasibility=3,
                risk=1 + place % 3, reason="r", at=timezone.now() - timedelta(days=ago),
                by=secretary,
            )  # fmt: skip

    for on in (day(0), day(-10)):
        chart = figures.risk_and_value(secretary, committee, on)
        assert {(dot.label, dot.x, dot.y) for dot in chart.dots} == scored_by_hand(cases, on)
    hidden = figures.risk_and_value(council(committee), committee, day(0))
    assert hidden.is_empty


def test_attendance_counts_who_came_to_locked_meetings():
    scene = meeting_scenes.bring_to(meeting_scenes.a_scene(), "locked")
    committee, reader = scene.committee, council(scene.committee)

    chart = figures.attendance(reader, committee, day(-1), day(60))

    counts = {"present": 0, "substitute": 0, "apology": 0, "other": 0}
    for row in Attendance.objects.filter(meeting=scene.meeting):
        counts[row.status if row.status in counts else "other"] += 1
    assert [stack.values for stack in chart.rows] == [tuple(counts.values())]
    assert figures.attendance(AnonymousUser(), committee, day(-1), day(60)).is_empty
    assert figures.attendance(reader, committee, day(61), day(90)).is_empty


def test_conditions_over_time_walks_through_the_history():
    scene = scenes.a_scene()
    scenes.bring_to(scene, "approved_for_pilot")
    first, second, _third = (a_condition(scene, due_on=day(n)) for n in (9, 9, 40))
    verify(hand_in(first), scene.secretary)
    hand_in(second)
    Condition.objects.filter(pk=_third.pk).update(due_on=day(-2))

    chart = figures.conditions_over_time(
        scene.again("secretary"), scene.committee, day(-40), day(0)
    )

    last = chart.rows[-1]
    bound = Condition.objects.filter(case=scene.case)
    assert last.values == (1, 0, 1, 1)
    assert sum(last.values) == bound.count()
    assert ConditionEvent.objects.filter(condition__in=bound, kind="verify").count() == 1
    assert all(sum(row.values) == 0 for row in chart.rows[:-1])


def test_due_dates_have_what_is_open_and_visible():
    scene = scenes.a_scene()
    scenes.bring_to(scene, "approved_for_pilot")
    a_condition(scene, due_on=day(40))
    met = a_condition(scene, due_on=day(20))
    verify(hand_in(met), scene.secretary)

    chart = figures.due_dates(scene.again("secretary"), scene.committee, day(0), day(50))

    due = [mark.on for mark in chart.marks if mark.kind == "due"]
    assert due == [day(40)]
    case = scene.fresh()
    others = {mark.on for mark in chart.marks if mark.kind == "other"}
    assert others == {
        on
        for on in (case.pilot_end, case.rereview_on, case.revisit_on)
        if on and day(0) <= on <= day(50)
    }
    assert figures.due_dates(AnonymousUser(), scene.committee, day(100), day(90)).is_empty


def test_figures_of_nothing_say_so_in_words():
    from tests.factories import CommitteeFactory

    empty = CommitteeFactory()
    reader = council(empty)
    span = (reader, empty, day(-30), day(0))
    found = [
        figures.case_status(reader, empty, day(0)),
        figures.status_over_time(*span),
        figures.case_flow(*span),
        figures.risk_and_value(reader, empty, day(0)),
        figures.attendance(*span),
        figures.conditions_over_time(*span),
        figures.due_dates(*span),
    ]

    assert [one.is_empty for one in found] == [True] * 7
    assert all(one.words.strip() for one in found)


def test_figures_ask_as_much_for_many_rows_as_for_few(committee):
    reader = person(committee, Role.SECRETARIAT)

    def queries():
        reader_again = type(reader).objects.get(pk=reader.pk)
        span = (reader_again, committee, day(-95), day(30))
        with CaptureQueriesContext(connection) as seen:
            figures.case_status(reader_again, committee, day(0))
            for build in (
                figures.status_over_time, figures.case_flow, figures.attendance,
                figures.conditions_over_time, figures.due_dates,
            ):  # fmt: skip
                build(*span)
            figures.risk_and_value(reader_again, committee, day(0))
        return len(seen)

    few = queries()
    for _n in range(12):
        rows_of(committee, (70, S.SUBMITTED), (50, S.UNDER_ASSESSMENT), (9, S.PARKED))
    assert queries() == few
    assert Meeting.objects.count() == 0
