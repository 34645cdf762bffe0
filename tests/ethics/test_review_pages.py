"""The pages of the rounds: without JavaScript, for each reader what is theirs and no more."""

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import translation

from committee.models import User
from core import outbox
from core.models import Draft, OutboxEntry
from ethics.enums.rounds import RoundState
from ethics.models import ReviewRound, ReviewSheet, SpreadNote
from ethics.questionnaire import current
from ethics.tasks import rounds as tasks
from tests.ethics.scenes_rounds import (
    REVIEWERS,
    WORDS,
    a_round,
    assign,
    bring_to,
    declare,
    good_answers,
    handed_out,
    seal,
)
from tests.factories import days
from usecases.services.texts import save_values

pytestmark = pytest.mark.django_db
R = RoundState
SECRET = "HEMMELIGT-ORD"


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


def url(name, scene, *more):
    return reverse(f"ethics:{name}", args=[scene.review.pk, *more])


def get(client, scene, name, page, *more):
    client.force_login(scene.again(name))
    return client.get(url(page, scene, *more))


def test_assigned_reviewer_sees_nothing_before_the_declaration(client):
    scene = a_round()
    assign(scene)

    for page in ("review_page", "sheet_page", "sheet_seal", "review_sheets", "review_discussion"):
        answer = get(client, scene, "council", page)
        assert answer.headers["Location"] == url("review_declare", scene)
    assert client.post(url("sheet_seal", scene)).status_code == 403
    listing = client.get(reverse("ethics:review_list")).content.decode()
    assert url("review_page", scene) + '"' not in listing
    assert url("review_declare", scene) in listing


def test_declaring_opens_the_round_and_doubt_shuts_it(client):
    scene = a_round()
    assign(scene)
    client.force_login(scene.again("council"))
    answer = client.post(url("review_declare", scene), {"answer": "no"})
    assert answer.headers["Location"] == url("review_page", scene)
    assert client.get(url("review_page", scene)).status_code == 200

    client.post(url("review_declare", scene), {"answer": "doubt", "grounds": "Min nabo."})

    for page in ("review_page", "sheet_page", "review_sheets", "review_discussion", "sheet_seal"):
        assert client.get(url(page, scene)).status_code == 403


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("secretary", 200), ("chair", 200), ("member", 200), ("dpo", 200), ("reviewer", 200),
        ("proposer", 200), ("owner", 200), ("follower", 404), ("outsider", 404),
    ],
)  # fmt: skip
def test_round_is_seen_by_those_who_take_part_and_those_whose_it_is(client, name, status):
    scene = bring_to(a_round(), R.INDIVIDUAL)

    assert get(client, scene, name, "review_page").status_code == status


def test_unseen_round_is_like_an_unknown_one(client):
    scene = a_round()
    client.force_login(scene.again("outsider"))
    unseen = client.get(url("review_page", scene))
    unknown = client.get(reverse("ethics:review_page", args=[999_999]))

    assert unseen.status_code == unknown.status_code == 404


def test_reviewer_fills_in_and_seals_without_javascript(client):
    scene = bring_to(a_round(), R.INDIVIDUAL)
    client.force_login(scene.again("council"))
    answers = good_answers()
    for section in current().sections:
        data = {}
        for question in current().questions_of(section.id):
            if question.id in answers:
                data[question.id] = answers[question.id]["value"]
                data[f"{question.id}_reason"] = "Fordi."
        answer = client.post(url("sheet_section", scene, section.id), data)
        assert answer.status_code == 302
    page = client.get(url("sheet_page", scene)).content.decode()
    assert url("sheet_seal", scene) in page

    answer = client.post(url("sheet_seal", scene), {"recommendation": "recommend", "note": SECRET})

    assert answer.status_code == 302
    sheet = ReviewSheet.objects.get(assignment__reviewer=scene.council)
    assert sheet.sealed_at is not None
    again = client.post(url("sheet_seal", scene), {"recommendation": "recommend"})
    assert again.status_code == 409
    late = client.post(url("sheet_section", scene, "A"), {"A1": "Noget nyt"})
    assert late.status_code == 409


def test_invalid_part_keeps_what_was_typed(client):
    scene = bring_to(a_round(), R.INDIVIDUAL)
    client.force_login(scene.again("council"))
    answer = client.post(
        url("sheet_section", scene, "A"), {"A1": SECRET, "A1_evidence": "", "A2": "7"}
    )

    assert answer.status_code == 422
    assert SECRET in answer.content.decode()
    assert Draft.objects.filter(owner=scene.council).count() == 1
    assert SECRET in client.get(url("sheet_section", scene, "A")).content.decode()


def test_draft_is_kept_while_typing(client):
    scene = bring_to(a_round(), R.INDIVIDUAL)
    client.force_login(scene.again("council"))
    answer = client.post(url("sheet_draft", scene, "A"), {"A1": SECRET, "A1_evidence": ""})

    assert "Kept" in answer.json()["saved_at_text"]
    assert SECRET in client.get(url("sheet_section", scene, "A")).content.decode()


