import sys

from counters import Handler, serve


class Talkative(Handler):
    def answer(self):
        sys.stdout.write("and furthermore " * 330_000 + "\n")
        super().answer()


serve(Talkative)
