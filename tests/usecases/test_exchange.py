"""Files with cases in, and the register out again."""

import csv
import io
import json
import tracemalloc
import zipfile
from typing import Any

import openpyxl
import pytest
from django.utils import translation
from jsonschema import Draft202012Validator

from committee.enums import Role
from core import outbox, tables
from core.audit import all_entries, first_break
from core.models import AuditEntry
from core.verdicts import NotAllowed, Refused, StaleState
from demo.usecases import IMPORTED
from tests.factories import CommitteeFactory, MunicipalityFactory, person
from tests.usecases.scenes import a_scene, bring_to, submit
from usecases.enums import Status
from usecases.exchange.mappings import FORMATS, target
from usecases.exchange.records import EXAMPLE
from usecases.models import CaseImport, ImportRow, Revision, UseCase
from usecases.selectors import exchange
from usecases.services import import_taking, importing
from usecases.services.texts import content_of

pytestmark = pytest.mark.django_db
NAMES = ["csv", "xlsx", "json", "kl", "nl", "atrs"]


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def client(client):
    client.cookies["django_language"] = "en"
    return client


def a_body(**fields: Any) -> tuple[Any, Any]:
    committee = CommitteeFactory(
        municipality=MunicipalityFactory(name="Gentofte Kommune"), **fields
    )
    return committee, person(committee, Role.SECRETARIAT, name="Sekretær")


def read_in(committee, by, data: bytes, name: str = "landkort.csv", **more: Any) -> CaseImport:
    batch = importing.begin_import(committee=committee, data=data, filename=name, by=by, **more)
    outbox.drain()
    return importing.get_batch(batch.pk)


def take_in(committee, by, data: bytes, name: str = "landkort.csv", **more: Any) -> CaseImport:
    batch = read_in(committee, by, data, name, **more)
    importing.confirm_import(batch=batch, by=by)
    outbox.drain()
    return importing.get_batch(batch.pk)


def table(*lines: str, heads: str = "Projekttitel;Beskrivelse;Kommune") -> bytes:
    return "\n".join([heads, *lines]).encode()


def holding(batch: CaseImport) -> dict[int, list[str]]:
    rows = batch.rows.filter(action="held")
    return {row.number: [m["text"] for m in row.messages if m["holds"]] for row in rows}


def file_of(name: str, user: Any) -> bytes:
    return b"".join(exchange.pieces(name, user, exchange.exported(user), "https://x.dk"))


def records() -> dict[str, Any]:
    """Everything that a file could change, by title."""
    rows = UseCase.objects.order_by("pk")
    return {
        case.title: (content_of(case), case.status, case.reference, case.version, str(case.uid))
        for case in rows
    }


def test_import_takes_rows_in_with_their_source_and_one_revision_each():
    committee, by = a_body()

    batch = take_in(committee, by, table("AI til post;Sorterer post.;Vejle"))

    case = UseCase.objects.get()
    assert (case.title, case.summary, case.municipality) == (
        "AI til post",
        "Sorterer post.",
        "0630",
    )
    assert (case.status, case.revision, case.reference[:3]) == (Status.SUBMITTED, 1, "AI-")
    assert case.source | {"at": ""} == {
        "import": batch.pk, "file": "landkort.csv", "sha256": batch.file.sha256, "row": 2,
        "reported": "", "status": "", "id": "", "at": "", "by": by.pk, "unplaced": {},
    }  # fmt: skip
    assert importing.counts_of(batch) == {"new": 1, "update": 0, "same": 0, "held": 0}
    assert Revision.objects.get().content["fields"]["title"] == "AI til post"
    assert first_break(all_entries()) is None


