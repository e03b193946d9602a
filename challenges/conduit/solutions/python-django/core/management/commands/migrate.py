"""`manage.py migrate`, which waits for a late database, and for another copy that migrates."""

import time
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections

from conduit.postgresql.connection import without_limits

PATIENCE_SECONDS = 30.0
PAUSE_SECONDS = 0.25
# Any number will do, as long as nobody else on this database uses it.
LOCK = 7_203_114_925


class Command(migrate.Command):
    """Django's own command, under an advisory lock: it takes none by itself."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate. The lock ends with the connection."""
        connection = connections[options["database"]]
        _connect_patiently(connection)
        with connection.cursor() as cursor, without_limits(cursor):
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            try:
                super().handle(*args, **options)
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _connect_patiently(connection: Any) -> None:
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return connection.ensure_connection()
        except OperationalError as error:
            if time.monotonic() > give_up_at:
                raise CommandError(f"No database after {PATIENCE_SECONDS:.0f} s: {error}") from None
        time.sleep(PAUSE_SECONDS)
