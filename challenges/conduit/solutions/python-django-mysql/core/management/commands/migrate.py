"""`manage.py migrate`, which waits for a late database, and for another copy that migrates."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections

PATIENCE_SECONDS = 30.0
PAUSE_SECONDS = 0.25
LOCK_SECONDS = 600


class Command(migrate.Command):
    """Django's own command, under a lock: it takes none by itself."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate. The lock ends with the connection."""
        connection = connections[options["database"]]
        # Names of locks are the server's, not the database's.
        lock = f"migrate {connection.settings_dict['NAME']}"[:64]
        with _without_limits(connection):
            _connect_patiently(connection)
            with connection.cursor() as cursor:
                cursor.execute("SELECT GET_LOCK(%s, %s)", [lock, LOCK_SECONDS])
                if cursor.fetchone() != (1,):
                    raise CommandError(f"Another copy has been migrating for {LOCK_SECONDS} s.")
                super().handle(*args, **options)


@contextmanager
def _without_limits(connection: Any) -> Iterator[None]:
    """Let statements on a new connection take the time that they need."""
    settings, limited = connection.settings_dict, connection.settings_dict["OPTIONS"]
    connection.close()
    settings["OPTIONS"] = {**limited, "read_timeout": None, "write_timeout": None}
    try:
        yield
    finally:
        connection.close()
        settings["OPTIONS"] = limited


def _connect_patiently(connection: Any) -> None:
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return connection.ensure_connection()
        except OperationalError as error:
            if time.monotonic() > give_up_at:
                raise CommandError(f"No database after {PATIENCE_SECONDS:.0f} s: {error}") from None
        time.sleep(PAUSE_SECONDS)
