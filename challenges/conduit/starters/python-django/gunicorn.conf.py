"""How gunicorn starts the server: see https://gunicorn.org/reference/settings/."""

import os

wsgi_app = "conduit.wsgi"
bind = f"{os.environ.get('HOST', '0.0.0.0')}:{os.environ.get('PORT', '8000')}"
# One request at a time is gunicorn's default; with threads others need not wait for it.
threads = 8
control_socket_disable = True
