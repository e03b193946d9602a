import os
import threading
import time

import psycopg
from transactions import Fresh, first, run


class Loud(Fresh):
    def up(self, name):
        text = "UPDATE counters SET value = value + 1 WHERE name = %s RETURNING value"
        with self.begin() as connection:
            connection.execute("SELECT pg_notify('news', %s)", [name])
            return first(connection, text, name)


def connected(work):
    """Work on a connection, and on another one when that is gone."""
    while True:
        try:
            with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
                work(connection)
        except psycopg.Error:
            time.sleep(0.1)


def listen(connection):
    connection.execute("LISTEN news")
    for _ in connection.notifies():
        pass


def flood(connection):
    while True:
        connection.execute("SELECT pg_notify('news', n::text) FROM generate_series(1, 200) n")
        time.sleep(0.02)


for work in (listen, listen, flood):
    threading.Thread(target=connected, args=[work], daemon=True).start()
run(Loud())
