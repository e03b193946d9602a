"""Sessions of a target: the connections that MariaDB's list of processes shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pymysql
from pymysql.constants import ER

from worksample.services.database import OpenTransaction
from worksample.services.mysql.login import Connection, rows

_OPEN = """
    SELECT id, 'idle in transaction', '(not recorded)'
    FROM information_schema.innodb_trx
    JOIN information_schema.processlist ON id = trx_mysql_thread_id
    WHERE command = 'Sleep'
"""


def idle_transactions(connection: Connection, sessions: Sequence[int]) -> list[OpenTransaction]:
    """Return those of `sessions` that have a transaction open and execute nothing."""
    return [OpenTransaction(*each) for each in rows(connection, _OPEN) if each[0] in sessions]


def of_database(connection: Connection, name: str) -> list[int]:
    """Return the sessions that use the database `name`."""
    statement = "SELECT id FROM information_schema.processlist WHERE db = %s"
    return [session for (session,) in rows(connection, statement, (name,))]


def terminate(connection: Connection, sessions: Iterable[int]) -> None:
    """End sessions; those that have ended already are left out."""
    for each in sessions:
        try:
            rows(connection, f"KILL {each:d}")
        except pymysql.OperationalError as error:
            if error.args[0] != ER.NO_SUCH_THREAD:
                raise
