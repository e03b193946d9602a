import os

from counters import Handler, Memory, serve


class Dying(Handler):
    def one(self, status, name, value):
        if value is None and self.command == "GET":
            os._exit(3)
        return super().one(status, name, value)


serve(Dying, store=Memory())
