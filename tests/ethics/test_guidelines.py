"""Guidelines: drafts, adoption, amendments that are never lost, and how they are cited."""

import json

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.http import Http404
from django.utils import translation

from core.canonical import sha256_hex
from core.models import AuditEntry
from core.verdicts import NotAllowed, Refused, StaleState
from ethics.enums.guidelines import AmendmentState, VersionState
from ethics.models import (
    Amendment,
    AmendmentText,
    Guideline,
    GuidelineEdition,
    GuidelineVersion,
    SectionRevision,
)
from ethics.selectors.guidelines import (
    adopted_page,
    amendment_page,
    citable,
    cite,
    guideline_rows,
)
from ethics.services import amendments
from ethics.services.amendments import mark_of, on_new_text
from ethics.services.guidelines import (
    add_section,
    adopt,
    create_guideline,
    current_version,
    draft_hash,
    open_draft,
    remove_section,
    save_section,
)
from ethics.verbs import WORDS
from tests.ethics.guideline_scenes import TEXT, a_scene, adopted, decided, proposed
from tests.factories import day

pytestmark = pytest.mark.django_db
AFTER = TEXT.replace("altid", "altid selv")
LATER = TEXT.replace("besked", "besked på skrift")


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def save(scene, text, *, number=1, heading="Menneskelig kontrol", revision=1, by=None):
    return save_section(
        guideline=scene.guideline,
        number=number,
        heading=heading,
        text=text,
        revision=revision,
        by=by or scene.secretary,
    )


def answer(kind, row, scene, **more):
    facts = {"decided": decided(), "texts": row.texts_count, "by": scene.secretary, **more}
    return kind(amendment=row, **facts)


def accept(row, scene, **more):
    return answer(amendments.accept_amendment, row, scene, **more)


def decline(row, scene, **more):
    return answer(amendments.decline_amendment, row, scene, **({"answer": "Nej."} | more))


# Versions -----------------------------------------------------------------------------------


def test_only_the_secretariat_begins_a_guideline():
    scene = a_scene()
    for who in (scene.chair, scene.member, scene.follower, scene.outsider):
        with pytest.raises(NotAllowed):
            create_guideline(committee=scene.committee, title="Ambition", by=who)


@pytest.mark.parametrize("title", ["", "  ", "!!!", "Ny", "Ændringer", "Etiske  retningslinjer"])
def test_a_guideline_needs_a_title_with_an_address_of_its_own(title):
    scene = a_scene()
    with pytest.raises(Refused) as refusal:
        create_guideline(committee=scene.committee, title=title, by=scene.secretary)
    assert refusal.value.field == "title"


def test_address_is_danish_ascii():
    scene = a_scene()
    row = create_guideline(committee=scene.committee, title="Ærlig åben ø", by=scene.secretary)
    assert row.slug == "aerlig-aaben-oe"


def test_adopting_freezes_the_text_with_its_hash():
    scene = a_scene()
    edition = adopted(scene)
    body = json.loads(edition.body)

    assert sha256_hex(edition.body.encode()) == edition.sha256
    assert [one["number"] for one in body["sections"]] == [1, 2]
    assert body["sections"][0]["text"] == TEXT
    assert body["decision"]["meeting"] == "3. møde"
    assert current_version(scene.guideline).state == VersionState.ADOPTED


def test_an_edition_cannot_be_changed_or_deleted():
    scene = a_scene()
    adopted(scene)
    for rows in (GuidelineEdition.objects.all(), SectionRevision.objects.all()):
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            rows.update(by=scene.member)
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            rows.delete()


def test_an_adopted_version_is_not_edited():
    scene = a_scene()
    adopted(scene)
    with pytest.raises(StaleState):
        save(scene, "Andet")
    with pytest.raises(StaleState):
        add_section(guideline=scene.guideline, heading="Ny", text="", by=scene.secretary)
    with pytest.raises(StaleState):
        remove_section(guideline=scene.guideline, number=1, revision=1, by=scene.secretary)


