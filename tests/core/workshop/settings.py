"""Settings of a worker that a test starts: the embedded shape, with short leases."""

from config.settings.dev import *  # noqa: F403
from config.settings.dev import INSTALLED_APPS, STORAGES

INSTALLED_APPS = [*INSTALLED_APPS, "tests.core.workshop"]
OUTBOX_LEASE_SECONDS = 3
CELERY_BEAT_SCHEDULE = {"sweep": {"task": "core.tasks.sweep_outbox", "schedule": 1.0}}
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
