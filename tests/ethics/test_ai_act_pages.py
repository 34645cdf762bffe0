"""The pages of the AI Act: questions by block, the result, duties, the try-it page."""

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import outbox
from core.models import AuditEntry, Draft, SubmittedForm
from ethics.ai_act import current_rules
from ethics.models import AiActAssessment, AiActReplay
from ethics.selectors.aiact import assessment_of, draft_of
from tests.ethics.ai_act_scenes import BENEFITS, CHATBOT, a_case, answer, assessed, other_rules

pytestmark = pytest.mark.django_db
TRY = "ethics:aiact_try"


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def block(scene, slug: str) -> str:
    return reverse("ethics:aiact_block", args=[scene.case.pk, slug])


def page(scene) -> str:
    return reverse("ethics:aiact_page", args=[scene.case.pk])


def test_answers_are_saved_and_follow_ups_appear_on_the_same_page() -> None:
    scene = a_case()
    client = client_of(scene.secretary)
    before = client.get(block(scene, "oplysning")).content.decode()

    sent = {"shown": "T-01,T-02", "q_T-01": "yes", "r_T-01": "En chat.", "q_T-02": "no"}
    response = client.post(block(scene, "oplysning"), sent | {"version": "0"}, follow=True)

    after = response.content.decode()
    assert 'name="q_T-01x"' not in before
    assert response.redirect_chain[0][0] == block(scene, "oplysning")
    assert 'name="q_T-01x"' in after
    assert "En chat." in after
    assert draft_of(scene.fresh()).answers["T-01"]["reason"] == "En chat."


def test_block_leads_to_the_next_one_that_is_asked() -> None:
    scene = a_case()
    client = client_of(scene.secretary)

    response = client.post(block(scene, "omfang"), {"shown": "SC-07", "q_SC-07": "no"})

    assert response["Location"] == block(scene, "roller")


def test_presets_stand_in_the_form_and_say_so() -> None:
    scene = a_case()

    text = client_of(scene.secretary).get(block(scene, "omfang")).content.decode()

    assert text.count(" checked") == 5
    assert draft_of(scene.fresh()) is None


def test_what_is_no_answer_is_told_and_nothing_typed_is_lost() -> None:
    scene = a_case()
    client = client_of(scene.secretary)
    sent = {"shown": "T-01", "q_T-01": "perhaps", "r_T-01": "Min lange begrundelse."}

    response = client.post(block(scene, "oplysning"), sent | {"version": "0"})

    assert response.status_code == 422
    assert "Min lange begrundelse." in response.content.decode()
    assert draft_of(scene.fresh()) is None


def test_question_that_does_not_exist_is_told_and_nothing_typed_is_lost() -> None:
    scene = a_case()
    client = client_of(scene.secretary)
    sent = {"shown": "T-01", "q_T-01": "yes", "r_T-01": "Min begrundelse.", "q_XX-9": "yes"}

    response = client.post(block(scene, "oplysning"), sent | {"version": "0"})

    text = response.content.decode()
    assert response.status_code == 422
    assert "XX-9" in text
    assert "Min begrundelse." in text


def test_somebody_who_was_slower_sees_it_and_keeps_what_was_typed() -> None:
    scene = a_case()
    answer(scene, {})
    client = client_of(scene.secretary)
    sent = {"shown": "T-01", "q_T-01": "yes", "r_T-01": "Min begrundelse.", "version": "0"}

    response = client.post(block(scene, "oplysning"), sent)

    text = response.content.decode()
    assert response.status_code == 409
    assert "Min begrundelse." in text
    assert 'name="version" value="1"' in text


def test_an_answer_that_is_hidden_again_is_kept_and_does_not_count() -> None:
    scene = a_case()
    client = client_of(scene.secretary)
    answer(scene, CHATBOT)

    sent = {"shown": "T-01,T-01x", "q_T-01": "no", "q_T-01x": "no", "version": "1"}
    client.post(block(scene, "oplysning"), sent)

    draft = draft_of(scene.fresh())
    assert draft.answers["T-01x"]["value"] == "no"
    assert "T-01x" not in client.get(block(scene, "oplysning")).content.decode()


def test_what_is_being_typed_is_kept_and_shown_again() -> None:
    scene = a_case()
    client = client_of(scene.secretary)
    kept = reverse("ethics:aiact_block_draft", args=[scene.case.pk, "oplysning"])

    client.post(kept, {"shown": "T-01", "q_T-01": "yes", "r_T-01": "Halvt"})

    text = client.get(block(scene, "oplysning")).content.decode()
    assert "Halvt" in text
    assert draft_of(scene.fresh()) is None
    client.post(block(scene, "oplysning"), {"shown": "T-01", "q_T-01": "no", "version": "0"})
    assert not Draft.objects.exists()


def test_whole_way_from_answers_to_a_verified_duty() -> None:
    scene = a_case()
    client = client_of(scene.secretary)
    draft = answer(scene, CHATBOT | {"T-05": "yes", "T-05x": "unknown"})
    conclude = reverse("ethics:aiact_conclude", args=[scene.case.pk])

    refused = client.post(conclude, {"version": draft.version})
    done = client.post(conclude, {"version": draft.version, "p_T-05x": scene.owner.pk})

    assert refused.status_code == 422
    assert done.status_code == 302
    text = client.get(page(scene)).content.decode()
    assert "Vejledende screening" in text
    assert scene.owner.name in text
    duty = reverse("ethics:aiact_duty", args=[scene.case.pk, "OB-50-1"])
    assert client.post(duty, {"kind": "evidence", "text": ""}).status_code == 422
    client.post(duty, {"kind": "evidence", "text": "Se skærmbilledet."})
    row = scene.case.ai_act_evidence.get()
    verify = reverse("ethics:aiact_duty_verify", args=[scene.case.pk, "OB-50-1"])
    assert client.post(verify, {"evidence": row.pk}).status_code == 403
    assert client_of(scene.second).post(verify, {"evidence": row.pk}).status_code == 302
    row.refresh_from_db()
    assert row.verified_by == scene.second


