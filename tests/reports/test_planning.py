"""Drafts that are ready before their deadline."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.urls import reverse

from committee.enums import Role
from committee.models import User
from portal.selectors.reports import waiting_reports
from reports.models import Report, ReportPlan
from reports.services.planning import due_plans, next_due, periods
from reports.tasks.reports import prepare_drafts
from tests.factories import CommitteeFactory, day, person
from tests.reports.scenes import a_scene, approve, bring_to

pytestmark = pytest.mark.django_db


def a_plan(**fields) -> ReportPlan:
    facts = {"recipient_name": "Økonomiudvalget", "starts_on": date(2026, 1, 1)} | fields
    committee = CommitteeFactory(mandate_to=date(2027, 12, 31))
    return ReportPlan.objects.create(committee=committee, **facts)


def test_plan_has_whole_periods_to_the_end_of_the_mandate():
    found = periods(a_plan())

    assert len(found) == 8
    assert (found[0].period_from, found[0].period_to) == (date(2026, 1, 1), date(2026, 3, 31))
    assert (found[0].meets_on, found[0].due_on) == (date(2026, 4, 28), date(2026, 4, 16))
    assert found[-1].period_to == date(2027, 12, 31)


@pytest.mark.parametrize(("today", "ready"), [(date(2026, 4, 1), False), (date(2026, 4, 2), True)])
def test_draft_is_due_two_weeks_before_the_deadline(today, ready):
    a_plan()

    assert bool(due_plans(today)) == ready


def test_period_that_has_its_report_is_passed_over():
    plan = a_plan()
    Report.objects.create(
        committee=plan.committee, number=1, recipient_name="X",
        period_from=date(2026, 1, 1), period_to=date(2026, 3, 31),
    )  # fmt: skip

    assert next_due(plan, date(2026, 4, 5)).period_to == date(2026, 6, 30)


def test_clock_begins_each_report_once():
    plan = a_plan()
    ReportPlan.objects.filter(pk=plan.pk).update(
        starts_on=day(-85).replace(day=1), meets_after_days=60, draft_days=60
    )

    assert prepare_drafts() == 1
    assert prepare_drafts() <= 1
    first = Report.objects.order_by("pk").first()
    assert (first.state, first.created_by) == ("draft", None)
    assert first.gathered_at is not None
    assert first.due_on - first.period_to == timedelta(days=48)
    assert mail.outbox == []


def titles(user: User) -> list[str]:
    return [str(row.title) for row in waiting_reports(User.objects.get(pk=user.pk))]


def test_report_waits_on_my_work_for_whoever_is_to_act():
    scene = a_scene(meeting="")
    people = {"secretary": scene.secretary, "chair": scene.chair, "reader": scene.reader}

    def waiting() -> dict[str, list[str]]:
        return {name: titles(user) for name, user in people.items()}

    assert waiting() == {"secretary": ["Gør rapporten færdig"], "chair": [], "reader": []}
    bring_to(scene, "approval")
    assert waiting() == {
        "secretary": ["Godkend en rapport"],
        "chair": ["Godkend en rapport"],
        "reader": [],
    }
    approve(scene, scene.secretary)
    assert waiting() == {"secretary": [], "chair": ["Godkend en rapport"], "reader": []}
    approve(scene, scene.chair)
    assert waiting() == {"secretary": ["Frys rapporten"], "chair": [], "reader": []}


def test_my_work_asks_the_same_number_of_times_for_many_reports(django_assert_num_queries):
    scene = a_scene(meeting="")
    user = person(scene.committee, Role.SECRETARIAT)
    titles(user)
    for number in range(10, 40):
        Report.objects.create(
            committee=scene.committee, number=number, recipient_name="X",
            period_from=day(-10), period_to=day(-1),
        )  # fmt: skip
    fresh = User.objects.get(pk=user.pk)

    # Roles, reports, their approvals, those with lost mails.
    with django_assert_num_queries(4):
        list(waiting_reports(fresh))


def test_plan_is_saved_on_its_page_and_says_what_comes_next(client):
    scene = a_scene(meeting="")
    client.force_login(scene.secretary)
    address = reverse("reports:report_plan")
    fields = {
        "recipient_name": "Byrådet",
        "starts_on": day(-10).strftime("%d %m %Y"),
        "months": "1",
        "meets_after_days": "28",
        "deadline_days": "12",
        "draft_days": "14",
    }

    empty = client.get(address)
    wrong = client.post(address, fields | {"months": "5"})
    saved = client.post(address, fields)
    shown = client.get(address)

    assert (empty.context["due"], wrong.status_code, saved.url) == (None, 422, address)
    plan = ReportPlan.objects.get()
    assert (plan.committee, plan.months, plan.starts_on) == (scene.committee, 1, day(-10))
    assert shown.context["due"] == next_due(plan)
