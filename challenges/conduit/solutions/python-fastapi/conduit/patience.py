"""Wait for a database that is a little late."""

import time

import psycopg

PATIENCE_SECONDS = 30.0
PAUSE_SECONDS = 0.25


def connect_patiently(database_url: str, patience: float = PATIENCE_SECONDS) -> psycopg.Connection:
    """Connect, trying again for up to `patience` seconds.

    Blocks, so that SIGTERM ends a server that is still waiting. Raises SystemExit with the
    last reason when the database does not come.
    """
    give_up_at = time.monotonic() + patience
    while True:
        try:
            return psycopg.connect(database_url, connect_timeout=3, autocommit=True)
        except psycopg.OperationalError as error:
            if time.monotonic() > give_up_at:
                raise SystemExit(f"No database after {patience:.0f} seconds: {error}") from None
        time.sleep(PAUSE_SECONDS)
