"""The register of decisions: numbers, what was sealed, and what each reader has of it."""

import csv
import io
import json
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import openpyxl
import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from committee.enums import Role
from core.canonical import canonical_json
from core.models import AuditEntry
from ethics.models import CaseSnapshot
from meetings.models import (
    AgendaItem,
    Decision,
    DecisionText,
    FollowUp,
    ItemText,
    Meeting,
)
from meetings.selectors.decisions import Question, decisions_of, find_texts
from meetings.services.additions import add_addition, approve_reopening, ask_reopening
from meetings.services.decisions import number_decisions
from meetings.services.follow_ups import create_follow_up, finish_follow_up
from meetings.services.minutes import lock_minutes, send_for_approval
from meetings.services.publication import withdraw_minutes
from tests.factories import (
    AgendaItemFactory,
    CommitteeFactory,
    DisqualificationFactory,
    IssuedVersionFactory,
    MeetingFactory,
    RuleProfileFactory,
    UserFactory,
    day,
    person,
)
from tests.meetings.scenes import a_scene, approve, attend, bring_to, decide, lock, publish
from usecases.models import UseCase

pytestmark = pytest.mark.django_db
CITIZEN = AnonymousUser()
LIST, FILE = "/beslutninger/", "/beslutninger/fil/csv/"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def published():
    """An open decision with a follow-up, and a closed one, both published."""
    scene = bring_to(a_scene(), "in_session")
    for item, text in ((scene.opened, "ÅBENOPGAVE"), (scene.closed, "HEMMELIGOPGAVE")):
        item.meeting = scene.fresh()
        create_follow_up(
            item=item, text=text, owner_unit="Enheden", due_on=day(5), by=scene.secretary
        )
    return bring_to(scene, "published")


def rows_of(user, scene):
    return decisions_of(user, scene.committee, None, None)


def headings(user, **asked):
    return [text.body["item"]["title"] for text in find_texts(user, Question(**asked))]


def page(client, user, decision):
    if user.is_authenticated:
        client.force_login(user)
    else:
        client.logout()
    return client.get(decision.get_absolute_url())


def body_of(response):
    if response.streaming:
        return b"".join(response.streaming_content)
    return response.content


# Numbers ------------------------------------------------------------------------------------------


def test_locking_numbers_what_was_decided_in_the_order_of_the_items():
    scene = bring_to(a_scene(), "approval")
    assert Decision.objects.count() == 0

    lock(scene)

    year = timezone.localtime(scene.fresh().held_from or scene.fresh().starts_at).year
    found = [(str(row), row.item_id) for row in Decision.objects.order_by("serial")]
    assert found == [(f"B-{year}-001", scene.opened.pk), (f"B-{year}-002", scene.closed.pk)]
    act = AuditEntry.objects.get(verb="meetings.lock")
    assert act.data["decisions"] == [f"B-{year}-001", f"B-{year}-002"]


def test_next_meeting_of_the_year_goes_on_and_another_body_begins_with_one():
    scene = bring_to(a_scene(), "locked")
    second = sealed_meeting(scene.committee, items=2)
    other = sealed_meeting(CommitteeFactory(), items=1)

    serials = [row.serial for row in second.decisions.order_by("serial")]

    assert serials == [3, 4]
    assert [row.serial for row in other.decisions.all()] == [1]


def test_item_without_a_decision_gets_no_number():
    scene = bring_to(a_scene(), "minutes_draft")
    attend(scene)
    decide(scene, scene.opened, "Ja")
    decide(scene, scene.closed, "Nej", "Nej")
    meeting = scene.fresh()
    body = {"items": [{"id": scene.opened.pk, "access": "open", "decision": None}]}
    version = IssuedVersionFactory(
        meeting=meeting, kind="minutes", number=9, body=canonical_json(body).decode()
    )

    assert number_decisions(meeting, version) == []


def reopened(scene):
    """The minutes of a locked meeting are written on again, and a decision is changed."""
    other = person(scene.committee, "secretariat", name="Kollega")
    ask_reopening(meeting=scene.fresh(), reason="En fejl", by=scene.secretary)
    approve_reopening(meeting=scene.fresh(), by=other)
    scene.meeting = scene.fresh()
    decide(scene, scene.opened, "RETTETTEKST")
    return scene


