"""The dossier of a case: complete for its reader, silent on the rest, the same bytes again."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import jsonschema
import pypdfium2
import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from committee.enums import Role
from committee.models import User
from core import outbox, works
from core.canonical import canonical_json, sha256_hex
from core.documents import validate_ua
from core.models import AuditEntry, StoredFile, Work
from core.verdicts import NotAllowed
from ethics.enums.rounds import RoundState
from ethics.services.snapshots import take_snapshot
from meetings.services.publication import withdraw_minutes
from reports.documents.dossier import dossier_pdf, dossier_zip, may_open_dossier, schema_bytes
from reports.selectors.dossier import CHAPTERS, chapters_of, dossier_of, gathered
from reports.services.dossier import PDF, ZIP, request_dossier
from tests.ethics.scenes import a_condition, hand_in
from tests.ethics.scenes_rounds import Round, a_round, bring_to, declare, handed_out, seal
from tests.factories import days, person
from tests.reports import scenes as report_scenes
from tests.test_canary import words, words_in, words_in_bytes
from tests.world import World, standing_world, text_pdf
from usecases.models import UseCase
from usecases.services.discussion import remove_comment, write_comment

pytestmark = pytest.mark.django_db
SEALED = "Dette står i et forseglet ark"


def case_of(scene: Any) -> UseCase:
    return UseCase.objects.select_related("committee__municipality").get(pk=scene.case.pk)


def whole(scene: Any, name: str) -> str:
    return json.dumps(dossier_of(scene.again(name), case_of(scene)), ensure_ascii=False)


def unpacked(data: bytes) -> dict[str, bytes]:
    """The files of a package, without the folder they lie in."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def decided() -> Round:
    """A case that was reviewed, talked of, decided on, with a condition and its evidence."""
    scene = a_round()
    write_comment(case=scene.case_scene.fresh(), text="Hvem svarer **borgeren**?", by=scene.member)
    bring_to(scene, RoundState.CLOSED)
    row = a_condition(scene.case_scene)
    hand_in(row, data=text_pdf("Bevis"), filename="Bevis.PDF")
    take_snapshot(scene.case_scene.fresh(), scene.secretary)
    return scene


def evidence() -> StoredFile:
    """The file that was handed in."""
    return StoredFile.objects.get(filename__iendswith="pdf")


# What is in it ----------------------------------------------------------------------------------


def test_dossier_has_every_chapter_that_has_something() -> None:
    scene = decided()

    found = dossier_of(scene.again("secretary"), case_of(scene))

    chapters, empty = chapters_of(found)
    assert [one.number for one in chapters] == list(range(1, len(chapters) + 1))
    assert len(chapters) + len(empty) == len(CHAPTERS)
    assert {one.key for one in chapters} >= {
        *("text", "revisions", "course", "talk", "reviews", "conditions", "snapshots"),
        *("answer", "protocol", "files"),
    }
    jsonschema.validate(found, json.loads(schema_bytes()))


def test_dossier_quotes_hashes_that_are_true() -> None:
    scene = decided()
    case = case_of(scene)

    found = dossier_of(scene.again("secretary"), case)

    bodies = {row.number: row.body for row in case.revisions.all()}
    assert {one["number"]: one["sha256"] for one in found["revisions"]} == {
        number: hashlib.sha256(body.encode()).hexdigest() for number, body in bodies.items()
    }
    chain = dict(AuditEntry.objects.values_list("seq", "hash"))
    assert {one["seq"]: one["hash"] for one in found["protocol"]}.items() <= chain.items()
    assert [one["sha256"] for one in found["files"]] == [sha256_hex(evidence().read())]


def test_a_comment_that_was_taken_back_has_no_words() -> None:
    scene = decided()
    comment = write_comment(case=scene.case_scene.fresh(), text="Fortrydes", by=scene.member)
    remove_comment(comment=comment, by=scene.again("member"))

    found = dossier_of(scene.again("secretary"), case_of(scene))

    assert [row.get("text") for row in found["talk"]] == ["Hvem svarer **borgeren**?", None]


def test_a_dossier_with_words_of_withdrawn_minutes_is_opened_no_more() -> None:
    scene = report_scenes.a_scene(meeting="published")
    held = scene.held
    case = UseCase.objects.get(reference="AI-2026-001")
    UseCase.objects.filter(pk=case.pk).update(
        decision="pilot",
        decision_access="open",
        decision_link=held.opened.get_absolute_url(),
        decision_recorded_at=days(-12),
        status_since=days(-10),
    )
    citizen = person(None)
    case.refresh_from_db()
    work = request_dossier(case=case, kind=PDF, by=citizen)
    assert may_open_dossier(User.objects.get(pk=citizen.pk), work)

    withdraw_minutes(meeting=held.fresh(), reason="En fejl", by=scene.secretary)

    assert not may_open_dossier(User.objects.get(pk=citizen.pk), work)