def test_the_next_version_replaces_the_one_before():
    scene = a_scene()
    adopted(scene)
    open_draft(guideline=scene.guideline, by=scene.secretary)
    save(scene, AFTER)
    second = adopted(scene)
    states = dict(GuidelineVersion.objects.values_list("number", "state"))

    assert states == {1: VersionState.SUPERSEDED, 2: VersionState.ADOPTED}
    page = adopted_page(scene.outsider, scene.guideline, "", "1")
    assert page["edition"] == second
    assert [(one.number, one.what) for one in page["changes"]] == [(1, "changed")]
    assert [p.text for p in page["changes"][0].pieces if p.kind == "ins"] == ["selv "]
    assert adopted_page(scene.outsider, scene.guideline, "1", "")["sections"][0]["text"] == TEXT


def test_there_is_one_draft_at_a_time():
    scene = a_scene()
    with pytest.raises(StaleState):
        open_draft(guideline=scene.guideline, by=scene.secretary)


def test_adopting_another_text_than_was_seen_is_refused():
    scene = a_scene()
    seen = draft_hash(current_version(scene.guideline))
    save(scene, AFTER)
    with pytest.raises(StaleState):
        adopt(guideline=scene.guideline, decided=decided(), expected=seen, by=scene.secretary)
    assert GuidelineEdition.objects.count() == 0


def test_an_empty_section_or_no_sections_is_not_adopted():
    scene = a_scene()
    add_section(guideline=scene.guideline, heading="Tom", text="", by=scene.secretary)
    with pytest.raises(NotAllowed, match="Section 3 has no text"):
        adopted(scene)
    for number in (1, 2, 3):
        remove_section(guideline=scene.guideline, number=number, revision=1, by=scene.secretary)
    with pytest.raises(NotAllowed, match="no sections"):
        adopted(scene)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"meeting": " "}, "meeting"),
        ({"on": day(2)}, "decided_on"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "//ond.dk"}, "link"),
        ({"link": "https://" + "x" * 500}, "link"),
    ],
)
def test_a_decision_says_where_and_when(fields, field):
    scene = a_scene()
    expected = draft_hash(current_version(scene.guideline))
    with pytest.raises(Refused) as refusal:
        adopt(
            guideline=scene.guideline,
            decided=decided(**fields),
            expected=expected,
            by=scene.secretary,
        )
    assert refusal.value.field == field
    assert current_version(scene.guideline).state == VersionState.DRAFT


def test_a_removed_sections_number_is_never_given_again():
    scene = a_scene()
    adopted(scene)
    open_draft(guideline=scene.guideline, by=scene.secretary)
    remove_section(guideline=scene.guideline, number=2, revision=1, by=scene.secretary)
    row = add_section(guideline=scene.guideline, heading="Ny", text="Nyt.", by=scene.secretary)
    adopted(scene)
    open_draft(guideline=scene.guideline, by=scene.secretary)
    again = add_section(guideline=scene.guideline, heading="Fjerde", text="x", by=scene.secretary)

    assert (row.number, again.number) == (3, 4)
    page = adopted_page(scene.outsider, scene.guideline, "2", "1")
    assert [(one.number, one.what) for one in page["changes"]] == [(2, "removed"), (3, "new")]


# Two editors --------------------------------------------------------------------------------


def test_two_who_save_the_same_section_get_a_proposed_merge():
    scene = a_scene()
    save(scene, AFTER)
    row, conflict = save(scene, LATER, by=scene.second)

    assert row.text == AFTER
    assert (conflict.base, conflict.mine, conflict.theirs) == (TEXT, LATER, AFTER)
    assert conflict.merged == AFTER.replace("besked", "besked på skrift")
    assert conflict.clean
    row, conflict = save(scene, conflict.merged, revision=conflict.theirs_revision, by=scene.second)
    assert conflict is None
    assert row.revisions.count() == 3


def test_saving_what_stands_there_already_is_no_conflict():
    scene = a_scene()
    save(scene, AFTER)
    row, conflict = save(scene, AFTER, by=scene.second)
    assert (row.revision, conflict) == (2, None)


def test_a_text_that_is_too_long_is_refused():
    scene = a_scene()
    with pytest.raises(Refused) as refusal:
        save(scene, "x" * 20_001)
    assert refusal.value.field == "text"


