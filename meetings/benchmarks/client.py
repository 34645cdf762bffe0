"""The browsers of a meeting: members who follow and vote, and a secretary who leads.

A process of its own, without Django: `client.py PLAN.json RESULT.json`.
"""

import http.client
import json
import random
import re
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

STAMP = re.compile(r'data-stamp="([0-9a-f]+)"')
FORM = re.compile(r'<form\b[^>]*\baction="([^"]+)"[^>]*>(.*?)</form>', re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
COOKIE = re.compile(r"^([^=]+)=([^;]*)")
CHOICES = ("for", "for", "against", "abstain")
OK, FOUND, SEE_OTHER, CONFLICT = 200, 302, 303, 409
GOOD = frozenset({OK, 304, FOUND, SEE_OTHER})
TIMEOUT = 30
NEVER = float("inf")


@dataclass
class Timing:
    """How long each kind of request took, and what went wrong."""

    taken: dict[str, list[float]] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, status: int, milliseconds: float, path: str) -> None:
        with self.lock:
            self.taken.setdefault(kind, []).append(milliseconds)
            name = f"{kind} {status}"
            self.statuses[name] = self.statuses.get(name, 0) + 1
            if status not in GOOD and not (kind == "voting" and status == CONFLICT):
                self.errors.append(f"{status} {path}")


class Browser:
    """One person's session. `get` and `post` return status, body and where they were sent."""

    def __init__(self, plan: dict[str, Any], session: str, timing: Timing) -> None:
        self.plan, self.timing = plan, timing
        self.cookies = {plan["cookie"]: session}
        self.connection = http.client.HTTPConnection(plan["host"], plan["port"], timeout=TIMEOUT)

    def get(self, kind: str, path: str, **headers: str) -> tuple[int, str, str]:
        return self._send(kind, "GET", path, "", headers)

    def post(self, kind: str, path: str, fields: dict[str, str]) -> tuple[int, str, str]:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._send(kind, "POST", path, urlencode(fields), form)

    def _send(
        self, kind: str, method: str, path: str, body: str, headers: dict[str, str]
    ) -> tuple[int, str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        began = time.perf_counter()
        try:
            self.connection.request(method, path, body or None, headers | {"Cookie": cookies})
            answer = self.connection.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            self.timing.note(kind, 0, (time.perf_counter() - began) * 1000, repr(error))
            return 0, "", ""
        self.timing.note(kind, answer.status, (time.perf_counter() - began) * 1000, path)
        for line in answer.headers.get_all("Set-Cookie", []):
            if found := COOKIE.match(line):
                self.cookies[found[1]] = found[2]
        return answer.status, text, answer.getheader("Location", "")


def form_in(page: str, ending: str) -> tuple[str, dict[str, str]] | None:
    """Where the first form whose address ends so is sent, with its hidden fields."""
    for action, inside in FORM.findall(page):
        if action.endswith(ending):
            return action, dict(HIDDEN.findall(inside))
    return None


@dataclass
class Room:
    """What everybody in the room knows: the vote that goes on, and when it is over."""

    ends: float
    number: int = 0
    votes_path: str = ""
    answered: int = 0
    # How many votes were accepted, by the address that they were sent to: one for each round.
    accepted: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, address: str, accepted: bool) -> None:
        with self.lock:
            self.answered += 1
            self.accepted[address] = self.accepted.get(address, 0) + accepted

    @property
    def is_on(self) -> bool:
        return time.monotonic() < self.ends


def follow(plan: dict[str, Any], session: str, room: Room, timing: Timing, lot: Any) -> None:
    """A member: polls the live page every few seconds, and votes once in every round."""
    browser = Browser(plan, session, timing)
    page, stamp, voted, votes_at = "", "", 0, NEVER
    due = time.monotonic() + lot.uniform(0, plan["poll_seconds"])
    while room.is_on:
        time.sleep(max(0.0, min(due, votes_at, room.ends) - time.monotonic()))
        if time.monotonic() >= votes_at:
            votes_at = NEVER
            vote(browser, page, room, lot)
            continue
        due = max(due + plan["poll_seconds"], time.monotonic())
        asked = {"HX-Request": "true"} | ({"If-None-Match": f'"{stamp}"'} if stamp else {})
        status, text, _to = browser.get("polling", plan["live"], **asked)
        if status == OK:
            page = text
            stamp = found[1] if (found := STAMP.search(text)) else ""
        if room.votes_path and room.number > voted:
            voted = room.number
            # Some know at once what they want, others think, and the page refreshes meanwhile.
            votes_at = time.monotonic() + lot.uniform(0, plan["thinking_seconds"])


def vote(browser: Browser, page: str, room: Room, lot: Any) -> None:
    """On the ballot of the live page where it has one, else on the page of the votes."""
    ballot = form_in(page, "/stem/")
    if ballot is None and room.votes_path:
        _status, page, _to = browser.get("pages", room.votes_path)
        ballot = form_in(page, "/stem/")
    if ballot is None:
        if room.votes_path:
            browser.timing.errors.append("no ballot on the page")
        return
    action, fields = ballot
    status, _text, to = browser.post("voting", action, fields | {"choice": lot.choice(CHOICES)})
    room.count(action, accepted=status in {FOUND, SEE_OTHER})
    if to:
        browser.get("pages", to)


def lead(plan: dict[str, Any], room: Room, timing: Timing) -> None:
    """The secretary: an item, its vote, and the next one.

    The last vote is closed before the meeting's time is up.
    """
    browser = Browser(plan, plan["secretary"], timing)
    number = 0
    while time.monotonic() + plan["round_seconds"] < room.ends:
        step = plan["items"][number % len(plan["items"])]
        number += 1
        _press(browser, plan["live"], step["take_up"])
        _press(browser, step["votes"], "/aabn/")
        room.answered = 0
        room.votes_path, room.number = step["votes"], number
        _wait_for_votes(plan, room)
        room.votes_path = ""
        _press(browser, step["votes"], "/luk/")


def _press(browser: Browser, page_path: str, ending: str) -> None:
    """Press the button of a form on a page, and see the page that one is sent to."""
    _status, page, _to = browser.get("leading", page_path)
    found = form_in(page, ending)
    if found is None:
        # An item that has been treated has no button to take it up.
        return
    _status, _text, to = browser.post("leading", found[0], found[1])
    if to:
        browser.get("leading", to)


def _wait_for_votes(plan: dict[str, Any], room: Room) -> None:
    """Till all have voted, and no longer than a patient secretary would."""
    latest = time.monotonic() + plan["round_seconds"] - 1
    while room.answered < len(plan["members"]) and time.monotonic() < latest:
        time.sleep(0.2)


def run(plan: dict[str, Any]) -> dict[str, Any]:
    """All of them at once, until the time is up."""
    timing = Timing()
    room = Room(time.monotonic() + plan["seconds"])
    threads = [
        threading.Thread(
            target=follow,
            args=(plan, session, room, timing, random.Random(number)),  # noqa: S311
        )
        for number, session in enumerate(plan["members"])
    ]
    for thread in threads:
        thread.start()
    lead(plan, room, timing)
    for thread in threads:
        thread.join()
    return {
        "taken": timing.taken,
        "statuses": timing.statuses,
        "errors": timing.errors,
        "accepted": room.accepted,
    }


if __name__ == "__main__":
    given, out = map(Path, sys.argv[1:])
    out.write_text(json.dumps(run(json.loads(given.read_text()))))
