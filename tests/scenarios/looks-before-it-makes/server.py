from transactions import Fresh, first, run


class LooksFirst(Fresh):
    def make(self, name):
        with self.begin() as connection:
            if first(connection, "SELECT 1 FROM counters WHERE name = %s", name):
                return None
            return first(
                connection, "INSERT INTO counters (name) VALUES (%s) RETURNING value", name
            )


run(LooksFirst())
