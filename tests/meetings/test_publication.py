"""The publication guard: what is found, who may let it pass, and what citizens see."""

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django.asserts import assertContains, assertNotContains

from committee.enums import Role, SeatKind
from committee.models import Membership, RuleProfile
from core.models import AuditEntry
from core.verdicts import NotAllowed, Refused, StaleState
from meetings.models import PublicationFinding, PublicationRequest
from meetings.selectors.publication import coming_reading, find_private, unresolved
from meetings.selectors.publication_page import publish_page, what_changes
from meetings.selectors.reading import edition_reading
from meetings.services.attachments import add_attachment, change_attachment
from meetings.services.disqualification import declare_disqualified
from meetings.services.dissents import write_dissent
from meetings.services.follow_ups import create_follow_up
from meetings.services.motions import propose
from meetings.services.presence import answer_invitation
from meetings.services.publication import (
    ask_publication,
    publish_minutes,
    resolve_findings,
    withdraw_minutes,
)
from meetings.services.votes import cast_vote, close_round, open_round
from tests.core.test_files_metadata import marked_docx, noted_pdf
from tests.factories import SeatGroupFactory, person
from tests.meetings.scenes import a_scene, attach, attend, bring_to, publish, write

pytestmark = pytest.mark.django_db
CPR = "070761-4285"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def places(scene):
    return {(f.kind, f.place.words) for f in find_private(scene.fresh())}


def locked_with(**texts):
    """A locked meeting whose open item says `texts`."""
    scene = a_scene()
    write(scene, scene.opened, **texts)
    return bring_to(scene, "locked")


def resolve_all(scene, reason="Offentlig i forvejen"):
    reasons = {finding.key: reason for finding in unresolved(scene.fresh())}
    return resolve_findings(meeting=scene.fresh(), reasons=reasons, by=scene.secretary)


# What is looked at -----------------------------------------------------------------------


def test_only_what_becomes_public_is_looked_at():
    scene = a_scene()
    write(scene, scene.closed, summary=f"Internt {CPR}")
    attach(scene, scene.opened, f"Lukket {CPR}", "closed")
    bring_to(scene, "locked")

    assert find_private(scene.fresh()) == []


def test_every_public_text_is_looked_at():
    scene = a_scene()
    write(scene, scene.opened, summary=f"Om {CPR}", background="Ring 22 33 44 55")
    attach(scene, scene.opened, f"Brev {CPR}")
    bring_to(scene, "locked")

    assert places(scene) == {
        ("cpr", "item 1, Resumé"),
        ("phone", "item 1, Baggrund"),
        ("cpr", "attachment 1.1, title"),
        ("cpr", "attachment 1.1, file name"),
    }


def test_what_the_meeting_left_in_an_item_is_looked_at():
    scene = bring_to(a_scene(), "in_session")
    attend(scene)
    scene.opened.meeting = scene.meeting
    motion = propose(
        item=scene.opened, kind="main", proposer=scene.member, text=f"Om {CPR}", by=scene.secretary
    )
    row = open_round(motion=motion, by=scene.secretary)
    for voter, choice in ((scene.chair, "for"), (scene.recused, "for"), (scene.member, "against")):
        cast_vote(vote_round=row, member=voter, choice=choice, by=scene.secretary)
    row = close_round(vote_round=row, by=scene.secretary)
    write_dissent(
        vote_round=row, member=scene.member, text=f"Imod {CPR}", reason="", by=scene.secretary
    )
    create_follow_up(
        item=scene.opened,
        text=f"Svar {CPR}",
        owner=scene.member,
        due_on=timezone.localdate(),
        by=scene.secretary,
    )
    bring_to(scene, "locked")

    assert places(scene) == {
        ("cpr", "item 1, motion no. 1"),
        ("cpr", "item 1, dissenting opinion no. 1"),
        ("cpr", "item 1, follow-up no. 1"),
    }
    shown = publish_page(scene.secretary, scene.fresh())["public_items"][0]["fields"]
    assert "who proposed and voted, no. 1" in [field["heading"] for field in shown]


def test_files_are_looked_into():
    scene = a_scene()
    for name, data in (("notat.docx", marked_docx()), ("notat.pdf", noted_pdf())):
        scene.opened.meeting = scene.meeting
        add_attachment(item=scene.opened, data=data, filename=name, by=scene.secretary)
    bring_to(scene, "locked")

    assert places(scene) == {
        ("author", "attachment 1.1, author"),
        ("comment", "attachment 1.1, comments"),
        ("tracked", "attachment 1.1, tracked changes"),
        ("cpr", "attachment 1.1, tracked changes"),
        ("author", "attachment 1.2, author"),
        ("comment", "attachment 1.2, comments"),
    }


