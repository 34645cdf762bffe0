"""Settings shared by every installation.

Two addresses choose the shape: without `DATABASE_URL` and `REDIS_URL` everything
runs embedded (SQLite, a broker in the file system); with them it scales out.
"""

from pathlib import Path

import environ
from celery.schedules import schedule
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.settings.secret import stored_secret_key

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()

# Everything an installation writes lives below this one folder.
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY", default="") or stored_secret_key(VAR_DIR)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Addresses in mail, calendars and PDFs are built from this, never from the request.
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "csp",
    "django_htmx",
    "template_partials",
    "core",
    "committee",
    "usecases",
    "ethics",
    "meetings",
    "reports",
    "portal",
    "demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "core.middleware.SecurityHeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.SlidingSessionMiddleware",
    "core.middleware.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.middleware.NoNulMiddleware",
    "core.middleware.LoginByDefaultMiddleware",
    "committee.middleware.ViewAsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.HtmxMessagesMiddleware",
    "core.middleware.VaryOnHtmxMiddleware",
    "core.middleware.DomainErrorMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "committee.context.frame",
            ],
            "builtins": ["core.templatetags.ur", "template_partials.templatetags.partials"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "dkfds"
CRISPY_TEMPLATE_PACK = "dkfds"

# Database ------------------------------------------------------------------
SQLITE_OPTIONS = {
    # Writers queue up at BEGIN instead of failing halfway.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;"
    ),
}
if env.str("DATABASE_URL", default=""):
    DATABASES = {"default": env.db_url("DATABASE_URL")}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR_DIR / "udvalgsrum.sqlite3",
            "OPTIONS": SQLITE_OPTIONS,
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People ----------------------------------------------------------------------
AUTH_USER_MODEL = "committee.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "committee.adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "committee.forms.LoginForm"}
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
# Counted from the last request; see core.middleware.SlidingSessionMiddleware.
SESSION_COOKIE_AGE = 2 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

# Language and time -----------------------------------------------------------
LANGUAGE_CODE = "da"
LANGUAGES = [("da", _("Danish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Copenhagen"
USE_I18N = True
USE_TZ = True

# Files -------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "core.storage.DurableFileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MAX_UPLOAD_BYTES = 25 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# The public form --------------------------------------------------------------------
# How many reverse proxies stand in front: that many addresses at the end of X-Forwarded-For are
# written by them and can be believed. 0 believes none, and takes the connection's own address.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
# Proposals from citizens in an hour: from one network address, and in all.
CITIZEN_PROPOSALS_PER_SENDER = env.int("CITIZEN_PROPOSALS_PER_SENDER", default=5)
CITIZEN_PROPOSALS_IN_ALL = env.int("CITIZEN_PROPOSALS_IN_ALL", default=60)

# The seal ------------------------------------------------------------------------
# A PKCS#12 file with the municipality's certificate and key.
SEAL_CERTIFICATE = env.str("SEAL_CERTIFICATE", default="")
SEAL_PASSPHRASE = env.str("SEAL_PASSPHRASE", default="")
# Made by the demo and used when no certificate is configured; protects nothing.
SEAL_TEST_CERTIFICATE = VAR_DIR / "seal" / "test.p12"
SEAL_TEST_PASSPHRASE = "test"  # noqa: S105

# Mail -------------------------------------------------------------------------
if env.str("EMAIL_URL", default=""):
    globals().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Udvalgsrum <udvalgsrum@localhost>")

# Celery: the doorbell ------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", default="")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_TIME_LIMIT = 15 * 60
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "prepare-reports": {
        # A period has one report, however often this is asked.
        "task": "reports.tasks.reports.prepare_drafts",
        "schedule": schedule(3600.0),
        "options": {"expires": 3600},
    },
    "sweep-outbox": {
        "task": "core.tasks.sweep_outbox",
        "schedule": schedule(10.0),
        # Sweeps must not pile up behind a long PDF.
        "options": {"expires": 10},
    },
    "remind-approvals": {
        # Often, so that a machine that was off in the morning reminds in the afternoon; a person
        # gets one mail per occasion.
        "task": "meetings.tasks.approval.remind_approvals",
        "schedule": schedule(1800.0),
        "options": {"expires": 1800},
    },
    # Pilots end and decisions lapse by date; a clock that was stopped catches up.
    "move-overdue-cases": {
        "task": "usecases.tasks.move_overdue_cases",
        "schedule": schedule(3600.0),
        "options": {"expires": 3600},
    },
    # A note that a duty does not apply yet ends by date.
    "mind-ai-act-notes": {
        "task": "ethics.tasks.aiact.mind_ai_act_notes",
        "schedule": schedule(3600.0),
        "options": {"expires": 3600},
    },
    "mind-reviews": {
        "task": "ethics.tasks.rounds.mind_reviews",
        "schedule": schedule(600.0),
        "options": {"expires": 600},
    },
    "mind-rankings": {
        "task": "usecases.tasks.mind_rankings",
        "schedule": schedule(60.0),
        "options": {"expires": 60},
    },
    "mind-conditions": {
        # Often, so that a machine that was off in the morning reminds in the afternoon.
        "task": "ethics.tasks.conditions.mind_conditions",
        "schedule": schedule(1800.0),
        "options": {"expires": 1800},
    },
    # The work of a body is looked at again by date (mandate).
    "mind-revisits": {
        "task": "committee.tasks.mind_revisits",
        "schedule": schedule(3600.0),
        "options": {"expires": 3600},
    },
    "forget-citizens": {
        "task": "usecases.tasks.forget_citizens",
        "schedule": schedule(3600.0),
        "options": {"expires": 3600},
    },
}
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {
        "visibility_timeout": 3600,
        # A request must not wait for a broker that is down.
        "socket_connect_timeout": 1,
        "socket_timeout": 5,
    }
else:
    BROKER_DIR = VAR_DIR / "broker"
    for folder in ("queue", "control"):
        (BROKER_DIR / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.1,
    }

# Browser security ------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "core.views.csrf_failure"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    # Every subset font WeasyPrint writes would otherwise be a screenful.
    "loggers": {
        "fontTools": {"level": "ERROR"},
        "weasyprint.progress": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},
        # The broker in the file system has no host, and kombu says so at every start.
        "kombu.connection": {"level": "ERROR"},
    },
}
