"""Make a meeting of minutes written elsewhere. What has no place is kept, never dropped."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from committee.models import Committee, User
from core import audit
from core.canonical import sha256_hex
from core.files.errors import sentence
from core.models import AuditEntry
from core.store import store_bytes
from core.verdicts import Refused
from meetings import policies
from meetings.enums import ATTACHMENTS, DECISION, Access, MeetingState
from meetings.importing import (
    Account,
    ImportedItem,
    ImportedSection,
    ImportRefused,
    ParsedMinutes,
    account,
    parse_minutes,
    source_text,
)
from meetings.models import AgendaItem, Attendance, ItemText, Meeting
from meetings.sections import SECTION_TEMPLATES, SectionTemplate
from meetings.selectors.seats import seated_members
from meetings.services.planning import deadlines, default_title, next_number, rule_profile_on
from meetings.services.texts import write_text

VERB = "meetings.import_minutes"
NUMBER = re.compile(r"\b(\d{1,3})\. (?:ordinære |ekstraordinære )?møde\b", re.IGNORECASE)
USUAL_START = time(17, 0)
USUAL_LENGTH = timedelta(hours=2)
NAME_LIMIT = 200
CASE_LIMIT = 40
NO_TIME = gettext_lazy(
    "The file does not say when the meeting began. 17.00 is written; correct it."
)
NO_END = gettext_lazy(
    "The text does not say when the meeting ended. Two hours are assumed; correct it."
)
CLOSED_ITEM = gettext_lazy(
    "Item %(number)s is closed. Write its public heading and why it is closed."
)
FILES_MISSING = gettext_lazy("Item %(number)s names attachments. Attach the files.")


@dataclass(frozen=True)
class Imported:
    """The meeting that was made, what was read, and what a person must look at."""

    meeting: Meeting
    parsed: ParsedMinutes
    account: Account
    warnings: list[str]


class Leftovers:
    """Text that has no place of its own, and the warnings that come with the import."""

    def __init__(self, parsed: ParsedMinutes) -> None:
        self.lines = list(parsed.unplaced)
        self.warnings: list[str | Promise] = list(parsed.warnings)

    def keep(self, label: str, text: str) -> None:
        """Keep `text` under what could not be placed, after a word that says what it is."""
        self.lines.append(f"{label}: {text}" if "\n" not in text else f"{label}:\n{text}")

    def fit(self, text: str, limit: int, label: str) -> str:
        """`text` as far as the field holds it; all of a longer one is kept here too."""
        if len(text) <= limit:
            return text
        self.keep(label, text)
        return text[: limit - 1].rsplit(" ", 1)[0] + "…"


def read_minutes(data: bytes, filename: str) -> tuple[ParsedMinutes, Account]:
    """Read a file. Raises `Refused` when it is not minutes, before anything is stored."""
    try:
        parsed = parse_minutes(data, filename)
        checked = account(parsed, source_text(data, filename))
    except ImportRefused as refusal:
        raise Refused(refusal.reason, "file") from refusal
    if not parsed.items:
        raise Refused(
            _(
                "There is no heading in the file that minutes have, such as “Resumé”, "
                "“Indstilling” or “Beslutning”. Nothing was imported."
            ),
            "file",
        )
    return parsed, checked


@transaction.atomic
def import_minutes(
    *,
    committee: Committee,
    data: bytes,
    filename: str,
    by: User | None,
    day: date | None = None,
    again: bool = False,
) -> Imported:
    """Make a meeting with its minutes in draft of a file; the file itself is stored too.

    `by` is None when a command runs it: the protocol then names the system. `day` is for a file
    that does not say when the meeting was. Raises `Refused` when the file cannot be read, says
    no date, or was imported into this committee before (unless `again`).
    """
    if by is not None:
        policies.can_create_meeting(by, committee).require()
    parsed, checked = read_minutes(data, filename)
    Committee.objects.select_for_update().get(pk=committee.pk)
    digest = sha256_hex(data)
    if not again:
        _refuse_twice(committee, digest)
    left = Leftovers(parsed)
    meeting = _create_meeting(committee, parsed, day, left)
    # What is stored is Danish, whatever language the secretary reads in.
    with translation.override("da"):
        for place, item in enumerate(parsed.items, start=1):
            _create_item(meeting, place, item, by, left)
    meeting.unplaced = "\n\n".join(left.lines)
    meeting.save(update_fields=["unplaced"])
    stored = store_bytes(
        data, filename=filename[:200], media_type="application/octet-stream", by=by
    )
    facts = {"sha256": digest, "file": stored.pk, "items": len(parsed.items)}
    audit.record(VERB, meeting, by=by, scope=committee, data=facts)
    return Imported(meeting, parsed, checked, [str(warning) for warning in left.warnings])


def _refuse_twice(committee: Committee, digest: str) -> None:
    scope = {"scope_type": committee._meta.label, "scope_id": str(committee.pk)}
    earlier = AuditEntry.objects.filter(verb=VERB, data__sha256=digest, **scope)
    meeting = Meeting.objects.filter(pk__in=[entry.object_id for entry in earlier]).first()
    if meeting is not None:
        raise Refused(
            _("The file has already been imported as “%(title)s”. Nothing was changed.")
            % {"title": meeting.title},
            "file",
        )


# The meeting -----------------------------------------------------------------------


def _create_meeting(
    committee: Committee, parsed: ParsedMinutes, day: date | None, left: Leftovers
) -> Meeting:
    starts_at, ends_at = _times(parsed, day, left)
    profile = rule_profile_on(committee, timezone.localtime(starts_at).date())
    number = _number(committee, parsed)
    meeting = Meeting.objects.create(
        committee=committee,
        number=number,
        title=left.fit(parsed.title, NAME_LIMIT, _("Title")) or default_title(committee, number),
        starts_at=starts_at,
        ends_at=ends_at,
        place=left.fit(parsed.place, NAME_LIMIT, _("Place")),
        state=MeetingState.MINUTES_DRAFT,
        rule_profile=profile,
        section_template=_template(committee, parsed).reference,
        **deadlines(starts_at, profile.rules),
    )
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, member=member.user) for member in seated_members(meeting)
    )
    return meeting


def _times(parsed: ParsedMinutes, day: date | None, left: Leftovers) -> tuple[datetime, datetime]:
    when = day or parsed.date
    if when is None:
        raise Refused(
            _(
                "The file does not say when the meeting was held. "
                "Write the date. Nothing was imported."
            ),
            "day",
        )
    if parsed.start_time is None:
        left.warnings.append(NO_TIME)
    starts_at = timezone.make_aware(datetime.combine(when, parsed.start_time or USUAL_START))
    if parsed.end_time is None:
        left.warnings.append(NO_END)
        return starts_at, starts_at + USUAL_LENGTH
    ends_at = timezone.make_aware(datetime.combine(when, parsed.end_time))
    # A meeting that ends “before” it begins went on past midnight.
    return starts_at, ends_at if ends_at > starts_at else ends_at + timedelta(days=1)


def _number(committee: Committee, parsed: ParsedMinutes) -> int:
    """The number the minutes give themselves when it is free, else the next one."""
    for text in (parsed.title, *(item.heading for item in parsed.items)):
        found = NUMBER.search(text)
        if found and int(found[1]):
            number = int(found[1])
            taken = Meeting.objects.filter(committee=committee, number=number).exists()
            return next_number(committee) if taken else number
    return next_number(committee)


def _template(committee: Committee, parsed: ParsedMinutes) -> SectionTemplate:
    """The template that has most of the sections found; the committee's own when they tie."""
    found = {part.key for item in parsed.items for part in item.sections}
    own = SECTION_TEMPLATES.by_reference(committee.section_template)
    newest = SECTION_TEMPLATES.newest()
    templates = [own, *(each for each in newest.values() if each.key != own.key)]
    return max(templates, key=lambda each: len(found & {part.key for part in each.sections}))


