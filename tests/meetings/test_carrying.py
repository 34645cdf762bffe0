"""Postponed items and overdue follow-ups go to the next agenda: whole, once, and not to all."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from core.models import AuditEntry
from core.verdicts import NotAllowed, Refused, StaleState
from meetings.enums import Access, MeetingState
from meetings.models import AgendaItem, Attachment, Meeting
from meetings.redaction import public_snapshot
from meetings.selectors.carrying import next_open_meeting
from meetings.selectors.snapshot import live_snapshot
from meetings.services.carrying import carry_all, carry_item, follow_up_to_item
from meetings.services.disqualification import declare_disqualified, settle
from meetings.services.follow_ups import create_follow_up
from meetings.services.holding import record_decision
from meetings.services.items import remove_item
from meetings.services.planning import create_meeting
from tests.factories import AgendaItemFactory, MeetingFactory, days
from tests.meetings.scenes import a_scene, attach, bring_to, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def postpone(scene, item, text="Udsat til næste møde."):
    item = AgendaItem.objects.select_related("meeting").get(pk=item.pk)
    versions = dict(item.texts.values_list("key", "version"))
    record_decision(
        item=item,
        outcome="postponed",
        texts={"decision": text},
        versions=versions,
        by=scene.secretary,
    )
    return item


def a_next_meeting(scene, ahead=40):
    begins = days(ahead)
    return create_meeting(
        committee=scene.committee,
        starts_at=begins,
        ends_at=begins.replace(hour=15),
        by=scene.secretary,
    )


@pytest.fixture
def scene():
    """A meeting in which both items were postponed, and a next one."""
    scene = a_scene()
    attach(scene, scene.opened, "Åbent bilag")
    attach(scene, scene.opened, "Lukket bilag", access="closed")
    attach(scene, scene.closed, "HEMMELIGTBILAG")
    bring_to(scene, "issued")
    declare_disqualified(
        item=scene.closed, member=scene.recused, grounds="Min bror", by=scene.recused
    )
    bring_to(scene, "in_session")
    scene.items = [
        postpone(scene, scene.opened, "Udsat, fordi tallene mangler."),
        postpone(scene, scene.closed, "HEMMELIGBESLUTNING"),
    ]
    scene.next = a_next_meeting(scene)
    return scene


def texts_of(item):
    return dict(item.texts.values_list("key", "text"))


def test_carried_item_keeps_head_texts_and_files(scene):
    new = carry_item(item=scene.closed, by=scene.secretary)

    head = ("kind", "title", "public_title", "access", "closing_ground", "closing_reason",
            "case_id", "presenter", "minutes")  # fmt: skip
    assert [getattr(new, n) for n in head] == [getattr(scene.closed, n) for n in head]
    assert (new.meeting, new.position, new.carried_from) == (scene.next, 1, scene.closed)
    assert (new.outcome, new.released) == ("", False)
    assert texts_of(new)["summary"] == "HEMMELIGTEKST"
    files = list(new.attachments.values_list("file", "title", "access", "position", "released"))
    old = scene.closed.attachments.get()
    assert files == [(old.file_id, "HEMMELIGTBILAG", "closed", 1, False)]


def test_attachments_keep_their_own_level(scene):
    new = carry_item(item=scene.opened, by=scene.secretary)

    levels = list(Attachment.objects.attached().filter(item=new).values_list("title", "access"))
    assert levels == [("Åbent bilag", "open"), ("Lukket bilag", "closed")]


def test_earlier_decision_has_meeting_date_item_and_text(scene):
    new = carry_item(item=scene.opened, by=scene.secretary)

    story = texts_of(new)["earlier_decisions"]
    assert scene.meeting.title in story
    assert str(timezone.localtime(scene.meeting.starts_at).year) in story
    assert story.endswith("Udsat, fordi tallene mangler.")
    assert new.texts.get(key="earlier_decisions").revisions.get().text == story
    assert not new.texts.filter(key__in=["decision", "public_decision"]).exists()


def test_earlier_decisions_grow_meeting_by_meeting(scene):
    write(scene, scene.opened, earlier_decisions="Byrådet den 1. januar.")

    new = carry_item(item=scene.opened, by=scene.secretary)

    assert texts_of(new)["earlier_decisions"].startswith("Byrådet den 1. januar.\n\n")


def test_nothing_closed_reaches_the_public_face_of_a_carried_item(scene):
    carry_item(item=scene.closed, by=scene.secretary)

    live = live_snapshot(scene.next, "agenda")
    assert "HEMMELIGBESLUTNING" in str(live)
    assert "HEMMELIG" not in str(public_snapshot(live))


def test_template_without_the_section_leaves_the_story_out_and_loses_no_text(scene):
    Meeting.objects.filter(pk=scene.next.pk).update(section_template="norddjurs@1")

    new = carry_item(item=scene.opened, by=scene.secretary)

    texts = texts_of(new)
    assert "earlier_decisions" not in texts
    assert texts["case_path"] == "**Resumé**\n\nÅbent resumé"


def test_second_click_carries_nothing(scene):
    carry_item(item=scene.opened, by=scene.secretary)

    with pytest.raises(StaleState, match="already been carried over"):
        carry_item(item=scene.opened, by=scene.secretary)

    assert AgendaItem.objects.filter(carried_from=scene.opened).count() == 1
    assert scene.next.items.count() == 1


def test_database_carries_once(scene):
    AgendaItemFactory(meeting=scene.next, carried_from=scene.opened)

    with pytest.raises(IntegrityError, match="carried_from"), transaction.atomic():
        AgendaItemFactory(meeting=scene.next, carried_from=scene.opened)


def test_one_taken_off_again_can_be_carried_anew(scene):
    first = carry_item(item=scene.opened, by=scene.secretary)
    remove_item(item=first, by=scene.secretary)

    second = carry_item(item=scene.opened, by=scene.secretary)

    assert (second.pk != first.pk, second.position) == (True, 1)


def test_disqualified_member_does_not_get_the_papers_through_the_new_item(scene):
    new = carry_item(item=scene.closed, by=scene.secretary)
    AgendaItem.objects.filter(pk=new.pk).update(released=True)
    new.attachments.update(released=True)
    Meeting.objects.filter(pk=scene.next.pk).update(state=MeetingState.ISSUED, agenda_version=1)

    def files(user):
        return Attachment.objects.visible_to(scene.again(user)).filter(item=new).count()

    assert (files(scene.member), files(scene.recused)) == (1, 0)
    row = new.disqualifications.get()
    assert (row.member, row.grounds, row.declared_by) == (scene.recused, "Min bror", scene.recused)


def test_disqualification_told_after_the_item_was_carried_reaches_the_new_one(scene):
    new = carry_item(item=scene.closed, by=scene.secretary)

    scene.closed.meeting = scene.meeting
    declare_disqualified(item=scene.closed, member=scene.member, grounds="Ansat", by=scene.member)

    assert {row.member for row in new.disqualifications.all()} == {scene.recused, scene.member}


def test_lifted_disqualification_stays_behind(scene):
    settle(case=scene.closed.disqualifications.get(), upheld=False, by=scene.secretary)

    new = carry_item(item=scene.closed, by=scene.secretary)

    assert not new.disqualifications.exists()


def test_only_postponed_items_of_held_meetings(scene):
    other = AgendaItemFactory(meeting=scene.meeting, outcome="adopted")
    waiting = AgendaItemFactory(
        meeting=MeetingFactory(committee=scene.committee), outcome="postponed"
    )

    for item in (other, waiting):
        with pytest.raises(NotAllowed, match="Only an item that was postponed"):
            carry_item(item=item, by=scene.secretary)


@pytest.mark.parametrize("who", ["chair", "member", "follower", "outsider"])
def test_only_the_secretariat_carries(scene, who):
    with pytest.raises(NotAllowed, match="Only the secretariat"):
        carry_item(item=scene.opened, by=getattr(scene, who))
    with pytest.raises(NotAllowed, match="Only the secretariat"):
        carry_all(meeting=scene.next, by=getattr(scene, who))


def test_next_meeting_is_the_first_later_one_with_an_open_agenda(scene):
    a_next_meeting(scene, ahead=60)
    closer = a_next_meeting(scene, ahead=30)
    assert next_open_meeting(scene.meeting) == closer

    Meeting.objects.filter(pk=closer.pk).update(state=MeetingState.IN_SESSION)
    assert next_open_meeting(scene.meeting) == scene.next


def test_without_a_next_meeting_it_says_so(scene):
    Meeting.objects.filter(pk=scene.next.pk).update(state=MeetingState.CANCELLED)
    MeetingFactory(starts_at=days(40), ends_at=days(40) + timedelta(hours=1))

    with pytest.raises(Refused, match="Plan the next meeting first"):
        carry_item(item=scene.opened, by=scene.secretary)


def test_all_postponed_items_come_along_in_order_and_once(scene):
    news = carry_all(meeting=scene.next, by=scene.secretary)

    assert [(n.position, n.carried_from) for n in news] == [(1, scene.opened), (2, scene.closed)]
    assert AuditEntry.objects.filter(verb="meetings.carry_item").count() == 2
    with pytest.raises(StaleState, match="already been carried over"):
        carry_all(meeting=scene.next, by=scene.secretary)


def test_all_leaves_out_other_bodies_and_what_is_carried(scene):
    carry_item(item=scene.opened, by=scene.secretary)
    AgendaItemFactory(
        meeting=MeetingFactory(state=MeetingState.LOCKED, starts_at=days(-9), ends_at=days(-8)),
        outcome="postponed",
    )

    news = carry_all(meeting=scene.next, by=scene.secretary)

    assert [new.carried_from for new in news] == [scene.closed]


# Pages ----------------------------------------------------------------------------------


def test_minutes_page_carries_and_then_says_where(client, scene):
    client.force_login(scene.secretary)
    page = reverse("meetings:meeting_minutes", args=[scene.meeting.pk])
    button = reverse("meetings:item_carry", args=[scene.meeting.pk, scene.opened.pk])
    assert button in client.get(page).content.decode()

    client.post(button)

    html = client.get(page).content.decode()
    assert button not in html
    assert AgendaItem.objects.get(carried_from=scene.opened).get_absolute_url() in html


def test_agenda_page_of_the_next_meeting_takes_all_along(client, scene):
    client.force_login(scene.secretary)
    button = reverse("meetings:items_carry", args=[scene.next.pk])
    later = a_next_meeting(scene, ahead=60)

    assert button in client.get(scene.next.get_absolute_url()).content.decode()
    assert "punkter/udsatte" not in client.get(later.get_absolute_url()).content.decode()
    client.post(button)

    html = client.get(scene.next.get_absolute_url()).content.decode()
    assert button not in html
    assert html.count(scene.opened.get_absolute_url()) == 1


def test_chair_sees_no_button(client, scene):
    client.force_login(scene.chair)

    html = client.get(scene.next.get_absolute_url()).content.decode()

    assert "punkter/udsatte" not in html


def test_provenance_is_a_link_for_who_may_follow_it(client, scene):
    new = carry_item(item=scene.opened, by=scene.secretary)
    link = scene.opened.get_absolute_url()
    client.force_login(scene.secretary)
    assert link in client.get(new.get_absolute_url()).content.decode()

    AgendaItem.objects.filter(pk=scene.opened.pk).update(removed_at=timezone.now())

    assert f'href="{link}"' not in client.get(new.get_absolute_url()).content.decode()


# Overdue follow-ups ------------------------------------------------------------------------


def overdue(scene, item, text="Skaf tallene"):
    return create_follow_up(
        item=item,
        text=text,
        owner_unit="IT-afdelingen",
        due_on=timezone.localdate() - timedelta(days=1),
        by=scene.secretary,
    )


def test_overdue_follow_up_becomes_a_briefing(scene):
    row = overdue(scene, scene.opened)

    item = follow_up_to_item(follow_up=row, meeting=scene.next, by=scene.secretary)

    assert (item.kind, item.access, item.from_follow_up) == ("briefing", Access.OPEN, row)
    assert "Åbent punkt" in item.title
    assert texts_of(item)["summary"].startswith("Skaf tallene")


def test_follow_up_is_raised_once(scene):
    row = overdue(scene, scene.opened)
    follow_up_to_item(follow_up=row, meeting=scene.next, by=scene.secretary)

    with pytest.raises(StaleState, match="already stands on an agenda"):
        follow_up_to_item(follow_up=row, meeting=scene.next, by=scene.secretary)
    with pytest.raises(IntegrityError, match="from_follow_up"), transaction.atomic():
        AgendaItemFactory(meeting=scene.next, from_follow_up=row)


def test_closed_follow_up_becomes_a_closed_item_that_the_disqualified_does_not_read(scene):
    row = overdue(scene, scene.closed, "HEMMELIGOPGAVE")

    item = follow_up_to_item(follow_up=row, meeting=scene.next, by=scene.secretary)

    assert item.access == Access.CLOSED
    assert item.closing_ground == scene.closed.closing_ground
    assert "HEMMELIG" not in str(public_snapshot(live_snapshot(scene.next, "agenda")))
    assert item.disqualifications.get().member == scene.recused


def test_only_what_is_overdue_and_ones_own_body_is_raised(scene):
    coming = create_follow_up(
        item=scene.opened,
        text="Senere",
        owner_unit="IT",
        due_on=timezone.localdate(),
        by=scene.secretary,
    )
    with pytest.raises(Refused, match="not overdue"):
        follow_up_to_item(follow_up=coming, meeting=scene.next, by=scene.secretary)
    with pytest.raises(NotAllowed):
        follow_up_to_item(
            follow_up=overdue(scene, scene.opened), meeting=scene.next, by=scene.chair
        )


def test_agenda_page_says_how_many_are_overdue(client, scene):
    rows = [overdue(scene, scene.opened, f"Opgave {n}") for n in range(3)]
    client.force_login(scene.secretary)
    button = reverse("meetings:follow_up_to_item", args=[scene.next.pk, rows[0].pk])
    client.get("/")

    found = client.get(scene.next.get_absolute_url()).context["proposals"]
    assert (found.overdue_count, found.postponed) == (3, 2)
    client.post(button)

    found = client.get(scene.next.get_absolute_url())
    assert found.context["proposals"].overdue_count == 2
    assert button not in found.content.decode()