@pytest.mark.parametrize("name", ["secretary", "chair", "member", "citizen", "proposer", "owner"])
def test_sealed_text_is_nowhere_for_others_before_the_reveal(client, name):
    scene = bring_to(a_round(), R.INDIVIDUAL)
    sheet = seal(scene, "council", note=SECRET)
    client.force_login(scene.again(name))
    pages = [
        url("review_page", scene), url("sheet_page", scene), url("review_sheets", scene),
        url("review_discussion", scene), url("review_people", scene), url("sheet_seal", scene),
        url("sheet_add", scene, sheet.pk), reverse("ethics:review_list"), reverse("portal:my_work"),
        scene.case.get_absolute_url(), url("sheet_section", scene, "A"),
    ]  # fmt: skip

    for page in pages:
        assert SECRET not in client.get(page).content.decode()


def test_revealed_sheets_stand_side_by_side_and_are_added_to(client):
    scene = bring_to(a_round(), R.INDIVIDUAL)
    mine = seal(scene, "council", note=SECRET)
    for name in ("citizen", "ethicist"):
        seal(scene, name)
    client.force_login(scene.again("secretary"))
    client.post(url("review_step", scene, "aabn-ark"))
    assert SECRET in client.get(url("review_sheets", scene)).content.decode()

    client.force_login(scene.again("council"))
    data = {"question": "", "text": "En tanke mere", "reason": "Jeg hørte mere"}
    assert client.post(url("sheet_add", scene, mine.pk), data).status_code == 302
    assert "En tanke mere" in client.get(url("review_sheets", scene)).content.decode()
    client.force_login(scene.again("citizen"))
    assert client.post(url("sheet_add", scene, mine.pk), data).status_code == 403


def test_words_that_somebody_wrote_meanwhile_are_not_written_over(client):
    scene = a_round()
    handed_out(scene)
    seal(scene, "council", E1=1)
    seal(scene, "citizen", E1=4)
    seal(scene, "ethicist")
    scene.move("reveal")
    client.force_login(scene.again("secretary"))
    address = url("review_discussion", scene)
    form = client.get(address).context["form"]
    seen = {name: form[name].value() or "" for name in form.fields}
    assert "note-E1" in seen
    assert client.post(address, seen | {"note-E1": "Først"}).status_code == 302

    late = client.post(address, seen | {"note-E1": "Sent"})
    text = SpreadNote.objects.get(question="E1").note

    assert (late.status_code, text) == (409, "Først")
    page = late.content.decode()
    assert "Først" in page
    assert "Sent" in page
    shown = late.context["form"]["seen-note-E1"].value()
    again = client.post(address, seen | {"note-E1": "Begge", "seen-note-E1": shown})
    assert again.status_code == 302
    assert SpreadNote.objects.get(question="E1").note == "Begge"


def test_from_screening_to_recommended_by_the_pages(client):
    scene = a_round()
    client.force_login(scene.again("secretary"))
    for name in REVIEWERS:
        client.post(url("review_people", scene), {"reviewer": getattr(scene, name).pk})
    for name in REVIEWERS:
        declare(scene, name)
    assert client.get(url("review_step", scene, "udsend-ark")).status_code == 200
    day = days(10).strftime("%d %m %Y")
    client.post(url("review_step", scene, "udsend-ark"), {"deadline": day, "blind": "1"})
    assert scene.fresh().blind is True
    for name in REVIEWERS:
        seal(scene, name)
    client.post(url("review_step", scene, "aabn-ark"))
    for flag in client.get(url("review_discussion", scene)).context["flags"]:
        one = flag["flag"]
        data = {f"flag-{one.question.id}-{one.severity}": "Gjort."}
        assert client.post(url("review_discussion", scene), data).status_code == 302
    client.post(url("review_step", scene, "underskriv"), {"assessment": "Samlet god."})
    agenda = {"on": days(30).strftime("%d %m %Y"), "title": "Mails", "access": "open"}
    client.post(url("review_step", scene, "dagsorden"), agenda)
    client.force_login(scene.again("chair"))
    data = {
        "outcome": "recommend_with_conditions", "on": days(0).strftime("%d %m %Y"),
        "present": "6", "reasons": "Den hjælper.",
    }  # fmt: skip
    client.post(url("review_step", scene, "indstil"), data)
    assert scene.fresh().state == R.RECOMMENDED
    assert client.get(url("review_page", scene)).status_code == 200
    client.force_login(scene.again("secretary"))
    client.post(url("review_step", scene, "send"), {"body": "Økonomiudvalget"})
    data = {
        "decision": "approve_pilot", "on": days(0).strftime("%d %m %Y"), "access": "open",
        "reasons": "Det hjælper.", "body": "Økonomiudvalget", "conditions": "To vilkår.",
    }  # fmt: skip
    answer = client.post(url("review_step", scene, "beslutning"), data)

    assert answer.status_code == 302
    assert scene.fresh().state == R.CLOSED
    assert scene.case_scene.fresh().status == "approved_for_pilot"


