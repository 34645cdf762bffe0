"""Settings of the test suite: fast hashes, plain static files, mail in memory."""

import tempfile
from pathlib import Path

from config.settings.base import *  # noqa: F403
from config.settings.base import (
    DATABASES,
    SQLITE_OPTIONS,
    STATIC_ROOT,
    STORAGES,
    VAR_DIR,
)

SECRET_KEY = "only-for-tests"  # noqa: S105
MEDIA_ROOT = Path(tempfile.gettempdir()) / "udvalgsrum-test-files"
if "sqlite3" in DATABASES["default"]["ENGINE"]:
    # A file, not memory: in memory all threads of the live server would share one connection,
    # and two requests at once (an autosave and a save) one transaction.
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "tests.sqlite3"}
    DATABASES["default"]["OPTIONS"] = {
        **SQLITE_OPTIONS,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;",
    }
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
# No test is sealed by a certificate that happens to lie about.
SEAL_CERTIFICATE = ""
SEAL_TEST_CERTIFICATE = VAR_DIR / "no-seal" / "test.p12"