# Amendments ---------------------------------------------------------------------------------


def test_members_propose_and_nobody_else():
    scene = a_scene()
    proposed(scene, AFTER, by=scene.chair)
    for who in (scene.secretary, scene.follower, scene.outsider):
        with pytest.raises(NotAllowed):
            proposed(scene, AFTER, by=who)


@pytest.mark.parametrize(
    ("text", "reason", "field"),
    [("", "Fordi", "text"), (TEXT, "Fordi", "text"), (AFTER, " ", "reason")],
)
def test_an_amendment_changes_something_for_a_reason(text, reason, field):
    scene = a_scene()
    with pytest.raises(Refused) as refusal:
        proposed(scene, text, reason=reason)
    assert refusal.value.field == field


def test_accepting_writes_the_text_into_the_draft():
    scene = a_scene()
    row = accept(proposed(scene, AFTER), scene)

    assert scene.section().text == AFTER
    assert (row.state, row.meeting, row.item) == (AmendmentState.ACCEPTED, "3. møde", "2")
    assert row.into == current_version(scene.guideline)


def test_accepting_on_an_adopted_text_begins_the_next_draft():
    scene = a_scene()
    first = adopted(scene)
    accept(proposed(scene, AFTER), scene)

    assert current_version(scene.guideline).number == 2
    assert scene.section().text == AFTER
    first.refresh_from_db()
    assert first.content["sections"][0]["text"] == TEXT


def test_declining_needs_a_reason_and_changes_nothing():
    scene = a_scene()
    row = proposed(scene, AFTER)
    with pytest.raises(Refused) as refusal:
        decline(row, scene, answer=" ")
    assert refusal.value.field == "answer"
    row = decline(row, scene)
    assert (row.state, row.answer, scene.section().text) == (AmendmentState.DECLINED, "Nej.", TEXT)


def test_the_second_amendment_of_a_section_must_be_put_on_the_new_text():
    scene = a_scene()
    first, second = proposed(scene, AFTER), proposed(scene, LATER, by=scene.other_member)
    accept(first, scene)

    with pytest.raises(StaleState, match="Put it on the new text"):
        accept(second, scene)
    shown = amendment_page(scene.secretary, second)["shown"]
    assert (shown.is_stale, shown.clean) == (True, True)
    assert shown.merged == AFTER.replace("besked", "besked på skrift")
    assert [p.text for p in shown.pieces if p.kind == "ins"] == [" på skrift"]

    amendments.rebase_amendment(
        amendment=second, text=shown.merged, seen=mark_of(AFTER), by=scene.other_member
    )
    accept(Amendment.objects.get(pk=second.pk), scene)
    assert scene.section().text == shown.merged
    assert [one.text for one in AmendmentText.objects.filter(amendment=second)] == [
        LATER,
        shown.merged,
    ]


def test_a_stale_amendment_can_be_declined():
    scene = a_scene()
    row = proposed(scene, LATER)
    save(scene, AFTER)
    assert decline(row, scene).state == AmendmentState.DECLINED


def test_amendments_live_on_when_the_version_is_adopted():
    scene = a_scene()
    row = proposed(scene, AFTER)
    adopted(scene)
    assert scene.page()["waiting"] == 1
    accept(row, scene)
    assert scene.section().text == AFTER


def test_a_section_with_an_open_amendment_is_not_removed():
    scene = a_scene()
    row = proposed(scene, AFTER)
    with pytest.raises(Refused, match="awaits its answer"):
        remove_section(guideline=scene.guideline, number=1, revision=1, by=scene.secretary)
    decline(row, scene)
    remove_section(guideline=scene.guideline, number=1, revision=1, by=scene.secretary)


def test_only_the_author_takes_back_and_only_once():
    scene = a_scene()
    row = proposed(scene, AFTER)
    with pytest.raises(NotAllowed):
        amendments.withdraw_amendment(amendment=row, by=scene.secretary)
    amendments.withdraw_amendment(amendment=row, by=scene.member)
    with pytest.raises(NotAllowed):
        amendments.withdraw_amendment(amendment=row, by=scene.member)
    with pytest.raises(StaleState):
        accept(row, scene)


