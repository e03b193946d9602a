from counters import Handler, serve

PIECE = b" " * (1 << 20)


class Large(Handler):
    def write(self, status, content):
        if "counters" not in content:
            return super().write(status, content)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(1 << 30))
        self.end_headers()
        try:
            for _ in range(1 << 10):
                self.wfile.write(PIECE)
        except OSError:
            self.close_connection = True


serve(Large)
