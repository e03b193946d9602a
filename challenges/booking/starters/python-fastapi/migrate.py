"""Bring the database up to date: apply each file of `migrations/` once, in order of name."""

import os
from pathlib import Path

import psycopg

MIGRATIONS = Path(__file__).with_name("migrations")


def migrate(conn: psycopg.Connection) -> None:
    conn.execute("CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY)")
    done = {name for (name,) in conn.execute("SELECT name FROM migrations")}
    for file in sorted(MIGRATIONS.glob("*.sql")):
        if file.name not in done:
            conn.execute(file.read_bytes())
            conn.execute("INSERT INTO migrations (name) VALUES (%s)", [file.name])


if __name__ == "__main__":
    with psycopg.connect(os.environ["DATABASE_URL"]) as conn:
        migrate(conn)
