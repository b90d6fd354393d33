"""Django's settings. Importing them reads files and environment and starts nothing.

Environment: DATABASE_URL and DATABASE_OWNER_URL (else the embedded server of ALDIA_HOME), ALDIA_SECRET_KEY,
ALDIA_DEBUG (1 for development), ALDIA_ALLOWED_HOSTS (commas), ALDIA_DB_POOL (connections a web server keeps).
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
    # The desk, `aldia.desk`, joins here with its screens.
]
AUTH_USER_MODEL = "tenancy.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "aldia.project.urls"
WSGI_APPLICATION = "aldia.project.wsgi.application"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {}}]

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
