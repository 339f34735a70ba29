"""Settings of the web: few, from the environment, safe where nothing is said."""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from modicum.web import environment, secret
from modicum.web.databases import configured
from modicum.web.logs import logging_settings

_PLACE = Path(__file__).parent
_HOURS_LOGGED_IN = 12

# Where it runs
MODICUM_DATA = Path(os.environ.get("MODICUM_DATA", "out"))
MODICUM_KEYS = Path(os.environ.get("MODICUM_KEYS") or MODICUM_DATA / "keys")
MODICUM_CLOCK_FILE = os.environ.get("MODICUM_CLOCK_FILE", "")
MODICUM_PROXIES = environment.networks(os.environ.get("MODICUM_PROXIES", ""))
_HOSTS = environment.hosts(os.environ.get("MODICUM_HOSTS", ""))
DEBUG = False
SECRET_KEY = secret.found(os.environ.get("MODICUM_SECRET_KEY", ""), MODICUM_DATA)
ALLOWED_HOSTS = list(_HOSTS.names)
CSRF_TRUSTED_ORIGINS = list(_HOSTS.origins)
DATABASES = {"default": configured(os.environ.get("MODICUM_DATABASE", str(MODICUM_DATA / "modicum.sqlite3")))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {  # of tries to log in: as many as a storm brings, since what is crowded out is no longer counted
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "web_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "sealed"]}}
LOGGING = logging_settings()

# What it is made of
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.forms",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "modicum.web.store",
    "modicum.web.accounts",
    "modicum.web.clinic",
    "modicum.web.diary",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rules",
    "csp",
    "django_tasks",
    "django_tasks_db",
]
MIDDLEWARE = [
    "modicum.web.headers.forwarded",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "modicum.web.headers.guarded",
    "modicum.web.assets.ServingMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "modicum.web.accounts.doorkeeping.DoorMiddleware",
    "modicum.web.accounts.devices.renewed",
]
ROOT_URLCONF = "modicum.web.urls"
WSGI_APPLICATION = "modicum.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_PLACE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "modicum.web.clinic.shell.shell",
            ]
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Style, script and fonts
STATIC_URL = "/static/"
STATICFILES_DIRS = [("look", _PLACE.parent / "reports" / "look"), _PLACE / "static"]
STORAGES = {"staticfiles": {"BACKEND": "modicum.web.assets.FingerprintedStorage"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False

# Words
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LANGUAGE_COOKIE_NAME = "modicum_language"
LOCALE_PATHS = [_PLACE / "locale"]
FORMAT_MODULE_PATH = "modicum.web.formats"

# Headers and cookies
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _HOSTS.https else 0
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_NAME = "modicum_staff"
SESSION_COOKIE_AGE = _HOURS_LOGGED_IN * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = MODICUM_HTTPS = _HOSTS.https
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "modicum.web.refusals.stale_form"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20  # a batch of fifty entries of 64 kB, and room
FILE_UPLOAD_MAX_MEMORY_SIZE = DATA_UPLOAD_MAX_MEMORY_SIZE
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]  # a key never comes to a disk

# Log-in: an e-mail address and a password, then a second factor; or a passkey. Nobody signs up without an invitation
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_ADAPTER = "modicum.web.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
MFA_ADAPTER = "modicum.web.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Modicum"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _HOSTS.https
MODICUM_IDLE_MINUTES = 15
MODICUM_HOURS_LOGGED_IN = _HOURS_LOGGED_IN
