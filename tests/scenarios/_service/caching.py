"""Counters whose values are remembered in Valkey, which every copy of the server shares."""

from __future__ import annotations

import os
import socket
import threading
from urllib.parse import urlsplit

from counters import Database

SECONDS = 600


class Cache:
    """Numbers by name, on one connection that speaks RESP (https://valkey.io/topics/protocol)."""

    def __init__(self) -> None:
        url = urlsplit(os.environ["REDIS_URL"])
        self._lock = threading.Lock()
        self._stream = socket.create_connection((url.hostname, url.port)).makefile("rwb")
        self.ask("AUTH", url.password or "")

    def ask(self, *words: object) -> str | None:
        """Send a command; return its answer, None for nothing."""
        with self._lock:
            encoded = [str(word).encode() for word in words]
            self._stream.write(b"*%d\r\n" % len(encoded))
            for each in encoded:
                self._stream.write(b"$%d\r\n%b\r\n" % (len(each), each))
            self._stream.flush()
            head = self._stream.readline().decode().strip()
            if head.startswith("-"):
                raise RuntimeError(head)
            if not head.startswith("$"):
                return head[1:]
            length = int(head[1:])
            return None if length < 0 else self._stream.read(length + 2)[:-2].decode()


class Cached(Database):
    """Reads a counter from the cache, if it is there."""

    def __init__(self) -> None:
        super().__init__()
        self.cache = Cache()

    def read(self, name: str) -> int | None:
        """See `Database`."""
        if (known := self.cache.ask("GET", name)) is not None:
            return int(known)
        value = super().read(name)
        if value is not None:
            self.cache.ask("SET", name, value, "EX", SECONDS)
        return value
