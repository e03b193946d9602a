import os
import signal
import threading

from counters import Handler, serve


class Hanging(Handler):
    def answer(self):
        if self.path != "/":
            threading.Event().wait()
        super().answer()


if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.pause()
    os._exit(0)
serve(Hanging)
