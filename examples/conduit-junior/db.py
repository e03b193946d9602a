import os
from queue import Queue

import psycopg
from psycopg.rows import dict_row

# Connecting takes time, so it is done once. Eight people can be served at the same time.
free = Queue()
for _ in range(8):
    free.put(psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, row_factory=dict_row))


def ask(sql, values):
    conn = free.get()
    try:
        cursor = conn.execute(sql, values)
        return cursor.fetchall() if cursor.description else []
    finally:
        free.put(conn)


def one(sql, *values):
    """The first row as a dict, or None."""
    return next(iter(ask(sql, values)), None)


def many(sql, *values):
    """All rows as dicts."""
    return ask(sql, values)


def run(sql, *values):
    """For statements that give nothing back."""
    ask(sql, values)
