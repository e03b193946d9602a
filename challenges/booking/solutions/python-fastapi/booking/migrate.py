"""`python -m booking.migrate`: apply the missing files of `migrations/`, each in a transaction.

An advisory lock makes a second copy wait until the first is done.
"""

import time
from importlib.resources import files

import psycopg

from booking.settings import database_url

PATIENCE_SECONDS = 30.0
PAUSE_SECONDS = 0.25
# Any number will do, as long as nobody else on this database uses it.
LOCK = 4_181_220_377

_BOOKKEEPING = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    name text PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""


def connect_patiently(url: str, patience: float = PATIENCE_SECONDS) -> psycopg.Connection:
    """Connect, trying again for up to `patience` seconds; blocks, so that SIGTERM ends it."""
    give_up_at = time.monotonic() + patience
    while True:
        try:
            return psycopg.connect(url, connect_timeout=3, autocommit=True)
        except psycopg.OperationalError as error:
            if time.monotonic() > give_up_at:
                raise SystemExit(f"No database after {patience:.0f} seconds: {error}") from None
        time.sleep(PAUSE_SECONDS)


def migrate(conn: psycopg.Connection) -> list[str]:
    """Apply what is missing and return the names of the files that were applied."""
    conn.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        conn.execute(_BOOKKEEPING)
        done = {name for (name,) in conn.execute("SELECT name FROM schema_migrations")}
        scripts = sorted((files("booking") / "migrations").iterdir(), key=lambda file: file.name)
        missing = [file for file in scripts if file.name not in done]
        for file in missing:
            with conn.transaction():
                conn.execute(file.read_bytes())
                conn.execute("INSERT INTO schema_migrations (name) VALUES (%s)", [file.name])
        return [file.name for file in missing]
    finally:
        conn.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


if __name__ == "__main__":
    with connect_patiently(database_url()) as connection:
        for applied in migrate(connection):
            print(f"applied {applied}")
