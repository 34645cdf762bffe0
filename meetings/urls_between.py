"""Addresses of what happens between meetings; `meetings.urls` includes them."""

from django.urls import path

from meetings.views import (
    calendar,
    carrying,
    follow_ups,
    notes,
    read_through,
    rounds,
    workshops,
)

READ_THROUGH = "moeder/<int:meeting_id>/gennemlaesning/"
ROUND = "skriftligt-input/<int:round_id>/"
FOLLOW_UP = "opfoelgning/<int:follow_up_id>/"
ITEM = "moeder/<int:meeting_id>/punkt/<int:item_id>/"
WORKSHOP = "moeder/<int:meeting_id>/oevelser/"
NOTES = "moeder/<int:meeting_id>/mine-noter/"
ITEM_NOTES = "moeder/<int:meeting_id>/punkt/<int:item_id>/noter/"

urlpatterns = [
    path("kalender/", calendar.calendar_page, name="calendar_page"),
    path("kalender/ny-adresse/", calendar.calendar_renew, name="calendar_renew"),
    path("kalender/mit/<str:token>.ics", calendar.calendar_personal, name="calendar_personal"),
    path("kalender/<slug:slug>.ics", calendar.calendar_public, name="calendar_public"),
    path("moeder/<int:meeting_id>/moede.ics", calendar.meeting_ics, name="meeting_ics"),
    path(READ_THROUGH, read_through.read_through, name="read_through"),
    path(
        f"{READ_THROUGH}bilag/<int:attachment_id>/",
        read_through.read_through_file,
        name="read_through_file",
    ),
    path(f"{READ_THROUGH}send/", read_through.read_through_open, name="read_through_open"),
    path(
        f"{READ_THROUGH}kommentar/", read_through.read_through_comment, name="read_through_comment"
    ),
    path(f"{READ_THROUGH}laest/", read_through.read_through_done, name="read_through_done"),
    path(f"{READ_THROUGH}paamind/", read_through.read_through_remind, name="read_through_remind"),
    path(f"{READ_THROUGH}afslut/", read_through.read_through_close, name="read_through_close"),
    path(
        f"{READ_THROUGH}kommentar/<int:comment_id>/",
        read_through.read_through_settle,
        name="read_through_settle",
    ),
    path("skriftligt-input/", rounds.round_list, name="round_list"),
    path("skriftligt-input/nyt/", rounds.round_new, name="round_new"),
    path(ROUND, rounds.round_page, name="round_page"),
    path(f"{ROUND}kladde/", rounds.round_draft, name="round_draft"),
    path(f"{ROUND}paamind/", rounds.round_remind, name="round_remind"),
    path(f"{ROUND}luk/", rounds.round_close, name="round_close"),
    path(WORKSHOP, workshops.workshop_page, name="workshop_page"),
    path(f"{WORKSHOP}tilfoej/", workshops.exercise_add, name="exercise_add"),
    path(f"{WORKSHOP}<int:exercise_id>/note/", workshops.note_add, name="note_add"),
    path(f"{WORKSHOP}note/<int:note_id>/punkt/", workshops.note_to_item, name="note_to_item"),
    path("opfoelgning/", follow_ups.follow_up_list, name="follow_up_list"),
    path(FOLLOW_UP, follow_ups.follow_up_page, name="follow_up_page"),
    path(f"{FOLLOW_UP}ret/", follow_ups.follow_up_edit, name="follow_up_edit"),
    path(f"{FOLLOW_UP}udfoert/", follow_ups.follow_up_finish, name="follow_up_finish"),
    path(f"{FOLLOW_UP}frafald/", follow_ups.follow_up_drop, name="follow_up_drop"),
    path(f"{ITEM}opfoelgning/ny/", follow_ups.follow_up_new, name="follow_up_new"),
    path(f"{ITEM}tag-med/", carrying.item_carry, name="item_carry"),
    path("moeder/<int:meeting_id>/punkter/udsatte/", carrying.items_carry, name="items_carry"),
    path(
        "moeder/<int:meeting_id>/opfoelgning/<int:follow_up_id>/punkt/",
        carrying.follow_up_to_item,
        name="follow_up_to_item",
    ),
    path(NOTES, notes.notes_page, name="notes_page"),
    path(f"{NOTES}mine-noter.md", notes.notes_export, name="notes_export"),
    path(f"{NOTES}moedepakke/", notes.notes_pack, name="notes_pack"),
    path(ITEM_NOTES, notes.note_save, name="note_save"),
    path(f"{ITEM_NOTES}kladde/", notes.note_draft, name="note_draft"),
    path(f"{ITEM_NOTES}<int:note_id>/fjern/", notes.note_remove, name="note_remove"),
]
