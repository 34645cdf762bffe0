"""The acts of the protocol in words. Every verb that is recorded has its words here."""

from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    # Questions
    "ethics.answer_questions": _("answered questions on ethics"),
    "ethics.renew_answers": _("went over to a new version of the questionnaire"),
}
