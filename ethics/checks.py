"""System checks of the content of ethics."""

from django.core.checks import register

from core.content import content_check
from ethics.hearing_questions import HEARINGS

register(content_check(HEARINGS, 41))