@pytest.mark.database
def test_import_again_changes_nothing_and_a_changed_row_updates():
    committee, by = a_body()
    take_in(committee, by, table("AI til post;Sorterer post.;Vejle"))

    same = take_in(
        committee,
        by,
        table("  AI til POST ;Sorterer post.;Vejle Kommune").replace(b"POST", b"post"),
    )
    changed = take_in(committee, by, table("AI til post;Sorterer al post.;Vejle"))

    assert importing.counts_of(same)["same"] == 1
    assert importing.counts_of(changed)["update"] == 1
    case = UseCase.objects.get()
    assert (case.summary, case.version, case.revision) == ("Sorterer al post.", 2, 2)


def test_import_finds_a_row_by_its_id_when_the_title_changes():
    committee, by = a_body()
    heads = "Id;Projekttitel;Kommune"
    take_in(committee, by, table("a-1;Gammel titel;Vejle", "a-2;Gammel titel;Vejle", heads=heads))

    take_in(committee, by, table("a-1;Ny titel;Vejle", "a-2;Gammel titel;Vejle", heads=heads))

    assert sorted(UseCase.objects.values_list("title", flat=True)) == ["Gammel titel", "Ny titel"]


@pytest.mark.database
def test_import_says_beside_each_row_what_is_wrong():
    committee, by = a_body()
    heads = "Projekttitel;Beskrivelse;Kommune;Fagområde;Indmeldt"
    lines = (
        ";Uden titel;Vejle;;",
        "Uden kommune;;;;",
        "Forkert kommune;;Atlantis;;",
        "Fra fremtiden;;Vejle;;01.01.2999",
        "Dato som tekst;;Vejle;;i foråret",
        "Rigtig dato;;Vejle;Kvantefysik;4. juni 2024",
        "To gange;;Vejle;;",
        "to  gange;;Vejle;;",
        "=1+1;;Vejle;;",
        f"{'x' * 101};;Vejle;;",
    )

    batch = take_in(committee, by, table(*lines, heads=heads))

    assert holding(batch) == {
        2: ["The title is missing."],
        3: ["The municipality is missing."],
        4: ["There is no municipality called “Atlantis”."],
        5: ["The date lies in the future."],
        6: ["“i foråret” is not a date. Write it as 25.02.2026."],
        9: ["The same case stands in row 8. Only that one is used."],
        11: ["Write at most 100 characters."],
    }
    right = UseCase.objects.get(title="Rigtig dato")
    assert (right.field, right.source["reported"]) == ("", "2024-06-04")
    assert right.source["unplaced"] == {"Fagområde": "Kvantefysik"}
    assert UseCase.objects.filter(title="=1+1").exists()
    assert batch.rows.get(number=3).cells["Projekttitel"] == "Uden kommune"


def test_import_holds_one_of_two_rows_of_which_one_has_an_id(monkeypatch):
    monkeypatch.setattr(importing, "CHUNK", 1)
    committee, by = a_body()
    rows = ("1;A;Vejle", ";A;Vejle", ";B;Vejle", "2;B;Vejle", "3;A;Vejle", ";A;Vejle")

    batch = take_in(committee, by, table(*rows, heads="Id;Titel;Kommune"))

    told = "The same case stands in row %d. Only that one is used."
    assert holding(batch) == {3: [told % 2], 5: [told % 4], 7: [told % 2]}
    assert [case.title for case in UseCase.objects.order_by("pk")] == ["A", "B", "A"]


def test_the_same_file_twice_at_once_makes_each_case_once(run_together):
    committee, by = a_body()
    lines = [f"Nr {n};x;Vejle" for n in range(30)]
    batches = [read_in(committee, by, table(*lines), f"{n}.csv") for n in range(2)]
    for batch in batches:
        importing.confirm_import(batch=batch, by=by)

    run_together(
        *(
            lambda pk=batch.pk: importing.run_import(importing.get_batch(pk), lambda *_: None)
            for batch in batches
        )
    )

    assert UseCase.objects.count() == 30