def test_text_read_out_of_a_file_is_looked_at():
    scene = a_scene()
    attachment = attach(scene, scene.opened)
    attachment.text = f"side 1\n{CPR}"
    attachment.save()
    bring_to(scene, "locked")

    assert places(scene) == {("cpr", "attachment 1.1, text")}


def test_a_file_closed_since_is_no_longer_a_finding():
    scene = a_scene()
    attachment = attach(scene, scene.opened, f"Brev {CPR}")
    bring_to(scene, "issued")
    change_attachment(attachment=attachment, access="closed", by=scene.secretary)
    bring_to(scene, "locked")

    assert places(scene) == set()


def test_names_of_citizens_are_found_outside_the_attendance():
    scene = a_scene()
    citizen = person(scene.committee, Role.MEMBER, name="Ane Bo Nør")
    group = SeatGroupFactory(terms=scene.meeting.rule_profile.terms, kind=SeatKind.CITIZEN)
    Membership.objects.filter(user=citizen).update(seat_group=group)
    write(scene, scene.opened, summary="Ane Bo Nør spurgte.")
    bring_to(scene, "issued")
    answer_invitation(meeting=scene.meeting, coming=False, by=citizen)
    bring_to(scene, "locked")

    assert places(scene) == {
        ("name", "item 1, Resumé"),
    }
    assert "Ane Bo Nør" in [
        row["name"] for row in coming_reading(scene.fresh()).snapshot["attendance"]
    ]


def test_the_disqualified_are_found_in_their_own_item_only():
    scene = a_scene()
    write(scene, scene.opened, summary="Inhabilt medlem forlod lokalet")
    bring_to(scene, "issued")
    declare_disqualified(item=scene.closed, member=scene.recused, grounds="Bror", by=scene.recused)
    bring_to(scene, "in_session")
    assert places(scene) == set()
    declare_disqualified(item=scene.opened, member=scene.recused, grounds="Bror", by=scene.recused)

    assert places(bring_to(scene, "locked")) == {("name", "item 1, Resumé")}


def test_the_municipality_s_own_mail_is_official():
    scene = locked_with(summary="Skriv til udvalg@example.dk eller ane@post.test")

    assert [f.excerpt for f in find_private(scene.fresh())] == ["ane@post.test"]


# Findings are resolved with a reason ---------------------------------------------------------


def test_publication_stops_until_every_finding_has_its_reason():
    scene = locked_with(summary=f"Om {CPR}", background="Strandvejen 12")
    first, second = find_private(scene.fresh())
    with pytest.raises(Refused, match="CPR number in item 1, Resumé"):
        ask_publication(meeting=scene.fresh(), by=scene.secretary)

    resolve_findings(meeting=scene.fresh(), reasons={first.key: "Samtykke"}, by=scene.secretary)
    with pytest.raises(Refused, match="Street address in item 1, Baggrund"):
        ask_publication(meeting=scene.fresh(), by=scene.secretary)
    resolve_findings(
        meeting=scene.fresh(), reasons={second.key: "Skolen", first.key: ""}, by=scene.secretary
    )
    publish(scene)

    assert scene.fresh().state == "published"


def test_what_was_found_is_stored_nowhere():
    scene = locked_with(summary=f"Om {CPR}")

    assert resolve_all(scene) == 1

    row = PublicationFinding.objects.values().get()
    entry = AuditEntry.objects.get(verb="meetings.resolve_finding")
    assert CPR not in repr((row, entry.data))
    assert set(entry.data) == {"kind", "place", "key"}


def test_the_same_words_elsewhere_are_another_finding():
    scene = locked_with(summary=f"Om {CPR} og {CPR}", background=f"Om {CPR}")
    found = find_private(scene.fresh())

    assert [(f.place.words, f.count) for f in found] == [
        ("item 1, Resumé", 2),
        ("item 1, Baggrund", 1),
    ]
    resolve_findings(meeting=scene.fresh(), reasons={found[0].key: "Ja"}, by=scene.secretary)
    assert [f.place.words for f in unresolved(scene.fresh())] == ["item 1, Baggrund"]


@pytest.mark.parametrize("reason", [f"Det er {CPR}", "Et andet: 010190 1234", "x" * 301])
def test_a_reason_that_repeats_what_was_found_is_refused(reason):
    scene = locked_with(summary=f"Om {CPR}")

    with pytest.raises(Refused):
        resolve_all(scene, reason)

    assert PublicationFinding.objects.count() == 0


def test_a_finding_that_is_not_there_any_more_changes_nothing():
    scene = locked_with(summary=f"Om {CPR}")
    (finding,) = find_private(scene.fresh())

    with pytest.raises(StaleState):
        resolve_findings(
            meeting=scene.fresh(), reasons={finding.key: "Ja", "0" * 64: "Ja"}, by=scene.secretary
        )

    assert PublicationFinding.objects.count() == 0


