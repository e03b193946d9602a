import os
import signal

from counters import Handler, serve


def daemon():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            signal.pause()
        os._exit(0)
    os.wait()


class Fertile(Handler):
    def make(self, payload):
        daemon()
        return super().make(payload)


serve(Fertile)