@pytest.mark.database
def test_the_same_file_taken_in_by_two_workers_is_taken_in_once(run_together, monkeypatch):
    committee, by = a_body()
    monkeypatch.setattr(importing, "CHUNK", 10)
    batch = read_in(committee, by, table(*(f"Nr {n};x;Vejle" for n in range(35))))
    importing.confirm_import(batch=batch, by=by)
    both = [importing.get_batch(batch.pk) for _n in range(2)]

    answers = run_together(
        *(lambda one=one: importing.run_import(one, lambda *_: None) for one in both)
    )

    assert answers == [None, None]
    _require_taken_in_once(batch, 35)


def test_import_trusts_the_table_and_not_what_the_worker_read_before(monkeypatch):
    """Another worker has the same file, and comes further while this one reads."""
    committee, by = a_body()
    monkeypatch.setattr(importing, "CHUNK", 10)
    batch = read_in(committee, by, table(*(f"Nr {n};x;Vejle" for n in range(35))))
    importing.confirm_import(batch=batch, by=by)
    late = importing.get_batch(batch.pk)
    importing.run_import(importing.get_batch(batch.pk), lambda *_: None)

    importing.run_import(late, lambda *_: None)

    assert late.state == "done"
    _require_taken_in_once(batch, 35)


def _require_taken_in_once(batch: CaseImport, rows: int) -> None:
    """No row was looked at again: it would have become "unchanged"."""
    verbs = AuditEntry.objects.values_list("verb", flat=True)
    assert importing.counts_of(batch) == {"new": rows, "update": 0, "same": 0, "held": 0}
    assert UseCase.objects.count() == rows
    assert list(verbs).count("usecases.finish_import") == 1
    assert list(verbs).count("usecases.import_rows") == (rows + 9) // 10


def test_import_again_of_a_no_changes_nothing():
    from usecases.record import record

    committee, by = a_body()
    field = next(one.key for one in record().fields if one.type == "boolean")
    data = table("A;Vejle;Nej", heads=f"Titel;Kommune;{field}")
    take_in(committee, by, data)

    assert importing.counts_of(take_in(committee, by, data))["same"] == 1


def test_import_holds_the_one_row_that_cannot_be_saved():
    committee, by = a_body()
    heads = "Id;Titel;Kommune;pilot_start;pilot_end"
    uid = "6f9619ff-8b86-d011-b42d-00c04fc964ff"
    wrong = "1;A;Vejle;01.02.2026;01.01.2026"
    good = "2;B;Vejle;01.01.2026;01.02.2026", f"{uid};C;Vejle;;", f"{{{uid}}};D;Vejle;;"
    batch = take_in(committee, by, table(wrong, *good, heads=heads))
    again = take_in(committee, by, table("2;B;Vejle;01.03.2026;", heads=heads))

    told = ["The pilot must end after it begins."]
    assert (holding(batch), holding(again)) == ({2: told}, {2: told})
    assert [case.title for case in UseCase.objects.order_by("pk")] == ["B", "C", "D"]
    assert again.rows.get().cells["Titel"] == "B"


def test_import_holds_a_row_that_is_refused_while_it_is_saved(monkeypatch):
    """Whatever becomes of the case between the look at it and the saving."""
    committee, by = a_body()
    take_in(committee, by, table("A;x;Vejle", "B;x;Vejle"))
    batch = read_in(committee, by, table("A;y;Vejle", "B;y;Vejle"))
    found = import_taking.matches

    def late(*args: Any) -> Any:
        known = found(*args)
        known[2].version -= 1
        return known

    monkeypatch.setattr(import_taking, "matches", late)
    importing.confirm_import(batch=batch, by=by)
    outbox.drain()

    assert list(holding(batch)) == [2]
    assert [case.summary for case in UseCase.objects.order_by("title")] == ["x", "y"]


def test_import_holds_links_that_no_browser_may_follow():
    committee, by = a_body()
    heads = "Titel;Kommune;public_page"
    rows = ("A;Vejle;javascript:alert(1)", "B;Vejle;data:text/html,x", "C;Vejle;HTTPS://x.dk/")

    batch = take_in(committee, by, table(*rows, heads=heads))

    told = ["A link must begin with https:// or http://."]
    assert holding(batch) == {2: told, 3: told}
    assert UseCase.objects.get().value("public_page") == "HTTPS://x.dk/"


