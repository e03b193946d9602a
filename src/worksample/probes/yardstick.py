"""A tiny server that always does the same work: what CPU time is compared with.

It is a program of its own, `python -I -S yardstick.py`, that needs only the standard library. It
says its port on standard output, serves one connection after the other, and ends when its standard
input does.
"""

from __future__ import annotations

import json
import select
import socket
import sys

ROUNDS = 12
END = b"\r\n\r\n"
ENTRY = {"slug": "a-title", "tags": ["one", "two"], "author": {"name": "Ada", "bio": None}}


def answer() -> bytes:
    """Do the work of a small page: its entries are written and read again a few times."""
    entries = [dict(ENTRY, number=number) for number in range(20)]
    for _ in range(ROUNDS):
        text = json.dumps({"entries": entries})
        entries = json.loads(text)["entries"][::-1]
    body = text.encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return head.encode() + END + body


def serve(connection: socket.socket) -> bool:
    """Answer what comes on one connection; True once standard input has ended."""
    data = b""
    with connection:
        while True:
            ready = select.select([connection, sys.stdin], [], [])[0]
            if sys.stdin in ready:
                return True
            more = connection.recv(65536)
            if not more:
                return False
            data += more
            while END in data:
                data = data.partition(END)[2]
                connection.sendall(answer())


def main() -> None:
    """Serve until standard input ends."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        sys.stdout.write(f"{listener.getsockname()[1]}\n")
        sys.stdout.flush()
        while sys.stdin not in select.select([listener, sys.stdin], [], [])[0]:
            connection, _ = listener.accept()
            if serve(connection):
                return


if __name__ == "__main__":
    main()
