"""System checks of the content of ethics."""

from django.core.checks import register

from core.content import content_check
from ethics.questionnaire import QUESTIONNAIRES

register(content_check(QUESTIONNAIRES, 1))
