"""What is missing before the next step, in words, with the place to fix it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from meetings.enums import DECISION, PUBLIC_DECISION, Access
from meetings.models import AgendaItem, Meeting
from meetings.scanning import holds_cpr
from meetings.selectors.snapshot import agenda_items
from meetings.workflow import heading_says_nothing


@dataclass(frozen=True)
class Missing:
    """One thing to do first: the sentence and where to do it."""

    text: str
    url: str
    item_id: int | None = None
    field: str = ""


def missing_in_item(item: AgendaItem) -> list[Missing]:
    """What an item needs before it is ready to be issued."""
    template = item.meeting.template
    texts = {text.key: text.text for text in item.texts.all()}
    url = reverse("meetings:item_edit", args=[item.meeting_id, item.pk])
    found = [
        Missing(
            _("%(heading)s is missing in item %(number)s")
            % {"heading": section.heading, "number": item.position},
            f"{url}#{section.key}",
            item.pk,
            section.key,
        )
        for section in template.sections
        if section.required and not texts.get(section.key)
    ]
    return found + _bare_heading(item, url)


def _bare_heading(item: AgendaItem, url: str) -> list[Missing]:
    if item.access != Access.CLOSED or not heading_says_nothing(item.public_title):
        return []
    text = _("Write a public heading that says what item %(number)s is about") % {
        "number": item.position
    }
    return [Missing(text, f"{url}#heading", item.pk, "public_title")]


def missing_in_decision(item: AgendaItem) -> list[Missing]:
    """What an item's part of the minutes needs: outcome, decision, and its public face."""
    texts = {text.key: text.text for text in item.texts.all()}
    url = reverse("meetings:item_edit", args=[item.meeting_id, item.pk])
    found = []
    if not texts.get(DECISION):
        text = _("Write the decision of item %(number)s") % {"number": item.position}
        found.append(Missing(text, f"{url}#decision", item.pk, DECISION))
    elif not item.outcome:
        text = _("Choose the outcome of item %(number)s") % {"number": item.position}
        found.append(Missing(text, f"{url}#decision", item.pk, "outcome"))
    if item.is_closed and not texts.get(PUBLIC_DECISION):
        text = _("Write the public decision text of item %(number)s") % {"number": item.position}
        found.append(Missing(text, f"{url}#public_decision", item.pk, PUBLIC_DECISION))
    return found + _bare_heading(item, url)


def missing_in_publication(
    meeting: Meeting, items: list[AgendaItem] | None = None
) -> list[Missing]:
    """What can be seen early, while it is written: bare headings and CPR numbers.

    Before the minutes go out, `publication.find_private` looks at everything.
    """
    found = []
    for item in agenda_items(meeting) if items is None else items:
        url = reverse("meetings:item_edit", args=[meeting.pk, item.pk])
        found += _bare_heading(item, url)
        found += _public_cpr(item, url)
    return found


def missing_headings(meeting: Meeting, items: list[AgendaItem] | None = None) -> list[Missing]:
    """The closed items whose public heading says nothing."""
    return [
        thing
        for item in (agenda_items(meeting) if items is None else items)
        for thing in _bare_heading(item, reverse("meetings:item_edit", args=[meeting.pk, item.pk]))
    ]


def _public_cpr(item: AgendaItem, url: str) -> list[Missing]:
    """CPR numbers in what citizens would read."""
    texts = {text.key: text.text for text in item.texts.all()}
    public = [item.public_heading, item.case_id, texts.get(PUBLIC_DECISION, "")]
    public += [item.closing_ground] if item.is_closed else [item.presenter, *texts.values()]
    found = []
    if any(holds_cpr(text) for text in public):
        text = _("Item %(number)s seems to hold a CPR number") % {"number": item.position}
        found.append(Missing(text, url, item.pk))
    for index, attachment in enumerate(item.attachments.all(), start=1):
        if attachment.access == Access.OPEN and holds_cpr(
            f"{attachment.title} {attachment.file.filename} {attachment.text}"
        ):
            text = _("Attachment %(number)s seems to hold a CPR number") % {
                "number": f"{item.position}.{index}"
            }
            found.append(Missing(text, f"{url}#attachments", item.pk))
    return found
