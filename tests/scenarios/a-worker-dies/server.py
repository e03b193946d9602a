import os
import signal
import sys

import counters


class Dying(counters.Handler):
    def one(self, status, name, value):
        if value is None and self.command == "GET":
            os._exit(3)
        return super().one(status, name, value)


server = counters.Server((os.environ["HOST"], int(os.environ["PORT"])), Dying)
signal.signal(signal.SIGTERM, lambda *_: sys.exit())


def worker():
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        Dying.store = counters.Database()
        server.serve_forever()


worker()
while True:
    os.wait()
    worker()
