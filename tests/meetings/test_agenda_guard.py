"""The guard before the agenda: members get it at once, citizens when it has been looked at."""

import io

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from PIL import Image
from pytest_django.asserts import assertContains, assertNotContains

from committee.enums import Role, SeatKind
from committee.models import Membership, RuleProfile
from core.models import AuditEntry
from core.verdicts import NotAllowed, Refused, StaleState
from meetings.models import Attachment, PublicationFinding, PublicationRequest
from meetings.scanning import scan
from meetings.selectors import looking
from meetings.selectors.headings import public_headings
from meetings.selectors.lists import meeting_plan
from meetings.selectors.publication import (
    coming_reading,
    drafted_reading,
    find_private,
    unresolved,
)
from meetings.selectors.publication_page import before_issue
from meetings.selectors.reading import edition_reading, reading
from meetings.services.attachments import add_attachment
from meetings.services.disqualification import declare_disqualified
from meetings.services.items import add_item, change_item, remove_item
from meetings.services.publication import (
    ask_publication,
    publish_agenda,
    resolve_findings,
    withdraw_agenda,
)
from tests.core.test_files_metadata import marked_docx, noted_pdf, photo
from tests.factories import SeatGroupFactory, person
from tests.meetings.scenes import CLOSED, a_scene, attach, bring_to, issue, write

pytestmark = pytest.mark.django_db
CPR = "070761-4285"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def scene():
    return a_scene()


@pytest.fixture
def four_eyes(scene):
    """The same meeting under a profile that asks for two persons."""
    RuleProfile.objects.update(rules_ref="opgaveudvalg@2")
    scene.meeting = scene.fresh()
    for item in scene.items:
        item.meeting = scene.meeting
    return scene


def seen(scene):
    """Which version of the agenda citizens read; 0 for none."""
    read = edition_reading(scene.fresh(), "public")
    return read.snapshot["version"]["number"] if read else 0


def members_read(scene):
    return reading(scene.again(scene.member), scene.fresh()).snapshot["version"]["number"]


def resolve_all(scene, reason="Står i telefonbogen", draft=False):
    read = drafted_reading(scene.fresh()) if draft else coming_reading(scene.fresh(), "agenda")
    reasons = {finding.key: reason for finding in unresolved(scene.fresh(), read)}
    return resolve_findings(meeting=scene.fresh(), reasons=reasons, by=scene.secretary, read=read)


# What is looked at -----------------------------------------------------------------------


def file(data, name):
    def put(scene):
        scene.opened.meeting = scene.meeting
        add_attachment(item=scene.opened, data=data, filename=name, by=scene.secretary)

    return put


def text(**texts):
    return lambda scene: write(scene, scene.opened, **texts)


def head(**fields):
    def put(scene):
        scene.opened.refresh_from_db()
        version = scene.opened.version
        change_item(item=scene.opened, version=version, by=scene.secretary, **fields)

    return put


def read_out(scene):
    Attachment.objects.filter(pk=attach(scene, scene.opened).pk).update(text=f"side 1\n{CPR}")


def a_citizen(scene):
    citizen = person(scene.committee, Role.MEMBER, name="Ane Bo Nør")
    group = SeatGroupFactory(terms=scene.meeting.rule_profile.terms, kind=SeatKind.CITIZEN)
    Membership.objects.filter(user=citizen).update(seat_group=group)
    write(scene, scene.opened, summary="Ane Bo Nør spurgte.")


def unreadable(scene):
    attachment = attach(scene, scene.opened)
    type(attachment.file).objects.filter(pk=attachment.file_id).update(
        path="findes/ikke", sha256="0" * 64
    )


KINDS = {
    "CPR in a text": (text(summary=f"Om {CPR}"), {"cpr"}),
    "CPR in a heading": (head(title=f"Sag om {CPR}"), {"cpr"}),
    "phone": (text(summary="Ring 22 33 44 55"), {"phone"}),
    "e-mail": (text(summary="Skriv til ane@post.test"), {"email"}),
    "address": (text(summary="Hun bor på Strandvejen 12"), {"address"}),
    "presenter": (head(presenter="Ane, tlf. 22 33 44 55"), {"phone"}),
    "citizen member": (a_citizen, {"name"}),
    "title and name of a file": (lambda s: attach(s, s.opened, f"Brev {CPR}"), {"cpr"}),
    "text of a file": (read_out, {"cpr"}),
    "comments and tracked changes": (
        file(marked_docx(), "notat.docx"),
        {"author", "comment", "tracked", "cpr"},
    ),
    "notes in a PDF": (file(noted_pdf(), "notat.pdf"), {"author", "comment"}),
    "a photo": (file(photo(), "foto.jpg"), {"author", "comment", "location", "cpr"}),
    "unreadable file": (unreadable, {"unread"}),
}