# What is not ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["secretary", "chair", "council", "citizen", "proposer"])
def test_no_sealed_sheet_is_in_it_not_even_ones_own(name: str) -> None:
    scene = a_round()
    handed_out(scene)
    seal(scene, "council", note=SEALED)

    assert SEALED not in whole(scene, name)


def test_revealed_sheets_are_for_those_who_read_them_on_the_page() -> None:
    scene = a_round()
    handed_out(scene)
    for name in ("council", "citizen", "ethicist"):
        seal(scene, name, note=SEALED)
    scene.move("reveal")
    council_reader = person(scene.committee, Role.COUNCIL_READER)
    case = case_of(scene)

    assert SEALED in whole(scene, "secretary")
    assert SEALED not in whole(scene, "proposer")
    assert SEALED not in json.dumps(dossier_of(council_reader, case), ensure_ascii=False)


def test_who_is_partial_reads_nothing_of_the_review() -> None:
    scene = a_round()
    declare_later = "extra"
    handed_out(scene)
    declare(scene, declare_later, "yes", "Min bror.")

    assert dossier_of(scene.again(declare_later), case_of(scene))["reviews"] == []


def test_only_those_inside_read_the_protocol_and_the_discussion() -> None:
    scene = decided()

    found = dossier_of(scene.again("outsider"), case_of(scene))

    assert found["level"] == "public"
    assert [found[key] for key in ("talk", "protocol", "reviews", "hearings", "revisions")] == [
        [] for _key in range(5)
    ]
    assert found["files"] == []


# The documents ----------------------------------------------------------------------------------


def test_pdf_is_tagged_and_the_same_bytes_again() -> None:
    scene = decided()
    case = case_of(scene)

    first = dossier_pdf(scene.again("secretary"), case)

    assert validate_ua(first) == []
    assert dossier_pdf(scene.again("second"), case_of(scene)) == first
    document = pypdfium2.PdfDocument(first)
    chapters, _empty = chapters_of(dossier_of(scene.again("secretary"), case))
    marks = [one.get_title() for one in document.get_toc() if one.level == 0]
    assert marks == [f"{one.number}. {one.heading}" for one in chapters]


def test_package_is_the_same_bytes_again_and_its_list_is_true() -> None:
    scene = decided()
    case = case_of(scene)

    first = dossier_zip(scene.again("secretary"), case)

    assert dossier_zip(scene.again("secretary"), case_of(scene)) == first
    parts = unpacked(first)
    listed = dict(
        reversed(line.split("  ", 1)) for line in parts["manifest-sha512.txt"].decode().splitlines()
    )
    assert listed == {
        name: hashlib.sha512(data).hexdigest()
        for name, data in parts.items()
        if name != "manifest-sha512.txt"
    }
    assert parts["filer/vilkaar-01-dokumentation-01.pdf"] == evidence().read()
    assert list(parts) == sorted(parts)


def test_package_holds_the_frozen_bytes_and_data_that_fit_the_schema() -> None:
    scene = decided()
    case = case_of(scene)

    parts = unpacked(dossier_zip(scene.again("secretary"), case))

    data = json.loads(parts["sagsmappe.json"])
    jsonschema.validate(data, json.loads(parts["sagsmappe.schema.json"]))
    hashes = {one["number"]: one["sha256"] for one in data["revisions"]}
    frozen = {
        int(name[-9:-5]): hashlib.sha256(body).hexdigest()
        for name, body in parts.items()
        if name.startswith("versioner/")
    }
    assert frozen == hashes
    assert canonical_json(data) == parts["sagsmappe.json"]


def test_a_file_that_the_store_has_lost_is_named_and_the_rest_is_there() -> None:
    scene = decided()
    case = case_of(scene)
    found = gathered(scene.again("secretary"), case)
    from django.core.files.storage import default_storage

    default_storage.delete(found.files[0].file.path)

    parts = unpacked(dossier_zip(scene.again("secretary"), case))

    assert found.files[0].file.filename in parts["LAES-MIG.txt"].decode()
    assert not any(name.startswith("filer/") for name in parts)


# As a long work ---------------------------------------------------------------------------------


def ask(scene: Any, name: str, kind: str = PDF) -> Work:
    return request_dossier(case=case_of(scene), kind=kind, by=scene.again(name))


def test_the_same_dossier_is_made_once_for_all_who_read_the_same() -> None:
    scene = decided()

    first, second = ask(scene, "secretary"), ask(scene, "second")
    outbox.drain()

    assert first == second
    first.refresh_from_db()
    assert first.file is not None
    assert first.file.read() == dossier_pdf(scene.again("second"), case_of(scene))
    assert AuditEntry.objects.filter(verb="reports.request_dossier").count() == 2


