"""Who is told by mail of what happens to a case, and of days that are near."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from committee.models import Membership
from core.models import AuditEntry, OutboxEntry
from tests.factories import day
from tests.usecases.scenes import a_scene, act, bring_to, decide, fill, submit
from usecases.enums import SimilarAnswer, Status
from usecases.models import CitizenProposal, UseCase
from usecases.services import facts, texts
from usecases.services.citizens import confirm_proposal, receive_proposal
from usecases.services.discussion import follow_case
from usecases.services.reminders import remind_of_dates
from usecases.tasks import move_overdue_cases

pytestmark = pytest.mark.django_db
S = Status


@pytest.fixture
def told(drain_outbox):
    """Drains the outbox; who got which mail, by the local part of the address."""

    def look():
        mail.outbox = []
        drain_outbox()
        return sorted((one.to[0].partition("<")[2].rstrip(">"), one.subject) for one in mail.outbox)

    with translation.override("en"):
        yield look


def of(*people):
    return sorted(person.email for person in people)


def receivers(found):
    return [address for address, _subject in found]


def a_pilot(ends=26):
    scene = a_scene()
    bring_to(scene, S.PILOT)
    UseCase.objects.update(pilot_start=day(-10), pilot_end=day(ends))
    OutboxEntry.objects.all().delete()
    return scene


def an_approved(expires):
    scene = a_scene()
    bring_to(scene, S.APPROVED_FOR_PILOT)
    UseCase.objects.update(decision_expires=day(expires))
    OutboxEntry.objects.all().delete()
    return scene


# Submissions ------------------------------------------------------------------------------------


def test_the_secretariat_is_told_of_a_submission_and_of_none_twice(told):
    scene = a_scene()
    submit(scene)

    assert receivers(told()) == of(scene.secretary, scene.second)
    act(scene, "take_up", scene.secretary)
    act(scene, "park", scene.secretary, reason="Vi venter.", revisit_on=day(30))
    act(scene, "unpark", scene.secretary)
    assert told() == []


def test_who_submits_and_is_of_the_secretariat_is_not_told(told):
    scene = a_scene()
    fill(scene, "submission")
    texts.answer_similar(case=scene.fresh(), answer=SimilarAnswer.NONE, by=scene.proposer)
    UseCase.objects.update(proposer=scene.secretary)
    act(scene, "submit", scene.again("secretary"))

    assert receivers(told()) == of(scene.second)


def test_the_secretariat_is_told_of_a_citizens_proposal_without_what_was_typed(told):
    scene = a_scene()
    values = {
        "title": "HEMMELIGT", "problem": "HEMMELIGT", "helps": "HEMMELIGT",
        "name": "Bo HEMMELIGT", "email": "bo@example.dk",
    }  # fmt: skip
    receive_proposal(committee=scene.committee, values=values, sender="127.0.0.1")
    told()
    assert [one.to for one in mail.outbox] == [["bo@example.dk"]]
    row = CitizenProposal.objects.get()
    confirm_proposal(proposal=row)
    confirm_proposal(proposal=row)

    told()
    to_us = [one for one in mail.outbox if "bo@example.dk" not in one.to]
    assert len(to_us) == 2
    assert "HEMMELIGT" not in "".join(one.body + one.subject for one in to_us)
    assert UseCase.objects.get(proposer=None).reference in to_us[0].body


def test_what_was_taken_up_before_the_mail_went_out_is_not_told(told):
    scene = a_scene()
    submit(scene)
    act(scene, "take_up", scene.secretary)

    assert told() == []


def test_who_left_the_secretariat_before_the_mail_went_out_gets_none(told):
    scene = a_scene()
    submit(scene)
    Membership.objects.filter(user=scene.second).update(valid_to=day(-1), valid_from=day(-9))

    assert receivers(told()) == of(scene.secretary)


# Decisions and stops ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "decision"),
    [(S.UNDER_ASSESSMENT, "approve_pilot"), (S.UNDER_ASSESSMENT, "approve_operation"),
     (S.UNDER_ASSESSMENT, "reject")],
)  # fmt: skip
def test_those_concerned_are_told_of_a_decision_never_of_its_reasons(told, state, decision):
    scene = a_scene()
    bring_to(scene, state)
    follow_case(case=scene.fresh(), follows=True, by=scene.member)
    OutboxEntry.objects.all().delete()

    decide(scene, decision, reasons="HEMMELIGT")

    found = told()
    assert receivers(found) == of(scene.proposer, scene.owner, scene.second, scene.member)
    assert scene.case.reference in found[0][1]
    assert "HEMMELIGT" not in "".join(one.body + one.subject for one in mail.outbox)


def test_those_concerned_are_told_of_a_stop_and_that_it_goes_on(told):
    scene = a_pilot()
    act(scene, "suspend", scene.chair, reason="HEMMELIGT")

    found = told()
    everybody = of(scene.proposer, scene.owner, scene.secretary, scene.second)
    assert receivers(found) == everybody
    assert "HEMMELIGT" not in "".join(one.body + one.subject for one in mail.outbox)
    facts.close_incident(case=scene.fresh(), by=scene.secretary)
    act(scene, "resume_pilot", scene.secretary)
    again = told()
    assert receivers(again) == [one for one in everybody if one != scene.secretary.email]
    assert {subject for _to, subject in found}.isdisjoint({subject for _to, subject in again})


def test_who_does_not_follow_is_not_told_of_a_stop(told):
    scene = a_pilot()
    follow_case(case=scene.fresh(), follows=False, by=scene.again("proposer"))

    act(scene, "suspend", scene.owner, reason="En hændelse.")

    assert receivers(told()) == of(scene.secretary, scene.second)


def test_a_second_stop_is_told_anew(told):
    scene = a_pilot()
    for _time in range(2):
        act(scene, "suspend", scene.chair, reason="En hændelse.")
        assert len(told()) == 4
        facts.close_incident(case=scene.fresh(), by=scene.secretary)
        act(scene, "resume_pilot", scene.secretary)
        assert len(told()) == 3


# Days that are near -----------------------------------------------------------------------------


@pytest.mark.parametrize(("ends", "mails"), [(31, 0), (30, 3), (8, 3), (7, 3), (0, 3), (-1, 0)])
def test_owner_and_secretariat_are_reminded_before_a_pilot_ends(told, ends, mails):
    scene = a_pilot(ends)

    remind_of_dates()
    remind_of_dates()

    found = told()
    expected = of(scene.owner, scene.secretary, scene.second) if mails else []
    assert receivers(found) == expected


def test_a_reminder_30_days_before_is_followed_by_one_7_days_before(told):
    a_pilot(30)
    sent = 0
    for passed in range(31):
        sent += remind_of_dates(timezone.localdate() + timedelta(days=passed))

    assert sent == 6
    assert AuditEntry.objects.filter(verb="usecases.remind").count() == 2


def test_a_pilot_that_is_prolonged_is_reminded_of_anew_and_the_old_mail_is_not_sent(told):
    scene = a_pilot(5)
    remind_of_dates()
    UseCase.objects.update(pilot_end=day(20))

    assert told() == []
    assert remind_of_dates() == 3
    assert receivers(told()) == of(scene.owner, scene.secretary, scene.second)


@pytest.mark.parametrize(("expires", "mails"), [(31, 0), (30, 3), (6, 3), (-1, 0)])
def test_owner_and_secretariat_are_reminded_before_a_decision_lapses(told, expires, mails):
    an_approved(expires)

    remind_of_dates()

    assert len(told()) == mails


def test_what_was_begun_meanwhile_is_not_reminded_of(told):
    scene = an_approved(6)
    remind_of_dates()
    UseCase.objects.filter(pk=scene.case.pk).update(status=S.PILOT)

    assert told() == []


def test_a_decision_that_lapses_by_itself_is_told(told):
    an_approved(-1)

    assert move_overdue_cases() == 1
    assert len(told()) == 4


def test_the_periodic_task_reminds(told):
    a_pilot(6)

    move_overdue_cases()

    assert len(told()) == 3


def test_reminding_again_asks_as_much_of_the_database_however_many_were_told():
    scene = a_pilot(6)
    remind_of_dates()
    with CaptureQueriesContext(connection) as once:
        remind_of_dates()
    follow_case(case=scene.fresh(), follows=True, by=scene.member)
    with CaptureQueriesContext(connection) as twice:
        remind_of_dates()

    assert len(once) == len(twice)
