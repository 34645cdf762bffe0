"""A whole committee that follows the meeting on its tablets and votes."""

import http.client
import json
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command
from django.urls import reverse

from committee.models import User
from core.bench import BenchError, Outcome, benchmark, percentile
from core.management.commands.serve import WORKERS, web_server
from meetings.benchmarks.builder import Body, a_body, begin, move_on
from meetings.models import AgendaItem, Meeting, VoteRound

HOST = "127.0.0.1"
POLL_SECONDS = 4
ROUND_SECONDS = 30
THINKING_SECONDS = 12
LIMIT = 300
JUDGED = ("polling", "voting", "pages")


@benchmark("meeting_polling", target="0 errors, p95 under 300 ms, every count right")
def meeting_polling(
    minutes: float = 10, members: int = 60, items: int = 10, round_seconds: float = ROUND_SECONDS
) -> Outcome:
    """All members follow the live page and vote by name, against the server of `manage.py serve`"""
    body = a_body(members, items=items)
    begin(body)
    for item in body.items:
        move_on(body, item)
    call_command("collectstatic", interactive=False, verbosity=0)
    seconds = minutes * 60
    with serving() as port:
        plan = _plan(body, port, seconds, round_seconds)
        before = _processor_seconds()
        seen = _load(plan)
        browsers = _processor_seconds() - before
    server = _processor_seconds() - before - browsers
    busy = {"server": round(server / seconds, 2), "browsers": round(browsers / seconds, 2)}
    return _judged(seen, busy, _counted(body.meeting))


def _processor_seconds() -> float:
    """What the processes that this one started, and that have ended, have used of the cores."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _plan(body: Body, port: int, seconds: float, round_seconds: float) -> dict[str, Any]:
    return {
        "host": HOST,
        "port": port,
        "seconds": seconds,
        "poll_seconds": POLL_SECONDS,
        "round_seconds": round_seconds,
        "thinking_seconds": min(THINKING_SECONDS, round_seconds / 3),
        "cookie": settings.SESSION_COOKIE_NAME,
        "live": reverse("meetings:meeting_live", args=[body.meeting.pk]),
        "items": [_addresses(body.meeting, item) for item in body.items],
        "secretary": _session(body.secretary),
        "members": [_session(member) for member in body.members],
    }


def _addresses(meeting: Meeting, item: AgendaItem) -> dict[str, str]:
    where = [meeting.pk, item.pk]
    return {
        "votes": reverse("meetings:item_votes", args=where),
        "take_up": reverse("meetings:item_take_up", args=where),
    }


def _session(user: User) -> str:
    """Log in without a password: sixty of those would be measured too."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


@contextmanager
def serving() -> Iterator[int]:
    """The web server of `manage.py serve` on a free port, stopped afterwards."""
    with socket.create_server((HOST, 0)) as probe:
        port = int(probe.getsockname()[1])
    server = subprocess.Popen(web_server(HOST, port, WORKERS), cwd=settings.BASE_DIR)
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    """Till every worker has answered something: the first page of each is slow."""
    latest = time.monotonic() + 120
    answered = 0
    while answered < WORKERS * 5:
        if server.poll() is not None or time.monotonic() > latest:
            raise BenchError("The web server did not start.")
        connection = http.client.HTTPConnection(HOST, port, timeout=20)
        try:
            connection.request("GET", reverse("account_login"))
            answered += connection.getresponse().status < http.client.BAD_REQUEST
        except OSError:
            time.sleep(0.2)
        finally:
            connection.close()


def _load(plan: dict[str, Any]) -> dict[str, Any]:
    """What the browsers saw; they are a process of their own, as far as that goes here."""
    folder = Path(settings.VAR_DIR)
    given, out = folder / "plan.json", folder / "seen.json"
    given.write_text(json.dumps(plan))
    client = Path(__file__).with_name("client.py")
    subprocess.run([sys.executable, "-I", str(client), str(given), str(out)], check=True)
    seen: dict[str, Any] = json.loads(out.read_text())
    return seen


def _judged(seen: dict[str, Any], busy: dict[str, float], counted: dict[str, int]) -> Outcome:
    taken = seen["taken"]
    figures: dict[str, Any] = {
        "requests": sum(map(len, taken.values())),
        "errors": len(seen["errors"]),
        "unchanged_304": seen["statuses"].get("polling 304", 0),
        "votes_in_time": seen["statuses"].get("voting 302", 0),
        "votes_too_late": seen["statuses"].get("voting 409", 0),
        "rounds": len(counted),
        "rounds_right": sum(seen["accepted"].get(to, 0) == n for to, n in counted.items()),
    }
    figures |= {f"{kind}_ms": _spread(taken.get(kind, [])) for kind in (*JUDGED, "leading")}
    figures["cores_used"] = busy
    if seen["errors"]:
        figures["first_errors"] = sorted(set(seen["errors"]))[:5]
    quick = all(figures[f"{kind}_ms"]["p95"] < LIMIT for kind in JUDGED)
    right = 0 < figures["rounds_right"] == figures["rounds"]
    return Outcome(figures, quick and right and not seen["errors"])


def _counted(meeting: Meeting) -> dict[str, int]:
    """The votes of each round as they were frozen, by the address that votes are sent to."""
    rounds = VoteRound.objects.filter(motion__item__meeting=meeting, closed_at__isnull=False)
    return {
        reverse("meetings:vote_cast", args=[meeting.pk, row.item.pk, row.pk]): (
            (row.votes_for or 0) + (row.votes_against or 0) + (row.abstentions or 0)
        )
        for row in rounds.select_related("motion__item")
    }


def _spread(milliseconds: list[float]) -> dict[str, float]:
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
    found = {name: round(percentile(milliseconds, share)) for name, share in shares.items()}
    return {"count": len(milliseconds), **found}
