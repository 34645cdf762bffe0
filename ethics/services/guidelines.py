"""The text of a guideline: sections of a draft, adopted and frozen as a whole."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from committee.models import Committee
from committee.policies import still_works
from core import audit
from core.canonical import canonical_json, sha256_hex
from core.merging import three_way
from core.text import clean_text
from core.verdicts import Refused, StaleState
from ethics.enums.guidelines import AmendmentState, VersionState
from ethics.models import (
    Guideline,
    GuidelineEdition,
    GuidelineSection,
    GuidelineVersion,
    SectionRevision,
)
from ethics.policies import guidelines as policies
from ethics.workflow_guidelines import VERSION

LONGEST = 20_000
LONGEST_LINK = 500
# Parts of addresses that are pages of their own.
TAKEN = frozenset({"ny", "aendringer"})
DANISH = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "ae", "Ø": "oe", "Å": "aa"})


@dataclass(frozen=True)
class Decided:
    """Where the committee decided: the meeting in words, the item, the day and a link to it."""

    meeting: str
    on: date
    item: str = ""
    link: str = ""

    def checked(self) -> dict[str, Any]:
        """The fields of a `DecisionReference`. Raises `Refused`."""
        link = self.link.strip()
        if not self.meeting.strip():
            raise Refused(_("Write at which meeting it was decided."), "meeting")
        if self.on > timezone.localdate():
            raise Refused(_("The date of the decision cannot be in the future."), "decided_on")
        is_path = link.startswith("/") and not link.startswith("//")
        if link and not (is_path or link.startswith(("https://", "http://"))):
            raise Refused(_("The link must begin with https://."), "link")
        if len(link) > LONGEST_LINK:
            words = {"n": LONGEST_LINK}
            raise Refused(_("Write at most %(n)s characters.") % words, "link")
        meeting, item = " ".join(self.meeting.split())[:200], " ".join(self.item.split())[:60]
        return {"meeting": meeting, "item": item, "decided_on": self.on, "link": link}


@dataclass(frozen=True)
class SectionConflict:
    """Two people changed the same section: what it was, mine, theirs, and a proposed merge."""

    base: str
    mine: str
    theirs: str
    theirs_heading: str
    theirs_revision: int
    theirs_by: str
    theirs_at: Any
    merged: str
    clean: bool


def locked(guideline: Guideline) -> Guideline:
    """The row as it is now, locked for the rest of the transaction."""
    rows = Guideline.objects.select_for_update(of=("self",)).select_related("committee")
    return rows.get(pk=guideline.pk)


def current_version(guideline: Guideline) -> GuidelineVersion:
    """What is worked on: the draft, else the newest version."""
    # A guideline is made with its first draft, so there always is one.
    return guideline.versions.latest("number")


def draft_of(guideline: Guideline) -> GuidelineVersion:
    """Raises `StaleState` when there is no draft to work on."""
    version = current_version(guideline)
    if version.state != VersionState.DRAFT:
        raise StaleState(_("The version is adopted. Begin a new draft to change it."))
    return version


def body_text(text: str, field: str = "text") -> str:
    """Cleaned, and short enough. Raises `Refused`."""
    text = clean_text(text)
    if len(text) > LONGEST:
        raise Refused(_("Write at most %(n)s characters.") % {"n": LONGEST}, field)
    return text


def _heading(heading: str) -> str:
    heading = " ".join(heading.split())
    if not heading:
        raise Refused(_("Give the section a heading."), "heading")
    if len(heading) > 120:
        raise Refused(_("Write at most %(n)s characters.") % {"n": 120}, "heading")
    return heading


@transaction.atomic
def create_guideline(*, committee: Committee, title: str, by: Any) -> Guideline:
    """Begin a guideline with an empty first draft. Raises `Refused` without a title of its own."""
    policies.can_run(by, committee.pk).require()
    still_works(committee).require()
    title = " ".join(title.split())[:120]
    slug = slugify(title.translate(DANISH))[:50].strip("-")
    if not slug:
        raise Refused(_("Give the guideline a title."), "title")
    # Two who begin at once: the first body is the lock.
    list(Committee.objects.select_for_update().order_by("pk").values_list("pk")[:1])
    if slug in TAKEN or Guideline.objects.filter(slug=slug).exists():
        raise Refused(_("There is a guideline with that title. Choose another."), "title")
    row = Guideline.objects.create(committee=committee, slug=slug, title=title)
    GuidelineVersion.objects.create(guideline=row, number=1, created_by=by)
    audit.record("ethics.create_guideline", row, by=by, scope=committee, data={"slug": slug})
    return row


@transaction.atomic
def open_draft(*, guideline: Guideline, by: Any) -> GuidelineVersion:
    """Begin the next version with the sections of the newest. Raises `StaleState` when begun."""
    guideline = locked(guideline)
    policies.can_run(by, guideline.committee_id).require()
    last = current_version(guideline)
    if last.state == VersionState.DRAFT:
        raise StaleState(_("There is a draft already. Nothing was changed."))
    draft = GuidelineVersion.objects.create(
        guideline=guideline, number=last.number + 1, created_by=by
    )
    for old in last.sections.all():
        # What was removed keeps its number, so that nobody else gets it.
        row = GuidelineSection.objects.create(
            version=draft,
            number=old.number,
            heading=old.heading,
            text=old.text,
            removed=old.removed,
        )
        _note(row, by)
    _record("open_draft", guideline, by, version=draft.number)
    return draft


@transaction.atomic
def add_section(*, guideline: Guideline, heading: str, text: str, by: Any) -> GuidelineSection:
    """Put a section at the end; its number has never been another's."""
    guideline = locked(guideline)
    policies.can_run(by, guideline.committee_id).require()
    draft = draft_of(guideline)
    highest = draft.sections.aggregate(n=Max("number"))["n"] or 0
    row = GuidelineSection.objects.create(
        version=draft, number=highest + 1, heading=_heading(heading), text=body_text(text)
    )
    _note(row, by)
    _record("add_section", guideline, by, version=draft.number, section=row.number)
    return row


