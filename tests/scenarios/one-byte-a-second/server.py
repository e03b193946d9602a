import time

from counters import Handler, serve


class Dripping(Handler):
    def write(self, status, content):
        if "counters" not in content:
            return super().write(status, content)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "1000")
        self.end_headers()
        try:
            for _ in range(1000):
                self.wfile.write(b" ")
                time.sleep(1)
        except OSError:
            self.close_connection = True


serve(Dripping)
