from transactions import Fresh, first, run


class Advised(Fresh):
    def up(self, name):
        with self.begin() as connection:
            connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])
            value = first(connection, "SELECT value FROM counters WHERE name = %s", name)
            if value is None:
                return None
            text = "UPDATE counters SET value = %s WHERE name = %s RETURNING value"
            return first(connection, text, value + 1, name)


run(Advised())
