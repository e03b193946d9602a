import itertools
import threading

from counters import Handler, serve

COUNT = itertools.count()


class Tiring(Handler):
    def answer(self):
        if next(COUNT) > 16:
            threading.Event().wait()
        super().answer()


serve(Tiring)
