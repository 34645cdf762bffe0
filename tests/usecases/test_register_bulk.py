"""One act on many cases: each by itself, and the sentence that tells."""

import pytest
from django.urls import reverse
from django.utils import translation

from committee.enums import Role
from core.models import AuditEntry
from core.verdicts import NotAllowed, Refused
from tests.factories import CommitteeFactory, day, person
from tests.usecases.scenes import a_scene, act, submit
from tests.usecases.test_register import a_case
from usecases.models import UseCase
from usecases.services.bulk import Result, act_on_cases, sentence

pytestmark = pytest.mark.django_db
LATER = {"revisit_on": "1 1 2031"}


@pytest.fixture
def scene():
    """One submitted case, one parked, one draft of the proposer's, one of another body."""
    scene = a_scene()
    submit(scene)
    return scene


def others(scene):
    parked = a_case(scene.committee, scene.proposer, status="parked", reference="AI-2026-500")
    draft = a_case(scene.committee, scene.proposer, status="draft")
    foreign = a_case(CommitteeFactory(), person(None), status="pilot", reference="AI-2026-501")
    hidden = a_case(CommitteeFactory(is_public=False), person(None), reference="AI-2026-502")
    return parked, draft, foreign, hidden


def test_each_case_is_asked_for_by_itself(scene):
    cases = [scene.case, *others(scene)]

    result = act_on_cases(cases=[c.pk for c in cases], act="take_up", by=scene.secretary)

    assert [case.pk for case in result.done] == [scene.case.pk]
    assert [number for number, _why in result.refused][:1] == ["AI-2026-500"]
    assert len(result.refused) == 4
    assert "AI-2026-502" not in sentence(result)
    statuses = [UseCase.objects.get(pk=case.pk).status for case in cases]
    assert statuses == ["under_assessment", "parked", "draft", "pilot", "submitted"]
    assert AuditEntry.objects.filter(verb="usecases.take_up").count() == 1


def test_the_sentence_tells_how_many_and_why():
    case = UseCase(reference="AI-2026-001")

    # In English, so that the test is about the sentence and not about the catalogue.
    with translation.override("en"):
        many = sentence(Result("take_up", [case] * 7, [("AI-2026-003", "Den er lukket.")] * 2))
        one = sentence(Result("park", [case]))

    assert many == (
        "7 proposals are taken up. 2 could not: AI-2026-003 (Den er lukket); "
        "AI-2026-003 (Den er lukket)."
    )
    assert one == "1 proposal is parked."


def test_parking_needs_a_reason_and_a_date_to_come(scene):
    bad = act_on_cases(
        cases=[scene.case.pk], act="park", by=scene.secretary, reason="Vi venter.",
        revisit_on=day(-1),
    )  # fmt: skip
    empty = act_on_cases(
        cases=[scene.case.pk], act="park", by=scene.secretary, reason="", revisit_on=day(9)
    )
    good = act_on_cases(
        cases=[scene.case.pk], act="park", by=scene.secretary, reason="Vi venter.",
        revisit_on=day(9),
    )  # fmt: skip

    assert [len(one.done) for one in (bad, empty, good)] == [0, 0, 1]


@pytest.mark.parametrize(
    ("field", "value"),
    [("field", "social"), ("target_group", "politicians"), ("municipality", "0101")],
)
def test_a_field_is_set_through_the_record_with_a_new_version(scene, field, value):
    before = scene.fresh().revision

    act_on_cases(cases=[scene.case.pk], act=field, by=scene.secretary, value=value)

    assert getattr(scene.fresh(), field) == value
    assert scene.fresh().revision == before + 1
    wrong = act_on_cases(cases=[scene.case.pk], act=field, by=scene.secretary, value="nope")
    assert (len(wrong.done), getattr(scene.fresh(), field)) == (0, value)


@pytest.mark.parametrize("who", ["member", "chair", "proposer", "outsider"])
def test_only_a_secretariat_acts_on_many(client, scene, who):
    with pytest.raises(NotAllowed):
        act_on_cases(cases=[scene.case.pk], act="take_up", by=scene.again(who))
    client.force_login(scene.again(who))
    data = {"case": scene.case.pk, "act": "take_up", "confirm": "1"}

    assert client.post(reverse("usecases:cases_act"), data).status_code == 403
    assert scene.fresh().status == "submitted"


def test_a_secretary_of_another_body_cannot_reach_in(scene):
    stranger = person(CommitteeFactory(), Role.SECRETARIAT, name="Fremmed")
    public = a_case(scene.committee, scene.proposer, status="pilot", reference="AI-2026-600")

    result = act_on_cases(cases=[public.pk], act="field", by=stranger, value="social")

    assert result.done == []
    assert UseCase.objects.get(pk=public.pk).field == ""


@pytest.mark.parametrize("act_name", ["delete", "", "approve_pilot"])
def test_no_other_acts(scene, act_name):
    with pytest.raises(Refused):
        act_on_cases(cases=[scene.case.pk], act=act_name, by=scene.secretary)


def test_by_forms_alone_in_two_steps_and_a_double_click_is_one_act(client, scene):
    client.force_login(scene.again("secretary"))
    url = reverse("usecases:cases_act")
    page = client.get("/forslag/?vis=venter").content.decode()
    assert 'form="bulk"' in page
    chosen = {"case": [scene.case.pk], "act": "park", "liste": "vis=venter"}

    asked = client.post(url, chosen | {"_once": "t" * 32})
    assert asked.status_code == 200
    assert scene.fresh().status == "submitted"
    lacking = client.post(url, chosen | {"confirm": "1", "reason": "Vi venter."})
    assert lacking.status_code == 422
    facts = {"confirm": "1", "reason": "Vi venter.", "_once": "t" * 32, **LATER}
    done = client.post(url, chosen | facts)
    again = client.post(url, chosen | facts)

    assert done["Location"] == again["Location"] == "/forslag/?vis=venter"
    assert scene.fresh().status == "parked"
    assert AuditEntry.objects.filter(verb="usecases.park").count() == 1


def test_reason_is_kept_when_every_case_has_moved_on(client, scene):
    act(scene, "withdraw", scene.proposer, reason="Fortrudt.")
    client.force_login(scene.again("secretary"))
    sent = {"case": [scene.case.pk], "act": "park", "confirm": "1", "reason": "MINE ORD", **LATER}

    answer = client.post(reverse("usecases:cases_act"), sent)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "MINE ORD</textarea>" in page
    assert scene.case.number in page


def test_nothing_chosen_says_so(client, scene):
    client.force_login(scene.again("secretary"))

    answer = client.post(reverse("usecases:cases_act"), {"act": "take_up"}, follow=True)

    assert answer.redirect_chain == [("/forslag/", 302)]
    assert "alert" in answer.content.decode()


def test_who_sees_no_boxes(client, scene):
    act(scene, "take_up", scene.secretary)
    client.force_login(scene.again("member"))

    assert 'form="bulk"' not in client.get("/forslag/").content.decode()
