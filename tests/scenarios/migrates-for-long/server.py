from transactions import Fresh, run


class Migrates(Fresh):
    def __init__(self):
        with self.begin() as connection:
            connection.execute("SELECT pg_advisory_xact_lock(1), pg_sleep(3)")
        super().__init__()


run(Migrates())
