import time

from counters import Handler, serve


class Slow(Handler):
    def answer(self):
        time.sleep(0.3)
        super().answer()


serve(Slow)
