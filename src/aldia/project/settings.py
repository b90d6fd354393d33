"""Django's settings. Importing them reads files and environment and starts nothing.

Environment: DATABASE_URL and DATABASE_OWNER_URL (else the embedded server of ALDIA_HOME), ALDIA_SECRET_KEY,
ALDIA_DEBUG (1 for development), ALDIA_ALLOWED_HOSTS (commas), ALDIA_DB_POOL (connections a web server keeps),
ALDIA_HTTPS (1 behind a proxy that speaks it: cookies only over it), ALDIA_TRUSTED_ORIGINS (commas,
`https://…`, where the proxy changes the host's name).
"""

import os
from pathlib import Path

from aldia.connectors.postgres import configured_urls, current_home, django_database, secret_key

_PACKAGE = Path(__file__).resolve().parent.parent

DEBUG = os.environ.get("ALDIA_DEBUG") == "1"
SECRET_KEY = os.environ.get("ALDIA_SECRET_KEY") or secret_key(current_home())
ALLOWED_HOSTS = os.environ.get("ALDIA_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "aldia.records.tenancy",
    "aldia.records.audit",
    "aldia.records.intake",
    "aldia.records.parties",
    "aldia.records.ledger",
    "aldia.records.cases",
    "aldia.records.outreach",
    "aldia.records.closing",
    "aldia.desk",
]
AUTH_USER_MODEL = "tenancy.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "aldia.desk.headers.content_security",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "aldia.desk.headers.not_kept",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "aldia.project.urls"
WSGI_APPLICATION = "aldia.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]

_https = os.environ.get("ALDIA_HTTPS") == "1"
LOGIN_URL = "desk:log-in"
LOGIN_REDIRECT_URL = "desk:first"
LOGOUT_REDIRECT_URL = "desk:log-in"
SESSION_COOKIE_NAME = "aldia_session"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = _https
CSRF_COOKIE_NAME = "aldia_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = _https
CSRF_FAILURE_VIEW = "aldia.desk.errors.form_expired"
CSRF_TRUSTED_ORIGINS = [each for each in os.environ.get("ALDIA_TRUSTED_ORIGINS", "").split(",") if each]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _https else 0
X_FRAME_OPTIONS = "DENY"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

_urls = configured_urls()
DATABASES = {"default": {**django_database(_urls.app), "ATOMIC_REQUESTS": True}}
if _pool := os.environ.get("ALDIA_DB_POOL"):
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": int(_pool)}

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "es"
LANGUAGES = [("es", "Español"), ("en", "English")]
LOCALE_PATHS = [_PACKAGE / "locale"]

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True  # served from the package; nothing is collected or copied

PROCRASTINATE_IMPORT_PATHS = ["aldia.jobs.clockwork"]  # where the worker finds its tasks
