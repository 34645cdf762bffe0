"""The register: what is found, what is counted, and that nothing hidden answers."""

from collections import Counter
from dataclasses import replace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from committee.enums import Role
from tests.factories import CommitteeFactory, days, person
from tests.usecases.scenes import a_scene, act, fill, submit
from usecases.enums import Status
from usecases.filters import HIDDEN, MERGED, NAMES, NONE, Filters, choices, parse, parse_query
from usecases.models import CaseMerge, UseCase
from usecases.policies import reading_level
from usecases.record import municipalities
from usecases.selectors import register
from usecases.services.words import words_of
from usecases.stems import stems
from usecases.tiles import tile_map

pytestmark = pytest.mark.django_db
URL = "/forslag/"
TITLES = ["Chatbot til borgere", "Mails i postkassen", "Referat af møder"]
TEXTS = ["", "Hemmelig robot", "Fald på plejecentre"]


def a_case(committee, proposer, **facts):
    """A row as the services would leave it, with the words it is found by."""
    status = facts.setdefault("status", Status.SUBMITTED)
    if status != Status.DRAFT:
        facts.setdefault("submitted_at", days(-9))
    facts.setdefault("title", TITLES[0])
    case = UseCase.objects.create(committee=committee, proposer=proposer, **facts)
    case.words.bulk_create(words_of(case))
    return case


# The question in the address ------------------------------------------------------------------

values = {column: st.lists(st.sampled_from([*choices(column)][:6]), max_size=3) for column in NAMES}
questions = st.builds(
    lambda text, which, sort, look, **columns: parse(
        {
            **{NAMES[column]: found for column, found in columns.items()},
            "q": [text],
            "vis": [which],
            "sortering": [sort],
            "som": [look],
        }
    ),
    text=st.text(max_size=20),
    which=st.sampled_from(["", "mine", "venter"]),
    sort=st.sampled_from(["", "nr", "-titel", "aendret", "x"]),
    look=st.sampled_from(["", "tavle", "kort"]),
    **values,
)


@given(questions)
@settings(max_examples=150, deadline=None)
def test_the_canonical_text_of_a_question_is_read_back_as_the_same_question(filters):
    again = parse_query(filters.query)

    assert again == filters
    assert again.query == filters.query


def test_order_and_rubbish_in_the_address_make_no_other_question():
    one = parse_query("status=pilot&status=submitted&fagomraade=digital")
    other = parse_query("fagomraade=digital&x=1&status=submitted&status=nope&status=pilot")

    assert one == other
    assert one.query == "status=submitted&status=pilot&fagomraade=digital"
    assert parse_query("&".join(f"status={n}" for n in range(500))) == Filters()
    assert parse_query("kommune=ingen").municipality == (NONE,)


# What is found and counted, against a slow oracle -----------------------------------------------

row = st.fixed_dictionaries(
    {
        "status": st.sampled_from(Status.values),
        "field": st.sampled_from(["", "digital", "social"]),
        "municipality": st.sampled_from(["", "0157", "0101"]),
        "target_group": st.sampled_from(["", "citizens"]),
        "risk_tier": st.sampled_from(["", "minimal"]),
        "title": st.sampled_from(TITLES),
        "summary": st.sampled_from(TEXTS),
        "where": st.sampled_from(["own", "open", "closed"]),
        "by": st.sampled_from(["proposer", "member"]),
        "gone": st.booleans(),
    }
)
asked = st.builds(
    Filters,
    status=st.sampled_from([(), (Status.DRAFT.value,), ("under_assessment", "pilot")]),
    field=st.sampled_from([(), ("digital",), (NONE,), ("digital", "social")]),
    municipality=st.sampled_from([(), ("0157",)]),
    target_group=st.sampled_from([(), ("citizens",), (NONE,)]),
    risk_tier=st.sampled_from([(), ("minimal",)]),
    text=st.sampled_from(["", "chatbot", "robotter", "borger", "robot chatbot", "og"]),
    which=st.sampled_from(["", "mine", "venter", MERGED]),
    sort=st.sampled_from(["-aendret", "titel", "status", "nr"]),
)
READERS = ["secretary", "member", "proposer", "outsider", "citizen"]


@given(rows=st.lists(row, max_size=9), filters=asked, who=st.sampled_from(READERS))
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
def test_rows_and_counts_are_those_of_a_slow_oracle(oracle_world, rows, filters, who):
    # A merge stays for ever: each example is undone as a whole.
    with transaction.atomic():
        holds_against_the_oracle(oracle_world, rows, filters, who)
        transaction.set_rollback(True)