def test_blind_round_names_nobody_to_the_reviewers(client):
    scene = a_round()
    assign(scene)
    for name in REVIEWERS:
        declare(scene, name)
    scene.move("start_individual", blind=True)
    names = ("Petrea Quist", "Oluf Zwick")
    for person, name in zip((scene.proposer, scene.owner), names, strict=True):
        User.objects.filter(pk=person.pk).update(name=name)

    for page in ("review_page", "sheet_page", "sheet_seal"):
        text = get(client, scene, "council", page).content.decode()
        assert not any(name in text for name in names)
        assert scene.case.get_absolute_url() + '"' not in text
    assert (
        scene.case.get_absolute_url()
        in get(client, scene, "secretary", "review_page").content.decode()
    )


def test_proposer_answers_what_was_asked(client):
    scene = bring_to(a_round(), R.NEEDS_INFO)
    text = get(client, scene, "proposer", "review_page").content.decode()
    assert WORDS["ask_for_information"]["reason"] in text

    client.post(url("review_step", scene, "besvar"), {"reason": "Nu står det der."})

    assert scene.fresh().state == R.SCREENING


def test_step_of_somebody_else_is_refused_with_its_sentence(client):
    scene = bring_to(a_round(), R.AGENDA)
    answer = get(client, scene, "secretary", "review_step", "indstil")

    assert answer.status_code == 403
    assert "chair" in answer.content.decode()
    assert get(client, scene, "secretary", "review_step", "findes-ikke").status_code == 404


def test_overview_costs_the_same_for_one_round_as_for_many(client, django_assert_max_num_queries):
    scene = bring_to(a_round(), R.INDIVIDUAL)
    client.force_login(scene.again("council"))
    client.get(reverse("ethics:review_list"))
    with django_assert_max_num_queries(14):
        client.get(reverse("ethics:review_list"))


@pytest.mark.parametrize(
    ("state", "most"), [(R.SCREENING, 26), (R.INDIVIDUAL, 24), (R.DISCUSSION, 34), (R.AGENDA, 26)]
)
def test_round_costs_a_fixed_number_of_queries(client, django_assert_max_num_queries, state, most):
    scene = bring_to(a_round(), state)
    client.force_login(scene.again("secretary"))
    with django_assert_max_num_queries(most):
        client.get(url("review_page", scene))


def test_section_of_a_sheet_is_cheap(client, django_assert_max_num_queries):
    scene = bring_to(a_round(), R.INDIVIDUAL)
    client.force_login(scene.again("council"))
    with django_assert_max_num_queries(16):
        client.get(url("sheet_section", scene, "A"))


def test_my_work_shows_the_sheet_and_the_next_step(client):
    scene = bring_to(a_round(), R.INDIVIDUAL)
    client.force_login(scene.again("council"))
    assert url("sheet_page", scene) in client.get(reverse("portal:my_work")).content.decode()
    seal(scene, "council")
    assert url("sheet_page", scene) not in client.get(reverse("portal:my_work")).content.decode()


# Mails and the clock ---------------------------------------------------------------------------


def sent():
    outbox.drain()
    return [(message.to[0], message.subject, message.body) for message in mail.outbox]


def test_reviewers_are_reminded_once_and_never_of_what_was_written():
    scene = bring_to(a_round(), R.INDIVIDUAL)
    seal(scene, "council", note=SECRET)
    ReviewRound.objects.update(deadline=days(2))
    tasks.remind_reviewers()
    tasks.remind_reviewers()

    kinds = OutboxEntry.objects.filter(key__contains=":remind:").values_list("payload", flat=True)
    assert {row["user"] for row in kinds} == {scene.citizen.pk, scene.ethicist.pk}
    assert len(kinds) == 2
    letters = sent()
    assert letters
    assert not any(SECRET in subject + body for _to, subject, body in letters)
    assert not any(scene.case.title in subject + body for _to, subject, body in letters)


def test_clock_opens_the_sheets_after_the_deadline():
    scene = bring_to(a_round(), R.INDIVIDUAL)
    for name in REVIEWERS:
        seal(scene, name)
    ReviewRound.objects.update(deadline=days(-1))

    assert tasks.reveal_overdue() == 1
    assert tasks.reveal_overdue() == 0
    assert scene.fresh().state == R.DISCUSSION


def test_use_is_reviewed_again_when_its_day_comes():
    from tests.ethics.test_rounds import operating
    from tests.factories import day
    from usecases.models import UseCase

    operating(a_round())
    UseCase.objects.update(rereview_on=day(0))

    assert tasks.begin_due() == 1
    assert tasks.begin_due() == 0
    assert ReviewRound.objects.get(number=2).kind == "periodic"


def test_citizens_proposal_is_reviewed_too(client):
    from usecases import hooks

    scene = a_round()
    case = scene.case_scene.fresh()
    save_values(case=case, values={"title": "Ny titel"}, version=case.version, by=scene.secretary)
    case.pk, case.uid, case.reference = None, "5b7d1f5e-0000-4000-8000-000000000001", None
    case.proposer = case.owner = None
    case.status = "submitted"
    case.save(force_insert=True)
    hooks.tell(hooks.moved, case, "submit", None)

    assert ReviewRound.objects.get(case=case).kind == "initial"
