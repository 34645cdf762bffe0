"""Addresses of motions and votes; `meetings.urls` includes them."""

from django.urls import path

from meetings.views import votes

VOTES = "moeder/<int:meeting_id>/punkt/<int:item_id>/afstemning/"
ROUND = VOTES + "runde/<int:round_id>/"

urlpatterns = [
    path(VOTES, votes.item_votes, name="item_votes"),
    path(VOTES + "forslag/", votes.motion_add, name="motion_add"),
    path(VOTES + "forslag/<int:motion_id>/<slug:move>/", votes.motion_move, name="motion_move"),
    path(VOTES + "beslutning/", votes.adopted_text_use, name="adopted_text_use"),
    path(ROUND + "stem/", votes.vote_cast, name="vote_cast"),
    path(ROUND + "luk/", votes.vote_close, name="vote_close"),
    path(ROUND + "afvigende-mening/", votes.dissent_write, name="dissent_write"),
]
