"""System checks of the content of ethics."""

from django.core.checks import register

from core.content import content_check
from ethics.ai_act import AI_ACT

# aiact
register(content_check(AI_ACT, 1))
