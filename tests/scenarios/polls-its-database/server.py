import itertools
import os
import threading
import time

import psycopg
from transactions import Fresh, run

POLLING = "SELECT name FROM counters WHERE value < 0 FOR UPDATE SKIP LOCKED LIMIT 1"


def poll(pause, extra):
    for number in itertools.count():
        try:
            with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
                connection.execute(POLLING)
                if number % 7 == 6:
                    connection.execute(extra)
        except psycopg.Error:
            pass
        time.sleep(pause)


store = Fresh()
for seldom in (False, True):
    extra = "SELECT max(value) FROM counters" if seldom else "SELECT count(*) FROM counters"
    threading.Thread(target=poll, args=[0.7 if seldom else 0.01, extra], daemon=True).start()
run(store)
