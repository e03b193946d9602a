"""`python -m conduit.migrate`: bring the database to the newest schema.

The files of `migrations/` are applied in the order of their names, each once and in a
transaction of its own. An advisory lock makes a second copy wait until the first is done.
"""

from collections.abc import Iterator
from importlib.resources import files

import psycopg

from conduit.patience import connect_patiently
from conduit.settings import Settings

# Any number will do, as long as nobody else on this database uses it.
LOCK = 7_203_114_925

_BOOKKEEPING = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    name text PRIMARY KEY,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""


def migrate(conn: psycopg.Connection) -> list[str]:
    """Apply what is missing and return the names of the files that were applied."""
    conn.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        conn.execute(_BOOKKEEPING)
        done = {name for (name,) in conn.execute("SELECT name FROM schema_migrations")}
        return [_apply(conn, name, text) for name, text in _scripts() if name not in done]
    finally:
        conn.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _apply(conn: psycopg.Connection, name: str, text: str) -> str:
    with conn.transaction():
        conn.execute(text.encode())
        conn.execute("INSERT INTO schema_migrations (name) VALUES (%s)", [name])
    return name


def _scripts() -> Iterator[tuple[str, str]]:
    folder = files("conduit") / "migrations"
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".sql"):
            yield file.name, file.read_text(encoding="utf-8")


def main() -> None:
    settings = Settings.from_environment()
    with connect_patiently(settings.database_url) as conn:
        for name in migrate(conn):
            print(f"applied {name}")


if __name__ == "__main__":
    main()