def test_number_stays_when_the_minutes_are_locked_again():
    scene = bring_to(a_scene(), "locked")
    before = list(Decision.objects.values_list("pk", "serial", "item"))

    reopened(scene)
    assert rows_of(scene.member, scene)[0]["text"] == "Åben beslutning"
    send_for_approval(meeting=scene.meeting, by=scene.secretary)
    assert rows_of(scene.member, scene)[0]["text"] == "Åben beslutning"
    lock(scene)

    assert list(Decision.objects.values_list("pk", "serial", "item")) == before
    assert rows_of(scene.member, scene)[0]["text"] == "RETTETTEKST"


def test_live_text_is_never_shown():
    scene = bring_to(a_scene(), "published")

    ItemText.objects.filter(item=scene.opened, key="decision").update(text="SKREVETSIDEN")
    AgendaItem.objects.filter(pk=scene.opened.pk).update(outcome="rejected", title="NYTITEL")

    row = rows_of(CITIZEN, scene)[0]
    assert (row["text"], row["outcome"], row["heading"]) == (
        "Åben beslutning", "adopted", "Åbent punkt",
    )  # fmt: skip


@pytest.mark.database
def test_numbers_are_never_given_twice_when_two_lock_at_the_same_moment(run_together):
    first = bring_to(a_scene(), "approval")
    second = a_scene_in(first.committee)
    for scene in (first, second):
        approve(scene)

    answers = run_together(
        *(
            lambda scene=scene: lock_minutes(meeting=scene.fresh(), by=scene.chair)
            for scene in (first, second)
        )
    )

    assert [one for one in answers if isinstance(one, Exception)] == []
    assert sorted(Decision.objects.values_list("serial", flat=True)) == [1, 2, 3, 4]
    for scene in (first, second):
        serials = list(scene.meeting.decisions.order_by("pk").values_list("serial", flat=True))
        assert serials == [serials[0], serials[0] + 1]


def a_scene_in(committee):
    """Another meeting of the same body, brought to approval."""
    from meetings.services.items import add_item
    from meetings.services.planning import create_meeting
    from tests.factories import days
    from tests.meetings.scenes import CLOSED, Scene, write

    roles = {row.role: row.user for row in committee.memberships.select_related("user")}
    members = [row.user for row in committee.memberships.filter(role="member").order_by("pk")]
    secretary = roles["secretariat"]
    meeting = create_meeting(
        committee=committee, starts_at=days(16), ends_at=days(16).replace(hour=15), by=secretary
    )
    scene = Scene(
        committee=committee, secretary=secretary, chair=roles["chair"], member=members[0],
        recused=members[1], follower=roles["follow_group"], outsider=secretary, meeting=meeting,
    )  # fmt: skip
    scene.items = [
        add_item(meeting=meeting, title="Andet punkt", by=secretary),
        add_item(meeting=meeting, title="Andet lukket", **CLOSED, by=secretary),
    ]
    for item in scene.items:
        write(scene, item, summary="Resumé")
    return bring_to(scene, "approval")


def test_minutes_locked_before_there_was_a_register_are_numbered():
    migration = import_module("meetings.migrations.0015_decisions")
    committee = CommitteeFactory()
    first = sealed_meeting(committee, items=2, numbered=False)
    second = sealed_meeting(committee, items=1, state="locked", numbered=False)
    sealed_meeting(committee, items=1, state="approval", numbered=False)

    migration.number_older_minutes(apps, None)

    assert [row.serial for row in first.decisions.order_by("serial")] == [1, 2]
    assert [row.serial for row in second.decisions.all()] == [3]
    assert Decision.objects.count() == DecisionText.objects.count() == 3
    assert [row["outcome"] for row in decisions_of(CITIZEN, committee, None, None)] == [
        "adopted", "adopted",
    ]  # fmt: skip


# Who reads what -----------------------------------------------------------------------------------

