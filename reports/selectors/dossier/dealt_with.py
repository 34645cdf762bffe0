"""Where the case was dealt with: the official answer, the meetings, what followed, the protocol."""

from typing import Any
from urllib.parse import urlsplit

from django.db.models import Q
from django.urls import Resolver404, resolve

from core.canonical import canonical_json, sha256_hex
from core.models import AuditEntry
from ethics.models import CaseSnapshot, Condition, ReviewRound
from ethics.verbs import WORDS as ETHICS_WORDS
from meetings.models import AgendaItem, FollowUp, Meeting
from meetings.selectors.reading import reading
from reports.selectors.dossier.look import Look, Piece, stamp
from usecases.selectors.page import official_answer
from usecases.verbs import WORDS as CASE_WORDS

WORDS = {**CASE_WORDS, **ETHICS_WORDS}
# Who follows a case is theirs; a mail that was not sent is no act in the case.
NOT_OF_THE_CASE = ("usecases.follow", "usecases.unfollow", "usecases.mail_not_sent")
# Asking for a dossier would else change the dossier.
OWN_VERBS = "reports."


def answer(look: Look) -> Piece:
    """The decision of the competent body; of a closed item only its ground."""
    found = official_answer(look.user, look.case)
    if found is None:
        return {}
    look.gives("decision", "open" if found.get("is_open_to_reader") else "ground")
    if found["is_closed"]:
        look.gives("decision", "closed")
    return {
        "decision": str(found["label"]),
        "body": found["body"],
        "on": stamp(found["on"]),
        "item": found["item"],
        "link": found["link"],
        "closed": found["is_closed"],
        "ground": found["ground"],
        "expires": stamp(found["expires"]),
        "case_id": found.get("case_id", ""),
        "reasons": found.get("reasons", ""),
        "conditions": found.get("conditions", ""),
        "dissent": found.get("dissent", ""),
        "deviation": found.get("deviation", ""),
        "price_of_no": found.get("price_of_no", ""),
    }


# Meetings ----------------------------------------------------------------------------------------


def items_of(look: Look, decided: Piece) -> list[AgendaItem]:
    """The items that the decision or a review points at, as far as the reader may see them."""
    wanted = Q(pk__in=[])
    if number := decided.get("case_id"):
        wanted |= Q(case_id=number, meeting__committee=look.case.committee_id)
    for address in addresses(look, decided):
        wanted |= _at(address)
    rows = AgendaItem.objects.visible_to(look.user).filter(wanted)
    return list(rows.select_related("meeting__committee").order_by("meeting__starts_at", "pk"))


def addresses(look: Look, decided: Piece) -> list[tuple[str, str]]:
    """Where the decision and the reviews say that the case was dealt with: address, number."""
    found = [(decided["link"], decided["item"])] if decided.get("link") else []
    if look.full:
        rounds = ReviewRound.objects.opened_to(look.user).filter(case=look.case)
        rows = rounds.exclude(agenda_url="").order_by("pk")
        found += rows.values_list("agenda_url", "agenda_item")
    return found


def _at(address: tuple[str, str]) -> Q:
    """The item behind an address of ours: its own page, or a number on a meeting's page."""
    url, number = address
    known = _parts(url)
    if "item_id" in known:
        return Q(pk=known["item_id"], meeting=known.get("meeting_id"))
    if "meeting_id" in known and number.isdecimal():
        return Q(meeting=known["meeting_id"], position=int(number))
    return Q(pk__in=[])


def _parts(url: str) -> dict[str, Any]:
    """What an address of ours is about; nothing for one of others."""
    try:
        return resolve(urlsplit(url).path).kwargs
    except Resolver404:
        return {}


def meetings(look: Look, items: list[AgendaItem], decided: Piece) -> list[Piece]:
    """Each item as its reader reads it; of a closed one what everybody reads, whoever asks.

    A meeting that is named without an item is there with its name and day.
    """
    linked = [_parts(url).get("meeting_id") for url, _number in addresses(look, decided)]
    ids = {item.meeting_id for item in items} | set(filter(None, linked))
    rows = Meeting.objects.visible_to(look.user).filter(pk__in=ids).select_related("committee")
    found = []
    for meeting in rows.order_by("starts_at", "pk"):
        look.gives("meeting", meeting.pk)
        shown = reading(look.user, meeting)
        own = [item for item in items if item.meeting_id == meeting.pk and shown]
        known = [(item, shown.item(item.pk)) for item in own if shown]
        told = [_item(look, item, facts) for item, facts in known if facts is not None]
        found += told or [_bare(meeting)]
    return found


def _bare(meeting: Meeting) -> Piece:
    return {
        "meeting": meeting.title,
        "starts_at": stamp(meeting.starts_at),
        "number": None,
        "title": "",
        "address": meeting.get_absolute_url(),
    }


def _item(look: Look, item: AgendaItem, known: dict[str, Any]) -> Piece:
    closed = known["access"] == "closed"
    look.gives("item", item.pk, known["access"])
    decision = None if closed else known.get("decision")
    # What was told of it may be withdrawn or corrected: whoever opens the file must read it still.
    told = [decision["text"] if decision else "", known.get("public_decision", "")]
    if any(told):
        look.gives("item", item.pk, "told", sha256_hex(canonical_json(told))[:16])
    return {
        "meeting": item.meeting.title,
        "starts_at": stamp(item.meeting.starts_at),
        "number": known["number"],
        "title": known["public_title"] if closed else known["title"],
        "closed": closed,
        "ground": (known.get("closing") or {}).get("ground", ""),
        "outcome": str(item.get_outcome_display()) if decision and item.outcome else "",
        "decision": decision["text"] if decision else "",
        "public_decision": known.get("public_decision", ""),
        "address": item.get_absolute_url(),
    }


def follow_ups(look: Look, items: list[AgendaItem]) -> list[Piece]:
    """What is to be done after the open items."""
    open_ones = [item.pk for item in items if not item.is_closed]
    rows = FollowUp.objects.visible_to(look.user).filter(item__in=open_ones).order_by("pk")
    found = []
    for row in rows.select_related("owner"):
        look.gives("follow_up", row.pk)
        found.append(
            {
                "text": row.text,
                "owner": row.owner_name,
                "due_on": stamp(row.due_on),
                "state": str(row.get_state_display()),
                "closed_at": stamp(row.closed_at),
            }
        )
    return found


# The protocol ------------------------------------------------------------------------------------


def protocol(look: Look) -> list[Piece]:
    """The case's rows of the chain: number, hash, act and time. No names and no texts."""
    if not look.full:
        return []
    rows = AuditEntry.objects.filter(_about(look)).exclude(verb__startswith=OWN_VERBS)
    rows = rows.exclude(verb__in=NOT_OF_THE_CASE).order_by("seq")
    return [
        {
            "seq": row.seq,
            "at": stamp(row.at),
            "verb": row.verb,
            "act": str(WORDS.get(row.verb, row.verb)),
            "hash": row.hash,
        }
        for row in rows
    ]


def _about(look: Look) -> Q:
    """The case and what hangs on it, as far as the reader may know of it."""
    user, case = look.user, look.case
    wanted = Q(object_type=case._meta.label, object_id=str(case.pk))
    for rows in (
        ReviewRound.objects.opened_to(user).filter(case=case),
        Condition.objects.visible_to(user).filter(case=case),
        CaseSnapshot.objects.filter(case=case),
    ):
        ids = [str(pk) for pk in rows.values_list("pk", flat=True)]
        wanted |= Q(object_type=rows.model._meta.label, object_id__in=ids)
    return wanted