@pytest.mark.parametrize("what", KINDS)
def test_what_is_found_holds_the_public_part_back_and_nothing_else(scene, what):
    put, kinds = KINDS[what]
    put(scene)
    found = find_private(scene.fresh(), drafted_reading(scene.fresh()))
    assert {finding.kind for finding in found} == kinds

    issue(scene)

    assert (members_read(scene), seen(scene)) == (1, 0)
    assert find_private(scene.fresh(), coming_reading(scene.fresh(), "agenda")) == found
    with pytest.raises(Refused):
        publish_agenda(meeting=scene.fresh(), by=scene.secretary)
    resolve_all(scene)
    publish_agenda(meeting=scene.fresh(), by=scene.secretary)
    assert seen(scene) == 1


def test_what_is_closed_is_not_looked_at(scene):
    write(scene, scene.closed, summary=f"Om {CPR}")
    attach(scene, scene.opened, f"Lukket {CPR}", "closed")

    issue(scene)

    assert seen(scene) == 1
    assert CPR not in str(edition_reading(scene.fresh(), "public").snapshot)


def test_names_of_the_disqualified_hold_the_next_version_back(scene):
    issue(scene)
    declare_disqualified(item=scene.opened, member=scene.recused, grounds="Bror", by=scene.recused)
    write(scene, scene.opened, summary="Inhabilt medlem forlader lokalet")
    scene.meeting = scene.fresh()

    issue(scene)

    assert (members_read(scene), seen(scene)) == (2, 1)


# Resolved with a reason -----------------------------------------------------------------------


def test_resolved_before_issue_it_is_public_at_once(scene):
    write(scene, scene.opened, summary="Ring 22 33 44 55")
    assert before_issue(scene.secretary, scene.fresh())["goes_public"] == "findings"
    assert resolve_all(scene, draft=True) == 1
    assert before_issue(scene.secretary, scene.fresh())["goes_public"] == "now"

    issue(scene)

    assert seen(scene) == 1


def test_a_reason_holds_in_later_versions_and_in_the_minutes(scene):
    write(scene, scene.opened, summary="Ring 22 33 44 55")
    resolve_all(scene, draft=True)
    issue(scene)
    write(scene, scene.opened, background="Nyt afsnit")
    issue(scene)
    assert seen(scene) == 2
    bring_to(scene, "locked")

    (finding,) = find_private(scene.fresh())

    assert (finding.reason, PublicationFinding.objects.count()) == ("Står i telefonbogen", 1)


def test_other_words_need_another_reason(scene):
    write(scene, scene.opened, summary="Ring 22 33 44 55")
    resolve_all(scene, draft=True)
    issue(scene)
    write(scene, scene.opened, summary="Ring 66 33 44 55")

    issue(scene)

    assert (members_read(scene), seen(scene)) == (2, 1)


# Two persons ------------------------------------------------------------------------------------


def test_who_issues_has_asked_and_another_approves(four_eyes):
    scene = four_eyes
    assert before_issue(scene.secretary, scene.fresh())["goes_public"] == "approved"
    issue(scene)
    assert (members_read(scene), seen(scene)) == (1, 0)
    with pytest.raises(NotAllowed, match="You have asked"):
        publish_agenda(meeting=scene.fresh(), by=scene.secretary)

    publish_agenda(meeting=scene.fresh(), by=scene.chair)

    row = PublicationRequest.objects.get()
    assert (row.kind, row.asked_by, row.approved_by) == ("agenda", scene.secretary, scene.chair)
    assert seen(scene) == 1
    entry = AuditEntry.objects.get(verb="meetings.publish_agenda")
    assert entry.data == {"version": 1, "asked_by": scene.secretary.pk}


