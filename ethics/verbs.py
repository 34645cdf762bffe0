"""The acts of the protocol in words. Every verb that is recorded has its words here."""

from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    # Questions
    "ethics.answer_questions": _("answered questions on ethics"),
    "ethics.renew_answers": _("went over to a new version of the questionnaire"),
    # Rounds
    "ethics.open_round": _("began a review"),
    "ethics.round_ask_for_information": _("asked for information in the review"),
    "ethics.round_answer": _("answered the review's question"),
    "ethics.round_start_individual": _("handed out the sheets"),
    "ethics.round_fast_track": _("took the fast track"),
    "ethics.round_call_up": _("handed out the sheets of a case that was called up"),
    "ethics.round_reveal": _("opened all sheets"),
    "ethics.round_sign_assessment": _("signed the joint assessment"),
    "ethics.round_put_on_agenda": _("put the case on the agenda"),
    "ethics.round_recommend": _("recorded what the committee recommends"),
    "ethics.round_defer": _("put the case off"),
    "ethics.round_take_up_again": _("took the case up again"),
    "ethics.round_send_to_body": _("sent the case to the competent body"),
    "ethics.round_record_decision": _("recorded the decision in the review"),
    "ethics.round_cancel": _("cancelled the review"),
    "ethics.round_restart_on_change": _("began the review again after a change"),
    "ethics.ask_call_up": _("called the case up"),
    "ethics.assign_reviewer": _("asked somebody to review"),
    "ethics.release_reviewer": _("released a reviewer"),
    "ethics.declare_impartiality": _("answered whether they are impartial"),
    "ethics.seal_sheet": _("sealed a sheet"),
    "ethics.add_to_sheet": _("added to a sheet"),
    "ethics.answer_flag": _("answered a flag"),
    "ethics.note_spread": _("wrote down what was said of a disagreement"),
}