@transaction.atomic
def save_section(
    *, guideline: Guideline, number: int, heading: str, text: str, revision: int, by: Any
) -> tuple[GuidelineSection, SectionConflict | None]:
    """Save what was written on `revision`. When others saved meanwhile, nothing is written and
    the conflict comes back with a proposed merge; when both said the same there is none."""
    guideline = locked(guideline)
    policies.can_run(by, guideline.committee_id).require()
    row = section_of(draft_of(guideline), number)
    heading, mine = _heading(heading), body_text(text)
    if (heading, mine) == (row.heading, row.text):
        return row, None
    if revision != row.revision:
        base = row.revisions.filter(number=revision).first()
        if base and base.heading == heading and base.text == mine:
            return row, None
        return row, _conflict(row, base.text if base else "", mine)
    write_section(row, heading=heading, text=mine, by=by)
    facts = {"version": row.version.number, "section": number, "revision": row.revision}
    _record("save_section", guideline, by, **facts)
    return row, None


def section_of(version: GuidelineVersion, number: int) -> GuidelineSection:
    """Raises `StaleState` when it has been removed, or never was."""
    row = version.sections.filter(number=number, removed=False).first()
    if row is None:
        raise StaleState(_("The section is no longer in the text. Nothing was changed."))
    return row


def _conflict(row: GuidelineSection, base: str, mine: str) -> SectionConflict:
    merged, clean = three_way(base, mine, row.text)
    last = row.revisions.select_related("by").get(number=row.revision)
    return SectionConflict(
        base=base,
        mine=mine,
        theirs=row.text,
        theirs_heading=row.heading,
        theirs_revision=row.revision,
        theirs_by=last.by.name,
        theirs_at=last.at,
        merged=merged,
        clean=clean,
    )


def write_section(row: GuidelineSection, *, text: str, by: Any, heading: str = "") -> None:
    """Make `text` the newest revision of the section."""
    row.revision += 1
    row.heading, row.text = heading or row.heading, text
    row.save()
    _note(row, by)


def _note(row: GuidelineSection, by: Any) -> None:
    SectionRevision.objects.create(
        section=row, number=row.revision, heading=row.heading, text=row.text, by=by
    )


@transaction.atomic
def remove_section(*, guideline: Guideline, number: int, revision: int, by: Any) -> None:
    """Take a section out of the draft. Not while somebody wants its text changed."""
    guideline = locked(guideline)
    policies.can_run(by, guideline.committee_id).require()
    row = section_of(draft_of(guideline), number)
    if row.revision != revision:
        raise StaleState(_("Somebody else changed the section meanwhile. Nothing was changed."))
    waiting = guideline.amendments.filter(section_number=number, state=AmendmentState.OPEN)
    if waiting.exists():
        raise Refused(_("A proposed change of the section awaits its answer. Answer it first."))
    row.removed = True
    row.save(update_fields=["removed"])
    _record("remove_section", guideline, by, version=row.version.number, section=number)


def draft_hash(version: GuidelineVersion) -> str:
    """What stands in the sections now, as one hash: whoever adopts names the text they saw."""
    return sha256_hex(canonical_json(_sections(version)))


def _sections(version: GuidelineVersion) -> list[dict[str, Any]]:
    rows = version.sections.filter(removed=False).order_by("number")
    return [{"number": one.number, "heading": one.heading, "text": one.text} for one in rows]


@transaction.atomic
def adopt(*, guideline: Guideline, decided: Decided, expected: str, by: Any) -> GuidelineEdition:
    """Freeze the draft as adopted and publish it; the version before it is replaced.

    Raises `StaleState` when the draft is not the text whose hash is `expected`.
    """
    guideline = locked(guideline)
    policies.can_run(by, guideline.committee_id).require()
    draft = draft_of(guideline)
    if draft_hash(draft) != expected:
        raise StaleState(_("The draft has changed since you saw it. Read it again."))
    VERSION.check(draft, "adopt").require()
    reference = decided.checked()
    before = guideline.versions.filter(state=VersionState.ADOPTED).first()
    if before is not None:
        VERSION.apply(before, "supersede")
    VERSION.apply(draft, "adopt")
    body = canonical_json(
        {
            "schema": 1,
            "committee": guideline.committee.slug,
            "guideline": {"slug": guideline.slug, "title": guideline.title},
            "version": draft.number,
            "decision": reference,
            "sections": _sections(draft),
        }
    )
    edition = GuidelineEdition.objects.create(
        version=draft, body=body.decode(), sha256=sha256_hex(body), by=by, **reference
    )
    facts = {"version": draft.number, "sha256": edition.sha256}
    _record("adopt_guideline", guideline, by, **facts, decided_on=str(decided.on))
    return edition


def _record(verb: str, guideline: Guideline, by: Any, **facts: Any) -> None:
    audit.record(f"ethics.{verb}", guideline, by=by, scope=guideline.committee, data=facts)