def test_citizens_read_the_old_version_until_the_new_is_approved(four_eyes):
    scene = four_eyes
    issue(scene)
    publish_agenda(meeting=scene.fresh(), by=scene.chair)
    write(scene, scene.opened, summary="Et nyt resumé")
    late = attach(scene, scene.opened, "Sent bilag")
    scene.meeting = scene.fresh()
    issue(scene)

    assert (members_read(scene), seen(scene)) == (2, 1)
    assert "nyt resumé" not in str(edition_reading(scene.fresh(), "public").snapshot)
    publish_agenda(meeting=scene.fresh(), by=scene.chair)
    assert late.pk in [
        row["id"] for row in edition_reading(scene.fresh(), "public").items[0]["attachments"]
    ]


def test_the_list_does_not_count_the_items_of_an_agenda_held_back(four_eyes):
    def counts(user):
        plan = meeting_plan(user, four_eyes.committee)
        return [meeting.item_count for year in plan.coming for meeting in year.meetings]

    issue(four_eyes)

    assert counts(AnonymousUser()) == [0]
    assert counts(four_eyes.member) == [2]


def test_what_citizens_read_already_needs_nobody(four_eyes):
    scene = four_eyes
    issue(scene)
    publish_agenda(meeting=scene.fresh(), by=scene.chair)
    write(scene, scene.closed, summary="Rettet HEMMELIGTEKST")
    scene.meeting = scene.fresh()

    issue(scene)

    assert (members_read(scene), seen(scene)) == (2, 2)


def test_citizens_are_told_of_no_change_since_what_they_never_read(four_eyes):
    scene = four_eyes
    issue(scene)
    publish_agenda(meeting=scene.fresh(), by=scene.chair)
    late = add_item(meeting=scene.fresh(), title=f"Sagen om {CPR}", by=scene.secretary)
    scene.meeting = scene.fresh()
    issue(scene)
    remove_item(item=late, by=scene.secretary)
    scene.meeting = scene.fresh()
    issue(scene)

    read = edition_reading(scene.fresh(), "public").snapshot
    full = edition_reading(scene.fresh(), "full").snapshot
    assert [row["kind"] for row in full["changes"]] == ["removed"]
    assert CPR not in str(read)


def test_heading_of_what_was_taken_off_is_looked_at(scene):
    late = add_item(meeting=scene.fresh(), title="Sagen om noget", by=scene.secretary)
    issue(scene)
    remove_item(item=late, by=scene.secretary)
    scene.meeting = scene.fresh()
    issue(scene)
    read = coming_reading(scene.fresh(), "agenda")
    read.snapshot["changes"][0]["title"] = f"Sagen om {CPR}"

    found = [(f.kind, f.place.words) for f in find_private(scene.fresh(), read)]

    assert found == [("cpr", "the list of changes")]


def test_a_request_is_of_the_version_that_was_issued(four_eyes):
    scene = four_eyes
    issue(scene)
    write(scene, scene.opened, summary=f"Om {CPR}")
    scene.meeting = scene.fresh()
    issue(scene)
    assert PublicationRequest.objects.get().dropped_at is not None
    resolve_all(scene)

    with pytest.raises(Refused, match="Nobody has asked yet"):
        publish_agenda(meeting=scene.fresh(), by=scene.chair)
    ask_publication(meeting=scene.fresh(), by=scene.secretary, kind="agenda")
    publish_agenda(meeting=scene.fresh(), by=scene.chair)

    assert seen(scene) == 2


def test_what_is_closed_after_it_was_asked_for_must_be_asked_for_again(four_eyes):
    scene = four_eyes
    attachment = attach(scene, scene.opened)
    issue(scene)
    Attachment.objects.filter(pk=attachment.pk).update(access="closed")

    with pytest.raises(Refused, match="has changed since"):
        publish_agenda(meeting=scene.fresh(), by=scene.chair)


def test_nothing_waits_where_the_minutes_are_what_becomes_public(scene, monkeypatch):
    rules = scene.meeting.rule_profile.rules.rules
    rule = rules["agenda_public_on_issue"]
    shut = type(rule)(rule.key, False, rule.text, rule.legal, rule.source)
    monkeypatch.setitem(rules, rule.key, shut)
    issue(scene)

    assert (scene.fresh().public_agenda, scene.fresh().has_unpublished_agenda) == (0, False)
    with pytest.raises(StaleState):
        publish_agenda(meeting=scene.fresh(), by=scene.secretary)


# What citizens meet -----------------------------------------------------------------------------