def test_import_takes_rows_without_municipality_when_that_is_ticked():
    committee, by = a_body()

    take_in(committee, by, table("Post;;", "Andet;;Atlantis"), allow_unplaced=True)

    assert list(UseCase.objects.values_list("municipality", flat=True)) == ["", ""]
    assert UseCase.objects.get(title="Andet").source["unplaced"] == {"Kommune": "Atlantis"}


def test_import_keeps_the_whole_text_of_a_long_description():
    committee, by = a_body()
    text = "Projektet er indmeldt 04.06.2024 og er i drift. " + "Ord og ord. " * 60

    take_in(committee, by, table(f"Post;{text};Vejle"))

    case = UseCase.objects.get()
    assert len(case.summary) <= 350
    assert case.source["unplaced"]["Beskrivelse"] == text.strip()
    assert (case.status, case.source["reported"]) == (Status.OPERATION, "2024-06-04")


def test_import_of_our_own_municipality_never_skips_the_way():
    committee, by = a_body()

    take_in(committee, by, table("Post;;Gentofte;drift", heads="Titel;Beskrivelse;Kommune;Status"))

    assert UseCase.objects.get().status == Status.SUBMITTED


@pytest.mark.parametrize(
    ("encoding", "sign"), [("cp1252", ";"), ("utf-8-sig", ","), ("utf-8", "\t"), ("utf-16", ";")]
)
def test_import_reads_the_character_sets_and_signs_of_spreadsheets(encoding, sign):
    committee, by = a_body()
    text = f"Projekttitel{sign}Kommune\r\nÆbler på bålet{sign}Ærø\r\n"

    take_in(committee, by, text.encode(encoding))

    assert list(UseCase.objects.values_list("title", "municipality")) == [
        ("Æbler på bålet", "0492")
    ]


def a_sheet(*lines: list[Any], hidden: bool = False, merge: str = "") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    if hidden:
        sheet.sheet_state = "hidden"
        sheet.append(["Projekttitel", "Kommune"])
        sheet.append(["Skjult", "Vejle"])
        sheet = book.create_sheet("Synligt")
    for line in lines:
        sheet.append(line)
    if merge:
        sheet.merge_cells(merge)
    target_file = io.BytesIO()
    book.save(target_file)
    return target_file.getvalue()


def test_import_of_a_spreadsheet_leaves_hidden_sheets_and_evaluates_nothing():
    committee, by = a_body()
    data = a_sheet(
        ["Landkort", None], ["Projekttitel", "Kommune"], ["=1+2", "Vejle"], ["B", "Aarhus"],
        [None, "Aarhus"], hidden=True, merge="A4:A5",
    )  # fmt: skip

    batch = take_in(committee, by, data, "kort.xlsx")

    assert sorted(UseCase.objects.values_list("title", flat=True)) == ["=1+2", "B"]
    assert batch.notes == [
        "Only the sheet “Synligt” was read.",
        "1 hidden sheet was left out.",
        "The sheet has merged cells. Only the first cell of each holds the value.",
    ]
    assert holding(batch) == {5: ["The title is missing."]}


def a_bomb() -> bytes:
    target_file = io.BytesIO()
    with zipfile.ZipFile(target_file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 70_000_000)
    return target_file.getvalue()


def a_changed_sheet(member: str, old: str, new: str) -> bytes:
    """A spreadsheet whose parts no longer fit each other."""
    whole, made = zipfile.ZipFile(io.BytesIO(a_sheet(["Projekttitel"], ["A"]))), io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in whole.namelist():
            text = whole.read(name).decode()
            assert name != member or old in text
            archive.writestr(name, text.replace(old, new) if name == member else text)
    return made.getvalue()


def a_sheet_without_its_texts() -> bytes:
    return a_changed_sheet(
        "xl/worksheets/sheet1.xml", 't="inlineStr"><is><t>A</t></is>', 't="s"><v>99</v>'
    )


