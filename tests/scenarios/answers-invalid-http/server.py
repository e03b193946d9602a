from counters import Handler, serve


class Invalid(Handler):
    def write(self, status, content):
        if status == 404 and self.command == "GET" and "never" in self.path:
            self.wfile.write(b"NO, AND \x1b]0;owned\x07 <script>alert(1)</script>\r\n\r\n")
            self.close_connection = True
        else:
            super().write(status, content)


serve(Invalid)
