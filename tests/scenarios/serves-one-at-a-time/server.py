import http.server

import counters
from transactions import Fresh, first, run


class OneByOne(http.server.HTTPServer):
    request_queue_size = 128


class ReadsFirst(Fresh):
    def up(self, name):
        with self.begin() as connection:
            value = first(connection, "SELECT value FROM counters WHERE name = %s", name)
            if value is None:
                return None
            text = "UPDATE counters SET value = %s WHERE name = %s RETURNING value"
            return first(connection, text, value + 1, name)


counters.Server = OneByOne
run(ReadsFirst())