def test_only_the_secretariat_resolves():
    scene = locked_with(summary=f"Om {CPR}")

    with pytest.raises(NotAllowed):
        resolve_findings(meeting=scene.fresh(), reasons={}, by=scene.chair)


# Two persons ------------------------------------------------------------------------------


def test_who_asks_cannot_approve():
    scene = bring_to(a_scene(), "locked")
    ask_publication(meeting=scene.meeting, by=scene.secretary)

    with pytest.raises(NotAllowed, match="You have asked for this publication yourself"):
        publish_minutes(meeting=scene.fresh(), by=scene.secretary)

    assert scene.fresh().state == "locked"


def test_the_database_refuses_that_one_person_is_two():
    scene = bring_to(a_scene(), "locked")
    request = ask_publication(meeting=scene.meeting, by=scene.secretary)

    with pytest.raises(IntegrityError), transaction.atomic():
        PublicationRequest.objects.filter(pk=request.pk).update(
            approved_by=scene.secretary, approved_at=request.asked_at
        )


def test_nobody_approves_what_nobody_asked_for():
    scene = bring_to(a_scene(), "locked")

    with pytest.raises(Refused, match="Nobody has asked yet"):
        publish_minutes(meeting=scene.fresh(), by=scene.chair)


def test_another_secretary_approves_and_both_are_in_the_protocol():
    scene = bring_to(a_scene(), "locked")
    other = person(scene.committee, Role.SECRETARIAT, name="Kollega")
    ask_publication(meeting=scene.fresh(), by=scene.secretary)

    publish_minutes(meeting=scene.fresh(), by=other)

    request = PublicationRequest.objects.get()
    assert (request.asked_by, request.approved_by) == (scene.secretary, other)
    assert AuditEntry.objects.get(verb="meetings.publish").data["asked_by"] == scene.secretary.pk


def test_asking_twice_is_one_request():
    scene = bring_to(a_scene(), "locked")
    ask_publication(meeting=scene.fresh(), by=scene.secretary)

    with pytest.raises(StaleState, match="has already asked"):
        ask_publication(meeting=scene.fresh(), by=scene.secretary)

    assert PublicationRequest.objects.count() == 1


def test_an_approval_is_of_the_text_that_was_asked_for():
    scene = a_scene()
    attachment = attach(scene, scene.opened)
    bring_to(scene, "locked")
    ask_publication(meeting=scene.fresh(), by=scene.secretary)
    # Something closes behind everybody's back.
    type(attachment).objects.filter(pk=attachment.pk).update(access="closed")

    with pytest.raises(Refused, match="has changed since it was asked for"):
        publish_minutes(meeting=scene.fresh(), by=scene.chair)
    publish(scene)

    assert PublicationRequest.objects.filter(dropped_at__isnull=False).count() == 1
    assert scene.fresh().state == "published"


def test_one_person_publishes_where_the_rules_say_so(monkeypatch):
    scene = bring_to(a_scene(), "locked")
    rules = scene.meeting.rule_profile.rules
    relaxed = {
        **rules.rules,
        "four_eyes_publication": type(rules.rules["ties"])(
            "four_eyes_publication", False, "", "", ""
        ),
    }
    monkeypatch.setattr(
        RuleProfile, "rules", type(rules)(rules.key, rules.version, rules.title, relaxed)
    )
    with pytest.raises(NotAllowed):
        publish_minutes(meeting=scene.fresh(), by=scene.chair)

    publish_minutes(meeting=scene.fresh(), by=scene.secretary)

    assert scene.fresh().state == "published"


# The page -----------------------------------------------------------------------------------


def test_page_shows_what_is_new_against_what_citizens_see_now():
    scene = a_scene()
    write(scene, scene.opened, summary="Et gammelt resumé")
    attach(scene, scene.opened, "Kort")
    bring_to(scene, "in_session")
    bring_to(scene, "locked")

    opened, closed = publish_page(scene.secretary, scene.fresh())["public_items"]
    decision, attendance = opened["fields"]
    assert attendance["heading"] == "attendance"
    assert (decision["heading"], decision["is_new"]) == ("Beslutning", True)
    assert [p.kind for p in decision["pieces"]] == ["ins"]
    assert decision["pieces"][0].text.endswith(". Åben beslutning")
    assert opened["unchanged"] == ["heading", "Resumé"]
    assert [f["heading"] for f in closed["fields"]] == ["public decision text"]
    assert "HEMMELIG" not in repr((opened, closed))
    assert (opened["new"], opened["kept"]) == ([], ["1.1 Kort (Kort.png)"])


