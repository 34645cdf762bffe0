"""Documents made by hand: the seed's headings in the seed's order, tagged, the same bytes twice."""

import hashlib
import io
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from django.core.management import CommandError, call_command

from core.documents import validate_ua
from meetings.services.importing import import_minutes
from tests.factories import (
    AgendaItemFactory,
    CommitteeFactory,
    ItemTextFactory,
    MeetingFactory,
    RuleProfileFactory,
)

ROOT = Path(__file__).resolve().parents[2]
SEED = next(iter((ROOT.parent / "shared" / "seeds").glob("000_*.txt")), None)
OUR_FORM = ROOT / "tests" / "data" / "minutes" / "gentofte_form.md"
SOURCES = [path for path in (SEED, OUR_FORM) if path]
SEED_HEADINGS = [
    "REFERAT Opgaveudvalg AI i Gentofte Kommune d. 03-12-2025",
    "2. møde i Opgaveudvalget AI i Gentofte",
    "Resumé",
    "Baggrund",
    "Dagsorden for andet møde",
    "Indstilling",
    "Tidligere beslutninger",
    "Beslutninger",
    "Bilag",
]


@pytest.fixture
def committee(db):
    profile = RuleProfileFactory(
        terms__committee=CommitteeFactory(slug="proeve"), valid_from=date(2020, 1, 1)
    )
    return profile.terms.committee


def imported(committee, path):
    data = path.read_bytes()
    return import_minutes(committee=committee, data=data, filename=path.name, by=None).meeting


def made(meeting, tmp_path, kind="minutes"):
    out = tmp_path / f"{kind}.pdf"
    call_command("render_document", kind, str(meeting.pk), "--out", str(out))
    return out.read_bytes()


def text_of(data):
    document = pypdfium2.PdfDocument(data)
    pages = [page.get_textpage().get_text_range() for page in document]
    return " ".join(" ".join(pages).replace("\xa0", " ").split())


def places(text, headings):
    """Where each heading stands, looked for after the one before it."""
    found, start = [], 0
    for heading in headings:
        start = text.find(heading, start)
        found.append(start)
        assert start >= 0, f"{heading} is not where it should be"
    return found


def outline(pdf):
    with pdf.open_outline() as tree:
        return [(str(one.title), [str(two.title) for two in one.children]) for one in tree.root]


@pytest.mark.skipif(SEED is None, reason="the seeds are not beside this checkout")
def test_render_document_has_the_headings_of_the_seed_in_order(committee, tmp_path):
    text = text_of(made(imported(committee, SEED), tmp_path))

    assert places(text, SEED_HEADINGS) == sorted(places(text, SEED_HEADINGS))
    assert "EMN-2025-08223" in text
    assert "1 (Åben) 2. møde i Opgaveudvalget AI i Gentofte" in text


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_render_document_is_tagged_danish_bookmarked_and_conforms(committee, tmp_path, path):
    meeting = imported(committee, path)
    data = made(meeting, tmp_path)

    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert str(pdf.Root.Lang) == "da"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert len([title for title, _children in outline(pdf)]) >= meeting.items.count()
    assert validate_ua(data) == []


@pytest.mark.django_db(transaction=True)
def test_render_document_gives_the_same_bytes_in_another_process(tmp_path):
    """The whole way from an empty database, as somebody would type it, with the file twice."""
    environment = {
        **os.environ,
        "VAR_DIR": str(tmp_path / "var"),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
    }

    def run(*arguments):
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
        ).stdout

    run("migrate", "-v0")
    run("seed_demo", "--stage", "proposals", "--no-documents")
    run("import_minutes", str(OUR_FORM), "--committee", "ai-i-gentofte", "--json")
    digests = set()
    for name in ("one.pdf", "two.pdf"):
        run("render_document", "minutes", "2", "--out", str(tmp_path / name))
        digests.add(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert len(digests) == 1


def test_render_document_makes_an_agenda_that_is_not_issued_yet(committee, tmp_path):
    item = AgendaItemFactory(meeting=MeetingFactory(committee=committee), title="Første sag")
    ItemTextFactory(item=item)

    assert "Første sag" in text_of(made(item.meeting, tmp_path, "agenda"))
    assert "Første sag" in text_of(made(item.meeting, tmp_path, "pack"))


def test_render_document_keeps_what_is_closed_out_of_the_public_minutes(committee, tmp_path):
    meeting = imported(committee, OUR_FORM)
    closed = AgendaItemFactory(
        meeting=meeting, closed=True, title="Hemmelig overskrift", public_title="Et indkøb"
    )
    ItemTextFactory(item=closed, text="Hemmelig tekst")

    public = text_of(made(meeting, tmp_path, "minutes-public"))
    assert "Et indkøb" in public
    assert "Hemmelig" not in public
    assert "Hemmelig tekst" in text_of(made(meeting, tmp_path, "minutes"))


def test_render_document_names_the_kinds_it_knows(committee, tmp_path):
    with pytest.raises(CommandError, match="agenda, minutes, minutes-public, pack"):
        call_command("render_document", "findes-ikke", "1")


def test_render_document_says_when_there_is_nothing_to_make(committee, tmp_path):
    out = tmp_path / "x.pdf"
    for kind, number in (("minutes", MeetingFactory(committee=committee).pk), ("agenda", 999)):
        with pytest.raises(CommandError):
            call_command("render_document", kind, str(number), "--out", str(out))
    assert not out.exists()


def test_render_document_says_when_the_file_cannot_be_written(committee, tmp_path):
    meeting = imported(committee, OUR_FORM)
    with pytest.raises(CommandError, match=r"missing"):
        call_command(
            "render_document", "minutes", str(meeting.pk), "--out", str(tmp_path / "missing/x.pdf")
        )