def test_package_is_made_too() -> None:
    scene = decided()
    work = ask(scene, "secretary", ZIP)

    outbox.drain()

    work.refresh_from_db()
    assert work.file is not None
    assert work.file.filename.endswith(".zip")
    assert "sagsmappe.pdf" in unpacked(work.file.read())


def test_who_lost_access_cannot_open_what_was_made() -> None:
    scene = decided()
    work = ask(scene, "secretary")
    maker = works.maker_of(PDF)
    opens = [name for name in ("secretary", "second", "member", "proposer", "outsider")
             if maker.may_open(scene.again(name), work)]  # fmt: skip

    scene.secretary.memberships.all().delete()

    assert opens == ["secretary", "second"]
    assert not maker.may_open(scene.again("secretary"), work)
    assert not maker.may_open(AnonymousUser(), work)


def test_what_was_asked_for_is_not_made_when_it_is_no_longer_so() -> None:
    scene = decided()
    work = ask(scene, "secretary")
    write_comment(case=scene.case_scene.fresh(), text="Noget nyt", by=scene.member)

    outbox.drain()

    work.refresh_from_db()
    assert work.file is None


def test_nobody_has_one_made_by_looking_through_anothers_eyes() -> None:
    scene = decided()
    lens = scene.again("secretary")
    lens.is_looked_through = True

    with pytest.raises(NotAllowed):
        request_dossier(case=case_of(scene), kind=PDF, by=lens)


# The page ---------------------------------------------------------------------------------------


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_page_says_what_is_in_it_and_the_case_leads_there() -> None:
    scene = decided()
    client = client_of(scene.again("secretary"))
    url = reverse("reports:dossier_page", args=[scene.case.pk])

    answer = client.get(url).content.decode()

    chapters, _empty = chapters_of(dossier_of(scene.again("secretary"), case_of(scene)))
    assert [one.heading for one in chapters if escape(one.heading) not in answer] == []
    assert url in client.get(scene.case.get_absolute_url()).content.decode()


def test_a_title_alone_has_no_dossier() -> None:
    scene = a_round()
    url = reverse("reports:dossier_page", args=[scene.case.pk])

    assert client_of(scene.again("outsider")).get(url).status_code == 404


def test_queries_do_not_grow_with_comments(django_assert_max_num_queries: Any) -> None:
    scene = decided()
    case = case_of(scene)
    user = scene.again("secretary")
    dossier_of(user, case)
    for number in range(15):
        write_comment(case=scene.case_scene.fresh(), text=f"Nr. {number}", by=scene.member)

    with django_assert_max_num_queries(75):
        dossier_of(user, case_of(scene))


# Every word of the world of the canary ----------------------------------------------------------


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[World]:
    with standing_world(django_db_blocker, tmp_path_factory.mktemp("dossier")) as found:
        yield found


READERS = ("outsider", "member", "recused", "recused_chair", "chair", "follow_group",
           "secretariat", "admin", "former_member", "neighbour")  # fmt: skip


@pytest.mark.parametrize("name", READERS)
def test_each_reader_meets_only_their_own_words(world: World, name: str, settings: Any) -> None:
    settings.MEDIA_ROOT = world.media
    user = User.objects.get(pk=world.people[name].pk)
    rows = UseCase.objects.readable_by(user).select_related("committee__municipality")

    met = set()
    for case in rows:
        met |= words(json.dumps(dossier_of(user, case), ensure_ascii=False))
        if name in ("secretariat", "outsider"):
            met |= words_in_bytes(dossier_zip(user, case))

    others = {one.word: one.place for one in world.secrets if name not in one.readers}
    wrong = sorted(others[word] for word in met & others.keys())
    assert not wrong, "\n".join(wrong)
    assert met or name == "former_member"


@pytest.mark.parametrize("name", ["anonymous", *READERS])
def test_no_page_of_dossiers_or_personal_data_leaks(world: World, name: str, settings: Any) -> None:
    settings.MEDIA_ROOT = world.media
    cases = UseCase.objects.values_list("pk", flat=True)
    paths = [reverse("reports:dossier_page", args=[pk]) for pk in cases]
    paths += [reverse("reports:people_page"), reverse("reports:own_data")]
    for pk in User.objects.values_list("pk", flat=True):
        paths += [reverse(f"reports:person_{page}", args=[pk]) for page in ("page", "erase")]

    met = set().union(*(words_in(world.clients[name].get(path)) for path in paths))

    others = {one.word: one.place for one in world.secrets if name not in one.readers}
    assert sorted(others[word] for word in met & others.keys()) == []
