from contextlib import contextmanager

from transactions import Fresh, run

KEPT = []


class Leaking(Fresh):
    @contextmanager
    def begin(self):
        KEPT.extend(super(Leaking, self).begin() for _ in range(12))
        connection = KEPT[-1]
        with connection.transaction():
            yield connection


run(Leaking())
