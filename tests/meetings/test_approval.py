"""From minutes to protocol: proved complete, approved by each, locked, added to, reopened."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from committee.deadlines import weekdays_after
from committee.rules import RULES
from core import outbox
from core.models import AuditEntry
from core.verdicts import NotAllowed, Refused, StaleState
from meetings.enums import MeetingState as S
from meetings.models import (
    AgendaItem,
    CorrectionReply,
    Disqualification,
    Meeting,
    MinutesAddition,
    MinutesApproval,
    Presence,
    ProofOverride,
    ReopenRequest,
    Vote,
)
from meetings.selectors.approval import answers, asked_members, lockable, sent_version
from meetings.selectors.proof import missing_in_minutes, proof
from meetings.selectors.publication import coming_reading, find_private
from meetings.selectors.reading import edition_reading, reading
from meetings.selectors.sealing import find_sealed, told_to
from meetings.services.additions import (
    add_addition,
    approve_reopening,
    ask_reopening,
    drop_reopening,
)
from meetings.services.approval import (
    answer_minutes,
    change_approval_deadline,
    remind_approvals,
    reply_correction,
)
from meetings.services.disqualification import declare_disqualified
from meetings.services.documents import find_document
from meetings.services.holding import move_meeting
from meetings.services.minutes import (
    lock_minutes,
    override_lines,
    reopen_minutes,
    save_unplaced,
    send_for_approval,
)
from meetings.services.publication import ask_publication, publish_minutes, withdraw_minutes
from meetings.verbs import WORDS
from tests.meetings.scenes import a_scene, approve, attend, bring_to, decide, lock, publish
from tests.meetings.test_votes import voted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def sent():
    return bring_to(a_scene(), "approval")


@pytest.fixture
def locked():
    return bring_to(a_scene(), "locked")


def say(scene, answer="approve", text="", item=None, member=None, by=None, version=None):
    member = member or scene.member
    return answer_minutes(
        meeting=scene.fresh(),
        version=version or scene.fresh().minutes_version,
        member=member,
        answer=answer,
        text=text,
        item=item,
        by=by or member,
    )


def add(scene, text="Der skulle stå 12.", **more):
    facts = {"public_text": "Et tal er rettet.", "reason": "Slåfejl", "by": scene.secretary} | more
    return add_addition(meeting=scene.fresh(), text=text, **facts)


def newest(scene):
    return sent_version(scene.fresh()).snapshot


def texts(scene):
    return [missing.text for missing in missing_in_minutes(scene.fresh())]


# The proof ------------------------------------------------------------------------------


def complete():
    scene = bring_to(a_scene(), "in_session")
    attend(scene)
    return scene


def finished(scene):
    move_meeting(meeting=scene.meeting, move="end", by=scene.secretary)
    decide(scene, scene.opened)
    decide(scene, scene.closed, "HEMMELIGBESLUTNING", "Offentlig")


def test_complete_minutes_have_every_check_done():
    scene = complete()
    finished(scene)

    checks = proof(scene.fresh())

    assert [check.key for check in checks] == [
        "attendance", "decisions", "quorum", "votes", "dissents", "recusals", "follow_ups",
        "unplaced",
    ]  # fmt: skip
    assert all(check.is_done and not check.lines for check in checks)


def test_a_text_without_an_outcome_is_not_a_decision():
    scene = complete()
    finished(scene)
    AgendaItem.objects.filter(pk=scene.opened.pk).update(outcome="")

    assert texts(scene) == ["Choose the outcome of item 1"]


def test_those_present_have_their_times_and_all_have_an_answer():
    scene = complete()
    finished(scene)
    Presence.objects.filter(member=scene.member).delete()
    scene.meeting.attendance.filter(member=scene.chair).update(status="unknown")

    assert texts(scene) == [
        "Record whether they were present: Formand",
        "Present, but without times: Medlem",
    ]


def test_a_binding_decision_without_a_quorum_is_named():
    scene = complete()
    finished(scene)
    Presence.objects.exclude(member=scene.chair).update(left_at=scene.fresh().held_from)
    Presence.objects.exclude(member=scene.chair).update(came_at=scene.fresh().held_from)

    assert "Item 1 was decided by 1 present; 2 were needed" in texts(scene)


def test_missing_votes_are_listed_by_name():
    scene = complete()
    voted(scene, "for", "against")
    finished(scene)

    assert texts(scene) == ["No vote on item 1 from Inhabilt medlem"]


def test_a_recusal_that_is_not_decided_is_missing_and_so_is_the_vote_before_it():
    scene = complete()
    voted(scene, "for", "against", "for")
    finished(scene)
    Disqualification.objects.create(
        item=scene.opened, member=scene.recused, grounds="Bror", declared_by=scene.recused
    )

    assert texts(scene) == [
        "Voted on item 1, but absent or disqualified: Inhabilt medlem",
        "It is not decided whether Inhabilt medlem is disqualified from item 1",
    ]


def test_text_left_over_is_missing_until_it_is_placed():
    scene = complete()
    finished(scene)
    Meeting.objects.filter(pk=scene.meeting.pk).update(unplaced="En løs linje")
    assert texts(scene) == ["Place the text that the import left over"]

    with pytest.raises(StaleState):
        save_unplaced(meeting=scene.fresh(), text="", was="Noget andet", by=scene.secretary)
    save_unplaced(meeting=scene.fresh(), text="", was="En løs linje", by=scene.secretary)

    assert texts(scene) == []


def test_an_override_is_minuted_and_holds_for_that_lack_only():
    scene = complete()
    voted(scene, "for", "against")
    finished(scene)
    (line,) = [line for check in proof(scene.fresh()) for line in check.lines]

    override_lines(meeting=scene.fresh(), reasons={line.key: "Han var gået."}, by=scene.secretary)

    assert texts(scene) == []
    send_for_approval(meeting=scene.meeting, by=scene.secretary)
    (row,) = newest(scene)["overrides"]
    assert (row["reason"], row["item_number"]) == ("Han var gået.", 1)
    entry = AuditEntry.objects.get(verb="meetings.override_proof")
    assert "gået" not in str(entry.data)
    reopen_minutes(meeting=scene.meeting, by=scene.secretary)
    Presence.objects.filter(member=scene.recused).delete()
    scene.meeting.attendance.filter(member=scene.recused).update(status="absent")
    assert texts(scene) == []
    send_for_approval(meeting=scene.meeting, by=scene.secretary)
    assert "overrides" not in newest(scene)


def test_an_override_of_what_is_no_longer_missing_is_stale():
    scene = complete()
    finished(scene)

    with pytest.raises(StaleState):
        override_lines(meeting=scene.fresh(), reasons={"x": "Fordi"}, by=scene.secretary)
    with pytest.raises(NotAllowed, match="secretariat"):
        override_lines(meeting=scene.fresh(), reasons={"x": "Fordi"}, by=scene.chair)


def test_an_override_about_a_closed_item_is_for_insiders():
    scene = complete()
    finished(scene)
    texts_of = scene.closed.texts
    texts_of.filter(key="decision").update(text="")
    (line,) = [line for check in proof(scene.fresh()) for line in check.lines]
    override_lines(meeting=scene.fresh(), reasons={line.key: "HEMMELIGGRUND2"}, by=scene.secretary)
    send_for_approval(meeting=scene.meeting, by=scene.secretary)
    lock(scene)
    publish(scene)

    full, public = (edition_reading(scene.fresh(), kind) for kind in ("full", "public"))

    assert full.snapshot["overrides"][0]["reason"] == "HEMMELIGGRUND2"
    assert "HEMMELIGGRUND2" not in str(public.snapshot)
    assert public.snapshot["overrides"][0]["redacted"] is True


# The answers ----------------------------------------------------------------------------


def test_those_who_were_there_are_asked_until_the_deadline_of_the_rules(sent):
    due = sent.fresh().approval_due_at

    assert {user.name for user in asked_members(sent.fresh())} == {
        "Formand", "Medlem", "Inhabilt medlem",
    }  # fmt: skip
    last = weekdays_after(timezone.localdate(), 5)
    assert timezone.localtime(due).strftime("%Y-%m-%d %H.%M") == f"{last} 12.00"


def test_old_profiles_go_by_the_rules_that_came_later():
    old, new = (RULES.by_reference(f"opgaveudvalg@{n}") for n in (1, 2))

    assert (old["approval_days"], old["silence_approves"]) == (5, False)
    assert (new["approval_days"], new["silence_approves"]) == (5, True)
    assert set(new.rules) - set(old.rules) == {
        "approval_days", "silence_approves", "four_eyes_agenda",
    }  # fmt: skip


def test_the_newest_answer_counts_and_all_are_kept(sent):
    say(sent, "reservation", "Ikke enig i tallene")
    say(sent)

    rows = MinutesApproval.objects.filter(member=sent.member).order_by("number")
    assert [row.answer for row in rows] == ["reservation", "approve"]
    newest_of = {a.member: a.approval for a in answers(sent.fresh(), sent_version(sent.fresh()))}
    assert newest_of[sent.member].answer == "approve"


BAD = {
    "unknown answer": (lambda s: say(s, "maybe"), Refused, "three answers"),
    "reservation without words": (lambda s: say(s, "reservation", "  "), Refused, "Write what"),
    "too many words": (lambda s: say(s, "correction", "x" * 4001), Refused, "at most 4.000"),
    "somebody else's": (lambda s: say(s, by=s.recused), NotAllowed, "only answer for yourself"),
    "one who was not there": (
        lambda s: say(s, member=s.secretary), Refused, "took part in the meeting"),
    "the follow group": (lambda s: say(s, member=s.follower), NotAllowed, "Only members"),
    "a superseded version": (lambda s: say(s, version=7), StaleState, "no longer the one"),
    "an item of another meeting": (
        lambda s: say(s, "correction", "Ret", item=a_scene().opened), Refused, "Choose an item"),
    "a closed item of the disqualified": (
        lambda s: (_disqualify(s), say(s, "correction", "Ret", item=s.closed,
                                       member=s.again(s.recused))), Refused, "Choose an item"),
}  # fmt: skip


def _disqualify(scene):
    Disqualification.objects.create(
        item=scene.closed, member=scene.recused, grounds="Bror", declared_by=scene.recused
    )


@pytest.mark.parametrize("name", sorted(BAD))
def test_bad_answers_are_refused_with_the_rule(sent, name):
    act, error, words = BAD[name]

    with pytest.raises(error, match=words):
        act(sent)

    assert MinutesApproval.objects.count() == 0


def test_an_answer_after_the_deadline_goes_through_the_secretariat(sent):
    Meeting.objects.update(approval_due_at=timezone.now() - timedelta(hours=1))

    with pytest.raises(Refused, match="deadline has passed"):
        say(sent)
    row = say(sent, by=sent.secretary)

    assert row.recorded_by == sent.secretary


def test_approval_of_an_overtaken_version_keeps_the_words(sent, client):
    reopen_minutes(meeting=sent.meeting, by=sent.secretary)
    send_for_approval(meeting=sent.meeting, by=sent.secretary)
    client.force_login(sent.member)
    url = reverse("meetings:meeting_approval", args=[sent.meeting.pk])

    answer = client.post(url, {"answer": "reservation", "text": "MINEORD", "version": "1"})

    assert answer.status_code == 409
    assert "MINEORD" in answer.content.decode()
    assert 'name="version" value="2"' in answer.content.decode()
    assert MinutesApproval.objects.count() == 0


STATES = ["draft", "issued", "in_session", "minutes_draft", "approval", "locked", "published",
          "cancelled"]  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_each_verb_has_its_people_and_its_state(state):
    scene = bring_to(a_scene(), state)
    people = [scene.secretary, scene.chair, scene.member, scene.follower, scene.outsider]
    verbs = {
        "answer": lambda by: say(scene, member=by, version=1),
        "deadline": lambda by: change_approval_deadline(
            meeting=scene.fresh(), due_at=timezone.now() + timedelta(days=9), by=by
        ),
        "add": lambda by: add(scene, by=by),
        "ask reopening": lambda by: ask_reopening(meeting=scene.fresh(), reason="Fejl", by=by),
        "override": lambda by: override_lines(meeting=scene.fresh(), reasons={}, by=by),
    }
    allowed = {
        "answer": {"approval": {"Formand", "Medlem"}},
        "deadline": {"approval": {"Sekretær B"}},
        "add": {"locked": {"Sekretær B"}, "published": {"Sekretær B"}},
        "ask reopening": {"locked": {"Sekretær B", "Formand"}},
        "override": {"minutes_draft": {"Sekretær B"}},
    }
    for name, verb in verbs.items():
        done = {by.name for by in people if _goes(verb, scene.again(by))}
        assert done == allowed[name].get(state, set()), name


def _goes(verb, by):
    try:
        with transaction.atomic():
            verb(by)
            transaction.set_rollback(True)
    except (NotAllowed, Refused, StaleState):
        return False
    return True


# Corrections ----------------------------------------------------------------------------


def test_lock_waits_for_the_answer_to_a_correction(sent):
    for person in (sent.chair, sent.recused):
        say(sent, member=person)
    row = say(sent, "correction", "Tallet er 12", item=sent.opened)
    with pytest.raises(Refused, match="Medlem has asked for a correction"):
        lock_minutes(meeting=sent.meeting, by=sent.chair)

    reply_correction(approval=row, accepted=False, text="Det var 11.", by=sent.secretary)

    lock_minutes(meeting=sent.meeting, by=sent.chair)
    words = {row["name"]: row["word"] for row in newest(sent)["approval"]["rows"]}
    assert "Tallet er 12" not in str(newest(sent))
    assert set(words) == {"Formand", "Medlem", "Inhabilt medlem"}


def test_a_correction_that_is_promised_is_made_before_the_lock(sent):
    for person in (sent.chair, sent.recused):
        say(sent, member=person)
    row = say(sent, "correction", "Tallet er 12")
    reply_correction(approval=row, accepted=True, text="Ja.", by=sent.secretary)
    with pytest.raises(Refused, match="promised Medlem"):
        lock_minutes(meeting=sent.meeting, by=sent.chair)

    reopen_minutes(meeting=sent.meeting, by=sent.secretary)
    decide(sent, sent.opened, "Tallet er 12")
    send_for_approval(meeting=sent.meeting, by=sent.secretary)
    lock(sent)

    assert "Tallet er 12" in newest(sent)["items"][0]["decision"]["text"]


def test_a_reply_is_given_once_and_to_the_newest_answer(sent):
    row = say(sent, "correction", "Tallet")
    say(sent)

    with pytest.raises(StaleState, match="answered anew"):
        reply_correction(approval=row, accepted=True, text="Ja", by=sent.secretary)
    again = say(sent, "correction", "Tallet igen")
    reply_correction(approval=again, accepted=True, text="Ja", by=sent.secretary)
    with pytest.raises(StaleState):
        reply_correction(approval=again, accepted=False, text="Nej", by=sent.secretary)
    with pytest.raises(NotAllowed):
        reply_correction(approval=again, accepted=False, text="Nej", by=sent.chair)


@pytest.mark.parametrize(
    ("who", "reads"),
    [("secretary", True), ("chair", True), ("member", True), ("recused", False),
     ("follower", False)],
)  # fmt: skip
def test_who_reads_a_correction(sent, client, who, reads):
    say(sent, "correction", "RETTELSESORD", item=sent.closed)
    client.force_login(getattr(sent, who))

    page = client.get(reverse("meetings:meeting_approval", args=[sent.meeting.pk]))

    assert page.status_code == 200
    assert ("RETTELSESORD" in page.content.decode()) is reads


# The lock -------------------------------------------------------------------------------


def test_lock_waits_for_everybody_or_the_deadline(sent):
    say(sent)
    with pytest.raises(Refused, match="deadline has not passed: Formand, Inhabilt medlem"):
        lock_minutes(meeting=sent.meeting, by=sent.chair)
    assert not lockable(sent.fresh())

    Meeting.objects.update(approval_due_at=timezone.now() - timedelta(minutes=1))
    lock_minutes(meeting=sent.fresh(), by=sent.chair)

    rows = newest(sent)["approval"]["rows"]
    assert {row["name"]: row["answer"] for row in rows} == {
        "Formand": "", "Inhabilt medlem": "", "Medlem": "approve",
    }  # fmt: skip


def test_reservations_follow_into_the_minutes_and_closed_ones_stay_inside(sent):
    say(sent, "reservation", "ÅBENTFORBEHOLD", item=sent.opened)
    say(sent, "reservation", "HEMMELIGTFORBEHOLD", item=sent.closed, member=sent.chair)
    say(sent, "reservation", "HELTFORBEHOLD", member=sent.recused)
    lock_minutes(meeting=sent.meeting, by=sent.chair)
    publish(sent)

    member = reading(sent.again(sent.member), sent.fresh()).snapshot
    public = edition_reading(sent.fresh(), "public").snapshot

    assert len(member["reservations"]) == len(public["reservations"]) == 3
    assert "HEMMELIGTFORBEHOLD" in str(member)
    assert "HELTFORBEHOLD" in str(member)
    # Words about the whole may be about what is closed.
    assert "ÅBENTFORBEHOLD" in str(public)
    assert "HEMMELIGT" not in str(public)
    assert "HELTFORBEHOLD" not in str(public)


def test_guard_reads_what_stands_under_the_items(sent):
    say(sent, "reservation", "Ring 010190-1234", item=sent.opened)
    approve_rest(sent)
    lock_minutes(meeting=sent.meeting, by=sent.chair)

    found = find_private(sent.fresh())

    assert [(f.kind, f.place.name) for f in found] == [("cpr", "reservations 1")]


def approve_rest(scene):
    for person in (scene.chair, scene.recused):
        say(scene, member=person)


# Additions ------------------------------------------------------------------------------


def test_lock_waits_for_a_disqualification_raised_since(sent):
    approve(sent)
    declare_disqualified(item=sent.opened, member=sent.recused, grounds="Bror", by=sent.recused)

    with pytest.raises(Refused, match="It is not decided whether Inhabilt medlem"):
        lock_minutes(meeting=sent.fresh(), by=sent.chair)


def test_an_addition_is_a_sealed_version_and_the_first_seal_stays(locked, settings, tmp_path):
    settings.SEAL_TEST_CERTIFICATE = tmp_path / "test.p12"
    outbox.drain()
    first = _sealed(locked)

    row = add(locked, item=locked.opened, public_text="")
    outbox.drain()

    assert row.number == 1
    assert locked.fresh().minutes_version == 3
    assert newest(locked)["additions"][0]["text"] == "Der skulle stå 12."
    assert _sealed(locked) != first
    assert find_sealed(first) is not None
    assert find_sealed(_sealed(locked)) is not None


def _sealed(scene):
    read = edition_reading(scene.fresh(), "full")
    return find_document("minutes", read).file.read()


def test_citizens_read_an_addition_when_it_has_been_published(locked):
    publish(locked)
    row = add(locked, "HEMMELIGTILFØJELSE", item=locked.closed, public_text="ÅBENTILFØJELSE")
    before = edition_reading(locked.fresh(), "public").snapshot
    assert (before["version"]["number"], "additions" in before) == (2, False)
    assert reading(locked.again(locked.member), locked.fresh()).snapshot["additions"][0]["text"]

    ask_publication(meeting=locked.fresh(), by=locked.secretary)
    with pytest.raises(NotAllowed, match="yourself"):
        publish_minutes(meeting=locked.fresh(), by=locked.secretary)
    publish_minutes(meeting=locked.fresh(), by=locked.chair)

    after = edition_reading(locked.fresh(), "public").snapshot
    assert (row.number, after["version"]["number"]) == (1, 3)
    assert "ÅBENTILFØJELSE" in str(after)
    assert "HEMMELIGTILFØJELSE" not in str(after)
    assert "Slåfejl" not in str(after["additions"])
    with pytest.raises(StaleState):
        ask_publication(meeting=locked.fresh(), by=locked.secretary)


ADD = {
    "no words": (lambda s: add(s, " "), "Write the addition"),
    "no reason": (lambda s: add(s, reason=" "), "Write why"),
    "closed item without public words": (
        lambda s: add(s, item=s.closed, public_text=""), "what citizens read"),
    "the whole without public words": (lambda s: add(s, public_text=""), "what citizens read"),
    "another meeting's item": (lambda s: add(s, item=a_scene().opened), "Choose an item"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(ADD))
def test_bad_additions_are_refused(locked, name):
    act, words = ADD[name]

    with pytest.raises(Refused, match=words):
        act(locked)

    assert MinutesAddition.objects.count() == 0
    assert locked.fresh().minutes_version == 2


def test_additions_are_numbered_and_go_on_after_reopening(locked):
    assert [add(locked).number, add(locked).number] == [1, 2]
    ask_reopening(meeting=locked.fresh(), reason="Et punkt mangler", by=locked.secretary)
    approve_reopening(meeting=locked.fresh(), by=locked.chair)
    send_for_approval(meeting=locked.fresh(), by=locked.secretary)

    snapshot = newest(locked)

    assert [row["number"] for row in snapshot["additions"]] == [1, 2]
    assert [row["reason"] for row in snapshot["reopened"]] == ["Et punkt mangler"]


# Reopening ------------------------------------------------------------------------------


def test_reopening_takes_two_persons_and_a_reason(locked):
    with pytest.raises(Refused, match="Write why"):
        ask_reopening(meeting=locked.fresh(), reason=" ", by=locked.chair)
    with pytest.raises(Refused, match="Nobody has asked"):
        approve_reopening(meeting=locked.fresh(), by=locked.chair)
    ask_reopening(meeting=locked.fresh(), reason="Fejl", by=locked.chair)
    with pytest.raises(NotAllowed, match="Another person"):
        approve_reopening(meeting=locked.fresh(), by=locked.chair)
    with pytest.raises(StaleState):
        ask_reopening(meeting=locked.fresh(), reason="Fejl", by=locked.secretary)

    approve_reopening(meeting=locked.fresh(), by=locked.secretary)

    assert locked.fresh().state == S.MINUTES_DRAFT
    assert reading(locked.again(locked.member), locked.fresh()).kind == "agenda"


def test_a_request_can_be_turned_down(locked):
    ask_reopening(meeting=locked.fresh(), reason="Fejl", by=locked.secretary)
    drop_reopening(meeting=locked.fresh(), by=locked.chair)

    assert locked.fresh().state == S.LOCKED
    with pytest.raises(Refused, match="Nobody has asked"):
        approve_reopening(meeting=locked.fresh(), by=locked.chair)


def test_published_minutes_are_withdrawn_before_they_are_reopened(locked):
    publish(locked)
    with pytest.raises(NotAllowed, match="Withdraw them first"):
        ask_reopening(meeting=locked.fresh(), reason="Fejl", by=locked.secretary)

    withdraw_minutes(meeting=locked.fresh(), reason="Fejl", by=locked.secretary)
    ask_reopening(meeting=locked.fresh(), reason="Fejl", by=locked.secretary)
    approve_reopening(meeting=locked.fresh(), by=locked.chair)

    assert locked.fresh().is_withdrawn


def test_the_earlier_seal_is_verifiable_after_reopening(locked, settings, tmp_path):
    settings.SEAL_TEST_CERTIFICATE = tmp_path / "test.p12"
    outbox.drain()
    first = _sealed(locked)
    ask_reopening(meeting=locked.fresh(), reason="Fejl", by=locked.secretary)
    approve_reopening(meeting=locked.fresh(), by=locked.chair)

    found = find_sealed(first)
    assert found is not None
    # That it is sealed is told to anybody; which meeting, to those who read that version now.
    assert told_to(locked.secretary, found).seal is None


# Reminders ------------------------------------------------------------------------------


def test_those_who_have_not_answered_are_reminded_twice(sent):
    outbox.drain()
    mail.outbox.clear()
    say(sent)
    due = sent.fresh().approval_due_at

    def at(**ahead):
        count = remind_approvals(now=due - timedelta(**ahead))
        outbox.drain()
        return count

    assert [at(days=3), at(hours=47), at(hours=46), at(hours=3), at(hours=2)] == [0, 2, 0, 2, 0]
    to = sorted(message.to[0].split("<")[0].strip().strip('"') for message in mail.outbox)
    assert to == ["Formand", "Formand", "Inhabilt medlem", "Inhabilt medlem"]


def test_everybody_asked_gets_a_mail_that_says_nothing_of_the_minutes(sent):
    mail.outbox.clear()
    outbox.drain()

    bodies = [message.body for message in mail.outbox if "/referat/godkend/" in message.body]
    assert len(bodies) == 3
    assert "beslutning" not in "".join(bodies).lower()


# What the database holds ----------------------------------------------------------------


@pytest.mark.parametrize("act", ["update", "delete"])
@pytest.mark.parametrize("table", ["approval", "reply", "override", "addition"])
def test_rows_are_append_only(sent, table, act):
    rows = {
        "approval": MinutesApproval,
        "reply": CorrectionReply,
        "override": ProofOverride,
        "addition": MinutesAddition,
    }
    row = say(sent, "correction", "Tallet")
    CorrectionReply.objects.create(approval=row, accepted=False, text="Nej", by=sent.secretary)
    common = {"meeting": sent.meeting, "reason": "Fordi", "by": sent.secretary}
    ProofOverride.objects.create(key="x", line="Noget", **common)
    MinutesAddition.objects.create(number=1, text="Ord", **common)
    found = rows[table].objects.all()

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        found.update(id=found.get().pk) if act == "update" else found._raw_delete("default")


def test_the_same_person_cannot_be_both_of_the_two(locked):
    with pytest.raises(DatabaseError), transaction.atomic():
        ReopenRequest.objects.create(
            meeting=locked.meeting,
            reason="Fejl",
            asked_by=locked.chair,
            approved_by=locked.chair,
            approved_at=timezone.now(),
        )


def test_every_act_has_its_words():
    scene = bring_to(a_scene(), "approval")
    row = say(scene, "correction", "Tallet")
    reply_correction(approval=row, accepted=False, text="Nej", by=scene.secretary)
    approve(scene)
    lock_minutes(meeting=scene.fresh(), by=scene.chair)
    add(scene)
    ask_reopening(meeting=scene.fresh(), reason="Fejl", by=scene.secretary)
    approve_reopening(meeting=scene.fresh(), by=scene.chair)

    verbs = list(AuditEntry.objects.order_by("seq").values_list("verb", flat=True))

    assert set(verbs) - {"committee.create_committee"} <= set(WORDS)
    assert verbs[-3:] == [
        "meetings.add_addition", "meetings.ask_reopening", "meetings.reopen_locked",
    ]  # fmt: skip
    assert "Tallet" not in str(list(AuditEntry.objects.values_list("data", flat=True)))


# The pages ------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["meeting_approval", "meeting_minutes"])
def test_pages_cost_the_same_for_any_number_of_answers(sent, client, url):
    client.force_login(sent.secretary)
    path = reverse(f"meetings:{url}", args=[sent.meeting.pk])
    counts = []
    for person in (sent.chair, sent.member, sent.recused):
        say(sent, "correction", "Ret", item=sent.closed, member=person)
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        counts.append(len(queries))

    assert len(set(counts)) == 1
    assert counts[0] <= 50


def test_a_member_answers_on_the_page(sent, client):
    client.force_login(sent.member)
    url = reverse("meetings:meeting_approval", args=[sent.meeting.pk])
    assert (
        reverse("meetings:meeting_approval", args=[sent.meeting.pk])
        in client.get(reverse("portal:my_work")).content.decode()
    )

    answer = client.post(url, {"answer": "approve", "version": "1"})

    assert answer.status_code == 302
    assert MinutesApproval.objects.get().member == sent.member
    assert url not in client.get(reverse("portal:my_work")).content.decode()


def test_answer_written_down_for_a_member_says_whose_it_is(sent, client):
    client.force_login(sent.secretary)
    client.cookies["django_language"] = "en"
    url = reverse("meetings:meeting_approval", args=[sent.meeting.pk])

    page = client.post(
        url, {"answer": "approve", "version": "1", "member": sent.member.pk}, follow=True
    ).content.decode()

    assert f"The answer of {sent.member.name} is written down." in page
    assert "Your answer is saved" not in page


def test_another_deadline_is_proposed_by_the_rules(sent, client):
    client.force_login(sent.secretary)
    days = sent.meeting.rule_profile.rules["approval_days"]
    last = weekdays_after(timezone.localdate(), days)

    answer = client.get(reverse("meetings:meeting_approval", args=[sent.meeting.pk]))

    form = answer.context["deadline_form"]
    assert (form["due_on"].value(), form["due_time"].value()) == (last, "12.00")
    assert f'value="{last.year}"' in answer.content.decode()


@pytest.mark.parametrize("who", ["member", "secretary"])
def test_words_are_kept_when_the_minutes_are_locked_meanwhile(locked, client, who):
    client.force_login(getattr(locked, who))
    url = reverse("meetings:meeting_approval", args=[locked.meeting.pk])
    sent = {"answer": "reservation", "text": "MINE ORD", "version": "1"}

    answer = client.post(url, sent | {"member": locked.member.pk})

    assert answer.status_code in (403, 409)
    assert "MINE ORD</textarea>" in answer.content.decode()


def test_reply_is_kept_when_the_correction_is_answered_meanwhile(sent, client):
    row = say(sent, "correction", "Ret det")
    reply_correction(approval=row, accepted=False, text="Nej", by=sent.secretary)
    client.force_login(sent.secretary)
    url = reverse("meetings:correction_reply", args=[sent.meeting.pk, row.pk])

    answer = client.post(url, {"accepted": "no", "text": "MINE ORD"})

    assert answer.status_code in (403, 409)
    assert "MINE ORD</textarea>" in answer.content.decode()


def test_addition_is_kept_when_the_minutes_are_reopened_meanwhile(locked, client):
    ask_reopening(meeting=locked.fresh(), reason="Fejl", by=locked.secretary)
    approve_reopening(meeting=locked.fresh(), by=locked.chair)
    client.force_login(locked.secretary)
    url = reverse("meetings:addition_new", args=[locked.meeting.pk])

    answer = client.post(url, {"text": "MINE ORD", "public_text": "To ord", "reason": "Fejl"})

    assert answer.status_code == 403
    assert "MINE ORD</textarea>" in answer.content.decode()


def test_public_page_and_coming_page_show_additions(locked, client):
    publish(locked)
    add(locked, item=locked.opened, public_text="")
    url = locked.meeting.get_absolute_url()
    assert "Der skulle stå 12." not in client.get(url).content.decode()
    assert "Der skulle stå 12." in str(coming_reading(locked.fresh()).snapshot)
    client.force_login(locked.secretary)
    page = client.get(reverse("meetings:meeting_publish", args=[locked.meeting.pk]))
    assert "Der skulle stå 12." in page.content.decode()
    ask_publication(meeting=locked.fresh(), by=locked.secretary)
    publish_minutes(meeting=locked.fresh(), by=locked.chair)
    client.logout()

    assert "Der skulle stå 12." in client.get(url).content.decode()


def test_votes_are_not_needed_of_those_who_were_not_there():
    scene = complete()
    Presence.objects.filter(member=scene.recused).delete()
    scene.meeting.attendance.filter(member=scene.recused).update(status="absent")
    voted(scene, "for", "against")
    finished(scene)

    assert Vote.objects.count() == 2
    assert texts(scene) == []
