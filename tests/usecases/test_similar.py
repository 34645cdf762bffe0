"""Similar cases: found by what they are about, shown to those who may see them, and fast."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import person
from tests.usecases.scenes import a_scene, bring_to, submit
from usecases.enums import Status
from usecases.models import CaseWord, UseCase
from usecases.selectors.similar import similar
from usecases.services.texts import create_case
from usecases.services.words import words_of
from usecases.stems import stems

pytestmark = pytest.mark.django_db
MAILS = "Vi får mange mails hver dag, og de bliver sendt videre til den forkerte afdeling."


def written(scene, title, problem, status=Status.SUBMITTED):
    case = create_case(
        committee=scene.committee, values={"title": title, "problem": problem}, by=scene.proposer
    )
    if status != Status.DRAFT:
        UseCase.objects.filter(pk=case.pk).update(status=status, submitted_at=case.created_at)
    return case


def found(scene, who, title, problem=""):
    return [one.case.title for one in similar(title, problem, getattr(scene, who))]


def test_stems_are_danish_and_leave_small_words_out():
    assert stems("Sortering af mails og de mange MAILEN") == stems("sorteringer mail mange maile")
    assert stems("at og det AI kommunen") == {}


def test_finds_what_is_about_the_same_best_first():
    scene = a_scene()
    written(scene, "AI til mailsortering", MAILS)
    written(scene, "Sortering af indgående post", "Breve og mails bliver sendt forkert.")
    written(scene, "AI til vejtilsyn", "Huller i vejen bliver set for sent.")

    got = found(scene, "member", "Sortere mails", "Mails bliver sendt til den forkerte afdeling")

    assert got == ["AI til mailsortering", "Sortering af indgående post"]
    assert found(scene, "member", "og til at") == []
    assert found(scene, "member", "Kvantefysik") == []


@pytest.mark.parametrize(("status", "who", "wanted"), [
    (Status.DRAFT, "member", []),
    (Status.DRAFT, "proposer", ["Falddetektor"]),
    (Status.SUBMITTED, "member", ["Falddetektor"]),
    (Status.SUBMITTED, "outsider", []),
    (Status.UNDER_ASSESSMENT, "outsider", ["Falddetektor"]),
    (Status.PARKED, "outsider", []),
    (Status.WITHDRAWN, "secretary", []),
])  # fmt: skip
def test_shows_only_what_the_reader_may_see(status, who, wanted):
    scene = a_scene()
    written(scene, "Falddetektor", "Beboere falder om natten", status)

    assert found(scene, who, "Falddetektor") == wanted


def test_words_of_a_text_one_may_not_read_find_nothing():
    """Else one could ask a hidden text word by word."""
    scene = a_scene()
    written(scene, "Falddetektor", "Hemmelighedskræmmeri", Status.UNDER_ASSESSMENT)

    assert found(scene, "outsider", "Hemmelighedskræmmeri") == []
    assert found(scene, "member", "Hemmelighedskræmmeri") == ["Falddetektor"]


def test_a_hidden_text_changes_nothing_of_the_answer():
    scene = a_scene()
    written(scene, "Falddetektor", "Beboere falder om natten", Status.UNDER_ASSESSMENT)
    asked = ("Falddetektor sygehus hemmelig", "hemmelig beboer", scene.again("outsider"))
    before = similar(*asked)

    for _count in range(3):
        written(scene, "Hemmelig beboer", "Falddetektor på sygehuset", Status.DRAFT)

    assert similar(*asked) == before
    assert len(before) == 1


def test_leaves_itself_and_the_merged_out():
    scene = a_scene()
    first, second = written(scene, "Falddetektor", ""), written(scene, "Falddetektor", "")
    UseCase.objects.filter(pk=second.pk).update(merged_into=first)

    assert similar("Falddetektor", "", scene.member, exclude=first.pk) == []


def test_index_follows_the_text():
    from usecases.services.texts import save_values

    scene = a_scene()
    case = scene.fresh()
    save_values(case=case, values={"title": "Vejtilsyn"}, version=1, by=scene.proposer)

    assert found(scene, "proposer", "mails") == []
    assert found(scene, "proposer", "vejtilsynet") == ["Vejtilsyn"]


def many_cases(count):
    """As many cases as asked for, with words as uneven as those of a language."""
    scene = a_scene()
    common = [
        "borger",
        "sag",
        "mails",
        "telefon",
        "medarbejder",
        "tid",
        "svar",
        "henvendelse",
        "oplysning",
        "skema",
    ]
    cases = UseCase.objects.bulk_create(
        UseCase(
            committee=scene.committee,
            status=Status.UNDER_ASSESSMENT if n % 3 else Status.OPERATION,
            submitted_at=scene.case.created_at,
            reference=f"X-{scene.case.pk}-{n}",
            title=f"{common[n % 10]} emne{n % 500}",
            summary=" ".join(f"{common[(n * k) % 10]} ord{(n * k) % 3000}" for k in range(1, 15)),
            answers={"problem": " ".join(f"tekst{(n * k) % 4000}" for k in range(1, 25))},
        )
        for n in range(count)
    )
    CaseWord.objects.bulk_create(
        (word for case in cases for word in words_of(case)), batch_size=5000
    )
    return scene


@pytest.mark.database
def test_ten_thousand_cases_answer_in_time():
    scene = many_cases(10_000)
    question = ("Borger sag mails emne7", "telefon medarbejder tid svar skema ord77 tekst88 " * 3)
    times = []
    for who in ("outsider", "member", "member", "outsider", "secretary"):
        user = scene.again(who)
        start = time.perf_counter()
        got = similar(*question, user)
        times.append(time.perf_counter() - start)
        assert got

    assert sorted(times)[len(times) // 2] < 0.150


def test_asks_a_fixed_number_of_questions():
    costs = set()
    for count in (1, 3, 300):
        scene = many_cases(count)
        user = scene.again("member")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            similar("borger sag emne0", "mails", user)
        costs.add(len(queries))

    assert len(costs) == 1


def test_fragment_while_typing(client):
    scene = a_scene()
    submit(scene)
    client.force_login(scene.member)

    answer = client.post("/forslag/lignende/", {"title": "mails"}, headers={"hx-request": "true"})

    assert answer.status_code == 200
    assert "AI til mails" in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert client.get("/forslag/lignende/").status_code == 405
    far = f"/forslag/lignende/?uden={'9' * 5000}"
    assert client.post(far, {"title": "mails"}).status_code == 200
    client.logout()
    assert client.post("/forslag/lignende/", {"title": "mails"}).status_code == 302


def test_person_of_no_committee_may_ask(client):
    scene = a_scene()
    bring_to(scene, Status.UNDER_ASSESSMENT)
    client.force_login(person(None))

    assert "AI til mails" in client.post("/forslag/lignende/", {"title": "mail"}).content.decode()