READERS = ("secretary", "chair", "member", "recused", "follower", "outsider", "citizen")
FULL, FACE, OPEN, NONE = "full", "face", "open", "none"
# State → reader → what the register has of the open and of the closed decision.
TABLE = {
    "approval": dict.fromkeys(READERS, (NONE, NONE)),
    "locked": {
        "secretary": (OPEN, FULL), "chair": (OPEN, FULL), "member": (OPEN, FULL),
        "recused": (OPEN, FACE), "follower": (OPEN, FACE),
        "outsider": (NONE, NONE), "citizen": (NONE, NONE),
    },
    "published": {
        "secretary": (OPEN, FULL), "chair": (OPEN, FULL), "member": (OPEN, FULL),
        "recused": (OPEN, FACE), "follower": (OPEN, FACE),
        "outsider": (OPEN, FACE), "citizen": (OPEN, FACE),
    },
    "withdrawn": {
        "secretary": (OPEN, FULL), "chair": (OPEN, FULL), "member": (OPEN, FULL),
        "recused": (OPEN, FACE), "follower": (OPEN, FACE),
        "outsider": (NONE, NONE), "citizen": (NONE, NONE),
    },
}  # fmt: skip
SECRET = ("HEMMELIG", "HEMMELIGTITEL", "HEMMELIGBESLUTNING", "HEMMELIGGRUND", "HEMMELIGOPGAVE")


def brought_to(state):
    scene = bring_to(a_scene(), "in_session")
    item = scene.closed
    item.meeting = scene.fresh()
    create_follow_up(
        item=item, text="HEMMELIGOPGAVE", owner_unit="X", due_on=day(5), by=scene.secretary
    )
    bring_to(scene, "published" if state == "withdrawn" else state)
    DisqualificationFactory(item=scene.closed, member=scene.recused)
    if state == "withdrawn":
        withdraw_minutes(meeting=scene.fresh(), reason="En fejl", by=scene.secretary)
    return scene


def level_in(text):
    first = OPEN if "Åben beslutning" in text else NONE
    face = FACE if "Offentlig beslutning" in text else NONE
    return first, FULL if "HEMMELIGBESLUTNING" in text else face


def test_the_table_names_every_reader_in_every_state():
    assert {state: tuple(cells) for state, cells in TABLE.items()} == dict.fromkeys(TABLE, READERS)


@pytest.mark.parametrize("state", TABLE)
def test_everybody_reads_what_the_table_says(client, state):
    """In the rows of reports, on the list, on the pages and in every file."""
    scene = brought_to(state)

    for reader, expected in TABLE[state].items():
        user = CITIZEN if reader == "citizen" else scene.again(getattr(scene, reader))
        rows = json.dumps(rows_of(user, scene), default=str, ensure_ascii=False)
        assert level_in(rows) == expected, reader
        client.logout()
        if reader != "citizen":
            client.force_login(user)
        pages = [client.get(row.get_absolute_url()) for row in Decision.objects.order_by("pk")]
        shown = "".join(one.content.decode() for one in pages)
        assert level_in(shown) == expected, reader
        wanted = [404 if one == NONE else 200 for one in expected] if pages else []
        if state == "withdrawn":
            wanted = [410 if status == 404 else status for status in wanted]
        assert [one.status_code for one in pages] == wanted, reader
        files = [everything(client, name) for name in ("csv", "json", "xlsx")]
        assert [level_in(one) for one in files] == [expected] * 3, reader
        listed = client.get(reverse("meetings:decision_list")).content.decode()
        if expected[1] != FULL:
            for text in (rows, shown, listed, *files):
                assert [word for word in SECRET if word in text] == [], reader


def everything(client, name):
    data = body_of(client.get(reverse("meetings:decision_export", args=[name])))
    if name != "xlsx":
        return data.decode("utf-8-sig")
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    return json.dumps([list(row) for row in sheet.values], ensure_ascii=False)


