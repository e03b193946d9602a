import os
from contextlib import contextmanager

import psycopg
from transactions import Fresh, run


class Two(Fresh):
    @contextmanager
    def begin(self):
        elsewhere = psycopg.connect(os.environ["DATABASE_URL"], dbname="postgres")
        with elsewhere, super().begin() as connection:
            elsewhere.execute("SELECT current_database(), now()")
            yield connection
            elsewhere.execute("SELECT 'done'")


run(Two())
