"""Make the table."""

from store import begin

TABLE = """
    CREATE TABLE IF NOT EXISTS counters (
        name varchar(200) COLLATE utf8mb4_bin PRIMARY KEY, value int NOT NULL
    )
"""

with begin() as cursor:
    cursor.execute(TABLE)
