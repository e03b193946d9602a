import psycopg
from transactions import Fresh, first, run


class Serializable(Fresh):
    def up(self, name):
        while True:
            try:
                return self._up(name)
            except psycopg.errors.SerializationFailure:
                pass

    def _up(self, name):
        with self.begin() as connection:
            connection.isolation_level = psycopg.IsolationLevel.SERIALIZABLE
            value = first(connection, "SELECT value FROM counters WHERE name = %s", name)
            if value is None:
                return None
            text = "UPDATE counters SET value = %s WHERE name = %s RETURNING value"
            return first(connection, text, value + 1, name)


run(Serializable())