def test_closed_face_tells_nothing_but_its_public_words(published):
    opened, closed = rows_of(CITIZEN, published)

    assert closed == {
        "id": closed["id"],
        "number": closed["number"],
        "date": opened["date"],
        "committee": opened["committee"],
        "meeting": opened["meeting"],
        "meeting_id": opened["meeting_id"],
        "meeting_number": opened["meeting_number"],
        "item_number": 2,
        "heading": "Udbud af et fagsystem",
        "is_closed": True,
        "is_redacted": True,
        "outcome": "",
        "outcome_words": "",
        "text": "Offentlig beslutning",
        "votes_words": "",
        "dissent": [],
        "follow_ups": [],
        "additions": [],
        "case_id": "",
        "case_number": "",
        "case_title": "",
        "case_url": "",
        "version": opened["version"],
        "url": closed["url"],
    }


def test_council_reads_the_public_words_of_what_is_locked():
    scene = bring_to(a_scene(), "locked")
    roles = {scene.committee.pk: frozenset({Role.COUNCIL_READER})}
    council = SimpleNamespace(pk=None, is_active=True, is_authenticated=True, roles=roles)

    rows = rows_of(council, scene)

    assert [row["text"] for row in rows] == ["Åben beslutning", "Offentlig beslutning"]


@pytest.mark.parametrize(
    "asked",
    [
        {"outcome": "adopted"}, {"follow_ups": True}, {"text": "hemmeligbeslutning"},
        {"text": "HEMMELIGTITEL"}, {"text": "HEMMELIG"},
    ],
)  # fmt: skip
def test_no_question_finds_what_one_may_not_read(published, asked):
    assert "HEMMELIGTITEL" in headings(published.member, **asked)
    assert "HEMMELIGTITEL" not in headings(CITIZEN, **asked)
    assert "HEMMELIGTITEL" not in headings(published.follower, **asked)


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"text": "OFFENTLIG beslutning"}, 1), ({"text": "åben BESLUTNING"}, 1),
        ({"text": "udbud"}, 1), ({"text": "findes ikke"}, 0), ({"outcome": "adopted"}, 1),
        ({"outcome": "rejected"}, 0), ({"dissent": True}, 0), ({"follow_ups": True}, 1),
        ({"linked": True}, 0), ({"year": 1999}, 0), ({"committee": "ukendt"}, 0), ({}, 2),
        ({"text": "100%"}, 0), ({"text": "_"}, 0),
    ],
)  # fmt: skip
def test_filters(published, asked, count):
    assert find_texts(CITIZEN, Question(**asked)).count() == count


def test_number_is_found_as_it_is_written(published):
    row = published.closed.numbered

    assert headings(CITIZEN, text=row.number.lower()) == ["HEMMELIGTITEL"]
    assert headings(CITIZEN, text="B-2026-²") == []


def test_period_counts_both_days(published):
    on = timezone.localdate(published.fresh().starts_at)
    before, after = on - timedelta(days=1), on + timedelta(days=1)

    assert len(decisions_of(CITIZEN, published.committee, on, on)) == 2
    assert decisions_of(CITIZEN, published.committee, after, None) == []
    assert decisions_of(CITIZEN, published.committee, None, before) == []


def test_item_closed_after_it_was_published_is_closed_here_at_once(client, published):
    AgendaItem.objects.filter(pk=published.opened.pk).update(
        access="closed", closing_ground="§ 30", closing_reason="GRUND", public_title="Nu lukket",
    )  # fmt: skip

    row = rows_of(CITIZEN, published)[0]
    assert (row["heading"], row["text"], row["outcome"]) == ("Nu lukket", "", "")
    assert headings(CITIZEN, text="åben") == []
    assert headings(CITIZEN, outcome="adopted") == []
    assert (
        "Åben beslutning" not in page(client, CITIZEN, published.opened.numbered).content.decode()
    )


def test_disqualified_since_reads_the_face_only(client, published):
    decision = published.closed.numbered
    assert "HEMMELIGBESLUTNING" in page(client, published.member, decision).content.decode()

    DisqualificationFactory(item=published.closed, member=published.member)

    shown = page(client, published.member, decision).content.decode()
    assert "HEMMELIGBESLUTNING" not in shown
    assert "Offentlig beslutning" in shown


