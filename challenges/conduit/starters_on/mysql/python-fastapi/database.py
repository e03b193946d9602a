"""Connections to the MySQL database that DATABASE_URL names."""

import os
import queue
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

import pymysql
from pymysql.cursors import Cursor

_idle: queue.LifoQueue[pymysql.Connection] = queue.LifoQueue()


def connect() -> pymysql.Connection:
    url = urlsplit(os.environ["DATABASE_URL"])
    return pymysql.connect(
        host=url.hostname,
        port=url.port or 3306,
        user=unquote(url.username or ""),
        password=unquote(url.password or ""),
        database=url.path[1:],
        charset="utf8mb4",
        read_timeout=30,
    )


@contextmanager
def transaction() -> Iterator[Cursor]:
    """A cursor in a transaction: committed at the end of the block, or rolled back.

    It blocks, so use it in functions that FastAPI runs in its threads (`def`, not `async def`).
    """
    try:
        connection = _idle.get_nowait()
        connection.ping(reconnect=True)
    except queue.Empty:
        connection = connect()
    try:
        with connection.cursor() as cursor:
            yield cursor
        connection.commit()
    except BaseException:
        connection.close()
        raise
    _idle.put(connection)
