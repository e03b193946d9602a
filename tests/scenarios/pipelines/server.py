from transactions import Fresh, run


class Pipelined(Fresh):
    def up(self, name):
        text = "UPDATE counters SET value = value + 1 WHERE name = %s RETURNING value"
        with self.begin() as connection, connection.pipeline():
            connection.execute("SELECT value FROM counters WHERE name = %s", [name])
            updated = connection.execute(text, [name])
            connection.execute("SELECT count(*) FROM counters")
            connection.commit()
            row = updated.fetchone()
        return row[0] if row else None


run(Pipelined())
