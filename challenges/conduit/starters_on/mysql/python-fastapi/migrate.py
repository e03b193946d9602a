"""Bring the database up to date: apply each file of `migrations/` once, in order of name.

MySQL commits at each CREATE or ALTER: a file that fails in the middle stays half applied.
"""

from pathlib import Path

from pymysql.cursors import Cursor

from database import transaction

MIGRATIONS = Path(__file__).with_name("migrations")


def migrate(cursor: Cursor) -> None:
    cursor.execute("CREATE TABLE IF NOT EXISTS migrations (name varchar(200) PRIMARY KEY)")
    cursor.execute("SELECT name FROM migrations")
    done = {name for (name,) in cursor.fetchall()}
    for file in sorted(MIGRATIONS.glob("*.sql")):
        if file.name not in done:
            for statement in filter(str.strip, file.read_text().split(";\n")):
                cursor.execute(statement)
            cursor.execute("INSERT INTO migrations (name) VALUES (%s)", [file.name])


if __name__ == "__main__":
    with transaction() as cursor:
        migrate(cursor)