def test_words_that_go_are_marked():
    scene = bring_to(a_scene(), "issued")
    now = edition_reading(scene.fresh(), "public")
    coming = edition_reading(scene.fresh(), "public")
    coming.items[0]["sections"][0]["text"] = "Et nyt resumé"
    coming.snapshot["items"].pop()

    changed, gone = what_changes(now, coming)

    pieces = [(p.kind, p.text) for f in changed["fields"] for p in f["pieces"]]
    assert ("del", "Åbent") in pieces
    assert gone["is_gone"]


def test_the_whole_way_on_the_pages(client):
    scene = locked_with(summary=f"Om {CPR}")
    page = reverse("meetings:meeting_publish", args=[scene.meeting.pk])
    (finding,) = find_private(scene.fresh())
    client.force_login(scene.secretary)

    assertContains(client.get(page), CPR)
    ask = reverse("meetings:meeting_publish_ask", args=[scene.meeting.pk])
    assert client.post(ask).status_code == 422
    reasons = reverse("meetings:meeting_findings", args=[scene.meeting.pk])
    answer = client.post(reasons, {f"reason-{finding.key}": f"Det er {CPR}"})
    assertContains(answer, f"Det er {CPR}", status_code=422)
    assert client.post(reasons, {f"reason-{finding.key}": "Et opdigtet nummer"}).status_code == 302
    assert client.post(ask).status_code == 302
    assertContains(client.get(page), 'aria-disabled="true"')
    assert client.post(page).status_code == 403
    client.force_login(scene.chair)
    assertNotContains(client.get(page), 'aria-disabled="true"')
    assert client.post(page).status_code == 302

    assert scene.fresh().state == "published"


# Withdrawal -----------------------------------------------------------------------------------


def test_withdrawal_leaves_a_tombstone(client):
    scene = bring_to(a_scene(), "published")
    minutes = reverse("meetings:document_file", args=[scene.meeting.pk, "minutes"])
    assert client.get(minutes).status_code == 200
    assertNotContains(client.get(scene.meeting.get_absolute_url()), "noindex")

    withdraw_minutes(meeting=scene.fresh(), reason="Et navn var forkert", by=scene.secretary)

    gone = client.get(minutes)
    assertContains(gone, "Et navn var forkert", status_code=410)
    assert gone["X-Robots-Tag"] == "noindex"
    for address in (scene.meeting.get_absolute_url(), scene.opened.get_absolute_url()):
        page = client.get(address)
        assertContains(page, "Et navn var forkert")
        assertContains(page, '<meta name="robots" content="noindex">')
        assertNotContains(page, "Åben beslutning")


def test_members_still_read_withdrawn_minutes(client):
    scene = bring_to(a_scene(), "published")
    withdraw_minutes(meeting=scene.fresh(), reason="Et navn var forkert", by=scene.secretary)
    client.force_login(scene.member)

    address = reverse("meetings:document_file", args=[scene.meeting.pk, "minutes"])
    assert client.get(address).status_code == 200


def test_a_file_that_only_the_minutes_held_is_gone_with_them(client):
    scene = bring_to(a_scene(), "issued")
    late = attach(scene, scene.opened, "Sent bilag")
    bring_to(scene, "locked")
    assert client.get(late.get_absolute_url()).status_code == 404
    publish(scene)
    assert client.get(late.get_absolute_url()).status_code == 200

    withdraw_minutes(meeting=scene.fresh(), reason="Fejl", by=scene.secretary)

    assert client.get(late.get_absolute_url()).status_code == 410
    client.force_login(scene.member)
    assert client.get(late.get_absolute_url()).status_code == 200


def test_published_again_nothing_is_left_of_the_tombstone(client):
    scene = bring_to(a_scene(), "published")
    withdraw_minutes(meeting=scene.fresh(), reason="Et navn var forkert", by=scene.secretary)
    scene.meeting = scene.fresh()
    publish(scene)

    assertNotContains(client.get(scene.meeting.get_absolute_url()), "Et navn var forkert")
    assert PublicationRequest.objects.count() == 2


def test_a_public_reason_holds_no_cpr_number():
    scene = bring_to(a_scene(), "published")

    with pytest.raises(Refused, match="without the CPR number"):
        withdraw_minutes(meeting=scene.fresh(), reason=f"Stod {CPR}", by=scene.secretary)


# The command ----------------------------------------------------------------------------------


def test_check_publication_says_the_reason_last(capsys):
    scene = locked_with(summary=f"Om {CPR}")

    with pytest.raises(CommandError, match="cannot be published: 1"):
        call_command("check_publication", scene.meeting.pk)
    said = capsys.readouterr().out
    assert "CPR number in item 1, Resumé" in said
    assert CPR not in said

    resolve_all(scene)
    call_command("check_publication", scene.meeting.pk)
    assert capsys.readouterr().out == "Nothing stops the publication.\n"


def test_check_publication_of_no_meeting():
    with pytest.raises(CommandError, match="no meeting 0"):
        call_command("check_publication", 0)
