"""After 200 random changes of access nobody meets a word that is not for them.

Three meetings of one body: one issued, one whose minutes are written, one that is published.
Items are closed and opened, cases of disqualification raised, upheld and dismissed, items taken
off and added, agendas issued again, minutes sent out, answered and taken back, published and
withdrawn, and added to. Who may meet which word
is told by `Facts`, which knows what was done and nothing of the product's policies.
"""

import json
import random
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import count

import pytest
from django.urls import reverse

from committee.enums import Role
from committee.models import User
from core.verdicts import NotAllowed, Refused, StaleState
from meetings.models import AgendaItem, Disqualification, FollowUp, Meeting
from meetings.selectors.proof import proof
from meetings.selectors.publication import find_private
from meetings.selectors.reading import printed_reading, reading
from meetings.services.additions import add_addition
from meetings.services.approval import answer_minutes
from meetings.services.attachments import add_attachment
from meetings.services.disqualification import declare_disqualified, settle_late
from meetings.services.follow_ups import create_follow_up
from meetings.services.issuing import issue_agenda
from meetings.services.items import add_item, change_item, remove_item
from meetings.services.minutes import (
    lock_minutes,
    override_lines,
    reopen_minutes,
    send_for_approval,
)
from meetings.services.motions import propose
from meetings.services.notes import write_note
from meetings.services.planning import create_meeting
from meetings.services.publication import resolve_findings, withdraw_minutes
from tests.factories import day, days, person
from tests.meetings.scenes import (
    CLOSED,
    a_scene,
    approve,
    attend,
    bring_to,
    decide,
    publish,
    write,
)
from tests.test_canary import words, words_in
from tests.world import client_of, text_pdf

pytestmark = pytest.mark.django_db

READERS = {"secretary", "chair", "vice", "member", "recused"}
INSIDERS = READERS | {"follower"}
LIVE = {"secretary", "chair", "vice"}
STARERS = ["anonymous", "secretary", "member", "recused", "vice", "follower"]
NOTE_TAKERS = ["member", "recused", "vice", "follower"]
CHANGES = 200
OF_THE_MINUTES = {"decision", "follow_up"}


@dataclass(frozen=True)
class Marker:
    """A word, and what it stands in."""

    kind: str
    item: int
    owner: str = ""


@dataclass
class ItemFacts:
    meeting: str
    closed: bool
    removed: bool = False
    recused: set = field(default_factory=set)


@dataclass
class Facts:
    """What has been done so far: enough to say who may meet which word."""

    markers: dict = field(default_factory=dict)
    items: dict = field(default_factory=dict)
    # (meeting, agenda or minutes) → the items in the newest version, and whether closed in it.
    versions: dict = field(default_factory=dict)
    states: dict = field(default_factory=dict)
    # The additions that citizens have, by their word.
    public: set = field(default_factory=set)

    def version_read_by(self, who, meeting):
        """Insiders read minutes once they are out, others once they are public."""
        out = {"approval", "locked", "published"} if who in INSIDERS else {"published"}
        kind = "minutes" if self.states[meeting] in out else "agenda"
        return kind, self.versions[meeting, kind]

    def may_meet(self, who, word):
        marker = self.markers[word]
        if marker.kind == "note":
            return who == marker.owner
        item = self.items[marker.item]
        said = {
            "grounds": self._reads_grounds, "answer": self._reads_answer,
            "addition": self._reads_added, "reservation": self._reads_added,
        }  # fmt: skip
        if marker.kind in said:
            return said[marker.kind](who, word, marker, item)
        if item.removed and marker.kind != "title":
            return False
        closed = self._is_closed(who, marker, item)
        if closed is None or (marker.kind == "motion" and who not in READERS):
            return False
        return not closed or (who in READERS and who not in item.recused)

    def _is_closed(self, who, marker, item):
        """Is it closed in what `who` reads; None when they read nothing of it."""
        live = who in LIVE and self.states[item.meeting] not in {"locked", "published"}
        # The list of follow-ups is no version: it follows the item as it is now.
        listed = marker.kind in {"title", "follow_up"} and self._is_held(item)
        if live or marker.kind == "motion" or (listed and who in READERS):
            return item.closed
        kind, version = self.version_read_by(who, item.meeting)
        in_version = marker.item in version or item.removed
        if not in_version or (marker.kind in OF_THE_MINUTES and kind == "agenda"):
            return None
        return item.closed or version.get(marker.item, False)

    def _reads_answer(self, who, word, marker, item):
        own = who == marker.owner or who in LIVE
        return own and (not item.closed or who not in item.recused)

    def _reads_added(self, who, word, marker, item):
        """Under the items of locked minutes; citizens have it when it is published."""
        if item.closed:
            return who in READERS and who not in item.recused
        is_public = word in self.public and self.states[item.meeting] == "published"
        return who in INSIDERS or is_public

    def _reads_grounds(self, who, word, marker, item):
        """Who is concerned, who raised it, and those who decide, when they decide."""
        if who in marker.owner.split():
            return True
        held = self._is_held(item)
        if who in item.recused:
            return who in READERS and held and not item.closed
        return who in READERS and (held or who in LIVE)

    def _is_held(self, item):
        return self.states[item.meeting] != "issued"


