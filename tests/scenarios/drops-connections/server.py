import itertools

from counters import Handler, serve

COUNT = itertools.count()


class Dropping(Handler):
    def answer(self):
        if self.path.endswith("/up") and next(COUNT) == 0:
            self.close_connection = True
        else:
            super().answer()


serve(Dropping)