# The items --------------------------------------------------------------------------


def _create_item(
    meeting: Meeting, place: int, source: ImportedItem, by: User | None, left: Leftovers
) -> None:
    closed = _is_closed(meeting, source)
    label = _("Item %(number)s") % {"number": place}
    if closed:
        left.warnings.append(sentence(CLOSED_ITEM, number=place))
    item = AgendaItem.objects.create(
        meeting=meeting,
        position=place,
        title=left.fit(source.heading, NAME_LIMIT, label) or meeting.title,
        access=Access.CLOSED if closed else Access.OPEN,
        closing_ground=_("Not stated in the imported minutes") if closed else "",
        closing_reason=_("The imported minutes say that the item is closed.") if closed else "",
        case_id=left.fit(source.case_id, CASE_LIMIT, label),
        decided_at=meeting.ends_at if source.decision else None,
        decided_by=by if source.decision else None,
    )
    _write_sections(item, meeting.template, source, by, left)
    _keep_attachments(item, source, by, left)


def _is_closed(meeting: Meeting, source: ImportedItem) -> bool:
    """As the minutes say; the rules of the body decide when they do not."""
    if source.access_stated:
        return source.access == "closed"
    return not meeting.rule_profile.rules["items_open_by_default"]


def _write_sections(
    item: AgendaItem,
    template: SectionTemplate,
    source: ImportedItem,
    by: User | None,
    left: Leftovers,
) -> None:
    known = {section.key for section in template.sections}
    for key, parts in _by_key(source.sections).items():
        heading, text = parts[0].heading, _joined(parts)
        if key in known:
            _write(item, key, heading, text, by)
        else:
            left.keep(f"{item.position}. {heading}", text)
    if source.decision is not None:
        _write(item, DECISION, source.decision.heading, source.decision.text, by)


def _by_key(sections: tuple[ImportedSection, ...]) -> dict[str, list[ImportedSection]]:
    grouped: dict[str, list[ImportedSection]] = {}
    for part in sections:
        grouped.setdefault(part.key, []).append(part)
    return grouped


def _joined(parts: list[ImportedSection]) -> str:
    """The texts of one section; the headings after the first stand in bold above theirs."""
    texts = [parts[0].text]
    for part in parts[1:]:
        texts += [f"**{part.heading}**", part.text]
    return "\n\n".join(text for text in texts if text)


def _write(item: AgendaItem, key: str, heading: str, text: str, by: User | None) -> None:
    """The source's own heading goes with the text, so that the template's lead is not added."""
    row = ItemText.objects.create(item=item, key=key)
    write_text(row, text, by, heading=heading[:NAME_LIMIT])


def _keep_attachments(
    item: AgendaItem, source: ImportedItem, by: User | None, left: Leftovers
) -> None:
    """The files did not come along: their names are kept for whoever finds them."""
    if source.attachments_heading:
        _write(item, ATTACHMENTS, source.attachments_heading, "", by)
    if not source.attachments:
        return
    label = _("Item %(number)s, attachments without a file") % {"number": item.position}
    left.keep(label, "\n".join(f"- {name}" for name in source.attachments))
    left.warnings.append(sentence(FILES_MISSING, number=item.position))
