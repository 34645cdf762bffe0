"""Minutes written elsewhere become a meeting: nothing lost, nothing added, nothing half done."""

import io
import json
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from committee.enums import Role
from core.models import AuditEntry, StoredFile
from core.verdicts import NotAllowed, Refused
from meetings.enums import MeetingState
from meetings.importing import parse_minutes
from meetings.importing.accounting import WORD
from meetings.models import Meeting
from meetings.selectors.snapshot import live_snapshot
from meetings.services.importing import import_minutes
from tests.factories import CommitteeFactory, RuleProfileFactory, person

ROOT = Path(__file__).resolve().parents[2]
SEEDS = sorted((ROOT.parent / "shared" / "seeds").glob("00[02]_*.txt"))
SAMPLES = sorted((ROOT / "tests" / "data" / "minutes").iterdir())
OUR_FORM = ROOT / "tests" / "data" / "minutes" / "gentofte_form.md"

MINUTES = """REFERAT Opgaveudvalget Prøve den 03-12-2025

Mødedato: 3. december 2025 kl. 16:30
Mødested: Kantinen

Et løst ord uden plads.

Punkt 1: Første sag

1 (Åben) Første sag

Sags ID: EMN-2025-00001

Sagsgang
Økonomiudvalget.

Resumé
Sagen kort.

Indstilling
Forvaltningen indstiller, at sagen drøftes.

Tidligere beslutninger

Beslutninger
Drøftet.

Bilag
- Notat om sagen

Punkt 2: Anden sag

2 (Lukket) Anden sag

Resumé
Fortroligt.

Beslutninger
Godkendt.
"""


@pytest.fixture
def committee(db):
    profile = RuleProfileFactory(
        terms__committee=CommitteeFactory(name="Prøve", slug="proeve"), valid_from=date(2020, 1, 1)
    )
    return profile.terms.committee


def run(committee, text=MINUTES, **more):
    data = text.encode() if isinstance(text, str) else text
    more = {"filename": "referat.txt", "by": None, **more}
    return import_minutes(committee=committee, data=data, **more)


def words(*texts):
    return Counter(word for text in texts for word in WORD.findall(text))


def stored_words(meeting):
    """Every word of the meeting that a reader of the full minutes can find somewhere."""
    snapshot = live_snapshot(meeting, "minutes")
    texts = [meeting.title, meeting.place, meeting.unplaced]
    for item in snapshot["items"]:
        texts += [item["title"], item["case_id"]]
        texts += [part[key] for part in item["sections"] for key in ("heading", "lead", "text")
                  if part["keep"] or part["text"]]  # fmt: skip
        texts += [item["decision"]["heading"], item["decision"]["text"]] if item["decision"] else []
        texts += [item["attachments_heading"]] if item["attachments_keep"] else []
    return words(*texts)


@pytest.mark.parametrize("path", [*SEEDS, *SAMPLES], ids=lambda path: path.name)
def test_import_minutes_loses_and_invents_no_word(committee, path):
    imported = run(committee, path.read_bytes(), filename=path.name, day=date(2025, 12, 3))
    parsed = imported.parsed
    texts = [parsed.title, parsed.place, *parsed.unplaced]
    for item in parsed.items:
        texts += [item.heading, item.case_id, item.attachments_heading, *item.attachments]
        for part in (*item.sections, *filter(None, [item.decision])):
            texts += [part.heading, part.text]
    stored = stored_words(imported.meeting)

    assert imported.account == ((), ())
    assert words(*texts) - stored == Counter()
    # Only what stands in for a heading the source lacks, and labels of what was not placed.
    added = stored - words(*texts)
    labels = words(imported.meeting.title) + words(imported.meeting.unplaced)
    assert set(added) - set(labels) == set()


@pytest.mark.skipif(not SEEDS, reason="the seeds are not beside this checkout")
def test_import_minutes_sets_the_meeting_up_as_seed_000_says(committee):
    meeting = run(committee, SEEDS[0].read_bytes()).meeting
    item = meeting.items.get()

    assert meeting.title == "REFERAT Opgaveudvalg AI i Gentofte Kommune d. 03-12-2025"
    assert meeting.number == 2
    assert timezone.localtime(meeting.starts_at).isoformat() == "2025-12-03T17:00:00+01:00"
    assert meeting.place == "Venstre side af Kantinen"
    assert meeting.state == MeetingState.MINUTES_DRAFT
    assert meeting.unplaced == ""
    assert (item.title, item.access, item.case_id) == (
        "2. møde i Opgaveudvalget AI i Gentofte", "open", "EMN-2025-08223",
    )  # fmt: skip
    assert [text.key for text in item.texts.order_by("pk")] == [
        "summary", "background", "agenda", "recommendation", "earlier_decisions", "decision",
        "attachments",
    ]  # fmt: skip


def test_import_minutes_keeps_what_has_no_place_and_says_so(committee):
    imported = run(committee)

    assert "Et løst ord uden plads." in imported.meeting.unplaced
    assert "Sagsgang: Økonomiudvalget." in imported.meeting.unplaced
    assert "- Notat om sagen" in imported.meeting.unplaced
    assert len(imported.warnings) >= 2


def test_import_minutes_leaves_a_closed_item_for_a_person_to_finish(committee):
    item = run(committee).meeting.items.get(position=2)

    assert item.access == "closed"
    assert item.public_title == ""
    assert item.closing_reason


def test_import_minutes_adds_no_lead_of_its_own(committee):
    meeting = run(committee).meeting
    sections = live_snapshot(meeting, "minutes")["items"][0]["sections"]

    assert [part["lead"] for part in sections if part["key"] == "recommendation"] == [""]


