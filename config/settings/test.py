"""Settings of the test suite: fast hashes, plain static files, mail in memory."""

import tempfile
from pathlib import Path

from config.settings.base import *  # noqa: F403
from config.settings.base import STATIC_ROOT, STORAGES

SECRET_KEY = "only-for-tests"  # noqa: S105
MEDIA_ROOT = Path(tempfile.gettempdir()) / "udvalgsrum-test-files"
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# The outbox is drained by the tests themselves (see tests/conftest.py); nothing rings.
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {}
# WhiteNoise looks here at start-up; the tests' static files come from their sources.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
