"""System checks of the content of reports."""

from django.core.checks import register

from core.content import content_check
from reports.retention import RETENTION, check_cover

# Retention.
register(content_check(RETENTION, 10))
register(check_cover)
