"""Counts visits in a shelf (tests/support/plugins): GET /name reads the count, then writes it.

With a mailbox, it sends the name of each visit there.
"""

import os
import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

SHELF = urlsplit(os.environ["DATABASE_URL"])
MAILBOX = urlsplit(os.environ.get("MAILBOX_URL", ""))


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        try:
            status, body = 200, str(count(self.path.strip("/") or "home"))
        except (OSError, EOFError):
            status, body = 503, "no shelf"
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args: object) -> None:
        pass


def count(key: str) -> int:
    with (
        socket.create_connection((SHELF.hostname, SHELF.port)) as sock,
        sock.makefile("rw") as file,
    ):
        answer(file)
        ask(file, f"USE {SHELF.path[1:]}")
        found = ask(file, f"GET {key}")
        number = 1 + (int(found.split()[1]) if found.startswith("VALUE") else 0)
        ask(file, f"PUT {key} {number}")
    if MAILBOX.hostname:
        with (
            socket.create_connection((MAILBOX.hostname, MAILBOX.port)) as sock,
            sock.makefile("rw") as file,
        ):
            ask(file, f"{MAILBOX.path[1:]} {key}")
    return number


def ask(file, line: str) -> str:
    file.write(f"{line}\n")
    file.flush()
    return answer(file)


def answer(file) -> str:
    if not (line := file.readline()):
        raise EOFError
    return line.strip()


ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