def test_import_minutes_takes_the_next_number_when_its_own_is_taken(committee):
    text = MINUTES.replace("Opgaveudvalget Prøve", "2. møde i Opgaveudvalget Prøve")
    first = run(committee, text).meeting
    second = run(committee, text, again=True).meeting

    assert (first.number, second.number) == (2, 3)


def test_import_minutes_refuses_the_same_file_twice(committee):
    meeting = run(committee).meeting

    with pytest.raises(Refused, match="REFERAT Opgaveudvalget Prøve"):
        run(committee, filename="andet navn.txt")
    assert list(Meeting.objects.all()) == [meeting]


def test_import_minutes_stores_the_source_and_records_its_fingerprint(committee):
    meeting = run(committee).meeting
    stored = StoredFile.objects.get()
    entry = AuditEntry.objects.get(verb="meetings.import_minutes")

    assert stored.read() == MINUTES.encode()
    assert (entry.object_id, entry.actor_name) == (str(meeting.pk), "System")
    assert entry.data == {"sha256": stored.sha256, "file": stored.pk, "items": 2}


def test_import_minutes_is_for_the_secretariat_alone(committee):
    with pytest.raises(NotAllowed):
        run(committee, by=person(committee, Role.CHAIR))
    assert not Meeting.objects.exists()


def test_import_minutes_asks_for_a_date_that_the_file_does_not_say(committee):
    text = "Punkt 1: Sag\n\nResumé\nKort.\n\nBeslutninger\nDrøftet.\n"

    with pytest.raises(Refused) as refusal:
        run(committee, text)
    assert refusal.value.field == "day"
    assert run(committee, text, day=date(2026, 2, 25)).meeting.starts_at.date() == date(2026, 2, 25)


def test_import_minutes_reads_latin_1(committee):
    meeting = run(committee, MINUTES.encode("latin-1")).meeting

    assert meeting.items.get(position=1).texts.get(key="summary").heading == "Resumé"


def bomb():
    """A document of a few kilobytes that unpacks to half a gigabyte."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w", force_zip64=True) as entry:
            for _part in range(500):
                entry.write(b" " * 1024 * 1024)
    return buffer.getvalue()


BAD_FILES = {
    "tom.txt": b"",
    "uden-overskrift.txt": b"Bare nogle ord uden overskrifter.\n",
    "afkortet.pdf": b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog",
    "bombe.docx": None,
    "billede.txt": bytes(range(256)) * 40,
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_import_minutes_refuses_a_bad_file_and_stores_nothing(committee, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(bomb() if BAD_FILES[name] is None else BAD_FILES[name])

    with pytest.raises(CommandError) as error:
        call_command("import_minutes", str(path))
    assert len(str(error.value)) > 20
    assert error.value.returncode == 1
    assert not Meeting.objects.exists()
    assert not StoredFile.objects.exists()
    assert not AuditEntry.objects.exists()


def test_import_minutes_command_answers_with_json(committee, tmp_path, capsys):
    path = tmp_path / "referat.txt"
    path.write_text(MINUTES, encoding="utf-8")

    call_command("import_minutes", str(path), "--json")
    answer = json.loads(capsys.readouterr().out)

    meeting = Meeting.objects.get()
    assert answer["meeting"] == meeting.pk
    assert answer["account"] == {"lost": [], "invented": []}
    assert [item["access"] for item in answer["items"]] == ["open", "closed"]
    assert answer["unplaced"] == meeting.unplaced.splitlines()


def test_import_minutes_command_finds_the_committee_that_the_minutes_name(committee, tmp_path):
    RuleProfileFactory(terms__committee=CommitteeFactory(name="Andet"))
    path = tmp_path / "referat.txt"
    path.write_text(MINUTES, encoding="utf-8")

    call_command("import_minutes", str(path), "--json")
    assert Meeting.objects.get().committee == committee


def test_import_minutes_command_asks_which_committee(db, tmp_path):
    CommitteeFactory(slug="et"), CommitteeFactory(slug="to")
    path = tmp_path / "referat.txt"
    path.write_text(MINUTES, encoding="utf-8")

    with pytest.raises(CommandError, match="et, to"):
        call_command("import_minutes", str(path))


def test_meeting_import_page_takes_a_file_in(client, committee):
    client.force_login(person(committee, Role.SECRETARIAT))
    upload = SimpleUploadedFile("referat.txt", MINUTES.encode())

    response = client.post(reverse("meetings:meeting_import"), {"file": upload}, follow=True)

    assert response.redirect_chain == [(Meeting.objects.get().get_absolute_url(), 302)]
    assert "Et løst ord uden plads." in response.content.decode()


@pytest.mark.parametrize("content", [b"", b"Ord uden overskrifter."])
def test_meeting_import_page_shows_what_is_wrong_beside_the_field(client, committee, content):
    client.force_login(person(committee, Role.SECRETARIAT))
    upload = SimpleUploadedFile("referat.txt", content)

    response = client.post(reverse("meetings:meeting_import"), {"file": upload})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["file"]
    assert not Meeting.objects.exists()


def test_meeting_import_page_is_refused_to_members(client, committee):
    client.force_login(person(committee, Role.MEMBER))

    assert client.get(reverse("meetings:meeting_import")).status_code == 403


def test_unplaced_text_reaches_no_member(client, committee):
    meeting = run(committee).meeting
    client.force_login(person(committee, Role.MEMBER))

    assert "Et løst ord" not in client.get(meeting.get_absolute_url()).content.decode()


def test_our_own_sample_is_there():
    assert parse_minutes(OUR_FORM.read_bytes(), OUR_FORM.name).items