def holds_against_the_oracle(oracle_world, rows, filters, who):
    people, bodies = oracle_world
    for facts in rows:
        given_row = dict(facts)
        where, by, gone = (given_row.pop(key) for key in ("where", "by", "gone"))
        made = a_case(bodies[where], people[by], **given_row)
        if gone and (into := UseCase.objects.exclude(pk=made.pk).first()):
            gone_into(made, into, people["secretary"])
    reader = people.get(who) or AnonymousUser()

    counted = register.figures(reader, filters)
    found = register.find(reader, filters)

    wanted = [case for case in everything() if fits(reader, case, filters)]
    assert sorted(found.values_list("pk", flat=True)) == sorted(case.pk for case in wanted)
    assert counted.total == len(wanted)
    bare = replace(Filters(which=filters.which))
    assert counted.whole == sum(fits(reader, case, bare) for case in everything())
    for column in NAMES:
        assert +counted.facets[column] == oracle_counts(reader, filters, column), column
        tellable = [c for c in wanted if column == "status" or not hides(reader, c)]
        shown = Counter(getattr(case, column) or NONE for case in tellable)
        assert +counted.found[column] == shown, column


@pytest.fixture
def oracle_world(db):
    own = CommitteeFactory()
    bodies = {"own": own, "open": CommitteeFactory(), "closed": CommitteeFactory(is_public=False)}
    people = {
        "secretary": person(own, Role.SECRETARIAT, name="Sekretær"),
        "member": person(own, Role.MEMBER, name="Medlem"),
        "proposer": person(None, name="Ansat"),
        "outsider": person(None, name="En anden"),
    }
    return people, bodies


def everything():
    return list(UseCase.objects.select_related("committee"))


def gone_into(case, into, by):
    """Merged, as the service leaves it, whatever state the two are in."""
    UseCase.objects.filter(pk=case.pk).update(merged_into=into)
    CaseMerge.objects.create(case=case, into=into, reason="Det samme.", by=by)


def hides(reader, case):
    return reading_level(reader, case) == "title"


def fits(reader, case, filters):
    """Written from the rules, row by row; nothing of the selector."""
    if reading_level(reader, case) == "none" or not on_tab(reader, case, filters.which):
        return False
    usual = filters.which or case.status not in (Status.DRAFT, Status.WITHDRAWN)
    if not (case.status in filters.status if filters.status else usual):
        return False
    for column in HIDDEN:
        chosen = filters.chosen(column)
        if chosen and (hides(reader, case) or (getattr(case, column) or NONE) not in chosen):
            return False
    return not filters.text or says(reader, case, filters.text)


def on_tab(reader, case, which):
    if which == "mine":
        return reader.pk is not None and case.proposer_id == reader.pk
    if (which == MERGED) != bool(case.merged_into_id):
        return False
    if which == "venter":
        prepares = Role.SECRETARIAT in getattr(reader, "roles", {}).get(case.committee_id, ())
        return prepares and case.status == Status.SUBMITTED
    return True


def says(reader, case, text):
    words = stems(case.title if hides(reader, case) else f"{case.title} {case.summary}")
    wanted = stems(text)
    return bool(wanted) and all(stem in words for stem in wanted)


def oracle_counts(reader, filters, column):
    """What one would find by choosing each value alone."""
    found = Counter()
    cases = everything()
    for value in [*choices(column), NONE]:
        if value == NONE and column == "status":
            continue
        alone = filters.only(column, value)
        found[value] = sum(fits(reader, case, alone) for case in cases)
    return +found


# Hidden fields of a public title -----------------------------------------------------------------


@pytest.fixture
def under_assessment():
    scene = a_scene()
    facts = {"field": "digital", "municipality": "0157", "target_group": "citizens"}
    case = a_case(
        scene.committee, scene.proposer, status="under_assessment", title="Titlen er offentlig",
        summary="Hemmelig robot", risk_tier="minimal", reference="AI-2026-001", **facts
    )  # fmt: skip
    return scene, case


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("status=under_assessment", True),
        ("q=titlen", True),
        ("q=ai-2026-001", True),
        ("q=robot", False),
        ("q=titlen+robot", False),
        ("fagomraade=digital", False),
        ("fagomraade=ingen", False),
        ("kommune=0157", False),
        ("maalgruppe=citizens", False),
        ("risiko=minimal", False),
        ("som=tavle", True),
        ("som=tavle&fagomraade=digital", False),
    ],
)
def test_a_public_title_is_found_by_nothing_but_what_it_shows(
    client, under_assessment, query, found
):
    scene, _case = under_assessment

    for_all = client.get(f"{URL}?{query}").content.decode()
    client.force_login(scene.again("member"))
    inside = client.get(f"{URL}?{query}").content.decode()

    assert ("Titlen er offentlig" in for_all) == found
    assert ("Titlen er offentlig" in inside) == ("ingen" not in query)


