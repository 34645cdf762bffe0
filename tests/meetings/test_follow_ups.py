"""Follow-ups: who adds, reports and sees them; nobody loses a word; the minutes list them."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from core.verdicts import NotAllowed, Refused, StaleState
from core.workflow import REGISTRY
from meetings.documents.items import item_context
from meetings.models import FollowUp, FollowUpNote
from meetings.redaction import public_snapshot
from meetings.selectors.snapshot import live_snapshot
from meetings.services.disqualification import declare_disqualified
from meetings.services.follow_ups import (
    change_follow_up,
    create_follow_up,
    drop_follow_up,
    finish_follow_up,
    report_progress,
)
from meetings.services.items import change_item
from portal.selectors.work import my_work
from tests.meetings.scenes import CLOSED, a_scene, bring_to, lock, publish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def scene():
    return bring_to(a_scene(), "in_session")


def day(offset=7):
    return timezone.localdate() + timedelta(days=offset)


def add(scene, item=None, **fields):
    item = item or scene.opened
    item.refresh_from_db()
    facts = {"text": "Skaf tallene", "due_on": day(), "by": scene.secretary}
    if not {"owner", "owner_unit"} & set(fields):
        fields["owner"] = scene.member
    return create_follow_up(item=item, **{**facts, **fields})


def seen(scene, who):
    user = scene.again(getattr(scene, who)) if isinstance(who, str) else scene.again(who)
    return list(FollowUp.objects.visible_to(user).order_by("pk"))


def test_table_is_the_written_one():
    table = REGISTRY["follow_up"]

    moves = {(t.name, source, t.target) for t in table.transitions for source in t.sources}
    assert moves == {("finish", "open", "done"), ("drop", "open", "dropped")}
    assert table.final == {"done", "dropped"}


@pytest.mark.parametrize("owners", [{"owner": None}, {"owner": "member", "owner_unit": "IT"}])
def test_exactly_one_owner(scene, owners):
    if owners["owner"]:
        owners = owners | {"owner": scene.member}

    with pytest.raises(Refused, match="Choose a person or write a unit"):
        add(scene, **owners)


def test_database_wants_one_owner_and_a_reason_to_drop(scene):
    row = add(scene)

    for changes in ({"owner": None}, {"owner_unit": "IT"}, {"state": "dropped"}, {"state": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            FollowUp.objects.filter(pk=row.pk).update(**changes)


def test_owner_belongs_to_the_committee(scene):
    with pytest.raises(Refused, match="must belong to the committee"):
        add(scene, owner=scene.outsider)
    assert add(scene, owner=scene.follower).owner == scene.follower


def test_owner_of_a_closed_items_follow_up_reads_the_item(scene):
    declare_disqualified(item=scene.closed, member=scene.recused, grounds="x", by=scene.recused)

    for owner in (scene.follower, scene.recused):
        with pytest.raises(Refused, match="one who reads the item"):
            add(scene, scene.closed, owner=owner)
    assert add(scene, scene.closed, owner=scene.member)


@pytest.mark.parametrize("who", ["chair", "member", "follower", "outsider"])
def test_only_the_secretariat_adds_changes_and_drops(scene, who):
    by, row = getattr(scene, who), add(scene)

    with pytest.raises(NotAllowed):
        add(scene, by=by)
    with pytest.raises(NotAllowed):
        change_follow_up(
            follow_up=row, version=1, text="Nyt", due_on=day(), owner=scene.member, by=by
        )
    with pytest.raises(NotAllowed):
        drop_follow_up(follow_up=row, reason="x", by=by)


def test_not_before_the_meeting_has_begun():
    scene = bring_to(a_scene(), "issued")

    with pytest.raises(NotAllowed, match="when the meeting has begun"):
        add(scene)


@pytest.mark.parametrize(("who", "may"), [("member", True), ("secretary", True), ("chair", False),
                                          ("follower", False)])  # fmt: skip
def test_owner_and_secretariat_report_and_finish(scene, who, may):
    by, row = getattr(scene, who), add(scene, owner=scene.member)

    for act in (
        lambda: report_progress(follow_up=row, text="Halvvejs", by=by),
        lambda: finish_follow_up(follow_up=row, by=by),
    ):
        if may:
            act()
        else:
            with pytest.raises(NotAllowed):
                act()
    assert FollowUp.objects.get(pk=row.pk).state == ("done" if may else "open")


def test_history_keeps_every_word(scene):
    row = add(scene)
    report_progress(follow_up=row, text="Halvvejs", by=scene.member)
    change_follow_up(
        follow_up=row,
        version=1,
        text="Skaf alle tallene",
        due_on=day(9),
        owner=scene.member,
        by=scene.secretary,
    )
    drop_follow_up(follow_up=row, reason="Ikke længere nødvendigt", by=scene.secretary)

    history = list(row.notes.values_list("kind", "text"))
    assert [kind for kind, _text in history] == ["progress", "changed", "dropped"]
    assert "Skaf tallene" in history[1][1]
    assert "Medlem" in history[1][1]
    assert history[2][1] == "Ikke længere nødvendigt"
    with pytest.raises(DatabaseError), transaction.atomic():
        FollowUpNote.objects.filter(follow_up=row).update(text="Andet")


def test_two_who_change_at_once_do_not_overwrite_each_other(scene):
    row = add(scene)
    other = FollowUp.objects.get(pk=row.pk)
    facts = {"due_on": day(), "owner": scene.member, "by": scene.secretary}
    change_follow_up(follow_up=row, version=1, text="Min", **facts)

    with pytest.raises(StaleState, match="Somebody else changed"):
        change_follow_up(follow_up=other, version=1, text="Din", **facts)

    assert FollowUp.objects.get(pk=row.pk).text == "Min"
    assert row.notes.count() == 1


@pytest.mark.parametrize("end", ["finish", "drop"])
def test_second_click_is_stale(scene, end):
    row = add(scene)
    acts = {
        "finish": lambda r: finish_follow_up(follow_up=r, by=scene.secretary),
        "drop": lambda r: drop_follow_up(follow_up=r, reason="x", by=scene.secretary),
    }
    other = FollowUp.objects.get(pk=row.pk)
    acts[end](row)

    for again in (row, other):
        with pytest.raises(StaleState):
            acts[end](again)
    assert row.notes.count() == 1
    with pytest.raises(NotAllowed, match="is closed"):
        report_progress(follow_up=row, text="Mere", by=scene.member)


def test_texts_are_needed(scene):
    row = add(scene)

    with pytest.raises(Refused, match="what is to be done"):
        add(scene, text="  ")
    with pytest.raises(Refused, match="how far it is"):
        report_progress(follow_up=row, text=" ", by=scene.member)
    with pytest.raises(Refused, match="why it is dropped"):
        drop_follow_up(follow_up=row, reason=" ", by=scene.secretary)


# Who sees them ------------------------------------------------------------------------------


def test_open_items_follow_ups_are_for_members_and_their_owner(scene):
    mine = add(scene, owner=scene.follower)
    other = add(scene)

    assert seen(scene, "member") == seen(scene, "secretary") == [mine, other]
    assert seen(scene, "follower") == [mine]
    assert seen(scene, "outsider") == []


def test_closed_items_follow_ups_are_for_who_reads_it_in_full(scene):
    row = add(scene, scene.closed)
    assert seen(scene, "recused") == [row]

    declare_disqualified(item=scene.closed, member=scene.recused, grounds="x", by=scene.recused)
    declare_disqualified(item=scene.closed, member=scene.member, grounds="x", by=scene.member)

    assert seen(scene, "chair") == [row]
    assert seen(scene, "recused") == seen(scene, "follower") == []
    assert seen(scene, "member") == [], "the owner was disqualified afterwards"
    with pytest.raises(NotAllowed, match="disqualified"):
        report_progress(follow_up=row, text="x", by=scene.again(scene.member))


def test_closing_the_item_closes_its_follow_ups_at_once(scene):
    row = add(scene, owner=scene.follower)
    scene.opened.refresh_from_db()
    head = CLOSED | {"title": "Åbent punkt"}
    change_item(item=scene.opened, by=scene.secretary, version=scene.opened.version, **head)

    assert seen(scene, "follower") == []
    assert seen(scene, "member") == [row]


def test_those_who_left_see_nothing(scene):
    add(scene)
    scene.member.memberships.update(valid_to=day(-1))

    assert seen(scene, "member") == []


# The minutes ----------------------------------------------------------------------------------


def test_minutes_list_follow_ups_but_not_dropped_ones(scene):
    add(scene, text="Skaf tallene", due_on=day(3))
    drop_follow_up(follow_up=add(scene, text="Nej"), reason="x", by=scene.secretary)

    rows = live_snapshot(scene.fresh(), "minutes")["items"][0]["follow_ups"]

    assert rows == [
        {"id": scene.opened.follow_ups.first().pk, "text": "Skaf tallene", "owner": "Medlem",
         "public_owner": "Medlem", "due": day(3).isoformat()},
    ]  # fmt: skip
    assert live_snapshot(scene.fresh(), "agenda")["items"][0]["follow_ups"] == []


def test_public_face_has_no_closed_follow_up_and_no_name_of_who_serves(scene):
    add(scene, scene.closed, text="HEMMELIGOPGAVE")
    add(scene, text="Åben opgave", owner=scene.follower)
    add(scene, text="Til enheden", owner_unit="IT-afdelingen")

    public = public_snapshot(live_snapshot(scene.fresh(), "minutes"))

    assert public["items"][1]["follow_ups"] == []
    assert [row["owner"] for row in public["items"][0]["follow_ups"]] == ["", "IT-afdelingen"]
    assert "Følgegruppe" not in str(public["items"])
    assert "HEMMELIGOPGAVE" not in str(public)


def test_issued_minutes_show_them_on_the_page(client, scene):
    add(scene, text="ÅBENOPGAVE")
    add(scene, scene.closed, text="HEMMELIGOPGAVE")
    bring_to(scene, "approval")
    lock(scene)
    publish(scene)

    assert "ÅBENOPGAVE" in client.get(scene.opened.get_absolute_url()).content.decode()
    assert "HEMMELIGOPGAVE" not in client.get(scene.closed.get_absolute_url()).content.decode()
    client.force_login(scene.member)
    assert "HEMMELIGOPGAVE" in client.get(scene.closed.get_absolute_url()).content.decode()


def test_pdf_prints_text_owner_and_date(scene):
    add(scene, due_on=day(3))
    item = live_snapshot(scene.fresh(), "minutes")["items"][0]

    printed = item_context(
        item, anchor="a", kind="minutes", edition="full", time="", since=0, links={}
    )

    block = next(b for b in printed["blocks"] if b["kind"] == "follow_ups")
    assert block["rows"][0]["text"] == "Skaf tallene"
    assert block["rows"][0]["who"].startswith("Medlem, ")
    assert str(day(3).year) in block["rows"][0]["who"]


def test_minutes_of_before_there_were_follow_ups_still_print(scene):
    item = live_snapshot(scene.fresh(), "minutes")["items"][0]
    item.pop("follow_ups")

    printed = item_context(
        item, anchor="a", kind="minutes", edition="full", time="", since=0, links={}
    )

    assert [b for b in printed["blocks"] if b["kind"] == "follow_ups"] == []


# Pages ----------------------------------------------------------------------------------------


def test_list_has_the_overdue_first_and_the_done_apart(client, scene):
    later = add(scene, due_on=day(9))
    soon = add(scene, due_on=day(1))
    late = add(scene, due_on=day(-1))
    done = finish_follow_up(follow_up=add(scene, due_on=day(-5)), by=scene.secretary)
    client.force_login(scene.member)

    page = client.get(reverse("meetings:follow_up_list")).context
    closed = client.get(reverse("meetings:follow_up_list") + "?vis=done").context

    assert [row.pk for row in page["rows"]] == [late.pk, soon.pk, later.pk]
    assert page["overdue_count"] == 1
    assert [row.pk for row in closed["rows"]] == [done.pk]


def test_due_today_is_not_overdue(scene):
    row = add(scene, due_on=day(0))

    assert (row.is_overdue, FollowUp.objects.overdue().count()) == (False, 0)


@pytest.mark.parametrize("page", ["follow_up_list", "meeting_minutes", "my_work"])
def test_pages_cost_the_same_for_any_number_of_rows(client, scene, page):
    client.force_login(scene.secretary)
    addresses = {
        "follow_up_list": reverse("meetings:follow_up_list"),
        "meeting_minutes": reverse("meetings:meeting_minutes", args=[scene.meeting.pk]),
        "my_work": reverse("portal:my_work"),
    }
    counts = []
    for rows in (1, 3, 300):
        missing = rows - FollowUp.objects.count()
        FollowUp.objects.bulk_create(
            FollowUp(item=scene.opened, text=f"Opgave {n}", owner=scene.secretary,
                     due_on=day(n - 2), created_by=scene.secretary)
            for n in range(missing)
        )  # fmt: skip
        client.get(addresses[page])
        with CaptureQueriesContext(connection) as queries:
            assert client.get(addresses[page]).status_code == 200
        counts.append(len(queries))

    assert len(set(counts)) == 1, counts
    assert counts[0] <= 46


def test_secretariat_adds_one_from_the_form(client, scene):
    client.force_login(scene.secretary)
    url = reverse("meetings:follow_up_new", args=[scene.meeting.pk, scene.opened.pk])
    due = day(4)
    bad = client.post(url, {"text": "Gør det", "due_on": due.strftime("%d.%m.%Y")})
    good = client.post(
        url,
        {"text": "Gør det", "owner": scene.member.pk, "due_on": due.strftime("%d.%m.%Y")},
    )

    assert (bad.status_code, good.status_code) == (422, 302)
    row = FollowUp.objects.get()
    assert (row.text, row.owner, row.due_on) == ("Gør det", scene.member, due)


@pytest.mark.parametrize(("page", "data", "status"), [
    ("ret/", {"text": "MINE ORD", "due_on": "1 12 2036", "owner_unit": "IT", "version": "1"}, 403),
    ("frafald/", {"reason": "MINE ORD"}, 409),
    ("", {"text": "MINE ORD"}, 403),
])  # fmt: skip
def test_words_are_kept_when_the_follow_up_is_closed_meanwhile(client, scene, page, data, status):
    row = add(scene)
    finish_follow_up(follow_up=row, by=scene.secretary)
    client.force_login(scene.secretary)

    answer = client.post(f"{row.get_absolute_url()}{page}", data)

    assert answer.status_code == status
    assert "MINE ORD</textarea>" in answer.content.decode()


def test_follow_up_changed_meanwhile_keeps_the_words_to_be_saved_again(client, scene):
    row = add(scene)
    FollowUp.objects.filter(pk=row.pk).update(version=2)
    sent = {"text": "MINE ORD", "due_on": "1 12 2036", "owner_unit": "IT"}
    client.force_login(scene.secretary)

    first = client.post(f"{row.get_absolute_url()}ret/", sent | {"version": "1"})
    again = client.post(f"{row.get_absolute_url()}ret/", sent | {"version": "2"})

    page = first.content.decode()
    assert (first.status_code, again.status_code) == (409, 302)
    assert "MINE ORD</textarea>" in page
    assert 'name="version" value="2"' in page
    row.refresh_from_db()
    assert row.text == "MINE ORD"


def test_my_work_has_the_owners_open_ones_only(scene):
    mine = add(scene, due_on=day(-1), text="Min opgave")
    add(scene, owner=scene.chair)
    finish_follow_up(follow_up=add(scene), by=scene.member)

    groups = my_work(scene.again(scene.member))["groups"]

    rows = [(g.key, row.url) for g in groups for row in g.rows if "opfoelgning" in row.url]
    assert rows == [("overdue", mine.get_absolute_url())]


def test_due_today_waits_today_in_my_work(scene):
    add(scene, due_on=day(0))

    groups = my_work(scene.again(scene.member))["groups"]

    assert [g.key for g in groups for r in g.rows if "opfoelgning" in r.url] == ["today"]
