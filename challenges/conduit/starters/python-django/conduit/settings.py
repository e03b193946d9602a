"""Django's settings. What differs between two places comes from the environment."""

import os

from psycopg.conninfo import conninfo_to_dict

# Signs what must not be forged, such as tokens: all copies of the server need the same one.
SECRET_KEY = os.environ.get("SECRET_KEY", "")
DEBUG = False
ALLOWED_HOSTS = ["*"]

ROOT_URLCONF = "conduit.urls"
WSGI_APPLICATION = "conduit.wsgi.application"
INSTALLED_APPS = ["tags"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
APPEND_SLASH = False

_DATABASE = conninfo_to_dict(os.environ["DATABASE_URL"])
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _DATABASE.get("dbname"),
        "USER": _DATABASE.get("user"),
        "PASSWORD": _DATABASE.get("password"),
        "HOST": _DATABASE.get("host"),
        "PORT": _DATABASE.get("port"),
        "OPTIONS": {"pool": True},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False

# Without this, nobody would see why a request was answered 500.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}
