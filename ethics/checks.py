"""System checks of the content of ethics."""

from django.core.checks import register

from core.content import content_check
from ethics.ai_act import AI_ACT
from ethics.hearing_questions import HEARINGS
from ethics.questionnaire import QUESTIONNAIRES

register(content_check(QUESTIONNAIRES, 1))
register(content_check(AI_ACT, 2))
register(content_check(HEARINGS, 3))
