import threading

from counters import Handler, serve


class Mute(Handler):
    def answer(self):
        threading.Event().wait()


serve(Mute)
