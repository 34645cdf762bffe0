"""Dissenting opinions, and what votes leave in the minutes."""

import pytest
from django.urls import reverse
from django.utils import translation

from core.verdicts import NotAllowed, Refused, StaleState
from meetings.documents.items import item_context
from meetings.models import Dissent
from meetings.redaction import public_snapshot
from meetings.selectors.snapshot import live_snapshot
from meetings.services.dissents import write_dissent
from meetings.services.holding import move_meeting
from meetings.services.minutes import send_for_approval
from tests.meetings.scenes import decide, lock
from tests.meetings.test_votes import in_session, motion, opened, voted

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def scene():
    return in_session()


def dissent(scene, row, who="member", by=None, text="Det er for tidligt.", reason=""):
    member = getattr(scene, who)
    return write_dissent(vote_round=row, member=member, text=text, reason=reason, by=by or member)


@pytest.mark.parametrize("choice", ["against", "abstain"])
def test_who_did_not_vote_for_has_a_dissenting_opinion(scene, choice):
    row = voted(scene, "for", choice)

    assert dissent(scene, row).text == "Det er for tidligt."


@pytest.mark.parametrize("who", ["chair", "recused", "outsider"])
def test_who_voted_for_or_not_at_all_has_none(scene, who):
    row = voted(scene, "for", "against")

    with pytest.raises(NotAllowed, match=r"voted against or abstained.*§ 13, stk. 2"):
        dissent(scene, row, who, by=scene.secretary)


def test_open_round_has_none(scene):
    with pytest.raises(NotAllowed, match="Close the vote first"):
        dissent(scene, opened(scene))


def test_length_is_the_rule(scene):
    row = voted(scene, "for", "against")

    with pytest.raises(Refused, match=r"151 words.*150 ord"):
        dissent(scene, row, text="ord " * 151)
    with pytest.raises(Refused, match="Write the dissenting"):
        dissent(scene, row, text=" ")
    assert dissent(scene, row, text="ord " * 150)


def test_one_per_member_and_never_written_over(scene):
    row = voted(scene, "for", "against")
    dissent(scene, row)

    with pytest.raises(StaleState, match="already"):
        dissent(scene, row, text="Noget andet")

    assert [d.text for d in Dissent.objects.all()] == ["Det er for tidligt."]


def test_nobody_writes_for_another_but_the_secretariat(scene):
    row = voted(scene, "for", "against")

    with pytest.raises(NotAllowed, match="your own"):
        dissent(scene, row, by=scene.chair)
    assert dissent(scene, row, by=scene.secretary).recorded_by == scene.secretary


def test_after_the_meeting_the_secretariat_with_a_reason(scene):
    row = voted(scene, "for", "against")
    move_meeting(meeting=scene.meeting, move="end", by=scene.secretary)

    with pytest.raises(NotAllowed, match="The meeting is over"):
        dissent(scene, row)
    with pytest.raises(Refused, match="after the meeting"):
        dissent(scene, row, by=scene.secretary)
    late = dissent(scene, row, by=scene.secretary, reason="Sagt højt, ikke skrevet ned")
    assert late.reason == "Sagt højt, ikke skrevet ned"


def test_not_once_the_minutes_are_out(scene):
    row = voted(scene, "for", "against", "for")
    move_meeting(meeting=scene.meeting, move="end", by=scene.secretary)
    decide(scene, scene.opened)
    decide(scene, scene.closed, "Nej", "Drøftet")
    send_for_approval(meeting=scene.meeting, by=scene.secretary)

    with pytest.raises(NotAllowed, match="Take them back first"):
        dissent(scene, row, by=scene.secretary, reason="For sent")
    lock(scene)
    with pytest.raises(NotAllowed, match="locked"):
        dissent(scene, row, by=scene.secretary, reason="For sent")


# In the minutes ---------------------------------------------------------------------------


def snapshot_of(scene, item):
    snapshot = live_snapshot(scene.meeting, "minutes")
    return snapshot, next(row for row in snapshot["items"] if row["id"] == item.pk)