@pytest.mark.parametrize("look", ["", "tavle", "kort", "diagram"])
def test_no_figure_tells_what_a_public_title_hides(client, under_assessment, look):
    text = client.get(f"{URL}?som={look}").content.decode()

    for secret in ("Digitalisering", "Gentofte:", "Borgere", "Minimal", "robot"):
        assert secret not in text


# The pages ----------------------------------------------------------------------------------------


@pytest.fixture
def many():
    """Thirty public cases of three municipalities, and a member."""
    scene = a_scene()
    for n in range(30):
        a_case(
            scene.committee, scene.proposer, status=["pilot", "operation", "rejected"][n % 3],
            title=f"Forslag {n:02}", municipality=["0157", "0101", "0751"][n % 3],
            field=["digital", "social"][n % 2], status_since=days(-n), submitted_at=days(-40 + n),
            reference=f"AI-2026-{n:03}",
        )  # fmt: skip
    return scene


def test_the_list_pages_sorts_and_keeps_the_filters_in_every_link(client, many):
    first = client.get(f"{URL}?status=pilot&status=operation&sortering=titel")
    page = first.content.decode()

    assert [r.case.title for r in first.context["rows"]][:2] == ["Forslag 00", "Forslag 01"]
    assert first.context["total"] == 20
    assert "?status=operation&amp;sortering=titel" in page
    second = client.get(f"{URL}?side=2")
    assert [r.case.title for r in second.context["rows"]] == [f"Forslag {n}" for n in range(25, 30)]
    assert client.get(f"{URL}?side=99").context["page"].number == 2


def test_next_and_previous_follow_the_filtered_list(client, many):
    ids = list(
        UseCase.objects.filter(status="pilot").order_by("title").values_list("pk", flat=True)
    )
    query = "liste=status%3Dpilot%26sortering%3Dtitel"

    middle = client.get(f"/forslag/{ids[1]}/?{query}")

    assert middle.context["pager"] == register.Neighbours(ids[0], ids[2], 2, 10)
    page = middle.content.decode()
    assert f'/forslag/{ids[2]}/?{query}" rel="next"' in page
    assert f'/forslag/{ids[0]}/?{query}" rel="prev"' in page
    assert "/forslag/?status=pilot&amp;sortering=titel" in page
    outside = client.get(f"/forslag/{ids[0]}/?liste=status%3Drejected")
    assert outside.context["pager"] is None


def test_the_list_in_the_address_leads_nowhere_else(client, many):
    case = UseCase.objects.filter(status="pilot").first()

    page = client.get(f"/forslag/{case.pk}/?liste=//evil.example/%3Fx%3D%22%3E").content.decode()

    assert 'href="//evil' not in page
    assert 'href="/forslag/"' in page


def test_the_map_is_there_only_with_more_than_one_municipality(client, many):
    assert 'class="ur-map"' in client.get(f"{URL}?som=kort").content.decode()
    UseCase.objects.update(municipality="0157")
    assert 'class="ur-map"' not in client.get(f"{URL}?som=kort").content.decode()


def test_map_and_charts_say_the_same_as_their_tables(client, many):
    for look in ("kort", "diagram"):
        page = client.get(f"{URL}?som={look}").content.decode()
        assert page.count('<svg class="ur-') >= 1
    tiles = client.get(f"{URL}?som=kort").context["map"]
    assert {part.label: part.count for part in tiles.rows} == {
        "Aarhus": 10,
        "Gentofte": 10,
        "København": 10,
    }
    assert len(tiles.rows) + len(tiles.empty) == len(municipalities())


def test_every_municipality_has_a_tile_of_its_own():
    places = tile_map().places

    assert places.keys() == municipalities().keys()
    assert len(set(places.values())) == 98