def a_sheet_without_a_colour() -> bytes:
    return a_changed_sheet("xl/styles.xml", 'fontId="0"', 'fontId="77"')


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("tekster.xlsx", a_sheet_without_its_texts),
        ("farver.xlsx", a_sheet_without_a_colour),
        ("bombe.xlsx", a_bomb),
        ("ikke.xlsx", lambda: b"PK ikke et regneark"),
        ("uden.csv", lambda: b"a;b\n1;2\n"),
        ("brudt.json", lambda: b"{"),
        ("liste.json", lambda: b"[1]"),
        ("halv.xlsx", lambda: a_sheet(["Projekttitel"], ["A"])[:-30]),
        ("nul.csv", lambda: b'Projekttitel;Kommune\n"\x00' + b"x" * 200_000),
    ],
)
def test_import_of_a_bad_file_says_so_and_takes_nothing(name, data):
    committee, by = a_body()

    batch = read_in(committee, by, data(), name)

    assert batch.state == "failed"
    assert batch.failure.endswith((".", "!"))
    assert UseCase.objects.count() == 0
    with pytest.raises(StaleState):
        importing.confirm_import(batch=batch, by=by)


@pytest.mark.parametrize(
    ("name", "size"), [("a.csv", 0), ("a.csv", 21 * 1024 * 1024), ("a.exe", 9)]
)
def test_import_refuses_by_size_and_type_at_the_door(name, size):
    committee, by = a_body()

    with pytest.raises(Refused):
        importing.begin_import(committee=committee, data=b"x" * size, filename=name, by=by)


def test_import_is_the_secretariats():
    committee, _by = a_body()

    with pytest.raises(NotAllowed):
        importing.begin_import(
            committee=committee, data=b"x", filename="a.csv", by=person(committee, Role.MEMBER)
        )


@pytest.mark.database
def test_import_stopped_in_the_middle_goes_on_and_twice_is_once(monkeypatch):
    committee, by = a_body()
    monkeypatch.setattr(importing, "CHUNK", 10)
    lines = [f"Sag {n};;Vejle" for n in range(35)]
    batch = read_in(committee, by, table(*lines))
    importing.confirm_import(batch=batch, by=by)
    steps: list[tuple[str, int]] = []

    def dies(step: str, share: int, /) -> None:
        steps.append((step, share))
        if len(steps) == 2:
            raise outbox.Cancelled

    with pytest.raises(outbox.Cancelled):
        importing.run_import(importing.get_batch(batch.pk), dies)
    halfway = UseCase.objects.count()
    outbox.drain()
    importing.run_import(importing.get_batch(batch.pk), dies)

    assert (halfway, steps) == (20, [("10 of 35 rows", 28), ("20 of 35 rows", 57)])
    assert importing.counts_of(batch) == {"new": 35, "update": 0, "same": 0, "held": 0}
    assert UseCase.objects.values("reference").distinct().count() == 35
    assert AuditEntry.objects.filter(verb="usecases.finish_import").count() == 1


def test_import_of_json_with_half_a_character_keeps_the_rest():
    committee, by = a_body()
    fields = {"title": "A \ud800 B", "municipality": "0630"}
    data = json.dumps({"kind": "udvalgsrum-cases", "cases": [{"id": "", "fields": fields}]})

    take_in(committee, by, data.encode(), "a.json")

    assert UseCase.objects.get().title == "A ? B"


def test_import_follows_a_project_elsewhere_that_has_moved_on():
    committee, by = a_body()
    heads = "Projekttitel;Kommune;Status"
    take_in(committee, by, table("Post;Vejle;pilot", heads=heads))

    batch = take_in(committee, by, table("Post;Vejle;i drift", heads=heads))

    assert importing.counts_of(batch)["update"] == 1
    assert UseCase.objects.get().status == Status.OPERATION


