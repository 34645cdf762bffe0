"""Addresses of the approval of minutes and of what comes after the lock."""

from django.urls import path

from meetings.views import additions, approval

MINUTES = "moeder/<int:meeting_id>/referat/"

urlpatterns = [
    path(f"{MINUTES}godkend/", approval.meeting_approval, name="meeting_approval"),
    path(f"{MINUTES}godkend/frist/", approval.approval_deadline, name="approval_deadline"),
    path(
        f"{MINUTES}godkend/rettelse/<int:approval_id>/",
        approval.correction_reply,
        name="correction_reply",
    ),
    path(f"{MINUTES}mangler/", approval.proof_override, name="proof_override"),
    path(f"{MINUTES}ikke-placeret/", approval.unplaced_save, name="unplaced_save"),
    path(f"{MINUTES}tilfoejelse/", additions.addition_new, name="addition_new"),
    path(f"{MINUTES}genaabn/", additions.meeting_reopen, name="meeting_reopen"),
]
