import sqlite3

from counters import TABLE, Database, serve


class Sqlite(Database):
    def __init__(self):
        import threading

        self._lock = threading.Lock()
        self._connection = sqlite3.connect(
            "counters.db", isolation_level=None, check_same_thread=False
        )
        self._connection.execute(TABLE)

    def _value(self, text, name):
        return super()._value(text.replace("%s", "?"), name)


serve(store=Sqlite())
