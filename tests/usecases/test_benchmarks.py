"""The benchmarks run to their end, on rows that are those of the services."""

import random

import pytest
from django.utils import timezone

from committee.enums import Role
from core.bench import benchmarks, measure
from tests.factories import CommitteeFactory, person
from usecases.benchmarks import builder
from usecases.enums import SimilarAnswer, Status
from usecases.models import CaseFollow, Comment, CommentVersion, StatusChange, UseCase
from usecases.record import record
from usecases.services.discussion import write_comment
from usecases.services.moves import move_case
from usecases.services.texts import answer_similar, create_case

pytestmark = pytest.mark.django_db
# What is never the same in two rows: their ids, numbers and times.
OWN = {
    *("id", "uid", "reference", "status_since", "created_at", "submitted_at", "updated_at"),
    *("at", "case_id", "comment_id"),
}


def plain(row, *also):
    """The row as the database has it, but for what is its own."""
    found = type(row).objects.values().get(pk=row.pk)
    return {key: value for key, value in found.items() if key not in OWN | set(also)}


@pytest.fixture
def pair():
    """A submitted case of the builder, and the same by the services."""
    committee = CommitteeFactory()
    user = person(committee, Role.SECRETARIAT, name="Person")
    row = builder.a_case(
        random.Random(4), committee, user, status=Status.SUBMITTED,
        submitted=timezone.now(), number=1,
    )  # fmt: skip
    [pk] = builder.store([row])
    built = UseCase.objects.select_related("committee").get(pk=pk)
    values = {one.key: built.value(one.key) for one in record().fields}
    made = create_case(committee=committee, values=values, by=user)
    answer_similar(case=made, answer=SimilarAnswer.NONE, by=user)
    made = move_case(case=made, move="submit", by=user)
    return built, made, user


def test_a_case_of_the_builder_is_one_of_the_services(pair):
    built, made, _user = pair

    assert plain(built) == plain(made)


def test_what_hangs_on_a_case_of_the_builder_is_what_the_services_leave(pair):
    built, made, _user = pair

    assert plain(built.revisions.get()) == plain(made.revisions.get())
    assert plain(built.status_changes.get()) == plain(made.status_changes.get())
    words = [set(case.words.values_list("part", "stem", "weight")) for case in (built, made)]
    assert words[0] == words[1] != set()
    assert StatusChange.objects.count() == 2


@pytest.mark.parametrize("seed", range(8))
def test_every_text_of_the_builder_is_kept_as_it_is(seed):
    committee = CommitteeFactory()
    user = person(committee, Role.SECRETARIAT)
    row = builder.a_case(
        random.Random(seed), committee, user, status=Status.PILOT,
        submitted=timezone.now(), number=seed,
    )  # fmt: skip
    values = {one.key: row.value(one.key) for one in record().fields}

    made = create_case(committee=committee, values=values, by=user)

    assert made.answers == row.answers
    assert (made.title, made.summary) == (row.title, row.summary)


def test_comments_of_the_builder_are_those_of_the_services(pair):
    built, made, user = pair
    chance = random.Random(1)
    rows = builder.discussion(
        chance, built.pk, revision=1, since=timezone.now(), authors=[user.pk],
        count=builder.THREAD + 1,
    )  # fmt: skip
    builder.store_comments(chance, rows)

    for row in Comment.objects.filter(case=built).order_by("number"):
        answered = row.parent.number if row.parent else 0
        text = row.versions.get().text
        write_comment(case=made, text=text, by=user, reply_to=answered)

    def told(case):
        """Threads by number: the ids are each case's own."""
        found = Comment.objects.filter(case=case).order_by("number").select_related("parent")
        return [(plain(one, "parent_id"), one.parent and one.parent.number) for one in found]

    def versions(case):
        found = CommentVersion.objects.filter(comment__case=case).order_by("comment__number")
        return [plain(one) for one in found]

    assert told(built) == told(made)
    assert versions(built) == versions(made)
    follows = [
        list(CaseFollow.objects.filter(case=c).values_list("user", "follows"))
        for c in (built, made)
    ]
    assert follows[0] == follows[1] == [(user.pk, True)]


def test_the_benchmark_counts_every_comment_and_page():
    sizes = {"cases": 600, "comments_in_all": 900, "rounds": 1}
    figures = measure(benchmarks()["usecases"], sizes)["figures"]

    assert figures["cases"] == 600
    assert figures["discussion"]["comments"] > 0
    assert set(figures["discussion"]["pages"]) == {"case", "discussion", "discussion, last page"}
    assert figures["queries_max"] <= 12
