"""Who reads which version of a meeting, and how much of it: one table, and what changes it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone, translation

from committee.models import Membership
from core.canonical import canonical_json
from meetings.enums import MeetingState as S
from meetings.models import AgendaItem, Attachment, IssuedVersion, Meeting
from meetings.naming import document_filename
from meetings.selectors.reading import edition_reading, reading, stored_reading
from meetings.selectors.seats import seated_members
from meetings.services.attachments import change_attachment, remove_attachment
from meetings.services.disqualification import declare_disqualified, settle
from meetings.services.documents import fingerprint
from meetings.services.items import change_item, remove_item
from meetings.services.minutes import reopen_minutes, send_for_approval
from meetings.services.publication import withdraw_minutes
from tests.factories import day
from tests.meetings.scenes import CLOSED, a_scene, attach, bring_to, issue, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def look(scene, who):
    """What one subject reads on their next request: version, open level, closed level."""
    user = AnonymousUser() if who == "citizen" else scene.again(getattr(scene, who))
    meeting = Meeting.objects.visible_to(user).filter(pk=scene.meeting.pk).first()
    if meeting is None:
        return "404"
    read = reading(user, meeting)
    if read is None:
        return "nothing yet"
    number = "live" if read.is_live else read.snapshot["version"]["number"]
    text = canonical_json(read.snapshot).decode()
    seen = "full" if "HEMMELIG" in text else "public"
    assert ("HEMMELIGTITEL" in text) == (seen == "full")
    assert "Åbent resumé" in text
    return f"{read.kind} {number} {seen}"


SUBJECTS = ["citizen", "outsider", "follower", "member", "recused", "chair", "secretary"]
NOBODY = ["404", "404"]
# One row per state, one column per subject above.
TABLE = {
    S.DRAFT: [*NOBODY, "404", "404", "404", "agenda live full", "agenda live full"],
    S.ISSUED: [
        "agenda 1 public", "agenda 1 public", "agenda 1 public",
        "agenda 1 full", "agenda 1 public", "agenda live full", "agenda live full",
    ],
    S.IN_SESSION: [
        "agenda 1 public", "agenda 1 public", "agenda 1 public",
        "agenda 1 full", "agenda 1 public", "minutes live full", "minutes live full",
    ],
    S.MINUTES_DRAFT: [
        "agenda 1 public", "agenda 1 public", "agenda 1 public",
        "agenda 1 full", "agenda 1 public", "minutes live full", "minutes live full",
    ],
    S.APPROVAL: [
        "agenda 1 public", "agenda 1 public", "minutes 1 public",
        "minutes 1 full", "minutes 1 public", "minutes live full", "minutes live full",
    ],
    S.LOCKED: [
        "agenda 1 public", "agenda 1 public", "minutes 2 public",
        "minutes 2 full", "minutes 2 public", "minutes 2 full", "minutes 2 full",
    ],
    S.PUBLISHED: [
        "minutes 2 public", "minutes 2 public", "minutes 2 public",
        "minutes 2 full", "minutes 2 public", "minutes 2 full", "minutes 2 full",
    ],
    S.CANCELLED: [
        "nothing yet", "nothing yet", "agenda 1 public",
        "agenda 1 full", "agenda 1 public", "agenda live full", "agenda live full",
    ],
}  # fmt: skip


def test_every_state_that_has_a_road_is_in_the_table():
    assert set(TABLE) == set(S) - {S.READ_THROUGH}


@pytest.mark.parametrize("state", list(TABLE))
def test_who_reads_what(state):
    scene = a_scene()
    if state in (S.DRAFT, S.CANCELLED):
        # Nobody can be recused from what they have not received.
        bring_to(scene, state)
    if state != S.DRAFT:
        scene = a_scene()
        issue(scene)
        recuse(scene)
        bring_to(scene, state)

    found = {who: look(scene, who) for who in SUBJECTS}

    assert found == dict(zip(SUBJECTS, TABLE[state], strict=True))


def recuse(scene):
    item = AgendaItem.objects.get(pk=scene.closed.pk)
    return declare_disqualified(
        item=item, member=scene.recused, grounds="Min bror er leverandør", by=scene.recused
    )


def test_read_through_is_a_draft_to_everybody_else():
    scene = a_scene()
    Meeting.objects.filter(pk=scene.meeting.pk).update(state=S.READ_THROUGH)

    assert [look(scene, who) for who in SUBJECTS[:5]] == ["404"] * 5
    assert look(scene, "chair") == "agenda live full"


def test_announced_meeting_is_known_but_has_nothing_to_read():
    scene = a_scene()
    Meeting.objects.filter(pk=scene.meeting.pk).update(announced_at=timezone.now())

    assert {look(scene, who) for who in ("citizen", "member", "follower")} == {"nothing yet"}


def test_body_that_is_not_public_is_unknown_outside():
    scene = bring_to(a_scene(is_public=False), "published")

    assert [look(scene, who) for who in ("citizen", "outsider")] == ["404", "404"]
    assert look(scene, "member") == "minutes 2 full"


def test_agenda_waits_for_the_minutes_where_the_rules_say_so(monkeypatch):
    scene = bring_to(a_scene(), "issued")
    rules = scene.meeting.rule_profile.rules.rules
    rule = rules["agenda_public_on_issue"]
    shut = type(rule)(rule.key, False, rule.text, rule.legal, rule.source)
    monkeypatch.setitem(rules, rule.key, shut)

    assert look(scene, "citizen") == "nothing yet"
    assert look(scene, "member") == "agenda 1 full"
    bring_to(scene, "published")
    assert look(scene, "citizen") == "minutes 2 public"


def test_draft_edits_reach_nobody_before_they_are_issued():
    scene = bring_to(a_scene(), "issued")
    write(scene, scene.opened, summary="Åbent resumé, rettet")

    def text(user):
        return str(reading(user, scene.fresh()).snapshot)

    assert "rettet" not in text(scene.member)
    assert "rettet" in text(scene.secretary)
    issue(scene)
    assert "rettet" in text(scene.member)


def test_minutes_taken_back_leave_the_members_with_the_agenda():
    scene = bring_to(a_scene(), "approval")

    reopen_minutes(meeting=scene.meeting, by=scene.secretary)

    assert look(scene, "member") == "agenda 1 full"
    send_for_approval(meeting=scene.meeting, by=scene.secretary)
    assert look(scene, "member") == "minutes 2 full"


def test_withdrawn_minutes_are_gone_for_citizens_only():
    scene = bring_to(a_scene(), "published")

    withdraw_minutes(meeting=scene.meeting, reason="Fejl i navn", by=scene.secretary)

    assert look(scene, "citizen") == "agenda 1 public"
    assert look(scene, "member") == "minutes 2 full"


# A change of access works on the next request ------------------------------------------


def close_item(scene, item):
    item = AgendaItem.objects.get(pk=item.pk)
    change_item(item=item, version=item.version, by=scene.secretary, **CLOSED)


def test_item_closed_after_issue_is_closed_in_what_was_issued():
    scene = bring_to(a_scene(), "issued")
    before = edition_reading(scene.fresh(), "public")

    close_item(scene, scene.opened)

    after = edition_reading(scene.fresh(), "public")
    seen = after.item(scene.opened.pk)
    assert (seen["title"], seen["sections"], seen["redacted"]) == (CLOSED["public_title"], [], True)
    assert "Åbent" not in canonical_json(after.snapshot).decode()
    assert fingerprint("agenda", after) != fingerprint("agenda", before)
    assert "Åbent" in IssuedVersion.objects.get().body


def test_members_go_on_reading_an_item_that_was_closed():
    scene = bring_to(a_scene(), "issued")

    close_item(scene, scene.opened)

    item = reading(scene.member, scene.fresh()).item(scene.opened.pk)
    assert (item["title"], item["access"]) == ("Åbent punkt", "closed")
    assert item["sections"][0]["text"] == "Åbent resumé"
    assert item["closing"]["ground"] == CLOSED["closing_ground"]


def test_item_closed_after_issue_is_closed_in_the_change_list():
    scene = bring_to(a_scene(), "issued")
    write(scene, scene.opened, summary="Andet")
    issue(scene)

    close_item(scene, scene.opened)

    (change,) = edition_reading(scene.fresh(), "public").snapshot["changes"]
    assert (change["title"], change["what"]) == (CLOSED["public_title"], [])


def test_item_opened_after_issue_stays_closed_in_what_was_issued():
    scene = bring_to(a_scene(), "issued")

    change_item(item=scene.closed, version=1, access="open", by=scene.secretary)

    assert edition_reading(scene.fresh(), "public").item(scene.closed.pk)["redacted"] is True
    issue(scene)
    assert "redacted" not in edition_reading(scene.fresh(), "public").item(scene.closed.pk)


def test_public_page_of_an_item_closed_after_issue(client):
    scene = bring_to(a_scene(), "issued")
    urls = [scene.meeting.get_absolute_url(), scene.opened.get_absolute_url()]
    assert [b"\xc3\x85bent" in client.get(url).content for url in urls] == [True, True]

    close_item(scene, scene.opened)

    assert [b"\xc3\x85bent" in client.get(url).content for url in urls] == [False, False]


def files_of(scene, user):
    """The attachments that are listed, and those whose bytes come."""
    listed = [a["id"] for item in reading(user, scene.fresh()).items for a in item["attachments"]]
    fetched = Attachment.objects.visible_to(user).values_list("pk", flat=True)
    return listed, sorted(fetched)


def test_attachment_closed_after_issue_is_gone_for_citizens():
    scene = a_scene()
    file = attach(scene, scene.opened)
    issue(scene)
    citizen = AnonymousUser()
    assert files_of(scene, citizen) == ([file.pk], [file.pk])

    change_attachment(attachment=file, access="closed", by=scene.secretary)

    assert files_of(scene, citizen) == ([], [])
    assert files_of(scene, scene.member) == ([file.pk], [file.pk])


@pytest.mark.parametrize("access", ["open", "closed"])
def test_what_is_listed_can_be_fetched(access):
    """No reader sees a file they cannot have, and none has a file they do not see."""
    scene = a_scene()
    for item in scene.items:
        attach(scene, item, "Issued", access)
    issue(scene)
    recuse(scene)
    attach(scene, scene.opened, "Later", access)
    users = [AnonymousUser(), scene.outsider, scene.follower, scene.member, scene.recused]

    for user in users:
        listed, fetched = files_of(scene, user)
        assert listed == fetched


def test_attachment_taken_off_after_issue_is_neither_listed_nor_fetched():
    scene = a_scene()
    file = attach(scene, scene.opened)
    issue(scene)
    before = fingerprint("pack", edition_reading(scene.fresh(), "full"))

    remove_attachment(attachment=file, by=scene.secretary)

    for user in (AnonymousUser(), scene.member):
        assert files_of(scene, user) == ([], [])
    assert fingerprint("pack", edition_reading(scene.fresh(), "full")) != before


def test_membership_that_ended_ends_the_reading(client):
    scene = bring_to(a_scene(), "approval")
    secret = scene.closed.get_absolute_url()
    minutes = reverse("meetings:meeting_minutes", args=[scene.meeting.pk])
    client.force_login(scene.member)
    assert b"HEMMELIGTEKST" in client.get(secret).content
    assert client.get(minutes).status_code == 200

    Membership.objects.filter(user=scene.member).update(valid_to=day(-1))

    assert b"HEMMELIG" not in client.get(secret).content
    assert client.get(minutes).status_code == 404
    assert look(scene, "member") == "agenda 1 public"


def test_membership_that_ended_ends_it_in_a_closed_body_with_404(client):
    scene = bring_to(a_scene(is_public=False), "published")
    client.force_login(scene.member)
    Membership.objects.filter(user=scene.member).update(valid_to=day(-1))

    assert client.get(scene.meeting.get_absolute_url()).status_code == 404
    assert client.get(scene.closed.get_absolute_url()).status_code == 404


def test_disqualification_works_both_ways_on_the_next_request(client):
    scene = bring_to(a_scene(), "issued")
    secret = scene.closed.get_absolute_url()
    client.force_login(scene.recused)
    assert b"HEMMELIGTEKST" in client.get(secret).content

    row = recuse(scene)
    assert b"HEMMELIG" not in client.get(secret).content
    assert look(scene, "recused") == "agenda 1 public"

    settle(case=row, upheld=False, by=scene.secretary)
    assert b"HEMMELIGTEKST" in client.get(secret).content


def test_recused_chair_does_not_read_the_draft_either(client):
    scene = bring_to(a_scene(), "issued")
    declare_disqualified(
        item=scene.closed, member=scene.chair, grounds="Min søster", by=scene.chair
    )
    client.force_login(scene.chair)
    number = scene.meeting.pk
    pages = ["meeting_agenda", "meeting_changes", "meeting_issue", "meeting_minutes",
             "meeting_attachments", "meeting_protocol", "meeting_people"]  # fmt: skip

    for page in pages:
        answer = client.get(reverse(f"meetings:{page}", args=[number]))
        assert (page, answer.status_code) == (page, 200)
        assert (page, b"HEMMELIG" in answer.content) == (page, False)
    edit = reverse("meetings:item_edit", args=[number, scene.closed.pk])
    assert client.get(edit).status_code == 404
    assert b"HEMMELIG" not in client.get(scene.closed.get_absolute_url()).content
    assert look(scene, "chair") == "agenda live public"


def test_version_of_a_requested_document_follows_todays_access():
    scene = bring_to(a_scene(), "issued")
    version = IssuedVersion.objects.get()
    close_item(scene, scene.opened)

    read = stored_reading(scene.fresh(), version, "public", [])

    assert read.item(scene.opened.pk)["redacted"] is True


def test_what_one_is_kept_from_names_only_items_that_are_there():
    scene = bring_to(a_scene(), "issued")

    read = stored_reading(scene.fresh(), None, "full", [scene.closed.pk, 999_999])

    assert read.without == [scene.closed.pk]


def test_online_link_and_note_are_for_members():
    scene = a_scene()
    Meeting.objects.filter(pk=scene.meeting.pk).update(online_link="https://video.example.dk/x")
    scene.meeting.refresh_from_db()
    issue(scene, note="Til medlemmerne")

    public = str(reading(AnonymousUser(), scene.fresh()).snapshot)
    member = str(reading(scene.member, scene.fresh()).snapshot)

    assert [word in public for word in ("video.example", "Til medlemmerne")] == [False, False]
    assert [word in member for word in ("video.example", "Til medlemmerne")] == [True, True]


def test_unplaced_text_is_for_those_who_write():
    scene = a_scene()
    Meeting.objects.filter(pk=scene.meeting.pk).update(unplaced="Løse ord")

    assert reading(scene.secretary, scene.fresh()).snapshot["unplaced"] == "Løse ord"
    bring_to(scene, "issued")
    assert reading(scene.member, scene.fresh()).snapshot["unplaced"] == ""


def test_meeting_on_the_edge_of_midnight_is_still_that_day():
    scene = a_scene()
    start = scene.meeting.starts_at.replace(hour=0, minute=30)
    Meeting.objects.filter(pk=scene.meeting.pk).update(
        starts_at=start, ends_at=start + timedelta(hours=2)
    )
    Membership.objects.filter(user=scene.member).update(valid_from=timezone.localtime(start).date())

    assert scene.member.pk in {row.user_id for row in seated_members(scene.fresh())}
    that_day = timezone.localtime(start).date().isoformat()
    assert document_filename(scene.fresh(), "agenda", "full").startswith(that_day)


@pytest.mark.parametrize("which", ["opened", "closed"])
def test_item_taken_off_after_issue_keeps_its_heading_and_nothing_else(which, client):
    scene = a_scene()
    attach(scene, scene.opened)
    issue(scene)
    item = getattr(scene, which)
    remove_item(item=item, by=scene.secretary)

    client.force_login(scene.again(scene.member))
    page = client.get(scene.meeting.get_absolute_url()).content.decode()
    read = reading(scene.again(scene.member), scene.fresh())
    other = scene.items[0] if which == "closed" else scene.items[1]
    neighbour = client.get(other.get_absolute_url())

    shown = read.item(item.pk)
    assert (shown["title"], shown["change"]) == (item.title, "removed")
    assert (shown["sections"], shown["attachments"], shown["decision"]) == ([], [], None)
    assert f'href="{item.get_absolute_url()}"' not in page
    assert ">Taget af dagsordenen<" in page
    assert client.get(item.get_absolute_url()).status_code == 404
    assert neighbour.context["count"] == 1
