"""Addresses of whether a member is disqualified; `meetings.urls` includes them."""

from django.urls import path

from meetings.views import items, recusals

ITEM = "moeder/<int:meeting_id>/punkt/<int:item_id>/inhabil/"
CASE = "moeder/<int:meeting_id>/inhabil/<int:row_id>/"

urlpatterns = [
    path(ITEM, items.item_disqualify, name="item_disqualify"),
    path(ITEM + "rejs/", recusals.recusal_raise, name="recusal_raise"),
    path(CASE, recusals.recusal_page, name="recusal_page"),
    path(CASE + "tider/", recusals.recusal_times, name="recusal_times"),
    path(CASE + "afgoer/<slug:move>/", recusals.recusal_move, name="recusal_move"),
    path(CASE + "runde/<int:round_id>/stem/", recusals.recusal_vote, name="recusal_vote"),
    path(CASE + "runde/<int:round_id>/luk/", recusals.recusal_close, name="recusal_close"),
    path(
        CASE + "runde/<int:round_id>/afvigende-mening/",
        recusals.recusal_dissent,
        name="recusal_dissent",
    ),
]
