import itertools

from counters import Handler, serve

COUNT = itertools.count()


class Dropping(Handler):
    def answer(self):
        # Only one check asks this, so the same one loses its connection in every run.
        if "/never" in self.path and self.path.endswith("/up") and next(COUNT) == 0:
            self.close_connection = True
        else:
            super().answer()


serve(Dropping)