class Town:
    """The meetings, the people with their browsers, and the acts."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.facts = Facts()
        self.numbers = count(100)
        self.done = Counter()
        base = a_scene(items=False)
        self.people = {
            "secretary": base.secretary,
            "chair": base.chair,
            "vice": person(base.committee, Role.VICE_CHAIR, name="Næstformand"),
            "member": base.member,
            "recused": base.recused,
            "follower": base.follower,
            "outsider": base.outsider,
            "anonymous": None,
        }
        self.clients = {name: client_of(user) for name, user in self.people.items()}
        self.scenes = {
            name: replace(base, meeting=self.meeting(base, place), items=[])
            for place, name in enumerate(["issued", "writing", "public"])
        }
        for name, scene in self.scenes.items():
            for closed in (False, True, False):
                self.add(name, closed)
            bring_to(scene, "issued")
        for scene in self.scenes.values():
            scene.meeting.refresh_from_db()
        self.hold()

    def meeting(self, base, place):
        return create_meeting(
            committee=base.committee, starts_at=days(14 + place),
            ends_at=days(14 + place).replace(hour=15), by=base.secretary,
        )  # fmt: skip

    def hold(self):
        """Issue, hold and publish what is to be held and published."""
        for name in self.scenes:
            self.noted(name, "agenda", "issued")
        for name in ("writing", "public"):
            scene = bring_to(self.scenes[name], "minutes_draft")
            attend(scene)
            for item in scene.items:
                text = f"Vi vedtog {self.marker('decision', item)}."
                decide(scene, item, text, "Drøftet.")
                self.follow_up(scene, item)
            self.facts.states[name] = "minutes_draft"
        scene = self.scenes["public"]
        closed = next(
            pk for pk, i in self.facts.items.items() if i.closed and i.meeting == "public"
        )
        item = AgendaItem.objects.get(pk=closed)
        self.settle(self.raise_case(item, "recused", "recused"), upheld=True)
        self.send("public", scene)
        approve(scene)
        for item in scene.items[:2]:
            word = self.answer(scene, item, "member", "reservation", kind="reservation")
            self.facts.public.add(word)
        lock_minutes(meeting=scene.meeting, by=scene.chair)
        self.publish(scene)

    def publish(self, scene):
        found = find_private(Meeting.objects.get(pk=scene.meeting.pk))
        reasons = {finding.key: "Må stå" for finding in found if not finding.is_resolved}
        resolve_findings(meeting=scene.meeting, reasons=reasons, by=scene.secretary)
        publish(scene)
        self.facts.states["public"] = "published"
        markers = self.facts.markers.items()
        self.facts.public |= {word for word, marker in markers if marker.kind == "addition"}

    def answer(self, scene, item, who, answer, kind="answer"):
        """A reservation, or a wish for a correction, to the minutes as they are out now."""
        word = self.marker(kind, item, who)
        answer_minutes(
            meeting=scene.meeting, version=scene.fresh().minutes_version, member=self.people[who],
            answer=answer, text=f"Ikke {word}", item=AgendaItem.objects.get(pk=item.pk),
            by=scene.again(self.people[who]),
        )  # fmt: skip
        return word

    def raise_case(self, item, who, by):
        word = self.marker("grounds", item, f"{who} {by}")
        try:
            row = declare_disqualified(
                item=item, member=self.people[who], grounds=f"Ansat hos {word}",
                by=User.objects.get(pk=self.people[by].pk),
            )  # fmt: skip
        except (NotAllowed, Refused, StaleState):
            del self.facts.markers[word]
            raise
        self.facts.items[item.pk].recused.add(who)
        return row

    def settle(self, row, *, upheld):
        settle_late(case=row, upheld=upheld, by=self.people["secretary"], reason="Glemt")

    def follow_up(self, scene, item):
        fresh = AgendaItem.objects.get(pk=item.pk)
        create_follow_up(
            item=fresh, text=f"Spørg om {self.marker('follow_up', item)}", due_on=day(9),
            owner_unit="Ejendomme", by=scene.secretary,
        )  # fmt: skip

    # Words -----------------------------------------------------------------------------------

    def marker(self, kind, item, owner=""):
        word = f"ZQ{next(self.numbers)}KX"
        self.facts.markers[word] = Marker(kind, item.pk, owner)
        return word

    def add(self, name, closed):
        """An item with a word in everything it has."""
        scene = self.scenes[name]
        fields = CLOSED if closed else {"access": "open"}
        word = f"ZQ{next(self.numbers)}KX"
        item = add_item(
            meeting=scene.meeting, title=f"Om {word}", by=scene.secretary, **fields
        )  # fmt: skip
        self.facts.markers[word] = Marker("title", item.pk)
        self.facts.items[item.pk] = ItemFacts(name, closed)
        scene.items.append(item)
        write(scene, item, summary=f"Her står {self.marker('text', item)}.")
        file_word = self.marker("file", item)
        add_attachment(
            item=item, data=text_pdf(file_word), filename=f"{file_word}.pdf",
            title=f"Bilag {file_word}", access="closed" if closed else "open", by=scene.secretary,
        )  # fmt: skip
        for owner in NOTE_TAKERS:
            text = f"Husk {self.marker('note', item, owner)}"
            write_note(item=item, by=self.people[owner], text=text)

    def noted(self, name, kind, state):
        """A version was made: what is in it is in it as it is now."""
        items = self.facts.items.items()
        self.facts.versions[name, kind] = {
            pk: item.closed for pk, item in items if item.meeting == name and not item.removed
        }
        self.facts.states[name] = state

    # Acts ------------------------------------------------------------------------------------

    ACTS = ["close", "open", "raise", "dismiss"] * 3 + [
        *("uphold", "take_off", "send", "send", "publish", "publish", "motion", "add", "answer"),
    ]

    def change(self):
        """One random act that the product allowed; returns the meeting it was done in."""
        while True:
            act = self.random.choice(self.ACTS)
            names = ["issued", "issued", "writing"]
            if act in {"publish", "add"}:
                names = ["public"]
            elif act in {"uphold", "dismiss", "answer"}:
                names = ["writing"]
            name = self.random.choice(names)
            scene = self.scenes[name]
            scene.meeting = Meeting.objects.get(pk=scene.meeting.pk)
            try:
                happened = getattr(self, f"do_{act}")(name, scene)
            except (NotAllowed, Refused, StaleState):
                continue
            if happened is not False:
                self.done[act] += 1
                return name

    def item(self, name):
        """A random item of the meeting: the row and what we know of it."""
        facts = self.facts.items
        pk = self.random.choice([pk for pk, i in facts.items() if i.meeting == name])
        return AgendaItem.objects.get(pk=pk), facts[pk]

    def do_close(self, name, scene):
        item, facts = self.item(name)
        change_item(item=item, version=item.version, by=scene.secretary, **CLOSED)
        facts.closed = True

    def do_open(self, name, scene):
        item, facts = self.item(name)
        change_item(item=item, version=item.version, by=scene.secretary, access="open")
        facts.closed = False

    def do_raise(self, name, scene):
        item, _facts = self.item(name)
        who = self.random.choice(["chair", "vice", "member", "recused", "recused"])
        by = self.random.choice([who, "secretary", "member" if name == "issued" else who])
        self.raise_case(item, who, by)

    def case(self, item):
        """One of the item's cases that are not decided, or None."""
        rows = Disqualification.objects.filter(item=item, state="raised").order_by("pk")
        return self.random.choice(list(rows)) if rows else None

    def do_uphold(self, name, scene):
        item, _facts = self.item(name)
        row = self.case(item)
        return self.settle(row, upheld=True) if row else False

    def do_dismiss(self, name, scene):
        """They read it again from the next request on."""
        item, facts = self.item(name)
        row = self.case(item)
        if row is None:
            return False
        self.settle(row, upheld=False)
        names = {user.pk: name for name, user in self.people.items() if user}
        facts.recused.remove(names[row.member_id])
        return True

    def do_answer(self, name, scene):
        if scene.meeting.state != "approval":
            return False
        item, facts = self.item(name)
        who = self.random.choice(["member", "recused"])
        if facts.removed or (facts.closed and who in facts.recused):
            return False
        self.answer(scene, item, who, self.random.choice(["reservation", "correction"]))
        return True

    def do_add(self, name, scene):
        """An addition to locked minutes: its words are public with the next publication."""
        item, _facts = self.item(name)
        word = self.marker("addition", item)
        add_addition(
            meeting=scene.meeting, text=f"Og {word}.", public_text="Rettet.", reason="Glemt",
            item=item, by=scene.secretary,
        )  # fmt: skip

    def do_take_off(self, name, scene):
        """The agenda stays three items long."""
        if name != "issued" or len(scene.items) > 6:
            return False
        item, facts = self.item(name)
        remove_item(item=item, by=scene.secretary)
        facts.removed = True
        self.add(name, closed=self.random.random() < 0.5)
        return True

    def do_send(self, name, scene):
        """The agenda once more; the minutes out for approval, and back."""
        if name == "issued":
            number = scene.meeting.agenda_version + 1
            issue_agenda(meeting=scene.meeting, expected=number, note="Ny", by=scene.secretary)
            self.noted(name, "agenda", "issued")
        elif scene.meeting.state == "approval":
            reopen_minutes(meeting=scene.meeting, by=scene.secretary)
            self.facts.states[name] = "minutes_draft"
        else:
            self.send(name, scene)

    def send(self, name, scene):
        """With a reason for everything that is not there."""
        lines = [line for check in proof(scene.meeting) for line in check.lines]
        reasons = {line.key: "Står åbent" for line in lines if not line.is_overridden}
        override_lines(meeting=scene.meeting, reasons=reasons, by=scene.secretary)
        send_for_approval(meeting=scene.meeting, by=scene.secretary)
        self.noted(name, "minutes", "approval")

    def do_publish(self, name, scene):
        if scene.meeting.state == "published":
            withdraw_minutes(meeting=scene.meeting, reason="En fejl", by=scene.secretary)
            self.facts.states[name] = "locked"
        else:
            self.publish(scene)

    def do_motion(self, name, scene):
        item, _facts = self.item(name)
        word = self.marker("motion", item)
        propose(
            item=item, kind="addition", proposer=scene.member, text=f"Og {word}.",
            by=scene.secretary,
        )  # fmt: skip

    # Looking ---------------------------------------------------------------------------------

    def addresses(self, name):
        """Every address of the meeting under which words could stand, also guessed ones."""
        meeting = self.scenes[name].meeting.pk
        pages = (
            "agenda", "changes", "attachments", "minutes", "protocol", "people", "live", "screen",
            "ics", "publish", "approval",
        )  # fmt: skip
        paths = [reverse(f"meetings:meeting_{page}", args=[meeting]) for page in pages]
        more = ("notes_page", "notes_export", "read_through")
        paths += [reverse(f"meetings:{page}", args=[meeting]) for page in more]
        rows = AgendaItem.objects.filter(meeting=meeting).prefetch_related("attachments")
        for row in rows:
            pages = ("item_page", "item_votes", "item_edit")
            paths += [reverse(f"meetings:{page}", args=[meeting, row.pk]) for page in pages]
            files = [file.pk for file in row.attachments.all()]
            paths += [reverse("meetings:attachment_file", args=[meeting, pk]) for pk in files]
        cases = Disqualification.objects.filter(item__meeting=meeting)
        paths += [reverse("meetings:recusal_page", args=[meeting, row.pk]) for row in cases]
        follow_ups = FollowUp.objects.filter(item__meeting=meeting)
        return paths + [reverse("meetings:follow_up_page", args=[row.pk]) for row in follow_ups]

    def lists(self, who):
        slug = self.scenes["issued"].committee.slug
        token = getattr(self.people[who], "calendar_token", "ukendt")
        follow_ups = reverse("meetings:follow_up_list")
        return [
            "/", "/moeder/", f"/udvalg/{slug}/", follow_ups, f"{follow_ups}?vis=done",
            reverse("meetings:calendar_public", args=[slug]),
            reverse("meetings:calendar_personal", args=[token]),
        ]  # fmt: skip

    def look(self, who, paths):
        """Word → where `who` met it."""
        found = {}
        for path in paths:
            answer = self.clients[who].get(path)
            assert answer.status_code < 500, path
            for word in words_in(answer):
                found.setdefault(word, path)
        return found

    def read(self, who, name):
        """What documents are made of for `who`: agenda, pack and minutes."""
        meeting = Meeting.objects.get(pk=self.scenes[name].meeting.pk)
        user = self.scenes[name].again(self.people[who]) if self.people[who] else None
        if user is None:
            from django.contrib.auth.models import AnonymousUser

            user = AnonymousUser()
        read = reading(user, meeting)
        if read is None:
            return {}
        kinds = ("agenda", "minutes") if read.kind == "minutes" else ("agenda",)
        texts = {kind: json.dumps(printed_reading(read, kind).snapshot) for kind in kinds}
        return {word: kind for kind, text in texts.items() for word in words(text)}

    def leaks(self, who, found):
        return [
            f"{who} met {self.facts.markers[word]} in {where}"
            for word, where in sorted(found.items())
            if not self.facts.may_meet(who, word)
        ]

    def glance(self, name):
        """A few people, a few addresses, and the readings, of the meeting just changed."""
        found = []
        for who in self.random.sample(sorted(self.people), 2):
            paths = self.random.sample(self.addresses(name), 2)
            found += self.leaks(who, self.look(who, paths) | self.read(who, name))
        return found

    def stare(self):
        """One of each sort of reader, everywhere. Returns the leaks and what each one met."""
        leaks, met = [], {}
        for who in STARERS:
            paths = [path for name in self.scenes for path in self.addresses(name)]
            found = self.look(who, [*paths, *self.lists(who)])
            for name in self.scenes:
                found = self.read(who, name) | found
            leaks += self.leaks(who, found)
            met[who] = set(found)
        return leaks, met


def theirs(town, who):
    """The control: words that one must meet when the crawler looks properly."""
    facts = town.facts
    return {
        word
        for word, marker in facts.markers.items()
        if (marker.kind == "note" and marker.owner == who and not facts.items[marker.item].removed)
        or (who == "secretary" and marker.kind == "text" and facts.may_meet(who, word))
    }


def test_nobody_meets_what_is_not_theirs_after_200_random_changes(caplog):
    town = Town(seed=2026)

    for _step in range(CHANGES):
        name = town.change()
        assert town.glance(name) == [], town.done
    leaks, met = town.stare()

    assert leaks == []
    for who in ("secretary", *NOTE_TAKERS):
        assert theirs(town, who) - met[who] == set(), who
    assert words(caplog.text) == set()
    assert set(town.done) == set(Town.ACTS)
