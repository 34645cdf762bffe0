"""The acts of the protocol in words. Every verb that is recorded has its words here."""

from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    # Conditions.
    "ethics.condition_add": _("added a condition"),
    "ethics.condition_change": _("changed a condition"),
    "ethics.condition_put_in_force": _("put a condition in force"),
    "ethics.condition_hand_in": _("handed in evidence for a condition"),
    "ethics.condition_withdraw": _("took evidence for a condition back"),
    "ethics.condition_verify": _("verified a condition"),
    "ethics.condition_reject": _("turned down evidence for a condition"),
    "ethics.condition_waive": _("recorded that a condition is waived"),
    "ethics.condition_reopen": _("opened a condition again"),
    "ethics.condition_drop": _("left a proposed condition out"),
    "ethics.condition_overdue": _("noted that a condition is far overdue"),
    "ethics.take_snapshot": _("froze what is decided on"),
    "ethics.condition_mail_not_sent": _("did not send a mail about a condition"),
    # Guidelines, dilemmas and hearings.
    "ethics.create_guideline": _("began a guideline"),
    "ethics.open_draft": _("began a draft of a guideline"),
    "ethics.add_section": _("added a section to a guideline"),
    "ethics.save_section": _("changed a section of a guideline"),
    "ethics.remove_section": _("took a section out of a guideline"),
    "ethics.adopt_guideline": _("recorded that a guideline was adopted"),
    "ethics.propose_amendment": _("proposed a change of a guideline"),
    "ethics.rebase_amendment": _("put a proposed change on a newer text"),
    "ethics.withdraw_amendment": _("took back a proposed change"),
    "ethics.accept_amendment": _("recorded that a change was accepted"),
    "ethics.decline_amendment": _("recorded that a change was declined"),
    "ethics.create_dilemma": _("wrote a dilemma"),
    "ethics.edit_dilemma": _("changed a dilemma"),
    "ethics.add_argument": _("added an argument to a dilemma"),
    "ethics.publish_dilemma": _("published a dilemma"),
    "ethics.unpublish_dilemma": _("took a published dilemma away"),
    "ethics.open_hearing": _("opened a hearing"),
    "ethics.reply_to_hearing": _("recorded an answer to the hearing"),
    "ethics.close_hearing": _("closed the hearing"),
    "ethics.cancel_hearing": _("called the hearing off"),
    "ethics.mail_not_sent": _("sent no mail, because it was no longer to be read"),
    # Questions
    "ethics.answer_questions": _("answered questions on ethics"),
    "ethics.renew_answers": _("went over to a new version of the questionnaire"),
    # aiact
    "ethics.answer_ai_act": _("answered questions about the AI Act"),
    "ethics.conclude_ai_act": _("concluded the assessment under the AI Act"),
    "ethics.give_evidence": _("gave evidence of a duty under the AI Act"),
    "ethics.verify_evidence": _("verified evidence of a duty under the AI Act"),
    "ethics.remove_evidence": _("took evidence of a duty under the AI Act back"),
    "ethics.begin_replay": _("began to replay the AI Act"),
    "ethics.confirm_replay": _("asked for cases to be re-opened"),
    "ethics.finish_replay": _("re-opened the cases that the law changed"),
    "ethics.law_changed": _("re-opened the assessment because the law changed"),
}
