from transactions import Fresh, first, run

HUGE, LARGE = 100 * 1024 * 1024, 1024 * 1024


class Huge(Fresh):
    def __init__(self):
        super().__init__()
        if self.all():
            return
        with self.begin() as connection:
            assert first(connection, "SELECT length(%s)", "x" * HUGE) == HUGE

    def up(self, name):
        text = """
            UPDATE counters SET value = value + length(%s) - %s WHERE name = %s RETURNING value
        """
        with self.begin() as connection:
            return first(connection, text, "x" * LARGE, LARGE - 1, name)


run(Huge())