def addresses(scene, attachment):
    pk = scene.meeting.pk
    return {
        "page": scene.meeting.get_absolute_url(),
        "item": scene.opened.get_absolute_url(),
        "file": attachment.get_absolute_url(),
        "pdf": reverse("meetings:document_file", args=[pk, "agenda"]),
        "pack": reverse("meetings:document_file", args=[pk, "pack"]),
    }


def statuses(client, scene, attachment):
    return {name: client.get(at).status_code for name, at in addresses(scene, attachment).items()}


def test_citizens_get_nothing_before_and_everything_after(four_eyes, client):
    scene = four_eyes
    attachment = attach(scene, scene.opened)
    issue(scene)
    (page, *_others) = addresses(scene, attachment).values()

    assert statuses(client, scene, attachment) == {
        "page": 200, "item": 404, "file": 404, "pdf": 404, "pack": 404,
    }  # fmt: skip
    assertNotContains(client.get(page), "Åbent punkt")
    assert public_headings([scene.fresh()], client.get(page).wsgi_request.user) == {}
    publish_agenda(meeting=scene.fresh(), by=scene.chair)

    assert set(statuses(client, scene, attachment).values()) == {200}
    assertContains(client.get(page), "Åbent punkt")
    assertNotContains(client.get(page), "HEMMELIG")


def test_a_withdrawn_agenda_leaves_a_tombstone_and_members_keep_theirs(scene, client):
    attachment = attach(scene, scene.opened)
    issue(scene)
    page = scene.meeting.get_absolute_url()
    assertNotContains(client.get(page), "noindex")

    withdraw_agenda(meeting=scene.fresh(), reason="Et navn var forkert", by=scene.secretary)

    assert set(statuses(client, scene, attachment).values()) == {410}
    for address in addresses(scene, attachment).values():
        gone = client.get(address)
        assertContains(gone, "Et navn var forkert", status_code=410)
        assert "noindex" in gone.content.decode() or gone["X-Robots-Tag"] == "noindex"
        assertNotContains(gone, "Åbent resumé", status_code=410)
    client.force_login(scene.member)
    assert set(statuses(client, scene, attachment).values()) == {200}


def test_what_was_withdrawn_goes_out_again_by_an_act_of_its_own(scene):
    issue(scene)
    withdraw_agenda(meeting=scene.fresh(), reason="Fejl", by=scene.secretary)
    write(scene, scene.opened, summary="Rettet")
    scene.meeting = scene.fresh()
    issue(scene)
    assert (seen(scene), scene.fresh().is_agenda_withdrawn) == (0, True)

    publish_agenda(meeting=scene.fresh(), by=scene.secretary)

    assert (seen(scene), scene.fresh().is_agenda_withdrawn) == (2, False)
    assert scene.fresh().agenda_withdraw_reason == ""


def test_a_withdrawn_agenda_stays_away_when_the_minutes_are_public(scene, client):
    attachment = attach(scene, scene.opened)
    issue(scene)
    withdraw_agenda(meeting=scene.fresh(), reason="Fejl", by=scene.secretary)
    scene.meeting = scene.fresh()
    bring_to(scene, "published")

    assert statuses(client, scene, attachment) == {
        "page": 200, "item": 200, "file": 200, "pdf": 410, "pack": 410,
    }  # fmt: skip
    assertNotContains(client.get(scene.meeting.get_absolute_url()), "noindex")


@pytest.mark.parametrize("reason", ["", "  ", f"Stod {CPR}"])
def test_a_withdrawal_has_a_reason_that_everybody_may_read(scene, reason):
    issue(scene)

    with pytest.raises(Refused):
        withdraw_agenda(meeting=scene.fresh(), reason=reason, by=scene.secretary)

    assert seen(scene) == 1


def test_only_what_is_public_is_withdrawn_and_only_by_the_secretariat(scene):
    with pytest.raises(StaleState):
        withdraw_agenda(meeting=scene.fresh(), reason="Fejl", by=scene.secretary)
    issue(scene)
    with pytest.raises(NotAllowed):
        withdraw_agenda(meeting=scene.fresh(), reason="Fejl", by=scene.chair)


# The pages ------------------------------------------------------------------------------------


