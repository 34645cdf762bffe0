"""The acts of the protocol in words. Every verb that is recorded has its words here."""

from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
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
