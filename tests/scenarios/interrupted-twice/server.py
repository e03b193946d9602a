import signal
import threading

from counters import Handler, serve


class Hanging(Handler):
    def answer(self):
        if self.path != "/":
            threading.Event().wait()
        super().answer()


signal.signal(signal.SIGTERM, signal.SIG_IGN)
serve(Hanging)
