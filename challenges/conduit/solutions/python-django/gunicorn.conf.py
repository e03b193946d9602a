"""How gunicorn serves the project: threads, limits, the way to stop, and its log."""

import os
from typing import Any

from conduit.logs import LOGGING

bind = f"{os.environ.get('HOST', '0.0.0.0')}:{os.environ.get('PORT', '8000')}"
wsgi_app = "conduit.wsgi"

# A thread is held by one request from its first byte to its last, so that there are many more of
# them than connections to the database: a client that sends slowly costs only a thread.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
threads = 64
keepalive = 75
limit_request_line = 8190

# The brief gives 10 seconds from SIGTERM to the end (V3); what is left is for closing the pool.
graceful_timeout = 7
control_socket_disable = True

logconfig_dict = LOGGING


def worker_exit(server: Any, worker: Any) -> None:
    """Close the pool, whose threads would otherwise be waited for."""
    from django.db import connection

    connection.close_pool()