def test_conclude_page_lists_what_lacks_with_links() -> None:
    scene = a_case()
    answer(scene, CHATBOT, reason="")

    text = (
        client_of(scene.secretary)
        .get(reverse("ethics:aiact_conclude", args=[scene.case.pk]))
        .content.decode()
    )

    assert f"{block(scene, 'oplysning')}#s-T-01" in text


def test_result_page_takes_few_queries() -> None:
    scene = a_case()
    assessed(scene, BENEFITS)
    client = client_of(scene.secretary)
    client.get(page(scene))

    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(page(scene)).status_code == 200

    assert len(seen) <= 12, [one["sql"][:90] for one in seen]


def test_page_of_a_case_that_is_not_yours_is_not_there() -> None:
    scene = a_case()

    for name in ("aiact_page", "aiact_conclude"):
        url = reverse(f"ethics:{name}", args=[scene.case.pk])
        assert client_of(scene.outsider).get(url).status_code == 404
    assert client_of(scene.member).get(page(scene)).status_code == 200
    assert client_of(scene.member).get(block(scene, "omfang")).status_code == 403
    assert client_of(scene.secretary).get(block(scene, "findes-ikke")).status_code == 404


def test_panel_beside_the_case_tells_how_far_it_is() -> None:
    scene = a_case()
    client = client_of(scene.member)
    before = client.get(scene.case.get_absolute_url()).content.decode()
    assessed(scene, CHATBOT)

    after = client.get(scene.case.get_absolute_url()).content.decode()

    assert page(scene) in before
    assert f"{page(scene)}#pligter" in after


# Trying it -------------------------------------------------------------------------------------


def all_no(**more: str) -> dict[str, object]:
    rules = current_rules()
    names = [one.id for one in rules.questions if one.show_if is None]
    found: dict[str, object] = {f"q_{name}": rules.presets.get(name, "no") for name in names}
    return (
        found
        | {"shown": ",".join(names)}
        | {f"q_{k.replace('_', '-')}": v for k, v in more.items()}
    )


def test_anybody_tries_and_nothing_is_kept() -> None:
    client = Client()
    assert client.get(reverse(TRY)).status_code == 200

    response = client.post(reverse(TRY), all_no(III_5a="yes"))

    text = response.content.decode()
    assert response.status_code == 200
    assert 'name="q_D-01"' in text
    assert "Vejledende screening" in text
    for model in (AiActAssessment, Draft, SubmittedForm, Session):
        assert not model.objects.exists()
    assert not AuditEntry.objects.exists()


def test_try_says_what_the_engine_says() -> None:
    response = Client().post(reverse(TRY), all_no(T_03="yes"))

    assert response.context["result"].tier == "transparency"
    assert response.context["result"].disposition == "determined"


def test_try_counts_what_is_left_open_as_not_known_unless_told() -> None:
    client = Client()

    open_ones = client.post(reverse(TRY), {"shown": "SC-01", "q_SC-01": "yes"})
    told_no = client.post(reverse(TRY), {"shown": "SC-01", "q_SC-01": "yes", "rest_no": "1"})

    assert open_ones.context["result"].tier == "unresolved"
    assert told_no.context["result"].tier == "minimal"


def test_try_refuses_what_is_no_answer_and_keeps_the_rest() -> None:
    client = Client()

    unknown = client.post(reverse(TRY), {"shown": "XX-1", "q_XX-1": "yes", "q_T-03": "yes"})
    outside = client.post(reverse(TRY), all_no(T_03="perhaps", T_04="yes"))

    assert unknown.status_code == 422
    assert "XX-1" in unknown.content.decode()
    assert outside.status_code == 422
    assert outside.content.decode().count(" checked") > 40


# Replay ----------------------------------------------------------------------------------------


def test_replay_is_shown_before_anything_is_changed(tmp_path) -> None:
    scene = a_case()
    assessed(scene, BENEFITS)
    ruleset = other_rules(tmp_path, 31, ("date: '2027-12-02'", "date: '2029-06-02'"))
    client = client_of(scene.secretary)

    begun = client.post(reverse("ethics:aiact_replays"), {"ruleset": ruleset})
    working = client.get(begun["Location"]).content.decode()
    outbox.drain()
    listed = client.get(begun["Location"]).content.decode()

    assert "hx-trigger" in working
    assert "2. juni 2029" in listed.replace("\xa0", " ")
    assert assessment_of(scene.fresh()) is not None
    replay = AiActReplay.objects.get()
    client.post(reverse("ethics:aiact_replay_apply", args=[replay.pk]))
    outbox.drain()
    assert assessment_of(scene.fresh()) is None
    again = client.post(reverse("ethics:aiact_replay_apply", args=[replay.pk]))
    assert again.status_code == 409


def test_replay_is_the_secretariats() -> None:
    scene = a_case()

    assert client_of(scene.member).get(reverse("ethics:aiact_replays")).status_code == 403
