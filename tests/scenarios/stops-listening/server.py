import itertools
import threading

import counters

COUNT = itertools.count()
running = []


class Closing(counters.Handler):
    def answer(self):
        if next(COUNT) >= 16:
            running[0].socket.close()
            self.close_connection = True
            threading.Event().wait(0.1)
        else:
            super().answer()


class Server(counters.Server):
    def __init__(self, *given):
        super().__init__(*given)
        running.append(self)

    def serve_forever(self, poll_interval=0.5):
        try:
            super().serve_forever(poll_interval)
        finally:
            threading.Event().wait()


counters.Server = Server
counters.serve(Closing)
