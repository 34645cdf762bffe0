"""Long works by real workers that are killed twenty times, and one that is killed at the end."""

import hashlib
import random
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import wait_until
from tests.core.test_outbox_worker import ROOT, Installation
from tests.core.workshop.makers import PAGES

BOOKS = 10
KILLS = 20
ASK = """
import sys, django
django.setup()
from committee.models import User
from core import works
for number in range(int(sys.argv[1])):
    person = User.objects.create(
        username=f"person-{number}", name=f"Person {number}", email=f"person-{number}@example.dk"
    )
    works.request_work(
        kind="workshop.book", key=f"workshop.book:{number}", title=f"Bog {number}",
        params={"number": number}, by=person,
    )
"""
MADE = """
SELECT work.id, file.path, file.sha256, file.size FROM core_work AS work
JOIN core_storedfile AS file ON file.id = work.file_id ORDER BY work.id
"""


class House(Installation):
    """An installation where ten people wait for a book each; one worker makes them in turn."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.store = self.var / "files"
        self.env["WORK_MAIL_SECONDS"] = "0"
        self.python("manage.py", "migrate", "--skip-checks", "--verbosity", "0")
        self.python("-c", ASK, str(BOOKS))

    def start_worker(self) -> None:
        options = ["--concurrency", "1", "-B", "--without-gossip", "--without-mingle"]
        command = [sys.executable, "-m", "celery", "-A", "config", "worker", *options]
        with (self.var / "worker.log").open("a") as log:
            self.worker = subprocess.Popen(
                command, cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True
            )

    def rows(self, question: str) -> list[tuple]:
        with sqlite3.connect(self.var / "udvalgsrum.sqlite3", timeout=20) as database:
            return database.execute(question).fetchall()

    def running(self) -> list[tuple]:
        return self.rows(
            "SELECT id, share, lease_token FROM core_outboxentry"
            " WHERE state = 'running' AND kind = 'core.work'"
        )

    def is_done(self) -> bool:
        question = "SELECT count(*) FROM core_outboxentry WHERE state IN ('queued', 'running')"
        return self.rows(question) == [(0,)]

    def begins_anew(self, before: list[tuple]) -> bool:
        """Has the worker that was started last something in hand, or is all done?"""
        tokens = {token for _id, _share, token in before}
        return self.is_done() or any(row[2] not in tokens for row in self.running())

    def files(self) -> list[tuple[str, str]]:
        """Hash and name below the store of every finished work."""
        return [(sha256, path) for _id, path, sha256, _size in self.rows(MADE)]

    def named_files(self) -> list[Path]:
        """What stands in the store under a final name, also what no row knows."""
        files = [path for path in self.store.rglob("*") if path.is_file()]
        return [path for path in files if not path.name.startswith(".unfinished-")]

    def mails(self) -> Counter:
        texts = [path.read_text() for path in (self.var / "mail").glob("*")]
        lines = [line for text in texts for line in text.splitlines()]
        return Counter(line for line in lines if line.startswith("To: "))


def book(number: int) -> bytes:
    """What an undisturbed worker makes, written down independently of it."""
    pages = (hashlib.sha512(f"{number} {page}".encode()).digest() for page in range(PAGES))
    return b"".join(page * 2_000 for page in pages)


BOOKSHELF = frozenset(book(number) for number in range(BOOKS))


@pytest.fixture
def house(tmp_path):
    house = House(tmp_path)
    yield house
    house.kill_worker()


def test_worker_killed_twenty_times_makes_ten_books_and_tells_once(house):
    chance = random.Random(20)
    killed_at_work = 0
    for _kill in range(KILLS):
        before = house.running()
        house.start_worker()
        wait_until(lambda before=before: house.begins_anew(before), seconds=60)
        # Anywhere in a book, in the mail after it, or in the next one.
        time.sleep(chance.uniform(0, 2.4))
        killed_at_work += bool(house.running())
        house.kill_worker()
    assert killed_at_work >= KILLS // 2

    house.start_worker()
    wait_until(house.is_done, seconds=120)

    assert house.states() == {"done": 2 * BOOKS}
    expected = [hashlib.sha256(book(number)).hexdigest() for number in range(BOOKS)]
    assert [sha256 for sha256, _path in house.files()] == expected
    for number, (_sha256, path) in enumerate(house.files()):
        assert (house.store / path).read_bytes() == book(number)
    assert [path for path in house.named_files() if path.read_bytes() not in BOOKSHELF] == []
    people = [f"To: Person {number} <person-{number}@example.dk>" for number in range(BOOKS)]
    assert house.mails() == dict.fromkeys(people, 1)


def test_worker_killed_at_ninety_per_cent_leaves_no_half_file(house):
    house.start_worker()
    wait_until(lambda: any(row[1] >= 75 for row in house.running()), seconds=60)
    house.kill_worker()

    assert [row for row in house.rows(MADE) if row[3] != len(book(0))] == []
    assert [path for path in house.named_files() if path.read_bytes() not in BOOKSHELF] == []
