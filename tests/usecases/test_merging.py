"""Two cases that are one, and one that is two: every address stays alive."""

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction

from core.models import AuditEntry, OutboxEntry
from core.verdicts import NotAllowed, Refused, StaleState
from tests.usecases.scenes import a_scene, act, bring_to
from usecases import policies
from usecases.enums import Status
from usecases.models import CaseFollow, CaseMerge, CaseSplit, UseCase
from usecases.selectors.relations import merge_choices, relations
from usecases.services import moves, texts
from usecases.services.discussion import write_comment
from usecases.services.merging import merge_cases, split_case

pytestmark = pytest.mark.django_db
EVERYBODY = {
    "proposer", "owner", "secretary", "chair", "member", "reviewer", "follower", "outsider",
}  # fmt: skip
MERGEABLE = {Status.SUBMITTED, Status.UNDER_ASSESSMENT, Status.PARKED}
TAKES_IN = set(Status) - {Status.DRAFT, Status.WITHDRAWN, Status.REJECTED, Status.RETIRED}


def another(scene, title="AI til breve", status=Status.SUBMITTED):
    """A second case in the same committee."""
    case = texts.create_case(committee=scene.committee, values={"title": title}, by=scene.proposer)
    with transaction.atomic():
        number = moves.next_reference(2026)
    facts = {"status": status, "submitted_at": case.created_at, "reference": number, "revision": 1}
    UseCase.objects.filter(pk=case.pk).update(**facts)
    return UseCase.objects.select_related("committee").get(pk=case.pk)


def two_cases(status=Status.SUBMITTED):
    scene = a_scene()
    bring_to(scene, status)
    other = another(scene)
    OutboxEntry.objects.all().delete()
    return scene, other


def merge(scene, into, who="secretary", **more):
    facts = {"case": scene.fresh(), "reason": "Det er det samme.", "by": scene.again(who)} | more
    return merge_cases(into=into, **facts)


@pytest.mark.parametrize("status", Status.values)
def test_who_may_merge_and_split_when(status):
    scene = a_scene()
    bring_to(scene, status)
    for name in sorted(EVERYBODY):
        user = scene.again(name)
        assert bool(policies.can_merge(user, scene.fresh())) == (
            name == "secretary" and status in MERGEABLE
        ), name
        assert bool(policies.can_take_in(user, scene.fresh())) == (
            name == "secretary" and status in TAKES_IN
        ), name


def test_merged_case_keeps_its_address_text_and_comments(client):
    scene, other = two_cases()
    write_comment(case=scene.fresh(), text="Sagt om den første", by=scene.member)
    merge(scene, other)
    client.force_login(scene.member)

    first = client.get(scene.case.get_absolute_url()).content.decode()
    second = client.get(other.get_absolute_url()).content.decode()

    assert "Sagt om den første" in first
    assert other.get_absolute_url() in first
    assert "Det er det samme." in first
    assert scene.case.get_absolute_url() in second
    assert client.get(f"/forslag/{scene.case.pk}/samtale/").status_code == 200


def test_nothing_more_happens_to_a_merged_case():
    scene, other = two_cases()
    merge(scene, other)
    case = scene.fresh()

    assert policies.moves_for(scene.secretary, case) == []
    for refuse in (
        lambda: act(scene, "take_up", scene.secretary),
        lambda: texts.save_values(case=case, values={}, version=case.version, by=scene.proposer),
        lambda: split_case(case=case, title="Ny", problem="", reason="x", by=scene.secretary),
    ):
        with pytest.raises(NotAllowed):
            refuse()
    with pytest.raises(StaleState):
        write_comment(case=case, text="Efter", by=scene.member)


def test_second_merge_is_refused_and_there_are_no_circles():
    scene, other = two_cases()
    third = another(scene, "AI til et tredje")
    old = scene.fresh()
    merge(scene, other)

    with pytest.raises(StaleState):
        merge(scene, third, case=old)
    fresh = UseCase.objects.get(pk=other.pk)
    with pytest.raises(Refused, match=r"merged|samlet|lagt"):
        merge_cases(case=fresh, into=scene.fresh(), reason="Tilbage", by=scene.secretary)
    merge_cases(case=fresh, into=third, reason="Videre", by=scene.secretary)
    with pytest.raises(Refused):
        merge_cases(case=third, into=fresh, reason="Rundt", by=scene.secretary)
    assert CaseMerge.objects.count() == 2


@pytest.mark.parametrize("wrong", ["itself", "another body", "draft", "no reason"])
def test_merge_that_makes_no_sense_is_refused(wrong):
    scene, other = two_cases()
    if wrong == "itself":
        other = scene.fresh()
    elif wrong == "another body":
        elsewhere, _other = two_cases()
        other = elsewhere.fresh()
    elif wrong == "draft":
        other = texts.create_case(
            committee=scene.committee, values={"title": "X"}, by=scene.secretary
        )

    with pytest.raises(Refused):
        merge(scene, other, reason="" if wrong == "no reason" else "Fordi")
    assert UseCase.objects.exclude(merged_into=None).count() == 0


