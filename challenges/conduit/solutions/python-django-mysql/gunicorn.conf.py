"""How gunicorn serves the project: threads, limits, the way to stop, and its log."""

import os

from conduit.logs import LOGGING

bind = f"{os.environ.get('HOST', '0.0.0.0')}:{os.environ.get('PORT', '8000')}"
wsgi_app = "conduit.wsgi"

# A thread is held by one request from its first byte to its last. Each has a connection of its
# own, once it has asked the database something: the user needs as many as there are threads.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
threads = 64
keepalive = 75
limit_request_line = 8190

# The brief gives 10 seconds from SIGTERM to the end (V3); the rest is for ending the process.
graceful_timeout = 7
control_socket_disable = True

logconfig_dict = LOGGING