def test_minutes_hold_votes_and_dissents(scene):
    row = voted(scene, "for", "against", "for")
    dissent(scene, row)

    _whole, item = snapshot_of(scene, scene.opened)

    found = item["votes"][0]
    assert (found["for"], found["against"]) == (["Formand", "Inhabilt medlem"], ["Medlem"])
    assert (found["counts"], found["outcome"]) == (
        {"for": 2, "against": 1, "abstain": 0}, "adopted",
    )  # fmt: skip
    assert [d["text"] for d in item["dissents"]] == ["Det er for tidligt."]


def test_open_rounds_and_agendas_hold_none(scene):
    opened(scene)

    assert snapshot_of(scene, scene.opened)[1]["votes"] == []
    assert all(item["votes"] == [] for item in live_snapshot(scene.meeting, "agenda")["items"])


def test_closed_item_shows_the_public_neither(scene):
    row = voted(scene, "for", "against", item=scene.closed, text="HEMMELIGTFORSLAG")
    dissent(scene, row, text="HEMMELIGMENING")

    whole, item = snapshot_of(scene, scene.closed)

    assert item["votes"][0]["motion"] == "HEMMELIGTFORSLAG"
    assert "HEMMELIGTFORSLAG" not in str(public_snapshot(whole))
    assert "HEMMELIGMENING" not in str(public_snapshot(whole))


def test_document_prints_them(scene):
    row = voted(scene, "for", "against")
    dissent(scene, row)

    blocks = item_context(
        snapshot_of(scene, scene.opened)[1],
        anchor="p1", kind="minutes", edition="full", time="", since=0, links={},
    )["blocks"]  # fmt: skip

    kinds = [block["kind"] for block in blocks if block["kind"] in {"votes", "dissent"}]
    assert kinds == ["votes", "dissent"]


# The page -----------------------------------------------------------------------------------


def test_member_votes_on_the_page_and_gets_a_receipt(scene, client):
    row = opened(scene)
    client.force_login(scene.member)
    page = reverse("meetings:item_votes", args=[scene.meeting.pk, scene.opened.pk])
    assert 'value="abstain"' in client.get(page).content.decode()

    cast = reverse("meetings:vote_cast", args=[scene.meeting.pk, scene.opened.pk, row.pk])
    answer = client.post(cast, {"choice": "against"}, follow=True)

    assert "Du stemte" in answer.content.decode() or "You voted" in answer.content.decode()
    assert client.post(cast, {"choice": "for"}).status_code == 409


def test_too_long_dissent_comes_back_with_its_text(scene, client):
    row = voted(scene, "for", "against")
    client.force_login(scene.member)
    address = reverse("meetings:dissent_write", args=[scene.meeting.pk, scene.opened.pk, row.pk])

    answer = client.post(address, {"text": "mit ord " * 100, "member": scene.member.pk})

    assert answer.status_code == 422
    assert "mit ord mit ord" in answer.content.decode()


def test_words_come_back_when_the_minutes_are_out_meanwhile(scene, client):
    row = voted(scene, "for", "against", "for")
    address = reverse("meetings:dissent_write", args=[scene.meeting.pk, scene.opened.pk, row.pk])
    motion = reverse("meetings:motion_add", args=[scene.meeting.pk, scene.opened.pk])
    for item in (scene.opened, scene.closed):
        decide(scene, item, public="Offentlig")
    move_meeting(meeting=scene.meeting, move="end", by=scene.secretary)
    send_for_approval(meeting=scene.meeting, by=scene.secretary)

    client.force_login(scene.member)
    written = client.post(address, {"text": "MINE ORD"})
    client.force_login(scene.secretary)
    sent = {"text": "MINE ORD", "kind": "main", "proposer": scene.member.pk}
    moved = client.post(motion, sent)

    assert {written.status_code, moved.status_code} <= {403, 409, 422}
    for answer in (written, moved):
        assert "MINE ORD</textarea>" in answer.content.decode()


def test_page_of_a_closed_item_is_not_there_for_the_disqualified(scene, client):
    from meetings.services.disqualification import declare_disqualified

    motion(scene, item=scene.closed)
    declare_disqualified(item=scene.closed, member=scene.recused, grounds="Bror", by=scene.recused)
    page = reverse("meetings:item_votes", args=[scene.meeting.pk, scene.closed.pk])
    client.force_login(scene.recused)

    assert client.get(page).status_code == 404
    client.force_login(scene.follower)
    assert client.get(page).status_code == 404
