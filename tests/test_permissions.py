"""Who may do what: every address × method × sort of object × subject, from one table.

`permissions.csv` is read by people and reviewed by hand; nothing writes it. A cell is a status:
200, 302 (done, or on to another page), 302L (to the login), 403, 404, 405, 409, 422. A variant
is the sort of object: `open`, `closed` (a closed item or its file; a round that is over),
`draft` (not issued), `other` (a body that is not public and not one's own), `deleted` (taken
off, or a meeting called off before anybody heard of it) and `-` for addresses without one.
"""

import csv
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pytest
from django.apps import apps
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.urls import reverse

from core.models import AuditEntry, Draft, WorkAsker
from tests.addresses import TABLE, address, body, case_names, objects_of
from tests.world import SUBJECTS, World, standing_world, undone

METHODS = {"GET", "POST"}
DENIED = {"302L", "403", "404", "405"}
STATUSES = DENIED | {"200", "302", "409", "422"}
# Reading a closed item in full is the one act of a GET.
READ_VERBS = {"meetings.read_closed_item", "meetings.read_closed_draft"}
# What somebody has typed is kept as their own draft even when saving it is refused.
KEEPS_DRAFTS = {"meetings:item_edit"}
WRITING = {"INSERT", "UPDATE", "DELETE", "REPLACE"}
# Those for whom a thing they may not know of must look like nothing.
OUTSIDE = {"anonymous", "outsider", "follow_group", "former_member"}
UNUSED = 999_999
# Asks pytest-django for the database; the world is built outside each test's own transaction.
pytestmark = pytest.mark.django_db

Row = dict[str, str]


def table() -> list[Row]:
    with TABLE.open(newline="") as file:
        return list(csv.DictReader(file))


ROWS = table()
BY_NAME = {name: [row for row in ROWS if row["url_name"] == name] for name in case_names()}


# The table itself ---------------------------------------------------------------------------


def test_every_address_has_its_rows() -> None:
    wanted = {
        (name, method, variant)
        for name in case_names()
        for method in METHODS
        for variant in wanted_variants(name, method)
    }
    found = {(row["url_name"], row["method"], row["variant"]) for row in ROWS}

    assert wanted - found == set()


def wanted_variants(name: str, method: str) -> list[str]:
    """A method that an address does not have needs one row only."""
    rows = [row for row in BY_NAME.get(name, []) if row["method"] == method]
    if len(rows) == 1 and "405" in rows[0].values():
        return [rows[0]["variant"]]
    return list(objects_of(name))


def test_every_row_has_its_address() -> None:
    gone = {row["url_name"] for row in ROWS} - set(case_names())

    assert gone == set()


def test_no_cell_is_empty_and_no_row_stands_twice() -> None:
    keys = [(row["url_name"], row["method"], row["variant"]) for row in ROWS]
    cells = {row[subject] for row in ROWS for subject in SUBJECTS}

    assert cells <= STATUSES
    assert len(keys) == len(set(keys))
    assert {row["method"] for row in ROWS} == METHODS


# The world, once per worker -----------------------------------------------------------------


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[World]:
    """Built once; every request after that is rolled back."""
    with standing_world(django_db_blocker, tmp_path_factory.mktemp("world")) as found:
        yield found


@pytest.fixture(autouse=True)
def same_files(request, fresh_media, settings) -> None:
    """The world's files, not the empty folder that other tests get."""
    if "world" in request.fixturenames:
        settings.MEDIA_ROOT = request.getfixturevalue("world").media


@pytest.fixture(scope="module")
def before(world: World) -> dict[str, str]:
    return fingerprint()


def fingerprint() -> dict[str, str]:
    """A hash of all rows of each table of the business."""
    found = {}
    with connection.cursor() as cursor:
        for table_name in sorted(business_tables()):
            cursor.execute(f'SELECT * FROM "{table_name}" ORDER BY 1')
            rows = repr(cursor.fetchall())
            found[table_name] = hashlib.sha256(rows.encode()).hexdigest()
    return found


def business_tables() -> set[str]:
    apart = {"sessions", "contenttypes", "auth", "admin", "django_celery_beat"}
    models = [m for m in apps.get_models() if m._meta.app_label not in apart]
    return {model._meta.db_table for model in models}


# Every cell ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in case_names() if BY_NAME[name]])
def test_permission(name: str, world: World, before: dict[str, str]) -> None:
    wrong = [
        f"{row['method']} {row['variant']} {subject}: {problem}"
        for row in BY_NAME[name]
        for subject in SUBJECTS
        for problem in problems(world, row, subject, before)
    ]

    assert wrong == []


