"""What citizens will read once agenda or minutes are public, and what in it may be private."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.canonical import canonical_json, sha256_hex
from core.files.errors import BadFile
from meetings.enums import Edition, MeetingState, VersionKind, VoteChoice
from meetings.models import Attachment, Disqualification, Meeting, PublicationRequest
from meetings.selectors.looking import hidden_in, scan_once
from meetings.selectors.reading import Reading, stored_reading
from meetings.selectors.seats import citizen_names

FROZEN = frozenset({MeetingState.APPROVAL, MeetingState.LOCKED, MeetingState.PUBLISHED})
SHOWN = 140
# The fields in which the law has people named.
NAMING = frozenset({"attendance", "disqualification", "voters"})
KINDS: dict[str, Any] = {
    "cpr": gettext_lazy("CPR number"),
    "phone": gettext_lazy("Phone number"),
    "email": gettext_lazy("E-mail address"),
    "address": gettext_lazy("Street address"),
    "name": gettext_lazy("Name of a citizen member or a disqualified member"),
    "author": gettext_lazy("Name in the file's properties"),
    "comment": gettext_lazy("Comment in the file"),
    "tracked": gettext_lazy("Tracked change in the file"),
    "location": gettext_lazy("Where the picture was taken"),
    "unread": gettext_lazy("File that cannot be read"),
}


@dataclass(frozen=True)
class Place:
    """One text that becomes public: a stable name, its words, and where it is corrected."""

    name: str
    words: str
    text: str
    url: str
    item_id: int | None = None
    # Must somebody be named here by law, so that their name is no finding (ADR 0020)?
    names_people: bool = False


@dataclass(frozen=True)
class Finding:
    """Something that may be private. `key` is stable as long as the words stand where they do."""

    key: str
    kind: str
    excerpt: str
    place: Place
    likely: bool = True
    count: int = 1
    reason: str = ""
    resolved_by: str = ""

    @property
    def label(self) -> str:
        return str(KINDS[self.kind])

    @property
    def is_resolved(self) -> bool:
        return bool(self.reason)

    @property
    def sentence(self) -> str:
        """For the refusal: what and where, without the words themselves."""
        return _("%(kind)s in %(place)s: write why it may be public, or take it out.") % {
            "kind": self.label,
            "place": self.place.words,
        }


def coming_reading(meeting: Meeting, kind: str = VersionKind.MINUTES) -> Reading:
    """What citizens read once the newest of that kind is public, under today's access."""
    number = meeting.agenda_version
    if kind == VersionKind.MINUTES:
        number = meeting.minutes_version if meeting.state in FROZEN else 0
    version = meeting.versions.filter(kind=kind, number=number).first() if number else None
    return stored_reading(meeting, version, Edition.PUBLIC, [])


def drafted_reading(meeting: Meeting) -> Reading:
    """What citizens would read of the agenda if it were issued as it stands now."""
    return stored_reading(meeting, None, Edition.PUBLIC, [])


def reads_the_same(now: Reading | None, coming: Reading) -> bool:
    """Is there nothing in `coming` that citizens do not read already?"""
    if now is None or now.kind != coming.kind or _told(now) != _told(coming):
        return False
    return _changed_headings(coming) <= _headings(now) | _changed_headings(now)


def _told(read: Reading) -> dict[str, Any]:
    """The content without what only says which version it is, and what it is compared with."""
    apart = {"version", "changes", "items"}
    rest = {key: value for key, value in read.snapshot.items() if key not in apart}
    items = [{k: v for k, v in item.items() if k != "change"} for item in read.items]
    return rest | {"items": items}


def _headings(read: Reading) -> set[str]:
    return {item["title"] for item in read.items}


def _changed_headings(read: Reading) -> set[str]:
    return {change["title"] for change in read.snapshot["changes"]}


def public_digest(read: Reading) -> str:
    """Of exactly the text that is looked at, so that an approval is of that and nothing else."""
    return sha256_hex(canonical_json(read.snapshot))


def open_request(meeting: Meeting, kind: str = VersionKind.MINUTES) -> PublicationRequest | None:
    """The request that waits for a second person."""
    waiting = meeting.publications.filter(
        kind=kind, approved_at__isnull=True, dropped_at__isnull=True
    )
    return waiting.select_related("asked_by").first()


def find_private(meeting: Meeting, read: Reading | None = None) -> list[Finding]:
    """Everything in the coming public edition that may be private, with its reason if it has one.

    The same words in the same place are one finding.
    """
    read = read or coming_reading(meeting)
    reasons = {row.key: row for row in meeting.findings.select_related("resolved_by")}
    found: dict[str, Finding] = {}
    for finding in _all_findings(meeting, read):
        kept = found.get(finding.key)
        if kept:
            found[finding.key] = replace(kept, count=kept.count + 1)
            continue
        row = reasons.get(finding.key)
        found[finding.key] = (
            replace(finding, reason=row.reason, resolved_by=row.resolved_by.name)
            if row
            else finding
        )
    return list(found.values())


