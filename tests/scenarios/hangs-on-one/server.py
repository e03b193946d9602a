import threading

from counters import Handler, serve


class Hanging(Handler):
    def write(self, status, content):
        if status == 404 and self.command == "POST":
            threading.Event().wait()
        super().write(status, content)


serve(Hanging)