def test_a_script_gets_the_part_only(client, many):
    answer = client.get(f"{URL}?status=pilot", headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in answer
    assert answer.count('id="register"') == 1


def test_an_empty_result_says_how_to_leave(client, many):
    page = client.get(f"{URL}?q=findesikke")

    assert page.context["total"] == 0
    assert 'class="ur-empty"' in page.content.decode()


@pytest.mark.parametrize("look", ["", "tavle", "kort", "diagram"])
def test_queries_do_not_grow_with_the_rows(client, look):
    scene = a_scene()
    client.force_login(scene.again("secretary"))
    counts = []
    for total in (1, 3, 300):
        while UseCase.objects.count() < total:
            n = UseCase.objects.count()
            a_case(
                scene.committee, scene.proposer, title=f"Sag {n} borger",
                status=["submitted", "pilot", "parked"][n % 3],
                municipality=["0157", "0101"][n % 2], field="digital",
            )  # fmt: skip
        client.get(URL)
        with CaptureQueriesContext(connection) as queries:
            look_of = {"som": look} if look else {}
            found = client.get(URL, {"q": "borger", "maalgruppe": "ingen"} | look_of)
            assert found.status_code == 200
        counts.append(len(queries))

    assert max(counts) <= 12
    assert counts[1] == counts[2]


# The board's moves --------------------------------------------------------------------------------


def move(client, case, slug, seen, query="som=tavle"):
    data = {"move": slug, "status": seen, "liste": query}
    return client.post(reverse("usecases:board_move", args=[case.pk]), data)


def test_the_board_offers_each_reader_their_own_moves_only(client):
    scene = a_scene()
    submit(scene)
    slugs = {}
    for who in ("secretary", "proposer", "member"):
        client.force_login(scene.again(who))
        columns = client.get(f"{URL}?som=tavle").context["columns"]
        card = next(card for column in columns for card in column.cards)
        slugs[who] = [slug for slug, _label in card.direct], len(card.asking)

    assert slugs == {
        "secretary": (["tag-op"], 1),
        "proposer": ([], 1),
        "member": ([], 0),
    }


def test_a_move_from_the_board_comes_back_to_the_board(client):
    scene = a_scene()
    case = submit(scene)
    client.force_login(scene.again("secretary"))

    answer = move(client, case, "tag-op", "submitted", "status=submitted&som=tavle")

    assert answer["Location"] == "/forslag/?status=submitted&som=tavle"
    assert scene.fresh().status == "under_assessment"


@pytest.mark.parametrize(
    ("who", "slug", "seen", "status"),
    [
        ("member", "tag-op", "submitted", 403),
        ("proposer", "tag-op", "submitted", 403),
        ("outsider", "tag-op", "submitted", 404),
        ("secretary", "parker", "submitted", 404),
        ("secretary", "ukendt", "submitted", 404),
        ("secretary", "tag-op", "parked", 409),
    ],
)
def test_a_move_that_is_not_possible_changes_nothing(client, who, slug, seen, status):
    scene = a_scene()
    case = submit(scene)
    client.force_login(scene.again(who))

    assert move(client, case, slug, seen).status_code == status
    assert scene.fresh().status == "submitted"


def test_the_list_of_what_waits_is_the_secretariats(client):
    scene = a_scene()
    fill(scene, "submission")
    submit(scene)
    for who, found in (("secretary", 1), ("member", 0), ("outsider", 0)):
        client.force_login(scene.again(who))
        assert client.get(f"{URL}?vis=venter").context["total"] == found, who
    act(scene, "take_up", scene.secretary)
    client.force_login(scene.again("secretary"))
    assert client.get(f"{URL}?vis=venter").context["total"] == 0


# Merged cases -------------------------------------------------------------------------------------


@pytest.fixture
def merged(client):
    """A case that went into another of the same body; the secretariat looks."""
    scene = a_scene()
    stays = a_case(
        scene.committee, scene.proposer, title="Hurtige svar om affald", reference="AI-2026-001",
        status="pilot",
    )  # fmt: skip
    goes = a_case(
        scene.committee, scene.proposer, title="Chatbot om sortering", reference="AI-2026-002",
        status="under_assessment", summary="Hemmelig robot",
    )  # fmt: skip
    gone_into(goes, stays, scene.secretary)
    client.force_login(scene.again("secretary"))
    return scene, stays, goes


@pytest.mark.parametrize("look", ["", "tavle", "diagram"])
def test_a_merged_case_is_not_counted_twice(client, merged, look):
    page = client.get(URL, {"som": look} if look else {})

    assert (page.context["total"], page.context["whole"]) == (1, 1)
    assert merged[2].title not in page.content.decode()


@pytest.mark.parametrize("words", ["sortering", "AI-2026-002", "robot"])
def test_a_merged_case_is_found_by_its_words_with_a_link_to_where_it_went(client, merged, words):
    _scene, stays, goes = merged
    page = client.get(URL, {"q": words})
    body = page.content.decode()

    assert page.context["total"] == 0
    assert f'href="{goes.get_absolute_url()}?' in body
    assert f'href="{stays.get_absolute_url()}"' in body


def test_the_merged_have_a_filter_of_their_own_with_a_mark(client, merged):
    _scene, stays, goes = merged
    page = client.get(URL, {"vis": MERGED})
    body = page.content.decode()

    assert [row.case for row in page.context["rows"]] == [goes]
    assert f'href="{stays.get_absolute_url()}"' in body
    assert client.get(URL, {"vis": MERGED, "som": "tavle"}).status_code == 200


def test_the_proposer_finds_a_merged_case_among_their_own(client, merged):
    scene, stays, goes = merged
    client.force_login(scene.again("proposer"))
    page = client.get(URL, {"vis": "mine"})

    assert {row.case for row in page.context["rows"]} >= {stays, goes}


def test_where_it_went_is_told_to_those_alone_who_may_know_of_that_one(client, merged):
    scene, stays, goes = merged
    UseCase.objects.filter(pk=stays.pk).update(status="parked")
    client.logout()
    body = client.get(URL, {"q": "sortering"}).content.decode()

    assert goes.title in body
    assert stays.title not in body
    assert stays.get_absolute_url() + '"' not in body
    assert "sortering" in body
    assert goes.title not in client.get(URL, {"q": "robot"}).content.decode()
    assert scene.committee.is_public


def test_many_merged_cases_ask_no_more_of_the_database(client, merged):
    scene, stays, _goes = merged

    def queries():
        with CaptureQueriesContext(connection) as found:
            page = client.get(URL, {"q": "sortering"})
        return len(found), page

    client.get(URL)
    before, _page = queries()
    for number in range(9):
        goes = a_case(scene.committee, scene.proposer, title=f"Sortering {number}")
        gone_into(goes, stays, scene.secretary)
    after, page = queries()

    assert before == after <= 12
    for look in ("tavle", "kort", "diagram"):
        with CaptureQueriesContext(connection) as found:
            client.get(URL, {"q": "sortering", "som": look})
        assert len(found) <= 12
    assert len(page.context["merged_rows"]) == 5
    assert page.context["merged_url"] == f"{URL}?q=sortering&vis={MERGED}"


def test_what_is_merged_does_not_wait_for_the_secretariat(client, merged):
    _scene, _stays, goes = merged
    UseCase.objects.filter(pk=goes.pk).update(status="submitted")

    assert client.get(URL, {"vis": "venter"}).context["total"] == 0


def test_a_merged_case_is_in_no_file_unless_it_was_asked_for(client, merged):
    _scene, stays, goes = merged
    address = reverse("usecases:export_file", args=["csv"])

    whole = b"".join(client.get(address)).decode("utf-8-sig")
    asked = b"".join(client.get(address, {"vis": MERGED})).decode("utf-8-sig")

    assert (stays.title in whole, goes.title in whole) == (True, False)
    assert (stays.title in asked, goes.title in asked) == (False, True)


# Empty fields in the address ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "clean"),
    [
        ("q=", ""),
        ("q=&status=pilot&status=parked", "?status=pilot&status=parked"),
        ("q=+&side=2&visning=", "?side=2"),
        ("q=%C3%A6ble&som=", "?q=%C3%A6ble"),
    ],
)
def test_empty_fields_do_not_stay_in_the_address(client, db, asked, clean):
    answer = client.get(f"{URL}?{asked}")
    part = client.get(f"{URL}?{asked}", headers={"HX-Request": "true"})

    assert (answer.status_code, answer["Location"]) == (302, f"{URL}{clean}")
    assert client.get(answer["Location"]).status_code == 200
    assert (part.status_code, part["HX-Push-Url"]) == (200, f"{URL}{clean}")
    assert b"<html" not in part.content


def test_an_address_without_empty_fields_is_left_alone(client, db):
    part = client.get(f"{URL}?q=robot", headers={"HX-Request": "true"})

    assert client.get(f"{URL}?q=robot").status_code == 200
    assert not part.has_header("HX-Push-Url")