def test_body_that_is_not_public_shows_its_decisions_to_its_own(client):
    scene = bring_to(a_scene(is_public=False), "locked")

    assert len(rows_of(scene.member, scene)) == 2
    assert rows_of(scene.outsider, scene) == []
    assert page(client, CITIZEN, scene.opened.numbered).status_code == 404


def test_reading_a_closed_decision_is_recorded(client, published):
    page(client, published.member, published.closed.numbered)
    page(client, published.member, published.opened.numbered)
    page(client, CITIZEN, published.closed.numbered)

    rows = AuditEntry.objects.filter(verb="meetings.read_closed_item")
    assert [row.object_id for row in rows] == [str(published.closed.pk)]


def test_file_with_closed_decisions_is_recorded(client, published):
    client.force_login(published.member)
    body_of(client.get(reverse("meetings:decision_export", args=["csv"])))
    client.logout()
    body_of(client.get(reverse("meetings:decision_export", args=["csv"])))

    assert AuditEntry.objects.filter(verb="meetings.read_closed_item").count() == 1


# What comes after ---------------------------------------------------------------------------------


def test_addition_stands_beside_and_is_public_when_it_is_published(published):
    add_addition(
        meeting=published.fresh(), item=published.opened, text="TILFØJET", public_text="TILFØJET",
        reason="Fejl", by=published.secretary,
    )  # fmt: skip

    member, citizen = rows_of(published.member, published)[0], rows_of(CITIZEN, published)[0]
    assert [one["text"] for one in member["additions"]] == ["TILFØJET"]
    assert (member["text"], citizen["additions"]) == ("Åben beslutning", [])
    published.meeting = published.fresh()
    publish(published)
    assert [one["text"] for one in rows_of(CITIZEN, published)[0]["additions"]] == ["TILFØJET"]


def test_addition_to_the_whole_shows_only_its_public_words(published):
    add_addition(
        meeting=published.fresh(), text="HEMMELIGTILFØJELSE", public_text="Et tal er rettet.",
        reason="Fejl", by=published.secretary,
    )  # fmt: skip
    published.meeting = published.fresh()
    publish(published)

    for user in (published.member, CITIZEN):
        assert [one["text"] for one in rows_of(user, published)[0]["additions"]] == [
            "Et tal er rettet."
        ]


def test_follow_ups_tell_where_they_stand_today(published):
    row = FollowUp.objects.get(item=published.opened)
    assert [one["state_words"] for one in rows_of(CITIZEN, published)[0]["follow_ups"]] == [
        "In progress"
    ]

    finish_follow_up(follow_up=row, by=published.secretary)
    late = create_follow_up(
        item=AgendaItem.objects.select_related("meeting").get(pk=published.opened.pk),
        text="KOMTILSIDEN", owner_unit="X", due_on=day(4), by=published.secretary,
    )  # fmt: skip

    told = rows_of(CITIZEN, published)[0]["follow_ups"]
    assert [(one["text"], one["state_words"]) for one in told] == [("ÅBENOPGAVE", "Done")]
    inside = rows_of(published.member, published)[0]["follow_ups"]
    assert [one["text"] for one in inside] == ["ÅBENOPGAVE", late.text]
    assert headings(CITIZEN, follow_ups=True) == []
    assert "Åbent punkt" in headings(published.member, follow_ups=True)


# Use cases ----------------------------------------------------------------------------------------


def a_case(scene, **fields):
    facts = {
        "title": "Talegenkendelse", "status": "operation", "reference": "AI-2026-001",
        "submitted_at": timezone.now() - timedelta(days=90), "decision": "approve_operation",
        "decision_recorded_at": timezone.now() - timedelta(days=1),
        "decision_link": f"https://udvalg.dk{scene.opened.get_absolute_url()}",
    } | fields  # fmt: skip
    return UseCase.objects.create(committee=scene.committee, **facts)


