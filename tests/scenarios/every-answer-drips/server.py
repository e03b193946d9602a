import time

from counters import Handler, serve


class Dripping(Handler):
    """Sends the status line, and all that follows a byte every half second."""

    def setup(self):
        super().setup()
        self.wfile = Drops(self.wfile)

    def finish(self):
        self.wfile = self.wfile.stream
        super().finish()


class Drops:
    def __init__(self, stream):
        self.stream = stream

    def write(self, data):
        line, _, rest = data.partition(b"\r\n")
        self.stream.write(line + b"\r\n")
        for byte in rest:
            time.sleep(0.5)
            self.stream.write(bytes([byte]))

    def flush(self):
        self.stream.flush()


serve(Dripping)
