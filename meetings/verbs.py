"""The acts of the protocol in words. Every verb that is recorded has its words here."""

from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "meetings.create_meeting": _("planned the meeting"),
    "meetings.change_meeting": _("changed the meeting"),
    "meetings.announce_meeting": _("made the date known"),
    "meetings.cancel_meeting": _("cancelled the meeting"),
    "meetings.add_item": _("added an item"),
    "meetings.change_item": _("changed an item"),
    "meetings.move_item": _("moved an item"),
    "meetings.order_items": _("changed the order"),
    "meetings.remove_item": _("took an item off"),
    "meetings.save_texts": _("saved texts"),
    "meetings.add_attachment": _("attached a file"),
    "meetings.change_attachment": _("changed an attachment"),
    "meetings.remove_attachment": _("took an attachment off"),
    "meetings.approve_agenda": _("approved the agenda"),
    "meetings.issue_agenda": _("issued the agenda"),
    "meetings.begin": _("began the meeting"),
    "meetings.end": _("ended the meeting"),
    "meetings.resume": _("resumed the meeting"),
    "meetings.record_attendance": _("recorded attendance"),
    "meetings.answer_invitation": _("answered the invitation"),
    "meetings.record_decision": _("recorded an outcome"),
    "meetings.send_for_approval": _("sent the minutes for approval"),
    "meetings.reopen_minutes": _("took the minutes back"),
    "meetings.lock": _("locked the minutes"),
    "meetings.publish": _("published the minutes"),
    "meetings.ask_publication": _("asked for the publication of the minutes"),
    "meetings.resolve_finding": _("wrote why something found may be public"),
    "meetings.withdraw": _("withdrew the minutes"),
    "meetings.declare_disqualified": _("told about disqualification"),
    "meetings.lift_disqualification": _("recorded that a member is impartial"),
    "meetings.read_closed_item": _("read a closed item"),
    "meetings.import_minutes": _("imported minutes"),
    "meetings.mail_not_sent": _("left out a mail to somebody who is no longer to have it"),
    "meetings.renew_calendar_address": _("renewed their calendar address"),
    "meetings.open_read_through": _("sent the draft for read-through"),
    "meetings.read_closed_draft": _("read closed items of the draft"),
    "meetings.comment_read_through": _("commented on the draft"),
    "meetings.settle_comment": _("settled a comment"),
    "meetings.reopen_comment": _("opened a comment again"),
    "meetings.finish_reading": _("has read the draft"),
    "meetings.remind_readers": _("reminded the readers"),
    "meetings.close_read_through": _("ended the read-through"),
    "meetings.open_round": _("opened a round of written input"),
    "meetings.save_answer": _("sent written input"),
    "meetings.remind_round": _("reminded those who had not answered"),
    "meetings.close_round": _("closed a round of written input"),
    "meetings.attach_answers": _("put the answers on the agenda"),
    "meetings.add_exercise": _("added an exercise"),
    "meetings.write_note": _("wrote a note"),
    "meetings.note_to_item": _("made an item of a note"),
}


def verb_words(verb: str) -> Any:
    """The act in words; an unknown verb shows its own name rather than nothing."""
    return WORDS.get(verb, verb)
