"""Addresses of the meetings.

`urls_between` has what happens between them, `urls_session` the meeting while it goes on.
"""

from django.urls import path

from meetings.urls_approval import urlpatterns as approval
from meetings.urls_between import urlpatterns as between
from meetings.urls_decisions import urlpatterns as decisions
from meetings.urls_live import urlpatterns as live
from meetings.urls_recusals import urlpatterns as recusals
from meetings.urls_session import urlpatterns as session
from meetings.views import (
    agenda,
    attachments,
    documents,
    importing,
    items,
    meetings,
    minutes,
    people,
    publication,
    sealing,
)

app_name = "meetings"
MEETING = "moeder/<int:meeting_id>/"
ITEM = MEETING + "punkt/<int:item_id>/"
AGENDA = MEETING + "dagsorden/offentliggoer/"
FILE = MEETING + "bilag/<int:attachment_id>/"
urlpatterns = [
    path("kontrol/", sealing.verify_page, name="verify_page"),
    path("moeder/", meetings.meeting_list, name="meeting_list"),
    path("moeder/nyt/", meetings.meeting_new, name="meeting_new"),
    path("moeder/importer/", importing.meeting_import, name="meeting_import"),
    path(MEETING, agenda.meeting_agenda, name="meeting_agenda"),
    path(MEETING + "ret/", meetings.meeting_edit, name="meeting_edit"),
    path(MEETING + "meld-dato/", meetings.meeting_announce, name="meeting_announce"),
    path(MEETING + "aflys/", meetings.meeting_cancel, name="meeting_cancel"),
    path(MEETING + "svar/", meetings.meeting_answer, name="meeting_answer"),
    path(MEETING + "udsend/", agenda.meeting_issue, name="meeting_issue"),
    path(MEETING + "udsend/fund/", agenda.issue_findings, name="issue_findings"),
    path(MEETING + "aendringer/", agenda.meeting_changes, name="meeting_changes"),
    path(MEETING + "godkend-dagsorden/", agenda.agenda_approve, name="agenda_approve"),
    path(MEETING + "deltagere/", people.meeting_people, name="meeting_people"),
    path(MEETING + "bilag/", attachments.meeting_attachments, name="meeting_attachments"),
    path(MEETING + "referat/", minutes.meeting_minutes, name="meeting_minutes"),
    path(MEETING + "skift/<slug:move>/", minutes.meeting_move, name="meeting_move"),
    path(MEETING + "offentliggoer/", publication.meeting_publish, name="meeting_publish"),
    path(
        MEETING + "offentliggoer/bed/", publication.meeting_publish_ask, name="meeting_publish_ask"
    ),
    path(MEETING + "offentliggoer/fund/", publication.meeting_findings, name="meeting_findings"),
    path(AGENDA, publication.meeting_publish, {"kind": "agenda"}, name="agenda_publish"),
    path(
        AGENDA + "bed/",
        publication.meeting_publish_ask,
        {"kind": "agenda"},
        name="agenda_publish_ask",
    ),
    path(
        AGENDA + "fund/", publication.meeting_findings, {"kind": "agenda"}, name="agenda_findings"
    ),
    path(AGENDA + "traek-tilbage/", publication.agenda_withdraw, name="agenda_withdraw"),
    path(MEETING + "traek-tilbage/", publication.meeting_withdraw, name="meeting_withdraw"),
    path(MEETING + "protokol/", minutes.meeting_protocol, name="meeting_protocol"),
    path(MEETING + "punkter/nyt/", items.item_new, name="item_new"),
    path(MEETING + "punkter/orden/", agenda.items_order, name="items_order"),
    path(ITEM, items.item_page, name="item_page"),
    path(ITEM + "rediger/", items.item_edit, name="item_edit"),
    path(ITEM + "kladde/", items.item_draft, name="item_draft"),
    path(ITEM + "kladde/kasser/", items.item_draft_discard, name="item_draft_discard"),
    path(ITEM + "flyt/", agenda.item_move, name="item_move"),
    path(ITEM + "fjern/", agenda.item_remove, name="item_remove"),
    path(ITEM + "bilag/nyt/", attachments.attachment_new, name="attachment_new"),
    path(FILE, attachments.attachment_file, name="attachment_file"),
    path(FILE + "ret/", attachments.attachment_edit, name="attachment_edit"),
    path(FILE + "fjern/", attachments.attachment_remove, name="attachment_remove"),
    path(MEETING + "dokument/<slug:kind>/", documents.document_file, name="document_file"),
    path(
        MEETING + "dokument/<slug:kind>/lav/", documents.document_request, name="document_request"
    ),
]

urlpatterns += between + session + live + recusals + approval + decisions
