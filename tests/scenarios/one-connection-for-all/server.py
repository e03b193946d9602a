import os

import psycopg
from counters import Database
from transactions import run


class Kept(Database):
    """Opens its connection again when it is gone; what failed is not tried again."""

    def _value(self, text, name):
        with self._lock:
            if self._connection.closed:
                self._connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
            row = self._connection.execute(text, [name]).fetchone()
        return row[0] if row else None


run(Kept())
