"""Nobody loses text: every saved state is kept, and two writers both keep theirs."""

import pytest
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core.models import AuditEntry, Draft
from core.verdicts import NotAllowed, Refused, StaleState
from meetings.models import AgendaItem, ItemText, ItemTextRevision
from meetings.services.holding import record_decision
from meetings.services.texts import revision_text, save_texts
from tests.meetings.scenes import a_scene, bring_to

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def scene():
    return a_scene()


def save(scene, text, version, *, key="summary", by=None):
    return save_texts(
        item=scene.opened, texts={key: text}, versions={key: version}, by=by or scene.secretary
    )


def stored(scene, key="summary"):
    row = ItemText.objects.get(item=scene.opened, key=key)
    return row.text, row.version


def test_first_text_is_version_one(scene):
    saved = save(scene, "Baggrund", 0, key="background")

    assert (saved.keys, saved.conflicts) == (["background"], [])
    assert stored(scene, "background") == ("Baggrund", 1)


def test_every_saved_state_is_a_revision(scene):
    for version, text in enumerate(["To", "Tre", ""], start=1):
        save(scene, text, version)

    texts = ItemTextRevision.objects.filter(item_text__item=scene.opened).values_list(
        "number", "text", "saved_by"
    )
    assert list(texts) == [
        (number, text, scene.secretary.pk)
        for number, text in enumerate(["Åbent resumé", "To", "Tre", ""], start=1)
    ]


def test_revisions_are_read_back_by_number(scene):
    save(scene, "To", 1)
    row = ItemText.objects.get(item=scene.opened, key="summary")

    assert [revision_text(row, n) for n in range(4)] == ["", "Åbent resumé", "To", ""]


def test_unchanged_text_is_no_act(scene):
    before = AuditEntry.objects.count()

    saved = save(scene, "  Åbent resumé\r\n", 1)

    assert (saved.keys, saved.conflicts) == ([], [])
    assert AuditEntry.objects.count() == before
    assert stored(scene) == ("Åbent resumé", 1)


def test_two_writers_both_keep_their_text(scene):
    save(scene, "Åbent resumé af A", 1)

    saved = save(scene, "B Åbent resumé", 1, by=scene.secretary)

    (conflict,) = saved.conflicts
    assert saved.keys == []
    assert (conflict.base, conflict.mine, conflict.theirs) == (
        "Åbent resumé", "B Åbent resumé", "Åbent resumé af A",
    )  # fmt: skip
    assert (conflict.base_version, conflict.theirs_version) == (1, 2)
    assert (conflict.merged, conflict.clean) == ("B Åbent resumé af A", True)
    assert conflict.theirs_by == "Sekretær B"
    assert stored(scene) == ("Åbent resumé af A", 2)


def test_conflict_in_one_section_leaves_the_others_saved(scene):
    save(scene, "Ny", 1)

    saved = save_texts(
        item=scene.opened,
        texts={"summary": "Min", "background": "Baggrund"},
        versions={"summary": 1, "background": 0},
        by=scene.secretary,
    )

    assert saved.keys == ["background"]
    assert [conflict.key for conflict in saved.conflicts] == ["summary"]


def test_untouched_text_does_not_undo_the_others(scene):
    save(scene, "Ny", 1)

    saved = save(scene, "Åbent resumé", 1)

    assert (saved.keys, saved.conflicts) == ([], [])
    assert stored(scene) == ("Ny", 2)


def test_same_change_twice_is_no_conflict(scene):
    save(scene, "Ny", 1)

    assert save(scene, "Ny", 1).conflicts == []


@pytest.mark.parametrize("version", [0, 7])
def test_unknown_base_never_overwrites(scene, version):
    saved = save(scene, "Min", version)

    assert [conflict.mine for conflict in saved.conflicts] == ["Min"]
    assert stored(scene) == ("Åbent resumé", 1)


def test_missing_base_never_overwrites(scene):
    saved = save_texts(item=scene.opened, texts={"summary": "Min"}, versions={}, by=scene.secretary)

    assert len(saved.conflicts) == 1


@given(st.lists(st.tuples(st.sampled_from("AB"), st.integers(0, 3), st.text("abc ", max_size=6)),
                max_size=8))  # fmt: skip
def test_no_saved_word_is_ever_lost(acts):
    """Whatever two people save on whatever base, each text is a revision or a conflict."""
    scene = a_scene()
    for _person, base, text in acts:
        before = stored(scene)
        saved = save(scene, text, base)
        after = stored(scene)
        kept = text.strip() in (after[0], *(c.mine for c in saved.conflicts))
        assert kept or text.strip() == revision_text_of(scene, base)
        assert after == before or base == before[1]


def revision_text_of(scene, number):
    return revision_text(ItemText.objects.get(item=scene.opened, key="summary"), number)


def test_unknown_section_is_refused(scene):
    with pytest.raises(Refused, match="nonsense"):
        save(scene, "x", 0, key="nonsense")

    assert not ItemText.objects.filter(key="nonsense").exists()


