"""Django's settings. What differs between two places comes from the environment."""

import os
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

from conduit.logs import LOGGING as LOGGING
from conduit.postgresql.connection import ImpatientConnection

# RFC 7518, section 3.2: a key for HS256 has at least 256 bits.
MIN_SECRET_BYTES = 32


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
    """The entry of DATABASES for a URL of PostgreSQL."""
    parts: dict[str, Any] = conninfo_to_dict(url)
    session = "-c statement_timeout=4s -c idle_in_transaction_session_timeout=15s"
    return {
        "ENGINE": "conduit.postgresql",
        "NAME": parts.pop("dbname", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "OPTIONS": {
            **parts,
            "connect_timeout": 3,
            "options": f"{parts.get('options') or ''} {session}".strip(),
            "pool": {
                "connection_class": ImpatientConnection,
                "min_size": 1,
                "max_size": 10,
                "timeout": 4.0,
                # The pool waits 1, 2, 4 ... seconds between attempts; giving up early keeps
                # each wait under 3.
                "reconnect_timeout": 2.0,
            },
        },
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
