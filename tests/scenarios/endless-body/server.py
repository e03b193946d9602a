from counters import Handler, serve


class Endless(Handler):
    def write(self, status, content):
        if "counters" not in content:
            return super().write(status, content)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"10000\r\n" + b" " * 0x10000 + b"\r\n")
        except OSError:
            self.close_connection = True


serve(Endless)
