"""Django's settings. What differs between two places comes from the environment."""

import os
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from conduit.logs import LOGGING as LOGGING

# RFC 7518, section 3.2: a key for HS256 has at least 256 bits.
MIN_SECRET_BYTES = 32
SQL_MODE = "STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION"


def _required(name: str, what: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set: give {what}.")
    return value


def _secret() -> str:
    """The key that signs the tokens, JWT_SECRET or SECRET_KEY."""
    what = f"{MIN_SECRET_BYTES} random bytes that sign the tokens"
    secret = os.environ.get("JWT_SECRET") or _required("SECRET_KEY", what)
    if len(secret.encode()) < MIN_SECRET_BYTES:
        raise ImproperlyConfigured(f"SECRET_KEY is too short: give {what}.")
    return secret


def _database(url: str) -> dict[str, Any]:
    """The entry of DATABASES for a URL of MySQL (mysql://user:password@host:port/database)."""
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.mysql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        # Each thread keeps its connection, and looks once a request whether it is still alive.
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            # A statement that waited for a lock sees what the one before has stored, and gaps
            # between rows are not locked.
            "isolation_level": "read committed",
            # Nothing is cut to fit, and waiting for a lock ends before the client gives up.
            "init_command": f"SET sql_mode = '{SQL_MODE}', innodb_lock_wait_timeout = 4",
            "connect_timeout": 3,
            "read_timeout": 5,
            "write_timeout": 5,
        },
        "TEST": {"CHARSET": "utf8mb4", "COLLATION": "utf8mb4_bin"},
    }


SECRET_KEY = _secret()
DEBUG = False
# No address is made from the Host header.
ALLOWED_HOSTS = ["*"]

ROOT_URLCONF = "conduit.urls"
WSGI_APPLICATION = "conduit.wsgi.application"
INSTALLED_APPS = ["core", "accounts", "articles"]
MIDDLEWARE = [
    "conduit.http.middleware.refusals_in_json",
    "django.middleware.security.SecurityMiddleware",
    "conduit.http.middleware.readable_address",
    "conduit.http.middleware.whole_body",
]
APPEND_SLASH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

DATABASES = {"default": _database(_required("DATABASE_URL", "the address of a database"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = ["accounts.passwords.Argon2"]