def test_the_whole_way_on_the_pages(four_eyes, client):
    scene = four_eyes
    write(scene, scene.opened, summary=f"Om {CPR}")
    (finding,) = find_private(scene.fresh(), drafted_reading(scene.fresh()))
    urls = {
        name: reverse(f"meetings:{name}", args=[scene.meeting.pk])
        for name in ("meeting_issue", "issue_findings", "agenda_publish", "agenda_publish_ask")
    }
    client.force_login(scene.secretary)
    assertContains(client.get(urls["meeting_issue"]), CPR)
    quoted = client.post(urls["issue_findings"], {f"reason-{finding.key}": f"Det er {CPR}"})
    assertContains(quoted, f"Det er {CPR}", status_code=422)
    assert client.get(urls["agenda_publish"]).status_code == 404

    client.post(urls["meeting_issue"], {"expected": "1"})
    assert client.post(urls["agenda_publish_ask"]).status_code == 422
    client.post(urls["issue_findings"], {f"reason-{finding.key}": "Et opdigtet nummer"})
    assert client.post(urls["agenda_publish_ask"]).status_code == 302
    assert client.post(urls["agenda_publish"]).status_code == 403
    client.force_login(scene.chair)
    assertContains(
        client.get(reverse("portal:my_work")), "Godkend den offentlige del af dagsordenen"
    )
    assertNotContains(client.get(urls["agenda_publish"]), 'aria-disabled="true"')
    assert client.post(urls["agenda_publish"]).status_code == 302

    assert seen(scene) == 1


def test_the_issue_page_shows_the_exact_difference(scene):
    write(scene, scene.opened, summary="Et gammelt resumé")
    issue(scene)
    write(scene, scene.opened, summary="Et nyt resumé")

    opened, closed = before_issue(scene.secretary, scene.fresh())["public_items"]

    (field,) = opened["fields"]
    words = {(piece.kind, piece.text.strip()) for piece in field["pieces"]}
    assert words >= {("del", "gammelt"), ("ins", "nyt")}
    assert (closed["fields"], "HEMMELIG" in repr(closed)) == ([], False)


def test_closed_after_the_reason_it_is_no_finding_any_more(scene):
    write(scene, scene.opened, summary="Ring 22 33 44 55")
    issue(scene)
    assert seen(scene) == 0
    head(**CLOSED)(scene)
    scene.meeting = scene.fresh()

    publish_agenda(meeting=scene.fresh(), by=scene.secretary)

    assert seen(scene) == 1
    assert "22 33 44 55" not in str(edition_reading(scene.fresh(), "public").snapshot)


def test_an_unchanged_file_is_opened_once(scene, monkeypatch):
    file(photo(), "foto.jpg")(scene)
    looking.HIDDEN.forget()
    looking.MATCHES.forget()
    opened, scanned = [], []
    hidden_text = looking.hidden_text

    def open_it(*args):
        opened.append(1)
        return hidden_text(*args)

    def scan_it(*args, **kwargs):
        scanned.append(1)
        return scan(*args, **kwargs)

    monkeypatch.setattr(looking, "hidden_text", open_it)
    monkeypatch.setattr(looking, "scan", scan_it)
    first = find_private(scene.fresh(), drafted_reading(scene.fresh()))
    counts = len(opened), len(scanned)

    assert find_private(scene.fresh(), drafted_reading(scene.fresh())) == first
    assert (len(opened), len(scanned)) == counts
    assert counts[0] == 1


@pytest.mark.parametrize("name", ["meeting_issue", "agenda_publish"])
def test_the_pages_cost_the_same_for_many_files(client, name):
    def cost(files):
        scene = a_scene()
        for number in range(files):
            target = io.BytesIO()
            Image.new("RGB", (8, 8 + number)).save(target, "PNG")
            file(target.getvalue(), f"b{number}.png")(scene)
        issue(scene)
        client.force_login(scene.secretary)
        page = reverse(f"meetings:{name}", args=[scene.meeting.pk])
        client.get(page)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        return len(queries)

    assert cost(1) == cost(12)


# The command ------------------------------------------------------------------------------------


def test_check_publication_looks_at_the_agenda_that_is_written(scene, capsys):
    write(scene, scene.opened, summary=f"Om {CPR}")

    with pytest.raises(CommandError, match="cannot be published: 1"):
        call_command("check_publication", scene.meeting.pk)
    assert "CPR number in item 1, Resumé" in capsys.readouterr().out
    issue(scene)
    with pytest.raises(CommandError, match="cannot be published: 1"):
        call_command("check_publication", scene.meeting.pk)

    resolve_all(scene)
    call_command("check_publication", scene.meeting.pk)
