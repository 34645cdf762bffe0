"""The open work of a body goes to the next one: exactly what was listed, with its history."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from committee.enums import HandedKind
from committee.models import Committee, HandOver
from core import audit
from core.models import AuditEntry
from core.verdicts import NotAllowed, Refused, StaleState
from ethics.models import Condition, ReviewMove, ReviewRound
from meetings.models import FollowUp, FollowUpNote
from reports.selectors.dossier import dossier_of
from reports.selectors.handover import open_work
from reports.services.handover import hand_over
from tests.factories import CommitteeFactory, MembershipFactory, day, person
from tests.reports.scenes_mandate import DECISION, SECRET, SECRET_TASK, a_hand_over
from usecases.models import CaseHandOver, Revision, StatusChange, UseCase
from usecases.policies import reading_level, reads_closed

K = HandedKind
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def after():
    return a_hand_over()


def listed(after):
    listing = open_work(after.giver, after.again("both"))
    return {one.fact for bundle in listing.bundles for one in bundle.everything}


# What is listed, and what moves ------------------------------------------------------------------


def test_everything_open_is_listed_and_nothing_else(after):
    assert listed(after) == {
        (K.CASE, after.under_review.pk, "", "under_assessment"),
        (K.CASE, after.decided.pk, "", "approved_for_pilot"),
        (K.CASE, after.draft.pk, "", "draft"),
        (K.CONDITION, after.condition.pk, "", "proposed"),
        (K.CONDITION, after.secret_condition.pk, "", after.secret_condition.state),
        *((K.REVIEW, row.pk, "", row.state) for row in open_reviews(after)),
        (K.FOLLOW_UP, after.open_task.pk, "", "open"),
        (K.FOLLOW_UP, after.closed_task.pk, "", "open"),
    }


def open_reviews(after):
    rows = ReviewRound.objects.filter(case__committee=after.giver)
    return [row for row in rows if not row.is_ended]


def test_what_moves_is_exactly_what_was_listed(after):
    before = listed(after)
    rejected = UseCase.objects.get(committee=after.giver, status="rejected")

    row = after.hand_over()

    kept = row.rows.values_list("kind", "object_id", "code", "state", "left_out")
    assert set(kept) == {(*fact, "") for fact in before}
    moved = {after.under_review.pk, after.decided.pk, after.draft.pk}
    assert (
        set(UseCase.objects.filter(committee=after.receiver).values_list("pk", flat=True)) == moved
    )
    assert list(UseCase.objects.filter(committee=after.giver)) == [rejected]
    tasks = FollowUp.objects.filter(handed_to=after.receiver).values_list("pk", flat=True)
    assert set(tasks) == {after.open_task.pk, after.closed_task.pk}
    assert listed(after) == set()
    assert row.decision == DECISION


def test_what_is_left_out_stays_and_says_why(after):
    key = f"case-{after.under_review.pk}"
    row = after.hand_over(left_out={key: "Afsluttes  her"})

    stayed = row.rows.exclude(left_out="").values_list("kind", "object_id", "left_out")
    expected = {(K.CASE, after.under_review.pk), (K.CONDITION, after.condition.pk)}
    reviews = ReviewRound.objects.filter(case=after.under_review)
    expected |= {(K.REVIEW, one.pk) for one in reviews}
    assert set(stayed) == {(*one, "Afsluttes her") for one in expected}
    assert UseCase.objects.get(pk=after.under_review.pk).committee == after.giver
    assert {fact[1] for fact in listed(after) if fact[0] == K.CASE} == {after.under_review.pk}


def test_history_is_unchanged_and_the_chain_is_whole(after):
    tables = (StatusChange, Revision, ReviewMove, AuditEntry)
    before = {table: list(table.objects.order_by("pk").values()) for table in tables}
    numbers = dict(UseCase.objects.values_list("pk", "reference"))

    after.hand_over()

    for table, rows in before.items():
        assert list(table.objects.order_by("pk").values())[: len(rows)] == rows
    assert dict(UseCase.objects.values_list("pk", "reference")) == numbers
    assert audit.first_break(audit.all_entries()) is None
    new = AuditEntry.objects.order_by("seq")[len(before[AuditEntry]) :]
    verbs = [row.verb for row in new]
    assert (
        verbs
        == ["usecases.hand_over"] * 6 + ["meetings.hand_follow_up"] * 2 + ["reports.hand_over"] * 2
    )
    assert {(row.data["cases"], row.data["follow_ups"]) for row in new[8:]} == {(3, 2)}
    notes = FollowUpNote.objects.filter(kind="handed").values_list("text", flat=True)
    assert list(notes) == [after.receiver.full_name] * 2


# Who may -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "who",
    [
        *("old_secretary", "old_chair", "old_member", "old_follower", "proposer", "owner"),
        *("new_secretary", "new_member", "outsider"),
    ],
)
def test_only_the_secretariat_of_both_bodies_hands_over(after, client, who):
    with pytest.raises(NotAllowed):
        hand_over(
            giver=after.giver, receiver=after.receiver, plan=after.plan(), by=after.again(who)
        )
    client.force_login(after.again(who))
    url = reverse("reports:hand_over", args=[after.giver.slug])
    answer = client.post(url, {"til": after.receiver.slug, "decision": DECISION})
    assert (answer.status_code, HandOver.objects.count()) == (403, 0)
    assert UseCase.objects.filter(committee=after.receiver).count() == 0


def test_only_to_a_successor_whose_mandate_lasts(after):
    stranger = CommitteeFactory()
    MembershipFactory(user=after.people["both"], committee=stranger, role="secretariat")
    with pytest.raises(NotAllowed, match="not set as the successor"):
        hand_over(giver=after.giver, receiver=stranger, plan=after.plan(), by=after.again("both"))
    Committee.objects.filter(pk=after.receiver.pk).update(mandate_to=day(-1))
    after.receiver.refresh_from_db()
    with pytest.raises(NotAllowed, match="has ended"):
        after.hand_over()


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"decision": "  "}, "Write where the hand-over was decided."),
        ({"left_out": {"case": ""}}, "Write why each thing that you leave out stays."),
        ({"left_out": {"all": "x"}}, "There is nothing to hand over."),
        ({"left_out": {"case": "x" * 301}}, "Write at most 300 characters."),
    ],
)
def test_what_lacks_is_refused_and_nothing_moves(after, more, sentence):
    keys = [bundle.thing.key for bundle in open_work(after.giver, after.again("both")).bundles]
    if "left_out" in more:
        ((name, reason),) = more["left_out"].items()
        more = {"left_out": dict.fromkeys(keys if name == "all" else keys[:1], reason)}
    with pytest.raises(Refused, match=sentence):
        after.hand_over(**more)
    assert (HandOver.objects.count(), CaseHandOver.objects.count()) == (0, 0)


# Races ---------------------------------------------------------------------------------------


def test_the_second_of_two_hand_overs_finds_another_list(after):
    plan = after.plan()
    after.hand_over()
    with pytest.raises(StaleState, match="nothing was moved"):
        hand_over(giver=after.giver, receiver=after.receiver, plan=plan, by=after.again("both"))
    assert HandOver.objects.count() == 1


def test_a_list_that_changed_since_is_shown_anew(after, client):
    client.force_login(after.again("both"))
    url = reverse("reports:hand_over", args=[after.giver.slug])
    seen = after.plan().seen
    FollowUp.objects.filter(pk=after.open_task.pk).update(state="done")
    keys = [f"case-{after.draft.pk}", f"follow_up-{after.open_task.pk}"]
    answer = client.post(
        url,
        {"til": after.receiver.slug, "decision": DECISION, "seen": seen, "take": keys}
        | {f"reason-case-{pk}": "Senere" for pk in (after.under_review.pk, after.decided.pk)}
        | {f"reason-follow_up-{after.closed_task.pk}": "Senere"},
    )
    assert answer.status_code == 409
    assert HandOver.objects.count() == 0
    ticked = {tick.thing.key: tick.ticked for tick in answer.context["cases"]}
    assert ticked == {
        f"case-{after.draft.pk}": True,
        f"case-{after.under_review.pk}": False,
        f"case-{after.decided.pk}": False,
    }


def test_it_is_all_or_nothing(after, monkeypatch):
    from reports.services import handover

    def refuse(**facts):
        raise StaleState("no")

    monkeypatch.setattr(handover, "hand_follow_up", refuse)
    with pytest.raises(StaleState):
        after.hand_over()
    assert (HandOver.objects.count(), CaseHandOver.objects.count()) == (0, 0)
    assert UseCase.objects.filter(committee=after.receiver).count() == 0


@pytest.mark.database
def test_of_two_at_once_one_is_carried_out(run_together):
    after = a_hand_over()
    plan = after.plan()

    def act():
        by = after.again("both")
        return hand_over(giver=after.giver, receiver=after.receiver, plan=plan, by=by)

    results = run_together(act, act)
    assert sorted(type(one).__name__ for one in results) == ["HandOver", "StaleState"]


# Who reads what, before and after -------------------------------------------------------------


def addresses(after):
    case = after.under_review.pk
    return {
        "case": reverse("usecases:case_page", args=[case]),
        "draft": reverse("usecases:case_page", args=[after.draft.pk]),
        "decided": reverse("usecases:case_page", args=[after.decided.pk]),
        "revisions": reverse("usecases:case_revisions", args=[case]),
        "score": reverse("usecases:case_score", args=[case]),
        "conditions": reverse("ethics:conditions_page", args=[case]),
        "condition": after.condition.get_absolute_url(),
        "secret_condition": after.secret_condition.get_absolute_url(),
        "review": after.round.fresh().get_absolute_url(),
        "open_task": after.open_task.get_absolute_url(),
        "closed_task": after.closed_task.get_absolute_url(),
    }


def statuses(after, client, who):
    client.logout()
    if who != "citizen":
        client.force_login(after.again(who))
    return {name: client.get(url).status_code for name, url in addresses(after).items()}


@pytest.mark.parametrize(
    "who",
    [
        *("both", "old_secretary", "old_chair", "old_member", "old_reviewer", "old_follower"),
        *("proposer", "owner", "outsider", "citizen"),
    ],
)
def test_old_addresses_answer_the_same_readers_as_before(after, client, who):
    before = statuses(after, client, who)
    after.hand_over()
    assert statuses(after, client, who) == before


READS_AFTER = {
    "new_secretary": {
        *("case", "draft", "decided", "revisions", "score", "conditions", "condition"),
        *("secret_condition", "review", "open_task", "closed_task"),
    },
    "new_member": {"case", "decided", "revisions", "score", "conditions", "condition", "review"},
    "new_follower": {"case", "decided", "revisions", "conditions", "condition"},
}


@pytest.mark.parametrize("who", READS_AFTER)
def test_the_new_body_reads_what_it_takes_over_and_no_closed_text(after, client, who):
    # The decided case is public, so that everybody reads its page.
    before = {name for name, status in statuses(after, client, who).items() if status == 200}
    assert before <= {"case", "decided", "conditions"}
    after.hand_over()
    found = {name for name, status in statuses(after, client, who).items() if status == 200}
    assert found == READS_AFTER[who]


CLOSED_AFTER = {
    "both": True, "old_secretary": True, "old_chair": True, "old_member": True,
    "old_follower": False, "outsider": False, "new_secretary": True, "new_member": False,
    "new_follower": False,
}  # fmt: skip


@pytest.mark.parametrize(("who", "may"), CLOSED_AFTER.items())
def test_what_was_decided_closed_stays_with_those_who_read_it(after, client, who, may):
    after.hand_over()
    case = UseCase.objects.get(pk=after.decided.pk)
    assert reads_closed(after.again(who), case) is may
    client.force_login(after.again(who))
    text = client.get(case.get_absolute_url()).content.decode()
    assert (SECRET in text) is may
    rows = Condition.objects.visible_to(after.again(who)).filter(pk=after.secret_condition.pk)
    assert rows.exists() is may
    tasks = FollowUp.objects.visible_to(after.again(who)).filter(pk=after.closed_task.pk)
    assert tasks.exists() is may


def test_a_new_decision_is_the_new_bodys_own(after):
    after.hand_over()
    case = UseCase.objects.get(pk=after.decided.pk)
    assert case.decided_in == after.giver
    UseCase.objects.filter(pk=case.pk).update(decided_in=None)
    case.refresh_from_db()
    assert reads_closed(after.again("new_member"), case)
    assert not reads_closed(after.again("old_member"), case)


LATER = (("old_member", "none"), ("new_member", "full"), ("old_secretary", "full"))


def test_what_is_submitted_afterwards_is_not_for_the_old_body(after):
    after.hand_over()
    later = day(1)
    facts = {"submitted_at": f"{later}T12:00:00Z", "status": "submitted"}
    UseCase.objects.filter(pk=after.draft.pk).update(**facts)
    case = UseCase.objects.get(pk=after.draft.pk)
    for who, level in LATER:
        user = after.again(who)
        assert reading_level(user, case) == level
        readable = UseCase.objects.readable_by(user).filter(pk=case.pk).exists()
        assert readable is (level == "full")


def test_the_follow_up_shows_the_public_heading_to_the_new_secretariat(after, client):
    after.hand_over()
    client.force_login(after.again("new_secretary"))
    text = client.get(after.closed_task.get_absolute_url()).content.decode()
    assert SECRET_TASK in text
    assert "HEMMELIGTITEL" not in text
    assert "Udbud af et fagsystem" in text
    url = reverse("meetings:follow_up_finish", args=[after.closed_task.pk])
    assert client.post(url).status_code == 302
    assert FollowUp.objects.get(pk=after.closed_task.pk).state == "done"


def test_the_old_secretariat_reads_but_no_longer_runs_the_follow_up(after, client):
    after.hand_over()
    client.force_login(after.again("old_secretary"))
    assert client.get(after.open_task.get_absolute_url()).status_code == 200
    url = reverse("meetings:follow_up_finish", args=[after.open_task.pk])
    assert client.post(url).status_code == 403


def test_the_page_of_a_case_says_where_it_comes_from(after, client):
    after.hand_over()
    client.force_login(after.again("new_member"))
    page = client.get(after.under_review.get_absolute_url())
    assert [one.origin for one in page.context["taken_over"]] == [after.giver]
    assert after.giver.name in page.content.decode()


def test_a_reviewer_of_the_old_body_finishes_what_was_begun(after):
    from ethics.policies import rounds

    after.hand_over()
    review = after.round.fresh()
    old, new = after.again("old_reviewer"), after.again("new_member")
    assert rounds.may_declare(old, review)
    assert not rounds.may_review(after.again("old_chair"), review)
    assert rounds.may_review(new, review)
    assert rounds.runs(after.again("new_secretary"), review)
    assert not rounds.runs(after.again("old_secretary"), review)


def test_a_review_that_ended_behind_closed_doors_stays_there(after):
    review = after.round.fresh()
    after.hand_over()
    ReviewRound.objects.filter(pk=review.pk).update(state="r_closed", agenda_access="closed")
    readers = {who for who in after.people if _sees(after.again(who), review)}
    assert readers == {
        *("both", "old_secretary", "old_chair", "old_member", "old_reviewer"),
        *("proposer", "owner", "new_secretary"),
    }
    ReviewRound.objects.filter(pk=review.pk).update(agenda_access="open")
    assert _sees(after.again("new_member"), review)


def _sees(user, review):
    return ReviewRound.objects.visible_to(user).filter(pk=review.pk).exists()


# Pages ---------------------------------------------------------------------------------------


def test_the_browser_hands_over_what_is_ticked(after, client):
    client.force_login(after.again("both"))
    url = reverse("reports:hand_over", args=[after.giver.slug])
    page = client.get(url)
    ticks = [*page.context["cases"], *page.context["follow_ups"]]
    assert all(tick.ticked for tick in ticks)
    data = {
        "til": after.receiver.slug,
        "seen": page.context["form"]["seen"].value(),
        "decision": DECISION,
        "note": "Held og lykke",
        "take": [tick.thing.key for tick in ticks if tick.thing.kind == K.CASE],
    }
    refused = client.post(url, data)
    assert refused.status_code == 422
    assert [bool(tick.error) for tick in refused.context["follow_ups"]] == [True, True]
    why = {f"reason-{t.thing.key}": "Bliver" for t in ticks if t.thing.kind == K.FOLLOW_UP}
    done = client.post(url, data | why)
    row = HandOver.objects.get()
    assert (done.status_code, done.url) == (302, row.get_absolute_url())
    shown = client.get(done.url)
    assert [(len(g.moved), len(g.left)) for g in shown.context["groups"]] == [
        (3, 0), (0, 2), (2, 0), (len(row.rows.filter(kind=K.REVIEW)), 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("who", "status"),
    [("old_member", 200), ("new_member", 200), ("new_secretary", 200), ("outsider", 404)],
)
def test_the_record_is_for_both_bodies_without_what_one_may_not_read(after, client, who, status):
    row = after.hand_over()
    client.force_login(after.again(who))
    page = client.get(row.get_absolute_url())
    assert page.status_code == status
    text = page.content.decode()
    assert (SECRET_TASK in text) is (who in ("old_member", "new_secretary"))
    assert ("AI i kladde" in text) is (who == "new_secretary")


def test_the_list_costs_the_same_for_few_and_many(after):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            open_work(after.giver, after.again("both"))
        return len(queries)

    few = cost()
    UseCase.objects.bulk_create(
        UseCase(committee=after.giver, title=f"Sag {n}", status="draft") for n in range(40)
    )
    assert cost() == few


def test_of_closed_items_the_disqualified_secretary_sees_no_words(after):
    from tests.factories import DisqualificationFactory

    DisqualificationFactory(item=after.closed_task.item, member=after.people["both"])
    listing = open_work(after.giver, after.again("both"))
    labels = {one.thing.pk: one.thing.label for one in listing.follow_ups}
    assert labels[after.closed_task.pk] == "A follow-up of a closed item"


def test_a_body_without_a_successor_says_so(client):
    lonely = CommitteeFactory()
    client.force_login(person(lonely, "secretariat"))
    page = client.get(reverse("reports:hand_over", args=[lonely.slug]))
    assert page.status_code == 200
    assert page.context["receivers"] == []


# What is made of a case that was handed over -------------------------------------------------


def test_dossier_of_a_case_that_was_handed_over_says_where_it_came_from(after, client):
    reader = after.again("both")
    client.force_login(reader)
    page = reverse("reports:dossier_page", args=[after.decided.pk])
    client.post(page, {"sort": "pdf"})

    after.hand_over()
    case = UseCase.objects.get(pk=after.decided.pk)

    assert [client.get(page).status_code, client.get(reverse("portal:my_work")).status_code] == [
        200, 200,
    ]  # fmt: skip
    ties = dossier_of(after.again("both"), case)["ties"]
    assert [(one["kind"], one["title"]) for one in ties] == [("taken_over", after.giver.name)]
