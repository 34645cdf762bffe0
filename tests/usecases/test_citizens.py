"""A citizen suggests a use of AI: form, mail, one click, and what became of it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail, signing
from django.db import IntegrityError, transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from tests.factories import days, person
from tests.usecases.scenes import a_scene
from usecases.enums import Status
from usecases.models import CaseMerge, CitizenAttempt, CitizenProposal, UseCase
from usecases.services import citizens
from usecases.services.merging import split_case
from usecases.services.moves import move_case
from usecases.tasks import forget_citizens
from usecases.views.citizens import client_address

pytestmark = pytest.mark.django_db
FORM = "/forslag/foreslaa/"
WORDS = {
    "title": "Svar om åbningstider",
    "problem": "Man venter længe i telefonen.",
    "helps": "Alle, der ringer.",
    "name": "Bodil Borger",
    "email": "bodil@example.dk",
}


def send(client: Client | None = None, **change: Any) -> Any:
    return (client or Client()).post(FORM, {**WORDS, **change})


def link_in(message: Any) -> str:
    return re.search(r"http://[^/]+(/\S+)", message.body)[1]


def confirmed(drain: Any, **change: Any) -> CitizenProposal:
    send(**change)
    drain()
    Client().post(link_in(mail.outbox[-1]))
    return CitizenProposal.objects.get()


def test_only_the_click_makes_it_a_proposal(drain_outbox) -> None:
    scene = a_scene()
    client = Client()

    sent = send(client)
    drain_outbox()
    link = link_in(mail.outbox[0])
    before = UseCase.objects.exclude(pk=scene.case.pk).count()
    looked = [client.get(link), client.head(link), client.get(link)]
    after_looking = UseCase.objects.exclude(pk=scene.case.pk).count()
    clicked = [client.post(link), client.post(link), client.get(link)]

    case = UseCase.objects.exclude(pk=scene.case.pk).get()
    assert (sent.status_code, sent["Location"]) == (302, "/forslag/foreslaa/sendt/")
    assert (before, after_looking) == (0, 0)
    assert [one.status_code for one in looked] == [200, 200, 200]
    assert {one["Location"] for one in clicked} == {
        f"/forslag/foreslaa/status/{case.citizen_proposal.status_token}/"
    }
    assert (case.status, case.proposer, case.revision) == (Status.SUBMITTED, None, 1)
    assert case.answers == {"problem": WORDS["problem"], "affected_groups": WORDS["helps"]}
    assert AuditEntry.objects.filter(verb="usecases.submit_from_citizen").count() == 1
    assert [(c.move, c.by) for c in case.status_changes.all()] == [("submit", None)]


def test_the_secretariat_takes_it_up_like_any_other(drain_outbox) -> None:
    scene = a_scene()
    case = confirmed(drain_outbox).case
    client = Client()
    client.force_login(scene.secretary)

    waiting = client.get("/forslag/?vis=venter").content.decode()
    page = client.get(case.get_absolute_url()).content.decode()

    assert "From a citizen" in waiting or "Fra en borger" in waiting
    assert WORDS["email"] in page
    assert move_case(case=case, move="take_up", by=scene.secretary).status == "under_assessment"


def test_contact_data_is_the_secretariats_alone(drain_outbox) -> None:
    scene = a_scene()
    case = confirmed(drain_outbox).case
    paths = [case.get_absolute_url(), "/forslag/", status_path(case)]

    for user in (scene.member, scene.chair, scene.outsider, None):
        client = Client()
        if user:
            client.force_login(user)
        for path in paths:
            html = client.get(path).content.decode()
            assert WORDS["email"] not in html
            assert WORDS["name"] not in html


def status_path(case: UseCase) -> str:
    return reverse("usecases:citizen_status", args=[case.citizen_proposal.status_token])


def test_the_mail_carries_nothing_that_was_typed(drain_outbox) -> None:
    a_scene()
    send(title="Køb billige piller", problem="https://ond.example", name="Se https://ond.example")
    drain_outbox()
    message = mail.outbox[0]
    everything = f"{message.subject} {message.body} {message.alternatives} {message.to}"

    assert "piller" not in everything
    assert "ond.example" not in everything
    assert message.to == [WORDS["email"]]


@pytest.mark.parametrize("name", WORDS)
def test_each_field_says_what_lacks_and_keeps_the_rest(name: str) -> None:
    a_scene()

    answer = send(**{name: "  "})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{name}"' in html
    for other in WORDS.keys() - {name}:
        assert WORDS[other] in html
    assert not CitizenProposal.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "x" * 101),
        ("problem", "x" * 2501),
        ("helps", "x" * 1001),
        ("name", "x" * 151),
        ("email", "bodil"),
        ("email", "bodil@example.dk\nbcc: alle@example.dk"),
        ("email", "bodil@example.dk, en@example.dk"),
        ("email", f"{'x' * 260}@example.dk"),
    ],
)
def test_bad_input_is_refused_beside_its_field(name: str, value: str) -> None:
    a_scene()

    answer = send(**{name: value})

    assert (answer.status_code, name in answer.context["form"].errors) == (422, True)
    assert not CitizenProposal.objects.exists()


def test_html_and_invisible_characters_are_cleaned() -> None:
    a_scene()

    send(problem="<script>alert(1)</script>Vi venter\u200b.", title="Svar\u200b nu")

    row = CitizenProposal.objects.first()
    assert row is None or "<script>" not in row.problem


def test_a_machine_gets_the_usual_answer_and_nothing_is_kept(drain_outbox) -> None:
    a_scene()

    answer = send(website="https://spam.example")
    drain_outbox()

    assert answer["Location"] == "/forslag/foreslaa/sendt/"
    assert (CitizenProposal.objects.count(), len(mail.outbox)) == (0, 0)


def test_a_sender_waits_and_loses_no_text(settings) -> None:
    settings.CITIZEN_PROPOSALS_PER_SENDER = 2
    a_scene()
    CitizenAttempt.objects.all().delete()
    statuses = [send().status_code for _time in range(2)]

    refused = send(problem="Det, jeg skrev sidst.")

    html = refused.content.decode()
    assert (statuses, refused.status_code) == ([302, 302], 429)
    assert "Det, jeg skrev sidst." in html
    again = timezone.localtime(timezone.now() + timedelta(minutes=61)).strftime("%H.%M")
    assert again in html.replace("\u00a0", " ")
    assert 3500 <= int(refused["Retry-After"]) <= 3660
    other = Client(REMOTE_ADDR="10.9.9.9").post(FORM, WORDS)
    assert other.status_code == 302


def test_all_together_have_a_limit_too(settings) -> None:
    settings.CITIZEN_PROPOSALS_IN_ALL = 3
    a_scene()
    sent = [Client(REMOTE_ADDR=f"10.0.0.{n}").post(FORM, WORDS).status_code for n in range(4)]
    CitizenAttempt.objects.update(at=timezone.now() - timedelta(minutes=61))

    assert sent == [302, 302, 302, 429]
    assert send().status_code == 302


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "1.1.1.1", "9.9.9.9"),
        (1, "1.1.1.1", "1.1.1.1"),
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (2, "6.6.6.6, 1.1.1.1, 2.2.2.2", "1.1.1.1"),
        (2, "1.1.1.1", "9.9.9.9"),
        (1, "", "9.9.9.9"),
    ],
)
def test_only_our_own_proxies_are_believed(settings, proxies, header, address) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().post(FORM, REMOTE_ADDR="9.9.9.9", HTTP_X_FORWARDED_FOR=header)

    assert client_address(request) == address


def test_the_address_is_never_kept_in_clear() -> None:
    a_scene()
    Client(REMOTE_ADDR="10.1.2.3").post(FORM, WORDS)

    assert "10.1.2.3" not in str(list(CitizenAttempt.objects.values()))


@pytest.mark.parametrize(
    "link",
    ["ukendt", "a:b:c", signing.dumps(1, salt="noget-andet")],
    ids=["unknown", "broken", "of-another-kind"],
)
def test_a_link_that_is_none_of_ours(link: str) -> None:
    a_scene()
    paths = [f"/forslag/foreslaa/bekraeft/{link}/", f"/forslag/foreslaa/status/{link}/"]

    assert [Client().get(path).status_code for path in paths] == [404, 404]


def test_a_link_runs_out(drain_outbox, monkeypatch) -> None:
    a_scene()
    send()
    drain_outbox()
    link = link_in(mail.outbox[0])
    monkeypatch.setattr(citizens, "LINK_LASTS", timedelta(seconds=-1))

    answers = [Client().get(link), Client().post(link)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert CitizenProposal.objects.get().case is None


def test_what_nobody_confirmed_is_deleted_and_the_rest_stays(drain_outbox) -> None:
    a_scene()
    kept = confirmed(drain_outbox)
    for title in ("Gammelt", "Nyt"):
        send(title=title)
    CitizenProposal.objects.exclude(title="Nyt").update(created_at=days(-8))
    CitizenAttempt.objects.update(at=days(-2))

    forget_citizens()

    assert set(CitizenProposal.objects.values_list("title", flat=True)) == {kept.title, "Nyt"}
    assert CitizenAttempt.objects.count() == 0


def test_contact_data_goes_a_year_after_the_end(drain_outbox) -> None:
    a_scene()
    row = confirmed(drain_outbox)
    cases = UseCase.objects.filter(pk=row.case_id)
    cases.update(status=Status.REJECTED, status_since=days(-364))
    early = forget_citizens()
    cases.update(status_since=days(-366))

    gone = [forget_citizens(), forget_citizens()]

    assert (early, gone) == (0, [1, 0])
    assert cases.values_list("contact_name", "contact_email").get() == ("", "")
    assert (row.name, row.email, row.problem) == ("", "", "")
    assert AuditEntry.objects.filter(verb="usecases.forget_citizen").count() == 1


def test_contact_data_is_not_copied_by_a_split_and_goes_a_year_after_a_merge(drain_outbox) -> None:
    scene = a_scene()
    row = confirmed(drain_outbox)
    case = UseCase.objects.select_related("committee").get(pk=row.case_id)

    part = split_case(case=case, title="Del", problem="", reason="To.", by=scene.secretary)
    CaseMerge.objects.create(case=case, into=part, reason="Ens.", at=days(-366), by=scene.secretary)
    gone = forget_citizens()

    assert (part.contact_name, part.contact_email) == (scene.secretary.name, scene.secretary.email)
    assert (gone, scene.committee.use_cases.get(pk=case.pk).contact_email) == (1, "")


def test_a_confirmed_row_holds_no_contact_data() -> None:
    scene = a_scene()

    with pytest.raises(IntegrityError), transaction.atomic():
        CitizenProposal.objects.create(
            committee=scene.committee,
            title="x",
            email="x@example.dk",
            confirmed_at=timezone.now(),
            case=scene.case,
        )


INSIDE = {"status_reason": "INTERN-GRUND", "decision_reasons": "DERFOR-SVAR"}
ANSWER = {
    "decision": "reject", "decision_body": "Økonomiudvalget", "decision_access": "open",
}  # fmt: skip


@pytest.mark.parametrize("status", [s for s in Status.values if s != Status.DRAFT])
def test_the_status_page_says_what_anybody_may_know(drain_outbox, status: str) -> None:
    a_scene()
    row = confirmed(drain_outbox)
    UseCase.objects.filter(pk=row.case_id).update(
        status=status, status_since=timezone.now(), decision_recorded_at=days(-1),
        decision_on=days(-1).date(), title="NY-INTERN-TITEL", **INSIDE, **ANSWER,
    )  # fmt: skip

    answer = Client().get(status_path(row.case))

    html = answer.content.decode()
    decided = status not in {"submitted", "under_assessment", "parked", "withdrawn"}
    assert answer.status_code == 200
    assert str(Status(status).label) in html
    assert WORDS["title"] in html
    assert "INTERN" not in html
    assert ("DERFOR-SVAR" in html) == decided
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Cache-Control"] == "no-store"


def test_a_body_that_is_not_public_receives_nothing() -> None:
    a_scene(is_public=False)

    assert [Client().get(FORM).status_code, send().status_code] == [404, 404]


def test_the_same_form_sent_twice_is_one_proposal() -> None:
    a_scene()
    client = Client()
    token = re.search(r'name="_once" value="([^"]+)"', client.get(FORM).content.decode())[1]

    for _click in range(2):
        send(client, _once=token)

    assert CitizenProposal.objects.count() == 1


def test_somebody_logged_in_may_use_the_form_too() -> None:
    a_scene()
    client = Client()
    client.force_login(person(None, name="Ansat"))

    assert [client.get(FORM).status_code, send(client).status_code] == [200, 302]


@pytest.mark.parametrize(
    "email", ["bodil@blåbær.dk", '"bodil b"@example.dk', "o'neil+ai@example.dk"]
)
def test_unusual_addresses_get_their_mail_or_a_sentence(drain_outbox, email: str) -> None:
    a_scene()

    answer = send(email=email)
    drain_outbox()

    assert (answer.status_code, len(mail.outbox)) in {(302, 1), (422, 0)}


def test_two_clicks_at_once_make_one_proposal(run_together) -> None:
    a_scene()
    send()
    row = CitizenProposal.objects.get()

    run_together(*[lambda: citizens.confirm_proposal(proposal=row)] * 2)

    assert UseCase.objects.filter(citizen_proposal=row).count() == 1
    assert UseCase.objects.filter(title=WORDS["title"]).count() == 1


def test_the_last_place_in_the_hour_is_given_once(run_together, settings) -> None:
    settings.CITIZEN_PROPOSALS_IN_ALL = 1
    scene = a_scene()

    def act() -> Any:
        return citizens.receive_proposal(committee=scene.committee, values=WORDS, sender="x")

    answers = run_together(act, act)

    assert sorted(type(answer).__name__ for answer in answers) == ["CitizenProposal", "TooMany"]
