"""The Celery application: a doorbell for the outbox, never the truth."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
app = Celery("udvalgsrum")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
