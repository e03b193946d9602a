import sys

from counters import Handler, serve

HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e<script>alert(1)</script>\r\n[red]no[/red]"


class Hostile(Handler):
    def write(self, status, content):
        if status == 404 and self.command == "GET":
            sys.stdout.write(f"{HOSTILE}\n")
            self.raw(500, HOSTILE.encode(), ("Content-Type", "text/html"))
        elif status == 404:
            self.raw(400, HOSTILE.encode(), ("Content-Type", "<script>alert(2)</script>"))
        else:
            super().write(status, content)


serve(Hostile)