def test_an_answer_is_given_once_and_to_the_text_that_was_seen():
    scene = a_scene()
    row = proposed(scene, LATER)
    save(scene, AFTER)
    amendments.rebase_amendment(amendment=row, text="Helt nyt.", seen=mark_of(AFTER), by=row.author)
    with pytest.raises(StaleState, match="new text"):
        accept(row, scene)  # its row says one text
    row.refresh_from_db()
    accept(row, scene)
    with pytest.raises(StaleState):
        decline(row, scene)


def test_a_proposal_on_a_text_that_changed_meanwhile_is_merged_for_its_author():
    scene = a_scene()
    seen = mark_of(TEXT)
    save(scene, AFTER)
    with pytest.raises(StaleState):
        amendments.propose_amendment(
            guideline=scene.guideline, number=1, text=LATER, reason="x", seen=seen, by=scene.member
        )
    merged = on_new_text(guideline=scene.guideline, number=1, text=LATER, seen=seen)
    assert merged == AFTER.replace("besked", "besked på skrift")


def test_the_database_keeps_answers_whole():
    scene = a_scene()
    row = proposed(scene, AFTER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Amendment.objects.filter(pk=row.pk).update(state=AmendmentState.ACCEPTED)


# Citing and reading -------------------------------------------------------------------------


def test_reviews_cite_adopted_versions_also_replaced_ones():
    scene = a_scene()
    assert citable(scene.committee) == []
    with pytest.raises(Refused):
        cite(current_version(scene.guideline), 1)
    first = adopted(scene).version
    open_draft(guideline=scene.guideline, by=scene.secretary)
    adopted(scene)

    (found,) = citable(scene.committee)
    assert (found.version.number, [one.number for one in found.sections]) == (2, [1, 2])
    assert found.cite(2) == "Etiske retningslinjer, version 2, section 2"
    assert cite(first, 1) == "Etiske retningslinjer, version 1, section 1"
    with pytest.raises(Refused):
        cite(first, 9)


def test_citizens_see_what_was_adopted_and_nothing_before():
    scene = a_scene()
    assert not Guideline.objects.visible_to(scene.outsider).exists()
    assert Guideline.objects.visible_to(scene.follower).exists()
    with pytest.raises(Http404):
        adopted_page(scene.outsider, scene.guideline, "", "")
    adopted(scene)
    open_draft(guideline=scene.guideline, by=scene.secretary)
    proposed(scene, AFTER)
    (outside,), (inside,) = guideline_rows(scene.outsider), guideline_rows(scene.member)

    assert (outside.draft, outside.waiting) == (0, 0)
    assert (inside.draft, inside.waiting) == (2, 1)
    with pytest.raises(Http404):
        adopted_page(scene.outsider, scene.guideline, "2", "")


def test_a_body_that_is_not_public_shows_its_guidelines_to_its_own():
    scene = a_scene(is_public=False)
    adopted(scene)
    assert not Guideline.objects.visible_to(scene.outsider).exists()
    assert Guideline.objects.visible_to(scene.member).exists()


def test_every_act_is_in_the_protocol_in_words():
    scene = a_scene()
    row = proposed(scene, AFTER)
    accept(row, scene)
    adopted(scene)
    verbs = set(
        AuditEntry.objects.filter(verb__startswith="ethics.").values_list("verb", flat=True)
    )
    assert verbs <= set(WORDS)
    assert {"ethics.adopt_guideline", "ethics.accept_amendment"} <= verbs
    assert AFTER not in json.dumps(list(AuditEntry.objects.values()), default=str)


def test_pages_ask_the_same_number_of_questions(django_assert_num_queries):
    scene = a_scene()
    adopted(scene)

    def cost(function):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(
            connection,
        ) as found:
            function()
        return len(found)

    proposed(scene, AFTER)
    few = cost(scene.page), cost(lambda: guideline_rows(scene.member))
    for number in range(5):
        proposed(scene, f"{AFTER} {number}", by=scene.chair)
        create_guideline(committee=scene.committee, title=f"Nr. {number}", by=scene.secretary)
    assert (cost(scene.page), cost(lambda: guideline_rows(scene.member))) == few