def test_import_of_a_stop_knows_where_it_was_and_the_log_names_it():
    committee, by = a_body()
    heads = "Projekttitel;Kommune;Status"
    take_in(committee, by, table("Post;Vejle;pilot", "Mails;Vejle;pilot", heads=heads))

    take_in(committee, by, table("Post;Vejle;suspended", "Mails;Vejle;pilot", heads=heads))

    case = UseCase.objects.get(title="Post")
    assert (case.status, case.previous_status) == (Status.SUSPENDED, Status.PILOT)
    entry = AuditEntry.objects.filter(verb="usecases.import_rows").latest("pk")
    assert (entry.data["new"], entry.data["moved"]) == ([], [case.pk])


def test_import_never_touches_a_draft_nor_a_neighbours_case():
    scene = a_scene()
    other, by = a_body(slug="nabo")
    case = bring_to(scene, Status.SUBMITTED)
    line = f"{case.uid};{case.title};Gentofte"

    take_in(other, by, table(line, heads="Id;Titel;Kommune"))

    assert scene.fresh().version == case.version
    assert UseCase.objects.filter(committee=other).get().uid != case.uid


# Out ------------------------------------------------------------------------------------------


@pytest.mark.database
@pytest.mark.parametrize("name", NAMES)
def test_eight_samples_exported_and_imported_again_are_equal_records(name):
    committee, by = a_body()
    take_in(committee, by, IMPORTED.read_bytes(), allow_unplaced=True, is_example=True)
    before = records()
    assert len(before) == 8

    data = file_of(name, by)
    extension = exchange.ALL[name].extension
    batch = take_in(committee, by, data, f"igen.{extension}", allow_unplaced=True)

    assert importing.counts_of(batch) == {"new": 0, "update": 0, "same": 8, "held": 0}
    assert records() == before


@pytest.mark.parametrize("name", ["csv", "xlsx", "json"])
def test_eight_samples_imported_into_an_empty_place_are_equal_records(name):
    committee, by = a_body()
    take_in(committee, by, IMPORTED.read_bytes(), allow_unplaced=True)
    before = records()
    data = file_of(name, by)
    _forget()

    take_in(committee, by, data, f"nyt.{exchange.ALL[name].extension}", allow_unplaced=True)

    after = {title: row for title, row in records().items() if "væk" not in title}
    assert {title: (row[0], row[1], row[4]) for title, row in after.items()} == {
        title: (row[0], row[1], row[4]) for title, row in before.items()
    }


def _forget() -> None:
    """An empty installation: revisions are append-only, so the cases step aside instead."""
    import uuid

    from usecases.models import ImportKey

    elsewhere = CommitteeFactory(slug="et-andet-sted")
    ImportKey.objects.all().delete()
    for case in UseCase.objects.all():
        UseCase.objects.filter(pk=case.pk).update(
            uid=uuid.uuid4(), title=f"væk {case.pk}", committee=elsewhere
        )


def test_json_export_follows_its_published_schema():
    scene = a_scene()
    bring_to(scene, Status.OPERATION)
    schema = exchange.json_schema("https://x.dk")
    Draft202012Validator.check_schema(schema)

    for user in (scene.secretary, scene.outsider):
        data = json.loads(
            file_of("json", scene.again("secretary") if user is scene.secretary else user)
        )
        assert [e.message for e in Draft202012Validator(schema).iter_errors(data)] == []
        assert len(data["cases"]) == 1


def test_export_gives_each_reader_what_the_page_gives():
    scene = a_scene()
    bring_to(scene, Status.OPERATION)

    public = json.loads(file_of("json", scene.outsider))["cases"][0]["fields"]
    inside = json.loads(file_of("json", scene.again("member")))["cases"][0]["fields"]

    assert set(inside) - set(public) == {
        "access_terms", "assessments", "data_sharing", "owner", "performance", "risks", "training",
    }  # fmt: skip
    assert not {"contact_name", "contact_email", "contact_phone"} & set(inside)


