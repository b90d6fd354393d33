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
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "procrastinate.contrib.django",
    "aldia.records.tenancy",
    "aldia.records.audit",
    "aldia.records.intake",
    "aldia.records.parties",
    "aldia.records.ledger",
    "aldia.records.cases",
    "aldia.records.outreach",
    "aldia.records.closing",
    "aldia.ui",
    "aldia.desk",
]
AUTH_USER_MODEL = "tenancy.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "aldia.ui.headers.not_kept",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "aldia.project.urls"
WSGI_APPLICATION = "aldia.project.wsgi.application"
# Cotton and partials each want to be the loader of templates: both stand here, in the order that works.
_FILES = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                ("template_partials.loader.Loader", [("django.template.loaders.cached.Loader", _FILES)])
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "aldia.desk.context.frame",
            ],
        },
    }
]
# Nothing from elsewhere, nothing evaluated. Charts set the size of their own elements (style-src-attr).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}

_https = os.environ.get("ALDIA_HTTPS") == "1"
LOGIN_URL = "desk:log-in"
LOGIN_REDIRECT_URL = "desk:first"
LOGOUT_REDIRECT_URL = "desk:log-in"
SESSION_COOKIE_NAME = "aldia_session"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = _https
CSRF_COOKIE_NAME = "aldia_csrf"
CSRF_COOKIE_HTTPONLY = False  # pages read it, so that a form outlives the session it was opened in
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

# Shared by all processes: limits on log-ins and requests count once for the house.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache"},
}

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "es"
LANGUAGES = [("es", "Español"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "aldia_language"
LOCALE_PATHS = [_PACKAGE / "locale"]

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True  # served from the package; nothing is collected or copied

PROCRASTINATE_IMPORT_PATHS = ["aldia.jobs.clockwork"]  # where the worker finds its tasks
