"""Who sees what, and the way from an idea to a submitted proposal, without a script."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.drafts import find_draft
from core.models import AuditEntry
from tests.factories import person
from tests.usecases.scenes import ALL_STAGES, a_scene, act, bring_to, decide, fill, values_for
from usecases import policies
from usecases.enums import PUBLIC, TITLE_ONLY, Decision, Status
from usecases.models import UseCase
from usecases.record import record
from usecases.services import facts, texts
from usecases.services.discussion import remove_comment, write_comment
from usecases.services.texts import create_case

pytestmark = pytest.mark.django_db
INSIDE = {"secretary", "chair", "member", "reviewer", "follower"}
OWN = {"proposer", "owner"}
EVERYBODY = INSIDE | OWN | {"outsider", "citizen"}


def reader(scene, name):
    return AnonymousUser() if name == "citizen" else scene.again(name)


def wanted_level(status, name):
    """Written from the description of the states."""
    if name in OWN or name == "secretary":
        return "full"
    if name in INSIDE and status != Status.DRAFT:
        return "full"
    if status in PUBLIC:
        return "public"
    return "title" if status in TITLE_ONLY else "none"


@pytest.mark.parametrize("status", Status.values)
@pytest.mark.parametrize("is_public", [True, False])
def test_who_sees_how_much(status, is_public):
    scene = a_scene()
    UseCase.objects.update(owner=scene.owner)
    if status != Status.DRAFT:
        bring_to(scene, status)
    scene.committee.is_public = is_public
    scene.committee.save()
    for name in sorted(EVERYBODY):
        user = reader(scene, name)
        level = policies.reading_level(user, scene.fresh())
        wanted = wanted_level(status, name)
        if not is_public and wanted in ("public", "title"):
            wanted = "none"
        assert level == wanted, name
        assert UseCase.objects.visible_to(user).exists() == (level != "none"), name
        assert UseCase.objects.readable_by(user).exists() == (level in ("full", "public")), name


def test_draft_that_was_taken_back_stays_with_its_own():
    scene = a_scene()
    act(scene, "withdraw", scene.proposer, reason="Fortrudt.")

    assert policies.reading_level(scene.member, scene.fresh()) == "none"
    assert policies.reading_level(scene.proposer, scene.fresh()) == "full"


def page(client, scene, who):
    client.logout()
    if who != "citizen":
        client.force_login(scene.again(who))
    return client.get(scene.fresh().get_absolute_url()).content.decode()


def test_citizens_read_the_public_fields_only(client):
    scene = a_scene()
    fill(scene, *ALL_STAGES)
    bring_to(scene, Status.PILOT)

    text = page(client, scene, "citizen")

    for known in record().fields:
        shown = f"{known.short} er skrevet."
        if known.type in ("text", "long_text") and scene.fresh().is_filled(known.key):
            assert (shown in text) == (known.is_public and known.key != "title"), known.key
    assert "nogen@example.dk" not in text
    assert "nogen@example.dk" not in page(client, scene, "member")
    assert "nogen@example.dk" in page(client, scene, "secretary")


def test_rejection_is_public_with_its_reasons(client):
    scene = a_scene()
    fill(scene, *ALL_STAGES)
    bring_to(scene, Status.UNDER_ASSESSMENT)
    decide(scene, Decision.REJECT, reasons="Gevinsten er for lille.")

    text = page(client, scene, "citizen")

    assert "Gevinsten er for lille." in text
    assert "Prisen for et nej er skrevet." in text


def test_closed_decision_shows_only_its_ground(client):
    scene = a_scene()
    bring_to(scene, Status.UNDER_ASSESSMENT)
    decide(
        scene, Decision.REJECT, reasons="En hemmelig grund", access="closed",
        ground="Offentlighedslovens § 30",
    )  # fmt: skip

    for who, reads in [("citizen", False), ("follower", False), ("member", True)]:
        text = page(client, scene, who)
        assert "Offentlighedslovens § 30" in text.replace("\u00a0", " ")
        assert ("En hemmelig grund" in text) is reads


def test_recorded_decision_waits_for_the_move(client):
    scene = a_scene()
    bring_to(scene, Status.PILOT_ENDED)
    record = facts.DecisionRecord(
        decision="reject", body="ØU", reasons="Ikke endnu kendt", on=scene.fresh().decision_on
    )
    facts.record_decision(case=scene.fresh(), record=record, by=scene.secretary)

    assert "Ikke endnu kendt" not in page(client, scene, "citizen")
    assert "Ikke endnu kendt" in page(client, scene, "member")


# The intake, by forms alone ----------------------------------------------------------------------


def post(client, url, data):
    answer = client.post(url, data)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return answer["Location"]


def as_form(values, section):
    data = {}
    for one in section.fields:
        value = values.get(one.key, "")
        data[one.key] = value
    return data


def test_whole_way_from_idea_to_decision(client):
    scene = a_scene()
    employee = person(None, name="En ansat")
    client.force_login(employee)
    values = values_for("submission") | {"title": "AI til vejtilsyn", "municipality": "0157"}
    steps = record().intake
    url = post(client, "/forslag/nyt/", as_form(values, steps[0]))
    case = UseCase.objects.get(title="AI til vejtilsyn")
    assert (case.proposer, case.municipality) == (employee, "0157")
    assert case.contact_email == employee.email
    for step in steps[1:]:
        assert url.endswith(f"/rediger/{step.key}/")
        case.refresh_from_db()
        url = post(client, url, as_form(values, step) | {"version": case.version})
    assert url.endswith("/indsend/")
    assert "/lignende/" in client.get(url).content.decode()
    url = post(client, f"/forslag/{case.pk}/lignende/", {"similar_answer": "none"})
    post(client, url, {})
    case.refresh_from_db()
    assert (case.status, case.revision) == ("submitted", 1)

    client.force_login(scene.secretary)
    UseCase.objects.filter(pk=case.pk).update(committee=scene.committee)
    post(client, f"/forslag/{case.pk}/tag-op/", {})
    post(client, f"/forslag/{case.pk}/fakta/klassifikation/",
         {"tier": "minimal", "ruleset": "ai_act@1"})  # fmt: skip
    post(client, f"/forslag/{case.pk}/beslutning/", {
        "decision": "approve_pilot", "body": "Økonomiudvalget", "on": "1 11 2025",
        "access": "open", "reasons": "Fordi.",
    })  # fmt: skip
    case.refresh_from_db()

    assert case.status == "approved_for_pilot"


def test_decision_that_a_guard_stops_leaves_nothing_behind(client):
    scene = a_scene()
    bring_to(scene, Status.UNDER_ASSESSMENT)
    client.force_login(scene.secretary)
    acts = AuditEntry.objects.count()

    answer = client.post(f"/forslag/{scene.case.pk}/beslutning/", {
        "decision": "approve_pilot", "body": "ØU", "on": "1 11 2025", "access": "open",
        "reasons": "Fordi.",
    })  # fmt: skip

    assert answer.status_code == 422
    assert (scene.fresh().decision, AuditEntry.objects.count()) == ("", acts)


def test_double_click_makes_one_case(client):
    scene = a_scene()
    client.force_login(scene.outsider)
    data = {"title": "To klik", "problem": "", "_once": "k" * 32}

    first, second = (post(client, "/forslag/nyt/", data) for _ in range(2))

    assert first == second
    assert UseCase.objects.filter(title="To klik").count() == 1


def test_half_a_step_is_saved_and_nothing_is_lost(client):
    scene = a_scene()
    client.force_login(scene.proposer)
    url = f"/forslag/{scene.case.pk}/rediger/benefit/"
    post(client, url, {"summary": "Kun lidt", "purpose": "", "version": "1", "later": "1"})
    assert scene.fresh().summary == "Kun lidt"

    kept = client.post(f"{url}kladde/", {"summary": "Mere", "effects": ["time"], "fremmed": "x"})

    assert kept.status_code == 200
    text = client.get(url).content.decode()
    assert "Mere" in text
    assert scene.fresh().summary == "Kun lidt"
    draft = find_draft(owner=scene.proposer, form=f"usecase:{scene.case.pk}:benefit")
    assert "fremmed" not in draft.fields["typed"]


def test_text_on_an_old_version_is_shown_again_with_409(client):
    scene = a_scene()
    client.force_login(scene.proposer)
    url = f"/forslag/{scene.case.pk}/rediger/idea/"
    texts.save_values(case=scene.fresh(), values={"problem": "B"}, version=1, by=scene.proposer)

    answer = client.post(url, {"title": "AI til mails", "problem": "Mit", "version": "1"})

    assert answer.status_code == 409
    assert ">\nMit</textarea>" in answer.content.decode()
    assert scene.fresh().answers["problem"] == "B"
    post(client, url, {"title": "AI til mails", "problem": "Mit", "version": "2"})
    assert scene.fresh().answers["problem"] == "Mit"


@pytest.mark.parametrize(("path", "who", "data", "status"), [
    ("rediger/idea/", "proposer", {"title": "T", "problem": "MIN TEKST", "version": "9"}, 403),
    ("samtale/1/ret/", "member", {"text": "MIN TEKST", "version": "1"}, 409),
    ("saml/", "secretary", {"reason": "MIN TEKST"}, 403),
    ("del/", "secretary", {"title": "T", "reason": "MIN TEKST"}, 403),
    ("beslutning/", "secretary", {
        "decision": "reject", "body": "ØU", "on": "1 11 2025",
        "access": "open", "reasons": "MIN TEKST",
    }, 409),
    ("lignende/", "proposer", {"similar_answer": "different", "similar_note": "MIN TEKST"}, 403),
    ("fakta/klassifikation/", "secretary", {"tier": "minimal", "ruleset": "MIN TEKST"}, 409),
    ("vurdering/", "secretary", {"reason": "MIN TEKST"}, 403),
    ("samtale/", "member", {"text": "MIN TEKST"}, 409),
    ("parker/", "secretary", {"reason": "MIN TEKST", "revisit_on": "1 11 2036"}, 409),
    ("rediger/idea/", "outsider", {"title": "T", "problem": "MIN TEKST", "version": "9"}, 404),
    ("del/", "member", {"title": "T", "reason": "MIN TEKST"}, 403),
])  # fmt: skip
def test_case_that_moved_on_keeps_what_was_typed(client, path, who, data, status):
    scene = a_scene()
    bring_to(scene, Status.UNDER_ASSESSMENT)
    write_comment(case=scene.fresh(), text="Før", by=scene.member)
    other = create_case(committee=scene.committee, values={"title": "En anden"}, by=scene.proposer)
    UseCase.objects.filter(pk=other.pk).update(
        status=Status.SUBMITTED, submitted_at=other.created_at, reference="AI-2026-900"
    )
    decide(scene, Decision.REJECT)
    client.force_login(scene.again(who))

    answer = client.post(f"{scene.case.get_absolute_url()}{path}", {"into": other.pk, **data})

    page = answer.content.decode()
    form = page.partition('<form class="ur-form')[2] or page
    assert answer.status_code == status
    assert ("MIN TEKST" in form) == (status != 404)


def test_answer_about_similar_cases_is_kept_when_the_draft_is_submitted_meanwhile(client):
    scene = a_scene()
    bring_to(scene, Status.SUBMITTED)
    client.force_login(scene.proposer)

    answer = client.post(
        f"{scene.case.get_absolute_url()}lignende/",
        {"similar_answer": "different", "similar_note": "MIN TEKST"},
    )

    assert answer.status_code == 409
    assert "MIN TEKST</textarea>" in answer.content.decode()


def test_reason_is_kept_when_the_comment_is_removed_meanwhile(client):
    """The one who removed it sees the text; nobody else learns it by asking too late."""
    scene = a_scene()
    bring_to(scene, Status.SUBMITTED)
    row = write_comment(case=scene.fresh(), text="FJERNET ORD", by=scene.member)
    remove_comment(comment=row, by=scene.member)
    url, data = f"{row.case.get_absolute_url()}samtale/1/fjern/", {"reason": "MIN TEKST"}

    client.force_login(scene.secretary)
    by_secretary = client.post(url, data)
    client.force_login(scene.follower)
    by_follower = client.post(url, data)

    assert (by_secretary.status_code, by_follower.status_code) == (403, 403)
    assert "MIN TEKST</textarea>" in by_secretary.content.decode()
    assert "FJERNET ORD" not in by_follower.content.decode()


def test_submit_without_what_is_missing_says_why(client):
    scene = a_scene()
    client.force_login(scene.proposer)

    answer = client.post(f"/forslag/{scene.case.pk}/indsend/")

    assert answer.status_code == 403
    assert scene.fresh().status == Status.DRAFT


def test_my_work_shows_drafts_and_what_waits(client):
    scene = a_scene()
    client.force_login(scene.proposer)
    assert "AI til mails" in client.get("/mit-arbejde/").content.decode()
    bring_to(scene, Status.SUBMITTED)

    assert "AI til mails" not in client.get("/mit-arbejde/").content.decode()
    client.force_login(scene.secretary)
    assert "AI til mails" in client.get("/mit-arbejde/").content.decode()


@pytest.mark.parametrize("who", ["citizen", "member", "secretary", "proposer"])
@pytest.mark.parametrize("url", ["/forslag/", "/forslag/?vis=mine", "/mit-arbejde/"])
def test_lists_cost_the_same_for_1_3_and_300(client, who, url):
    costs = []
    for count in (1, 3, 300):
        scene = a_scene()
        for number in range(min(count, 3)):
            create_case(
                committee=scene.committee, values={"title": f"Nr. {number}"}, by=scene.proposer
            )
        UseCase.objects.bulk_create(
            UseCase(
                committee=scene.committee, proposer=scene.proposer, title=f"Sag {n}",
                status="pilot", submitted_at=scene.case.created_at, field="social",
            )
            for n in range(count)
        )  # fmt: skip
        client.logout()
        if who != "citizen":
            client.force_login(scene.again(who))
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        costs.append(len(queries))

    assert costs[0] == costs[1] == costs[2], costs
    assert costs[0] <= 25 if "arbejde" in url else costs[0] <= 12
