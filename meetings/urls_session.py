"""Addresses of the meeting while it goes on; `meetings.urls` includes them."""

from django.urls import path

from meetings.views import live

SESSION = "moeder/<int:meeting_id>/live/"

urlpatterns = [
    path(SESSION, live.meeting_live, name="meeting_live"),
    path(f"{SESSION}storskaerm/", live.meeting_screen, name="meeting_screen"),
    path(f"{SESSION}fremmoede/", live.presence_change, name="presence_change"),
    path(f"{SESSION}stedfortraeder/", live.substitute_name, name="substitute_name"),
    path(f"{SESSION}opraab/", live.roll_call, name="roll_call"),
    path(f"{SESSION}trin/<slug:step>/", live.opening_step, name="opening_step"),
    path(f"{SESSION}punkt/<int:item_id>/", live.item_take_up, name="item_take_up"),
    path(f"{SESSION}punkt/<int:item_id>/afslut/", live.item_finish, name="item_finish"),
    path(f"{SESSION}punkt/<int:item_id>/beslutning/", live.item_decide, name="item_decide"),
]