def test_decision_and_case_point_at_each_other(client, published):
    case = a_case(published)
    snapshot = CaseSnapshot.objects.create(
        case=case, number=1, revision=1, body='{"pieces": {}}', sha256="a" * 64,
        at=timezone.now() - timedelta(days=2), by=published.secretary,
    )  # fmt: skip
    Meeting.objects.filter(pk=published.meeting.pk).update(held_to=timezone.now())

    row = rows_of(CITIZEN, published)[0]
    shown = page(client, CITIZEN, published.opened.numbered).content.decode()
    beside = client.get(case.get_absolute_url()).content.decode()
    item = client.get(published.opened.get_absolute_url()).content.decode()

    assert (row["case_number"], row["case_title"]) == ("AI-2026-001", "Talegenkendelse")
    assert case.get_absolute_url() in shown
    assert snapshot.sha256[:16] in shown
    assert published.opened.numbered.get_absolute_url() in beside
    assert published.opened.numbered.get_absolute_url() in item
    assert headings(CITIZEN, linked=True) == ["Åbent punkt"]


@pytest.mark.parametrize(
    "fields",
    [
        {"decision_access": "closed"}, {"status": "submitted"},
        {"decision_recorded_at": timezone.now() + timedelta(days=1)},
    ],
)  # fmt: skip
def test_case_that_one_may_not_know_of_is_not_told(client, published, fields):
    case = a_case(published, **fields)

    assert rows_of(CITIZEN, published)[0]["case_title"] == ""
    assert headings(CITIZEN, linked=True) == []
    assert (
        "Talegenkendelse" not in page(client, CITIZEN, published.opened.numbered).content.decode()
    )
    assert rows_of(published.member, published)[0]["case_title"] == case.title


def test_closed_decision_does_not_tell_citizens_of_its_case(client, published):
    case = a_case(published, decision_link=published.closed.get_absolute_url())

    assert rows_of(CITIZEN, published)[1]["case_title"] == ""
    assert rows_of(published.member, published)[1]["case_title"] == case.title
    assert headings(CITIZEN, linked=True) == []
    url = published.closed.numbered.get_absolute_url()
    assert url not in client.get(case.get_absolute_url()).content.decode()


def test_same_case_number_links_too(published):
    case = a_case(published, decision_link="", decision_case_id="EMN-2026-1")
    text = DecisionText.objects.get(decision__item=published.opened)
    sealed_again(text, case_id="EMN-2026-1")

    assert rows_of(CITIZEN, published)[0]["case_title"] == case.title
    assert headings(CITIZEN, linked=True) == ["Åbent punkt"]


def sealed_again(text, **fields):
    """The next sealed version of the same item, published."""
    meeting = text.decision.meeting
    version = IssuedVersionFactory(meeting=meeting, kind="minutes", number=text.number + 1)
    body = text.body | {"item": text.body["item"] | fields}
    for other in DecisionText.objects.filter(version=text.version):
        DecisionText.objects.create(
            decision=other.decision, version=version, number=version.number, access=other.access,
            outcome=other.outcome, words=other.words, public_words=other.public_words,
            **({"body": body, **fields} if other == text else {"body": other.body}),
        )  # fmt: skip
    Meeting.objects.filter(pk=meeting.pk).update(
        public_minutes=version.number, minutes_version=version.number
    )


# Files --------------------------------------------------------------------------------------------


def test_file_has_what_the_filter_finds(client, published):
    url = reverse("meetings:decision_export", args=["csv"])

    data = body_of(client.get(url, {"udfald": "adopted"})).decode("utf-8-sig")

    rows = list(csv.DictReader(io.StringIO(data), delimiter=";"))
    assert [(row["Overskrift"], row["Beslutning"]) for row in rows] == [
        ("Åbent punkt", "Åben beslutning")
    ]


def test_cells_are_never_formulas(client):
    scene = a_scene()
    AgendaItem.objects.filter(pk=scene.opened.pk).update(title="=1+1")
    bring_to(scene, "published")

    data = body_of(client.get(reverse("meetings:decision_export", args=["csv"]))).decode()
    book = body_of(client.get(reverse("meetings:decision_export", args=["xlsx"])))

    sheet = openpyxl.load_workbook(io.BytesIO(book)).active
    cells = {(cell.value, cell.data_type) for row in sheet.iter_rows() for cell in row}
    assert "'=1+1" in data
    assert ("=1+1", "s") in cells