def test_export_of_a_title_tells_no_more_than_the_title():
    scene = a_scene()
    bring_to(scene, Status.UNDER_ASSESSMENT)

    row = exchange.row_of(scene.outsider, scene.fresh())

    assert set(row) == {"id", "number", "status", "title", "example"}
    assert all(file_of(name, scene.outsider) for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_export_has_no_drafts_and_nothing_of_contact(name):
    scene = a_scene()
    for user in (scene.proposer, scene.secretary, scene.outsider):
        assert b"AI til mails" not in file_of(name, user)
    submit(scene)

    found = file_of(name, scene.again("secretary"))

    assert b"nogen@example.dk" not in found
    assert b"AI til mails" not in file_of(name, scene.outsider)


def test_csv_export_is_safe_from_formulas_and_comes_back_whole():
    committee, by = a_body()
    titles = ["=HYPERLINK(1)", "+1", "-1", "@a", "'=a", "'b"]
    take_in(committee, by, table(*(f"{t};;Vejle" for t in titles)))
    before = records()

    data = file_of("csv", by)
    cells = [row[4] for row in csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";")]
    batch = take_in(committee, by, data, "igen.csv")

    assert [cell for cell in cells if cell[:1] in "=+-@"] == []
    assert importing.counts_of(batch)["same"] == len(before)
    assert records() == before


@pytest.mark.parametrize("text", ["=a", "'=a", "''=a", "'a", "a", "", "-", "'-"])
def test_guarded_text_comes_back_as_it_was(text):
    assert tables.unguarded(tables.guarded(text)) == text


def test_examples_are_marked_in_every_format():
    committee, by = a_body()
    take_in(committee, by, IMPORTED.read_bytes(), allow_unplaced=True, is_example=True)

    for name in set(NAMES) - {"xlsx"}:
        assert file_of(name, by).decode().count(EXAMPLE) >= 8
    book = openpyxl.load_workbook(io.BytesIO(file_of("xlsx", by)))
    assert [row[-1].value for row in book.active.iter_rows(min_row=2)] == [EXAMPLE] * 8


@pytest.mark.parametrize("name", FORMATS)
def test_targets_hold_their_lengths_and_say_what_is_missing(name):
    scene = a_scene()
    bring_to(scene, Status.OPERATION)
    user = scene.again("secretary")
    row = exchange.row_of(user, scene.fresh()) | {"title": "x" * 300, "municipality": ""}
    wanted = target(name)

    made, missing, shortened = exchange.to_target(wanted, row)

    for one in wanted.fields:
        assert not one.max_length or len(made[one.key]) <= one.max_length
        assert (
            not one.values
            or not made[one.key]
            or set(made[one.key] if one.is_list else [made[one.key]]) <= set(one.values.values())
        )
    assert any("ommune" in key or "rganis" in key or "rganiz" in key for key in missing)
    assert bool(shortened) == any(
        one.max_length == 100 for one in wanted.fields if one.sources == ("title",)
    )


def test_import_holds_its_memory_however_many_rows():
    committee, by = a_body()

    def peak(count: int) -> int:
        lines = [f"Sag {count} {n};{'Tekst ' * 20};Vejle" for n in range(count)]
        data = table(*lines)
        del lines
        batch = importing.begin_import(committee=committee, data=data, filename="stor.csv", by=by)
        del data
        tracemalloc.start()
        outbox.drain()
        importing.confirm_import(batch=importing.get_batch(batch.pk), by=by)
        outbox.drain()
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    take_in(committee, by, table("Varm op;;Vejle"))
    small, large = peak(1000), peak(5000)

    assert ImportRow.objects.filter(action="new").count() == 6001
    assert large < 1.5 * small


# Pages ----------------------------------------------------------------------------------------


def upload(client, data: bytes, name: str = "landkort.csv", **more: Any):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return client.post("/forslag/import/", {"file": SimpleUploadedFile(name, data), **more})


