"""System checks of the committee's content."""

from django.core.checks import register

from committee.rules import RULES
from core.content import content_check

register(content_check(RULES, 1))
