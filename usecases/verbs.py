"""The acts of the protocol in words."""

from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "usecases.create": _("began a proposal"),
    "usecases.save": _("changed the proposal"),
    "usecases.answer_similar": _("looked at similar proposals"),
    "usecases.record_classification": _("recorded what the AI Act says"),
    "usecases.record_ethics_outcome": _("recorded the recommendation"),
    "usecases.record_decision": _("recorded the decision"),
    "usecases.set_conditions_met": _("recorded whether the conditions are met"),
    "usecases.set_obligations_met": _("recorded whether the duties are met"),
    "usecases.approve_register_entry": _("approved the entry in the register"),
    "usecases.report_material_change": _("reported a material change"),
    "usecases.record_upheld": _("recorded that the use may go on"),
    "usecases.close_incident": _("closed the incident"),
    "usecases.hand_over": _("handed the proposal to the next body"),
    "usecases.submit": _("submitted the proposal"),
    "usecases.take_up": _("took the proposal up"),
    "usecases.park": _("parked the proposal"),
    "usecases.unpark": _("took the proposal up again"),
    "usecases.withdraw": _("took the proposal back"),
    "usecases.approve_pilot": _("approved it for pilot"),
    "usecases.approve_operation": _("approved it for operation"),
    "usecases.reject": _("turned the proposal down"),
    "usecases.start_pilot": _("began the pilot"),
    "usecases.end_pilot": _("ended the pilot"),
    "usecases.start_operation": _("put it into operation"),
    "usecases.suspend": _("suspended the use"),
    "usecases.resume_pilot": _("resumed the pilot"),
    "usecases.resume_operation": _("resumed operation"),
    "usecases.retire": _("retired the use"),
    "usecases.begin_import": _("uploaded a file with cases"),
    "usecases.confirm_import": _("began the import"),
    "usecases.import_rows": _("imported a number of cases"),
    "usecases.finish_import": _("finished the import"),
    "usecases.lapse": _("let the decision lapse"),
    "usecases.comment": _("commented on the proposal"),
    "usecases.edit_comment": _("changed a comment"),
    "usecases.remove_comment": _("took a comment back"),
    "usecases.moderate_comment": _("removed a comment"),
    "usecases.follow": _("began to follow the proposal"),
    "usecases.unfollow": _("stopped following the proposal"),
    "usecases.merge": _("merged the proposal into another"),
    "usecases.take_in": _("merged another proposal into it"),
    "usecases.split": _("took a part of the proposal out"),
    "usecases.mail_not_sent": _("was not sent a mail"),
    "usecases.remind": _("reminded of a day that is near"),
    "usecases.score_case": _("scored the proposal"),
    "usecases.open_ranking": _("opened a ranking round"),
    "usecases.close_ranking": _("closed the ranking round"),
    "usecases.submit_from_citizen": _("received the proposal from a citizen"),
    "usecases.forget_citizen": _("deleted the citizen's name and e-mail"),
}


def verb_words(verb: str) -> Any:
    """The act in words; an unknown verb shows its own name rather than nothing."""
    return WORDS.get(verb, verb)
