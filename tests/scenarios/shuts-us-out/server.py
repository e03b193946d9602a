import itertools

from counters import Handler, serve

COUNT = itertools.count()


class Closed(Handler):
    def answer(self):
        if next(COUNT) > 10:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.raw(429, b"{}", ("Retry-After", "900"), ("Content-Type", "application/json"))
        else:
            super().answer()


serve(Closed)