def test_pasted_markup_is_stored_as_text(scene):
    save(scene, "<p onclick=x>Hej <b>du</b><o:p></o:p></p>", 1)

    assert stored(scene) == ("Hej **du**", 2)


@pytest.mark.parametrize("state", ["locked", "published"])
def test_locked_meeting_takes_no_text(state):
    scene = bring_to(a_scene(), state)
    item = AgendaItem.objects.get(pk=scene.opened.pk)

    with pytest.raises(NotAllowed, match="The minutes are locked"):
        save_texts(item=item, texts={"summary": "x"}, versions={"summary": 1}, by=scene.secretary)
    with pytest.raises(StaleState, match=f"the state is “{state.capitalize()}”"):
        record_decision(
            item=item, outcome="", texts={"decision": "x"}, versions={"decision": 1},
            by=scene.secretary,
        )  # fmt: skip

    assert stored(scene) == ("Åbent resumé", 1)


def test_minutes_out_for_approval_take_no_text():
    scene = bring_to(a_scene(), "approval")

    with pytest.raises(NotAllowed, match="the state is “Minutes for approval”"):
        save(scene, "x", 1)


def test_decision_before_the_meeting_is_not_allowed(scene):
    with pytest.raises(NotAllowed, match="Decisions can be written when the meeting has begun"):
        save(scene, "x", 0, key="decision")


@pytest.mark.parametrize("who", ["chair", "member", "follower", "outsider"])
def test_only_the_secretariat_writes(scene, who):
    with pytest.raises(NotAllowed):
        save(scene, "x", 1, by=getattr(scene, who))


def test_protocol_names_the_sections_and_quotes_nothing(scene):
    save(scene, "HEMMELIGT", 1)

    assert AuditEntry.objects.order_by("seq").last().data == {"sections": ["summary"]}


def test_two_who_begin_a_section_at_the_same_time_both_keep_their_text(run_together):
    scene = a_scene()

    def write(text):
        item = AgendaItem.objects.get(pk=scene.opened.pk)
        return lambda: save_texts(
            item=item, texts={"background": text}, versions={"background": 0}, by=scene.secretary
        )

    answers = run_together(write("Min"), write("Deres"))

    assert sorted(len(saved.keys) for saved in answers) == [0, 1]
    assert sorted(len(saved.conflicts) for saved in answers) == [0, 1]
    kept = {stored(scene, "background")[0]} | {c.mine for s in answers for c in s.conflicts}
    assert kept == {"Min", "Deres"}


def test_two_who_change_a_text_at_the_same_time_both_keep_theirs(run_together):
    scene = a_scene()

    def write(text):
        item = AgendaItem.objects.get(pk=scene.opened.pk)
        return lambda: save_texts(
            item=item, texts={"summary": text}, versions={"summary": 1}, by=scene.secretary
        )

    answers = run_together(write("Min"), write("Deres"), write("Hendes"))

    kept = {stored(scene)[0]} | {c.mine for s in answers for c in s.conflicts}
    assert kept == {"Min", "Deres", "Hendes"}
    assert stored(scene)[1] == 2


# Through the page ------------------------------------------------------------------------


def send(client, scene, **fields):
    url = reverse("meetings:item_edit", args=[scene.meeting.pk, scene.opened.pk])
    data = {"text-summary": "Min tekst", "base-summary": "1", "_once": "a"} | fields
    return client.post(url, data)


def drafted(scene):
    draft = Draft.objects.filter(owner=scene.secretary).first()
    return draft and draft.fields.get("summary")


@pytest.mark.parametrize("state", ["approval", "locked", "published", "cancelled"])
def test_text_sent_too_late_is_kept_as_a_draft(client, state):
    scene = bring_to(a_scene(), state)
    client.force_login(scene.secretary)

    answer = send(client, scene)

    assert answer.status_code in (403, 409)
    assert stored(scene) == ("Åbent resumé", 1)
    assert drafted(scene) == "Min tekst"


def test_conflict_shows_both_texts_and_keeps_mine(client, scene):
    save(scene, "Deres tekst", 1)
    client.force_login(scene.secretary)

    answer = send(client, scene)

    assert answer.status_code == 409
    words = answer.content.decode()
    assert all(word in words for word in ("Min", "Deres"))
    assert drafted(scene) == "Min tekst"
    assert stored(scene) == ("Deres tekst", 2)


def test_double_click_saves_once_and_leaves_no_draft(client, scene):
    client.force_login(scene.secretary)

    answers = [send(client, scene) for _click in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert stored(scene) == ("Min tekst", 2)
    assert drafted(scene) is None


def test_wrong_head_keeps_the_texts(client, scene):
    client.force_login(scene.secretary)

    answer = send(client, scene, title="", version="1")

    assert answer.status_code == 422
    assert "Min tekst" in answer.content.decode()
    assert drafted(scene) == "Min tekst"
