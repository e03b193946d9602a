import os

import psycopg
from psycopg.rows import dict_row

# Connecting takes time, so it is done once and everybody uses the same connection.
conn = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, row_factory=dict_row)


def one(sql, *values):
    """The first row as a dict, or None."""
    return conn.execute(sql, values).fetchone()


def many(sql, *values):
    """All rows as dicts."""
    return conn.execute(sql, values).fetchall()


def run(sql, *values):
    """For statements that give nothing back."""
    conn.execute(sql, values)
