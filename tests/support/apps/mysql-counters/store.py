"""Counters in MySQL; each request connects, and commits at its end."""

import os
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

import pymysql


@contextmanager
def begin():
    """Begin a transaction: committed at the end of the block, or rolled back."""
    url = urlsplit(os.environ["DATABASE_URL"])
    connection = pymysql.connect(
        host=os.environ["DB_HOST"],
        port=int(os.environ["DB_PORT"]),
        user=url.username,
        password=unquote(url.password),
        database=url.path[1:],
        read_timeout=10,
    )
    try:
        with connection.cursor() as cursor:
            yield cursor
        connection.commit()
    finally:
        connection.close()


def make(name):
    """Make a counter; return False when the name is taken."""
    try:
        with begin() as cursor:
            cursor.execute("INSERT INTO counters (name, value) VALUES (%s, 0)", name)
    except pymysql.IntegrityError:
        return False
    return True


def read(name):
    """Return a counter's value; None when there is none."""
    with begin() as cursor:
        cursor.execute("SELECT value FROM counters WHERE name = %s", name)
        row = cursor.fetchone()
    return row[0] if row else None


def up(name):
    """Let a counter go up; return its value, None when there is none."""
    with begin() as cursor:
        cursor.execute("SELECT value FROM counters WHERE name = %s FOR UPDATE", name)
        if not (row := cursor.fetchone()):
            return None
        cursor.execute("UPDATE counters SET value = %s WHERE name = %s", (row[0] + 1, name))
    return row[0] + 1


def every():
    """Return all names with their values."""
    with begin() as cursor:
        cursor.execute("SELECT name, value FROM counters")
        return cursor.fetchall()
