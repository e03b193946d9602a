"""A tiny server that always does the same work: what CPU time is compared with.

It is a program of its own, `python -I -S yardstick.py`, that needs only the standard library. It
says its port on standard output, answers whatever is asked, and ends when its standard input does.
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
    """Answer what has come on a connection; False once it has ended."""
    data = connection.recv(65536)
    for _ in range(data.count(END)):
        connection.sendall(answer())
    if not data:
        connection.close()
    return bool(data)


def main() -> None:
    """Serve until standard input ends."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        sys.stdout.write(f"{listener.getsockname()[1]}\n")
        sys.stdout.flush()
        waiting: list[socket.socket] = []
        while True:
            ready = select.select([listener, sys.stdin, *waiting], [], [])[0]
            if sys.stdin in ready:
                return
            waiting = [each for each in waiting if each not in ready or serve(each)]
            if listener in ready:
                waiting.append(listener.accept()[0])


if __name__ == "__main__":
    main()