def unresolved(meeting: Meeting, read: Reading | None = None) -> list[Finding]:
    return [finding for finding in find_private(meeting, read) if not finding.is_resolved]


def _all_findings(meeting: Meeting, read: Reading) -> Iterator[Finding]:
    # They are named in the attendance, as the law asks; elsewhere it is a choice.
    names = citizen_names(meeting)
    recused = _recused(meeting)
    municipality = meeting.committee.municipality
    domain = municipality.contact_email.rpartition("@")[2].lower()
    domains = [domain] if domain else []
    for place in _places(meeting, read):
        wanted = set() if place.names_people else names | recused.get(place.item_id, set())
        for match in scan_once(place.text, domains, [municipality.contact_phone], wanted):
            # Where the meeting is held is public at once (see ADR 0019).
            if not (place.name == "meeting place" and match.kind == "address"):
                yield _finding(meeting, match.kind, match.excerpt, place, likely=match.likely)
    yield from _in_files(meeting, read, domains, names, recused)


def _finding(
    meeting: Meeting, kind: str, excerpt: str, place: Place, *, likely: bool = True
) -> Finding:
    # Keyed: a plain hash of ten digits is undone in a second.
    told = f"{meeting.pk}|{kind}|{place.name}|{' '.join(excerpt.split()).casefold()}"
    key = salted_hmac("meetings.publication.finding", told, algorithm="sha256").hexdigest()
    return Finding(key, kind, Truncator(excerpt).chars(SHOWN), place, likely)


def _recused(meeting: Meeting) -> dict[int | None, set[str]]:
    rows = Disqualification.objects.filter(item__meeting=meeting, lifted_at__isnull=True)
    found: dict[int | None, set[str]] = {}
    for item_id, name in rows.values_list("item_id", "member__name"):
        found.setdefault(item_id, set()).add(name)
    return found


# The texts ------------------------------------------------------------------------------


def _places(meeting: Meeting, read: Reading) -> Iterator[Place]:
    facts = read.snapshot["meeting"]
    edit = reverse("meetings:meeting_edit", args=[meeting.pk])
    yield Place("meeting title", _("the meeting's title"), facts.get("title", ""), edit)
    yield Place("meeting place", _("the meeting's place"), facts.get("place", ""), edit)
    for item in read.items:
        yield from _item_places(meeting, item)
    agenda = reverse("meetings:meeting_agenda", args=[meeting.pk])
    for change in read.snapshot["changes"]:
        if change["title"] not in _headings(read):
            name, words = f"change {change['item']}", _("the list of changes")
            yield Place(name, words, change["title"], agenda, change["item"])
    minutes = reverse("meetings:meeting_minutes", args=[meeting.pk])
    for name, heading, text, item_id in minuted_fields(read.snapshot):
        yield Place(name, heading, text, minutes, item_id)


def minuted_fields(snapshot: dict[str, Any]) -> list[tuple[str, str, str, int | None]]:
    """What citizens read under the items: name, heading in words, text, and whose item."""
    words = {
        "overrides": _("what is missing, no. %(number)s"),
        "reservations": _("reservation no. %(number)s"),
        "reopened": _("reopening no. %(number)s"),
        "additions": _("addition no. %(number)s"),
    }
    found = []
    for kind, heading in words.items():
        for index, row in enumerate(snapshot.get(kind, []), start=1):
            text = "\n".join(filter(None, [row.get("text", ""), row.get("reason", "")]))
            number = {"number": row.get("number") or index}
            found.append((f"{kind} {index}", heading % number, text, row.get("item")))
    return [field for field in found if field[2]]


def _item_places(meeting: Meeting, item: dict[str, Any]) -> Iterator[Place]:
    url = reverse("meetings:item_edit", args=[meeting.pk, item["id"]])
    for name, heading, text, anchor in public_fields(item):
        words = _("item %(number)s, %(heading)s") % {"number": item["number"], "heading": heading}
        named = name.split()[0] in NAMING
        yield Place(f"item {item['id']} {name}", words, text, url + anchor, item["id"], named)
    for row in item["attachments"]:
        for name, heading in (("title", _("title")), ("filename", _("file name"))):
            words = _file_words(row, heading)
            yield Place(
                f"file {row['id']} {name}", words, row[name], f"{url}#attachments", item["id"]
            )


