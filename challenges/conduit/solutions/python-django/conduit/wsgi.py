"""The application for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from conduit.http.bodies import with_dropped_rest, with_known_length

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conduit.settings")

application = with_dropped_rest(with_known_length(get_wsgi_application()))
