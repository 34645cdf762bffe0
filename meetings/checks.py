"""System checks of the meetings' content."""

from django.core.checks import register

from core.content import content_check
from meetings.sections import EXERCISES, SECTION_TEMPLATES

register(content_check(SECTION_TEMPLATES, 1))
register(content_check(EXERCISES, 2))