def public_fields(item: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """What citizens read of an item: name, heading in words, text, and where in the editor."""
    decision = item.get("decision") or {}
    closing = (item.get("closing") or {}).get("ground", "")
    fields = [
        ("title", _("heading"), item.get("title") or item.get("public_title", ""), "#heading"),
        ("case_id", _("case id"), item.get("case_id", ""), ""),
        ("presenter", _("presenter"), item.get("presenter", ""), ""),
        ("closing", _("legal ground"), closing, ""),
    ]
    fields += [
        (section["key"], section["heading"], section["text"], f"#{section['key']}")
        for section in item["sections"]
    ]
    outcome = ". ".join(filter(None, (decision.get("outcome"), decision.get("text"))))
    fields.append(("decision", decision.get("heading") or _("Decision"), outcome, "#decision"))
    public = item.get("public_decision", "")
    fields.append(("public_decision", _("public decision text"), public, "#public_decision"))
    fields += [(name, heading, text, "") for name, heading, text in _treated(item)]
    return [field for field in fields if field[2]]


def _treated(item: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What the meeting itself left in an item: who was there, motions, votes, what follows."""
    yield "attendance", _("attendance"), _lines((item.get("attendance") or {}).get("lines", []))
    for index, row in enumerate(item.get("disqualifications", []), start=1):
        votes = [_voters(vote) for vote in row.get("votes", [])]
        heading = _("disqualification no. %(number)s") % {"number": index}
        yield f"disqualification {index}", heading, _lines([*row.get("lines", []), *votes])
    for index, row in enumerate(item.get("votes", []), start=1):
        number = {"number": index}
        motion = _lines([row.get("motion", ""), row.get("as_changed", "")])
        yield f"motion {index}", _("motion no. %(number)s") % number, motion
        voters = _lines([row.get("proposer", ""), _voters(row)])
        yield f"voters {index}", _("who proposed and voted, no. %(number)s") % number, voters
    for index, row in enumerate(item.get("dissents", []), start=1):
        heading = _("dissenting opinion no. %(number)s") % {"number": index}
        yield f"dissent {index}", heading, _lines([row.get("text", ""), row.get("reason", "")])
    for index, row in enumerate(item.get("follow_ups", []), start=1):
        heading = _("follow-up no. %(number)s") % {"number": index}
        yield f"follow_up {index}", heading, row.get("text", "")


def _voters(vote: dict[str, Any]) -> str:
    return _lines(
        f"{choice.label}: {', '.join(vote[choice])}" for choice in VoteChoice if vote.get(choice)
    )


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(filter(None, texts))


def _file_words(row: dict[str, Any], what: str) -> str:
    return _("attachment %(number)s, %(what)s") % {"number": row["number"], "what": what}


# The files ------------------------------------------------------------------------------


def _in_files(
    meeting: Meeting,
    read: Reading,
    domains: list[str],
    names: set[str],
    recused: dict[int | None, set[str]],
) -> Iterator[Finding]:
    rows = {row["id"]: (item["id"], row) for item in read.items for row in item["attachments"]}
    phones = [meeting.committee.municipality.contact_phone]
    for attachment in Attachment.objects.filter(pk__in=rows).select_related("file"):
        item_id, row = rows[attachment.pk]
        url = reverse("meetings:item_edit", args=[meeting.pk, item_id]) + "#attachments"
        wanted = names | recused.get(item_id, set())
        text = Place(
            f"file {attachment.pk} text", _file_words(row, _("text")), attachment.text, url, item_id
        )
        for place in (text, *_hidden_places(attachment, row, url, item_id)):
            yield from _hidden_finding(meeting, place)
            for match in scan_once(place.text, domains, phones, wanted):
                yield _finding(meeting, match.kind, match.excerpt, place, likely=match.likely)


def _hidden_places(
    attachment: Attachment, row: dict[str, Any], url: str, item_id: int
) -> Iterator[Place]:
    """One place per sort of thing that is in the file and not on its pages."""
    words = {
        "author": _("author"),
        "property": _("properties"),
        "comment": _("comments"),
        "tracked": _("tracked changes"),
        "location": _("where it was taken"),
    }
    try:
        hidden = hidden_in(attachment.file)
    except (BadFile, OSError):
        name = f"file {attachment.pk} unread"
        yield Place(name, _file_words(row, _("content")), attachment.file.sha256, url, item_id)
        return
    for part in hidden:
        name = f"file {attachment.pk} {part.kind}"
        yield Place(name, _file_words(row, words[part.kind]), part.text, url, item_id)


def _hidden_finding(meeting: Meeting, place: Place) -> Iterator[Finding]:
    """What is a finding by being there at all; an author that is the municipality is not."""
    kind = place.name.rpartition(" ")[2]
    official = {meeting.committee.municipality.name, meeting.committee.name, "Udvalgsrum"}
    if kind in KINDS and not (kind == "author" and place.text in official):
        yield _finding(meeting, kind, place.text, place)