def test_import_pages_go_from_file_to_preview_to_result(client):
    _committee, by = a_body()
    client.force_login(by)

    page = upload(client, table("AI til post;;Vejle", ";;Vejle"))["Location"]
    waiting = client.get(page)
    outbox.drain()
    preview = client.get(page)
    client.post(f"{page}udfoer/")
    outbox.drain()
    result = client.get(page)
    held = client.get(f"{page}tilbageholdt.csv")

    assert 'hx-trigger="every 2s"' in waiting.content.decode()
    assert "Import 1 row" in preview.content.decode()
    assert "The import is done." in result.content.decode()
    assert held.content.decode("utf-8-sig").splitlines()[1] == ";;Vejle;3;The title is missing."
    assert list(UseCase.objects.values_list("title", flat=True)) == ["AI til post"]


def test_import_poll_is_304_until_something_happens(client):
    _committee, by = a_body()
    client.force_login(by)
    page = upload(client, table("AI til post;;Vejle"))["Location"]
    asks = {"HTTP_HX_REQUEST": "true"}

    first = client.get(page, **asks)
    again = client.get(page, HTTP_IF_NONE_MATCH=first["ETag"], **asks)
    outbox.drain()
    after = client.get(page, HTTP_IF_NONE_MATCH=first["ETag"], **asks)

    assert (first.status_code, again.status_code, after.status_code) == (200, 304, 200)


def test_import_of_a_file_that_is_far_too_big_is_refused_with_a_sentence(client):
    _committee, by = a_body()
    client.force_login(by)

    answer = upload(client, b"x" * 60 * 1024 * 1024)

    assert answer.status_code == 422
    assert "Split it into several files." in answer.content.decode()
    assert CaseImport.objects.count() == 0


def test_export_page_and_file_follow_the_filter_of_the_list(client):
    scene = a_scene()
    bring_to(scene, Status.OPERATION)

    whole = client.get("/forslag/eksport/json/")
    none = client.get("/forslag/eksport/json/?status=pilot")

    assert len(json.loads(b"".join(whole))["cases"]) == 1
    assert json.loads(b"".join(none))["cases"] == []
    assert whole["Content-Disposition"] == 'attachment; filename="ai-register-json.json"'
    assert client.get("/forslag/eksport/skema.json").json()["$id"].endswith("skema.json")
    assert "publication_category" not in client.get("/forslag/eksport/nl/mangler/").content.decode()


def test_inspiration_begins_a_proposal_with_the_idea_as_title(client):
    _committee, by = a_body()
    client.force_login(by)

    page = client.get("/forslag/inspiration/").content.decode()
    form = client.get("/forslag/nyt/?titel=AI%20til%20vejtilsyn").content.decode()

    assert page.count("?titel=") == 17
    assert 'value="AI til vejtilsyn"' in form


# Commands -------------------------------------------------------------------------------------


def test_commands_import_and_export_with_plain_messages(tmp_path, capsys):
    from django.core.management import CommandError, call_command

    committee, by = a_body()
    by.username = "sekretariat"
    by.save()
    file = tmp_path / "landkort.csv"
    file.write_bytes(table("AI til post;;Vejle", ";;Vejle"))
    where = ["--by", "sekretariat", "--committee", committee.slug]

    call_command("import_landkort", str(file), *where)
    call_command(
        "export_register",
        "--format",
        "json",
        "--by",
        "sekretariat",
        "--out",
        str(tmp_path / "ud.json"),
    )
    told = capsys.readouterr()

    assert told.out.splitlines()[0] == "New: 1"
    assert "Row 3. Projekttitel: The title is missing." in told.out
    assert told.err.startswith("1 cases written to")
    assert len(json.loads((tmp_path / "ud.json").read_text())["cases"]) == 1
    with pytest.raises(CommandError, match="held back"):
        call_command("import_landkort", str(file), *where, "--strict")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_landkort", str(tmp_path / "findes-ikke.csv"), *where)
    with pytest.raises(CommandError, match="no user"):
        call_command("import_landkort", str(file), "--by", "ukendt")
