"""The demo's cases: examples of others, and invented ones in every part of their life."""

import pytest
from django.utils import timezone, translation

from committee.models import User
from core.audit import all_entries, first_break
from demo.committee import seed_committee
from demo.usecases import seed_cases
from usecases.enums import FINAL, Status
from usecases.models import (
    CaseFollow,
    CaseMerge,
    CaseScore,
    CaseSplit,
    Comment,
    CommentMention,
    RankingRound,
    RankingVote,
    SavedView,
    UseCase,
)

pytestmark = pytest.mark.django_db
S = Status


@pytest.fixture
def _seeded():
    with translation.override("da"):
        seed_cases(seed_committee())


@pytest.mark.usefixtures("_seeded")
def test_demo_has_own_cases_in_every_part_of_their_life():
    own = UseCase.objects.filter(source={})

    assert set(own.values_list("status", flat=True)) >= {
        S.DRAFT, S.SUBMITTED, S.UNDER_ASSESSMENT, S.APPROVED_FOR_PILOT, S.PILOT, S.REJECTED,
        S.PARKED,
    }  # fmt: skip
    assert UseCase.objects.exclude(source={}).count() == 8
    assert not UseCase.objects.filter(is_example=False).exists()
    assert all(case.decision_reasons for case in own.filter(status__in=[S.REJECTED, S.PILOT]))
    assert own.get(status=S.PARKED).revisit_on > timezone.localdate()
    assert first_break(all_entries()) is None


@pytest.mark.usefixtures("_seeded")
def test_demo_has_a_discussion_with_an_edited_comment_a_mention_and_followers():
    authors = Comment.objects.values("author").distinct()

    assert authors.count() > 5
    assert Comment.objects.filter(version=2).exists()
    assert CommentMention.objects.get().user.username == "systemejer"
    assert CaseFollow.objects.filter(user__username="formand").exists()
    assert not Comment.objects.filter(at__gt=timezone.now()).exists()


@pytest.mark.usefixtures("_seeded")
def test_demo_is_scored_ranked_merged_and_split():
    sent = UseCase.objects.filter(source={}).exclude(status=S.DRAFT)
    closed = RankingRound.objects.get(closed_at__isnull=False)
    opened = RankingRound.objects.unclosed().get()

    assert set(sent.values_list("pk", flat=True)) == set(
        CaseScore.objects.values_list("case", flat=True)
    )
    assert (closed.voters, sum(entry.total for entry in closed.entries.all())) == (13, 65)
    assert opened.takes_votes
    assert RankingVote.objects.filter(entry__round=opened).exists()
    assert CaseMerge.objects.get().into.title == "Hurtige svar om affald og genbrug"
    assert CaseSplit.objects.get().case.status not in FINAL
    shared = SavedView.objects.get(is_shared=True)
    assert shared.owner == User.objects.get(username="sekretariat")
    assert shared.query


@pytest.mark.usefixtures("_seeded")
def test_demo_has_the_eight_cases_of_others_marked_as_examples(client):
    cases = UseCase.objects.exclude(source={})

    assert (cases.count(), set(UseCase.objects.values_list("is_example", flat=True))) == (8, {True})
    assert sorted(cases.values_list("status", flat=True)) == ["pilot"] * 3 + ["submitted"] * 5
    assert list(cases.filter(municipality="").values_list("title", flat=True)) == [
        "Postfordeling - Strålfors"
    ]
    page = client.get(cases.filter(status="pilot")[0].get_absolute_url()).content.decode()
    assert "Eksempel – ikke kommunens egen registrering" in page
