"""Django's settings. Importing them reads files and environment and starts nothing.

Environment: DATABASE_URL and DATABASE_OWNER_URL (else the embedded server of ALDIA_HOME), ALDIA_SECRET_KEY,
ALDIA_DEBUG (1 for development), ALDIA_ALLOWED_HOSTS (commas), ALDIA_DB_POOL (connections a web server keeps),
ALDIA_HTTPS (1 behind a proxy that speaks it: cookies only over it), ALDIA_TRUSTED_ORIGINS (commas,
`https://…`, where the proxy changes the host's name), ALDIA_PROXIES (how many proxies of yours add to
X-Forwarded-For; 1 with ALDIA_HTTPS), ALDIA_ADMIN_SECOND_FACTOR (0: administrators may go without).
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
    "allauth",  # after the desk, whose templates go before its own
    "allauth.account",
    "allauth.mfa",
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
    "aldia.desk.account.visits.visits_end",
    "allauth.account.middleware.AccountMiddleware",
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
SESSION_COOKIE_AGE = 12 * 3600  # whatever happens; an idle one ends sooner (IDLE_SECONDS_MAX)
IDLE_SECONDS_MAX = 3600
SESSION_COOKIE_SECURE = _https
CSRF_COOKIE_NAME = "aldia_csrf"
CSRF_COOKIE_HTTPONLY = False  # pages read it, so that a form outlives the session it was opened in
CSRF_COOKIE_SECURE = _https
CSRF_FAILURE_VIEW = "aldia.desk.errors.form_expired"
CSRF_TRUSTED_ORIGINS = [each for each in os.environ.get("ALDIA_TRUSTED_ORIGINS", "").split(",") if each]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _https else 0
X_FRAME_OPTIONS = "DENY"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # those of before are rehashed at the next log-in
]
# Whom the administrator lets in enters: with e-mail and password, a code or a passkey; nobody signs up.
ACCOUNT_ADAPTER = "aldia.desk.account.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = LOGOUT_REDIRECT_URL
ACCOUNT_USER_DISPLAY = "aldia.desk.account.adapters.display_name"
ACCOUNT_FORMS = {
    "login": "aldia.desk.account.forms.LogInForm",
    "reauthenticate": "aldia.desk.account.forms.ConfirmForm",
    "change_password": "aldia.desk.account.forms.NewPasswordForm",
}
ACCOUNT_RATE_LIMITS = {"login": "20/m/ip", "login_failed": "20/m/ip,5/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("ALDIA_PROXIES", "1" if _https else "0"))
MFA_ADAPTER = "aldia.desk.account.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the administrator has entered it
MFA_TOTP_ISSUER = "Al Día"
MFA_TOTP_TOLERANCE = 1  # the step before and after: clocks of telephones are not exact
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _https  # browsers offer passkeys without https on localhost only
MFA_FORMS = {
    "authenticate": "aldia.desk.account.forms.CodeForm",
    "reauthenticate": "aldia.desk.account.forms.ConfirmCodeForm",
    "activate_totp": "aldia.desk.account.forms.AppForm",
    "add_webauthn": "aldia.desk.account.forms.AddKeyForm",
    "edit_webauthn": "aldia.desk.account.forms.RenameKeyForm",
}
# Administrators set up a second factor before they touch people or tokens; 0 lets them go without.
ADMIN_SECOND_FACTOR = os.environ.get("ALDIA_ADMIN_SECOND_FACTOR", "1") == "1"
CONFIRMED_SECONDS_MAX = 15 * 60  # how long «it is me» holds for what is asked again

_urls = configured_urls()
DATABASES = {"default": {**django_database(_urls.app), "ATOMIC_REQUESTS": True}}
if _pool := os.environ.get("ALDIA_DB_POOL"):
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": int(_pool), "timeout": 10}
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True  # the database may have been restarted meanwhile

# Shared by all processes: limits on log-ins and requests count once for the house.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},  # above it the oldest go, and with them what they have counted
    },
}

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "es"
LANGUAGES = [("es", "Español"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "aldia_language"
LOCALE_PATHS = [_PACKAGE / "locale"]

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True  # served from the package; nothing is collected or copied

PROCRASTINATE_IMPORT_PATHS = [
    "aldia.jobs.clockwork",
    "aldia.jobs.errands",
]  # where the worker finds its tasks
