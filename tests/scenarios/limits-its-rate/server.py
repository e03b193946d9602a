import itertools

from counters import Handler, serve

COUNT = itertools.count()


class Limiting(Handler):
    def answer(self):
        if next(COUNT) % 5 == 4:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.raw(429, b"{}", ("Retry-After", "0"), ("Content-Type", "application/json"))
        else:
            super().answer()


serve(Limiting)
