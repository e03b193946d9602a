import os

from counters import Handler, serve


class Dying(Handler):
    def answer(self):
        if self.path == "/":
            super().answer()
        else:
            os._exit(3)


serve(Dying)
