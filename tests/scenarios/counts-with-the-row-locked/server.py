from transactions import Fresh, first, run


class Locks(Fresh):
    def up(self, name):
        with self.begin() as connection:
            text = "SELECT value FROM counters WHERE name = %s FOR UPDATE"
            value = first(connection, text, name)
            if value is None:
                return None
            text = "UPDATE counters SET value = %s WHERE name = %s RETURNING value"
            return first(connection, text, value + 1, name)


run(Locks())
