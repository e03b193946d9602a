"""Reference workload: a tiny server with constant work per request, to compare CPU time with.

It is a separate program (`python -I -S reference_workload.py`) that uses only the standard library.
It prints its port to standard output, answers every request, and exits at the end of its standard
input.
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
    """Serialize and parse the entries of a small page several times; return the HTTP response."""
    entries = [dict(ENTRY, number=number) for number in range(20)]
    for _ in range(ROUNDS):
        text = json.dumps({"entries": entries})
        entries = json.loads(text)["entries"][::-1]
    body = text.encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return head.encode() + END + body


def serve(connection: socket.socket) -> bool:
    """Answer the requests received on a connection; return False at its end."""
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
        connections: list[socket.socket] = []
        while True:
            ready = select.select([listener, sys.stdin, *connections], [], [])[0]
            if sys.stdin in ready:
                return
            connections = [each for each in connections if each not in ready or serve(each)]
            if listener in ready:
                connections.append(listener.accept()[0])


if __name__ == "__main__":
    main()