def problems(world: World, row: Row, subject: str, before: dict[str, str]) -> Iterator[str]:
    name, method, variant = row["url_name"], row["method"], row["variant"]
    mail.outbox = []
    with undone():
        path = address(world, name, variant)
        data = body(world, name, variant) if method == "POST" else {}
        newest = AuditEntry.objects.order_by("-seq").values_list("seq", flat=True).first()
        with writes() as written:
            answer = ask(world, subject, method, path, data)
        status = word_of(answer)
        if status != row[subject]:
            yield f"{status}, not {row[subject]} ({path})"
        if written and (method == "GET" or status in DENIED):
            kept = {Draft._meta.db_table} if name in KEEPS_DRAFTS else set()
            # Opening a finished file is what takes it off “My work”.
            kept |= {WorkAsker._meta.db_table} if name == "core:work_file" else set()
            reads = method == "GET" and status == "200"
            yield from traces(before, newest, reads=reads, kept=kept)
        if mail.outbox and (method == "GET" or status in DENIED):
            yield "sent mail"
    if status == "404" and method == "GET" and subject in OUTSIDE and re.search(r"\d", path):
        yield from differences(world, row, subject, path, answer)


@contextmanager
def writes() -> Iterator[list[str]]:
    """The statements that changed something but a session; also those rolled back later."""
    found: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.split(maxsplit=1)[0].upper() in WRITING and "django_session" not in sql:
            found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def ask(world: World, subject: str, method: str, path: str, data: dict[str, Any]) -> HttpResponse:
    cache.clear()  # how often one may ask for a new password is not what is asked here
    client = world.clients[subject]
    kept = dict(client.cookies)
    answer = getattr(client, method.lower())(path, data)
    # Logging in or out, or another language, is rolled back like everything else.
    client.cookies.clear()
    client.cookies.update(kept)
    return answer


def word_of(answer: HttpResponse) -> str:
    to_login = {reverse("account_login"), reverse("admin:login")}
    if answer.status_code == 302 and answer["Location"].split("?")[0] in to_login:
        return "302L"
    return str(answer.status_code)


def traces(
    before: dict[str, str], newest: int | None, *, reads: bool, kept: set[str]
) -> Iterator[str]:
    """What a denied request, or a GET, has left behind in the database, the outbox included."""
    after = fingerprint()
    changed = {name for name in after if after[name] != before[name]} - kept
    acts = AuditEntry.objects.filter(seq__gt=newest or 0).values_list("verb", flat=True)
    if reads and set(acts) <= READ_VERBS:
        changed.discard(AuditEntry._meta.db_table)
    if changed:
        yield f"changed {sorted(changed)}"


# What is not there and what is not yours look the same -----------------------------------------


def differences(
    world: World, row: Row, subject: str, path: str, answer: HttpResponse
) -> Iterator[str]:
    """A 404 must be, byte for byte, that of an object that does not exist."""
    missing = re.sub(r"\d+(?=\D*$)", str(UNUSED), path)
    with undone():
        unknown = ask(world, subject, "GET", missing, {})
    if plain(answer, path) != plain(unknown, missing):
        yield f"404 differs from that of {missing}"


def plain(answer: HttpResponse, path: str) -> tuple[Any, ...]:
    """Body and headers without what differs between any two requests."""
    html = answer.content.replace(path.encode(), b"PATH").replace(quote(path).encode(), b"PATH")
    html = re.sub(rb"\b[A-Za-z0-9]{64}\b", b"TOKEN", html)
    headers = {key: value for key, value in answer.headers.items() if key != "Content-Length"}
    return html, headers


# GET and HEAD -----------------------------------------------------------------------------------


def test_head_answers_like_get_and_writes_nothing(world: World, before: dict[str, str]) -> None:
    wrong = []
    for row in ROWS:
        if row["method"] != "GET" or row["secretariat"] != "200":
            continue
        with undone():
            path = address(world, row["url_name"], row["variant"])
            with writes() as written:
                answer = world.clients["secretariat"].head(path)
            after = fingerprint() if written else before
        changed = {key for key in after if after[key] != before[key]}
        if answer.status_code != 200 or changed - {AuditEntry._meta.db_table}:
            wrong.append((path, answer.status_code, sorted(changed)))

    assert wrong == []