def test_merge_is_told_to_those_of_both_once_each(drain_outbox):
    scene, other = two_cases()
    CaseFollow.objects.create(case=other, user=scene.chair)
    CaseFollow.objects.create(case=scene.case, user=scene.member)
    CaseFollow.objects.create(case=scene.case, user=scene.chair)
    acts = AuditEntry.objects.count()
    merge(scene, other)
    drain_outbox()

    told = sorted(one.to[0].partition("<")[2].rstrip(">") for one in mail.outbox)
    people = (scene.chair, scene.member, scene.proposer, scene.owner)
    wanted = sorted(one.email for one in people)
    assert told == wanted
    everything = "".join(one.body + one.subject for one in mail.outbox)
    assert scene.case.title not in everything
    assert other.title not in everything
    verbs = list(AuditEntry.objects.order_by("seq").values_list("verb", flat=True)[acts:])
    assert verbs == ["usecases.merge", "usecases.take_in"]
    # They follow on.
    assert set(CaseFollow.objects.filter(case=other).values_list("user", flat=True)) >= {
        scene.member.pk, scene.proposer.pk,
    }  # fmt: skip


def test_two_merges_at_once_one_wins(run_together):
    scene, other = two_cases()
    third = another(scene, "AI til et tredje")

    answers = run_together(
        lambda: merge(scene, other),
        lambda: merge(scene, third, who="second"),
    )

    refused = [one for one in answers if isinstance(one, Exception)]
    assert [type(one) for one in refused] == [StaleState]
    assert CaseMerge.objects.count() == 1


def test_merges_towards_each_other_at_once_one_wins(run_together):
    scene, other = two_cases()
    first = scene.fresh()

    answers = run_together(
        lambda: merge_cases(case=first, into=other, reason="Ind", by=scene.secretary),
        lambda: merge_cases(case=other, into=first, reason="Ud", by=scene.second),
    )

    assert sum(isinstance(one, Exception) for one in answers) == 1
    assert UseCase.objects.exclude(merged_into=None).count() == 1


def test_those_outside_do_not_learn_of_a_case_they_cannot_see(client):
    scene, other = two_cases(Status.UNDER_ASSESSMENT)
    merge(scene, other)

    text = client.get(scene.case.get_absolute_url()).content.decode()

    assert other.title not in text
    assert other.number not in text
    assert "Det er det samme." not in text
    assert relations(scene.outsider, scene.fresh())["went_into"] is None
    UseCase.objects.filter(pk=other.pk).update(status=Status.PILOT)
    assert relations(scene.outsider, scene.fresh())["went_into"].reason == ""


def test_choices_are_those_that_can_take_it_in():
    scene, other = two_cases()
    gone = another(scene, "Væk")
    UseCase.objects.filter(pk=gone.pk).update(merged_into=other)
    another(scene, "Afvist", Status.REJECTED)

    found = merge_choices(scene.secretary, scene.fresh())

    assert found == [other]


def test_split_takes_the_text_along_and_tells_where_it_came_from(drain_outbox):
    scene = a_scene()
    bring_to(scene, Status.SUBMITTED)
    write_comment(case=scene.fresh(), text="To idéer i en", by=scene.member)
    drain_outbox()
    mail.outbox = []

    part = split_case(
        case=scene.fresh(), title="AI til breve", problem="Breve tager tid",
        reason="To idéer.", by=scene.secretary,
    )  # fmt: skip
    drain_outbox()

    origin = scene.fresh()
    assert (part.status, part.title, part.proposer) == ("draft", "AI til breve", scene.secretary)
    assert part.answers["problem"] == "Breve tager tid"
    assert part.answers["purpose"] == origin.answers["purpose"]
    assert (part.owner, part.contact_email) == (origin.owner, origin.contact_email)
    row = CaseSplit.objects.get()
    assert (row.case, row.origin, row.revision) == (part, origin, origin.revision)
    told = {one.to[0].partition("<")[2].rstrip(">") for one in mail.outbox}
    assert told == {scene.member.email, scene.proposer.email, scene.owner.email}
    moved = moves.move_case(case=part, move="submit", by=scene.secretary)
    assert relations(scene.member, moved)["came_from"].case == origin
    assert [one.case for one in relations(scene.member, origin)["gave"]] == [moved]


def test_split_needs_a_title_of_its_own():
    scene = a_scene()
    bring_to(scene, Status.SUBMITTED)

    for facts in ({"title": scene.case.title}, {"title": ""}, {"title": "Ny", "reason": " "}):
        with pytest.raises(Refused):
            split_case(
                case=scene.fresh(), by=scene.secretary, **{"problem": "", "reason": "x"} | facts
            )
    assert UseCase.objects.count() == 1


@pytest.mark.parametrize("model", [CaseMerge, CaseSplit])
def test_provenance_cannot_be_changed(model):
    scene, other = two_cases()
    part = split_case(case=scene.fresh(), title="Del", problem="", reason="x", by=scene.secretary)
    merge(scene, other)
    assert part.pk

    with pytest.raises(DatabaseError, match="append-only"):  # noqa: SIM117
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {model._meta.db_table}")


def test_merge_and_split_by_forms_alone(client):
    scene, other = two_cases()
    client.force_login(scene.secretary)
    base = scene.case.get_absolute_url()

    split = client.post(f"{base}del/", {"title": "En del", "problem": "", "reason": "To idéer"})
    part = CaseSplit.objects.get().case
    assert split["Location"] == part.get_absolute_url()
    assert client.post(f"{base}saml/", {"into": other.pk, "reason": ""}).status_code == 422
    assert client.post(f"{base}saml/", {"into": 999, "reason": "x"}).status_code == 422
    done = client.post(f"{base}saml/", {"into": other.pk, "reason": "Det samme"})
    assert done["Location"] == base
    assert client.get(f"{base}saml/").status_code == 403
    page = client.get(base).content.decode()
    assert f"{base}saml/" not in page
