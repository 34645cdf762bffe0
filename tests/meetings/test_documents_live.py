"""Issuing with a broker that is down, and PDFs from workers that are killed: real processes."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import free_port, wait_until
from tests.core.test_outbox_worker import ROOT, Installation

SEED = """
import sys, django
django.setup()
from datetime import timedelta
from django.utils import timezone
from committee.models import User
from demo.committee import seed_committee
from meetings.services.items import add_item
from meetings.services.planning import create_meeting
from meetings.services.texts import save_texts
committee = seed_committee()
by = User.objects.get(username="sekretariat")
for number in range(int(sys.argv[1])):
    starts = timezone.now() + timedelta(days=30 + number)
    meeting = create_meeting(
        committee=committee, starts_at=starts, ends_at=starts + timedelta(hours=3), by=by
    )
    for title in ("Ambition", "Etik"):
        item = add_item(meeting=meeting, title=title, by=by)
        save_texts(item=item, texts={"summary": f"{title} i mode {number}."}, versions={}, by=by)
"""
# What the secretariat's browser does, in a process of its own.
ISSUE = """
import json, sys, time, django
from pathlib import Path
django.setup()
for broken in sys.argv[2:]:
    for message in Path(broken).iterdir():
        message.unlink()
    Path(broken).rmdir()
    Path(broken).write_text("in the way")
from django.test import Client
from committee.models import User
from meetings.models import Meeting
browser = Client(headers={"host": "localhost"})
browser.force_login(User.objects.get(username="sekretariat"))
answers = []
for meeting in Meeting.objects.order_by("pk")[: int(sys.argv[1])]:
    browser.get(f"/moeder/{meeting.pk}/udsend/")  # a server that runs is warm
    begun = time.monotonic()
    answer = browser.post(f"/moeder/{meeting.pk}/udsend/", {"expected": "1"})
    answers.append([answer.status_code, time.monotonic() - begun])
print(json.dumps(answers))
"""
MEMBERS = 15
PER_ISSUE = 2  # agenda and pack; the public edition waits for a second person
QUEUED = "SELECT count(*) FROM core_outboxentry WHERE state IN ('queued', 'running')"
MADE = "SELECT count(*), count(DISTINCT file_id) FROM meetings_rendereddocument WHERE file_id > 0"


class House(Installation):
    """An installation with a committee, whose requests and workers are real processes."""

    def __init__(self, folder: Path, meetings: int) -> None:
        super().__init__(folder)
        self.python("manage.py", "migrate", "--skip-checks", "--verbosity", "0")
        self.python("-c", SEED, str(meetings))

    def issue(self, meetings: int, *, break_folder: Path | None = None) -> list[list[float]]:
        broken = [str(break_folder)] if break_folder else []
        answers: list[list[float]] = json.loads(self.python("-c", ISSUE, str(meetings), *broken))
        return answers

    def ask(self, question: str) -> Any:
        with sqlite3.connect(self.var / "udvalgsrum.sqlite3", timeout=20) as database:
            return database.execute(question).fetchone()

    def is_done(self) -> bool:
        return bool(self.ask(QUEUED)[0] == 0)

    def pdfs(self) -> tuple[int, int]:
        """Documents that have a file, and different files."""
        documents, files = self.ask(MADE)
        return documents, files

    def mails_to_members(self) -> int:
        texts = [path.read_text() for path in (self.var / "mail").glob("*")]
        return sum(text.count("\nTo: ") + text.startswith("To: ") for text in texts)


@pytest.fixture
def house(tmp_path):
    houses = []

    def build(meetings: int) -> House:
        houses.append(House(tmp_path, meetings))
        return houses[0]

    yield build
    for one in houses:
        one.kill_worker()


@pytest.mark.parametrize("broker", ["filesystem", "redis"])
def test_agenda_is_issued_while_the_broker_is_down(house, broker):
    room = house(1)
    if broker == "redis":
        room.env["REDIS_URL"] = f"redis://127.0.0.1:{free_port()}/0"
        answers = room.issue(1)
        room.env["REDIS_URL"] = ""
    else:
        answers = room.issue(1, break_folder=room.queue)
        room.queue.unlink()

    [(status, seconds)] = answers
    assert status == 302
    assert seconds < 3
    assert room.pdfs() == (0, 0)

    room.start_worker()
    wait_until(room.is_done, seconds=90)
    assert room.pdfs() == (PER_ISSUE, PER_ISSUE)
    assert room.mails_to_members() == MEMBERS
    assert set(room.states()) == {"done"}


def test_worker_killed_among_the_pdfs_makes_each_once(house):
    room = house(3)
    room.issue(3)
    room.start_worker()
    wait_until(lambda: room.pdfs()[0] >= 2, seconds=60)
    room.kill_worker()
    assert not room.is_done()

    room.start_worker()
    wait_until(room.is_done, seconds=120)

    assert room.pdfs() == (3 * PER_ISSUE, 3 * PER_ISSUE)
    assert set(room.states()) == {"done"}
    proof = [sys.executable, "manage.py", "verify_protocol"]
    assert subprocess.run(proof, cwd=ROOT, env=room.env, check=False).returncode == 0