def test_json_names_kind_and_address(client, published):
    data = json.loads(body_of(client.get(reverse("meetings:decision_export", args=["json"]))))

    assert (data["kind"], len(data["decisions"])) == ("udvalgsrum.decisions", 2)
    assert data["decisions"][0]["url"].startswith("http://testserver/beslutninger/")


# Addresses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "aar=abc", "aar=99999999999", "side=0", "side=abc", "fra=31+02+2026", "udfald=hej",
        "q=%F0%9F%98%80", "fra=2026-02-30&til=", "til=0001-01-01", "fra=9999-12-31",
    ],
)  # fmt: skip
def test_strange_addresses_answer(client, published, query):
    assert client.get(f"{reverse('meetings:decision_list')}?{query}").status_code == 200


def test_wrong_date_is_told(client, published):
    shown = client.get(reverse("meetings:decision_list"), {"fra": "31 02 2026"}).content.decode()

    assert "Skriv datoen med dag, måned og år" in shown


def test_unknown_decision_is_not_found(client, published):
    assert client.get("/beslutninger/999999/").status_code == 404
    assert client.get("/beslutninger/fil/pdf/").status_code == 404


# Queries ------------------------------------------------------------------------------------------


def sealed_meeting(committee, *, items, state="published", numbered=True):
    """A meeting with many decisions, sealed as the services seal them."""
    if not committee.terms.exists():
        RuleProfileFactory(terms__committee=committee)
    meeting = MeetingFactory(
        committee=committee, state=state, minutes_version=1, public_minutes=1, announced_at=day(0)
        and timezone.now(),
    )  # fmt: skip
    rows = [
        AgendaItemFactory(meeting=meeting, position=n, title=f"Punkt {n}", released=True)
        for n in range(1, items + 1)
    ]
    owner = UserFactory()
    for item in rows:
        FollowUp.objects.create(
            item=item, text=f"Opgave {item.pk}", owner=owner, due_on=day(3), created_by=owner
        )
    snapshot = {
        "items": [
            {
                "id": item.pk, "number": item.position, "kind": "decision", "access": "open",
                "title": item.title, "public_title": item.title, "closing": None,
                "case_id": f"EMN-{item.pk}", "minutes": None, "change": "", "public_decision": "",
                "decision": {"heading": "Beslutning", "outcome": "Vedtaget", "text": "Ja"},
                "votes": [], "dissents": [], "disqualifications": [], "attendance": None,
                "follow_ups": [
                    {"id": item.follow_ups.first().pk, "text": "Opgave", "owner": "",
                     "public_owner": "", "due": "2026-11-01"}
                ],
            }
            for item in rows
        ]
    }  # fmt: skip
    version = IssuedVersionFactory(
        meeting=meeting, kind="minutes", number=1, body=canonical_json(snapshot).decode()
    )
    if numbered:
        number_decisions(meeting, version)
    return meeting


def queries(act):
    with CaptureQueriesContext(
        connection,
    ) as found:
        act()
    return len(found)


def counts_with(rows, client):
    scene = a_scene()
    sealed_meeting(scene.committee, items=rows)
    items = AgendaItem.objects.filter(meeting__committee=scene.committee, released=True)
    for place, item in enumerate(items.order_by("-pk")):
        if place % 2 == 0:
            a_case(scene, reference=f"AI-{item.pk}", decision_link="",
                   decision_case_id=f"EMN-{item.pk}")  # fmt: skip
    found = []
    for user in (CITIZEN, scene.again(scene.member), scene.again(scene.secretary)):
        found.append(queries(lambda user=user: rows_of(user, scene)))
        client.logout()
        if user.is_authenticated:
            client.force_login(user)
        client.get(LIST)
        question = {"opfoelgning": "1", "forslag": "1", "q": "punkt", "udfald": "adopted"}
        found += [queries(lambda asked=asked: client.get(LIST, asked)) for asked in ({}, question)]
        found.append(queries(lambda: body_of(client.get(FILE))))
    return found


def test_same_queries_for_one_three_and_three_hundred_rows(client):
    one, three, many = [counts_with(rows, client) for rows in (1, 3, 300)]

    assert one == three == many
    assert max(one[0], one[4], one[8]) <= 8
