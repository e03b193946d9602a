"""The server as it should be: counters with names, in PostgreSQL. Each scenario subclasses it and
differs in one thing."""

from __future__ import annotations

import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, Any]
TABLE = "CREATE TABLE IF NOT EXISTS counters (name text PRIMARY KEY, value int NOT NULL DEFAULT 0)"


class Database:
    """Counters in PostgreSQL, one statement after the other on one connection."""

    def __init__(self, table: str = TABLE) -> None:
        import psycopg

        self._lock = threading.Lock()
        self._connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
        if table:
            self._connection.execute(table)

    def make(self, name: str) -> int | None:
        """Make a counter; None when the name is taken."""
        text = "INSERT INTO counters (name) VALUES (%s) ON CONFLICT DO NOTHING RETURNING value"
        return self._value(text, name)

    def read(self, name: str) -> int | None:
        """Return a counter's value; None when there is none."""
        return self._value("SELECT value FROM counters WHERE name = %s", name)

    def up(self, name: str) -> int | None:
        """Let a counter go up; None when there is none."""
        text = "UPDATE counters SET value = value + 1 WHERE name = %s RETURNING value"
        return self._value(text, name)

    def all(self) -> dict[str, int]:
        """Return every counter's value by its name."""
        with self._lock:
            rows = self._connection.execute("SELECT name, value FROM counters").fetchall()
        return dict(rows)

    def _value(self, text: str, name: str) -> int | None:
        with self._lock:
            row = self._connection.execute(text, [name]).fetchone()
        return row[0] if row else None


class Memory(Database):
    """Counters that nobody keeps."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: dict[str, int] = {}

    def make(self, name: str) -> int | None:
        """See `Database`."""
        with self._lock:
            return None if name in self._values else self._values.setdefault(name, 0)

    def read(self, name: str) -> int | None:
        """See `Database`."""
        return self._values.get(name)

    def up(self, name: str) -> int | None:
        """See `Database`."""
        with self._lock:
            if name in self._values:
                self._values[name] += 1
        return self._values.get(name)

    def all(self) -> dict[str, int]:
        """See `Database`."""
        return dict(self._values)


class Handler(BaseHTTPRequestHandler):
    """One connection; `reply` says what is answered, `write` how."""

    protocol_version = "HTTP/1.1"
    store: Database

    def reply(self) -> Reply:
        """Return status and JSON of the answer to this request."""
        match [self.command, *self.path.strip("/").split("/")]:
            case ["POST", "counters"]:
                return self.make(self.payload())
            case ["GET", "counters"]:
                found = self.store.all().items()
                return 200, {"counters": [{"name": n, "value": v} for n, v in found]}
            case ["GET", "counters", name]:
                return self.one(200, name, self.store.read(name))
            case ["POST", "counters", name, "up"]:
                return self.one(200, name, self.store.up(name))
        return 404, {"error": "nothing is here"}

    def make(self, payload: Any) -> Reply:
        """Answer to the wish for a new counter."""
        name = payload["counter"]["name"]
        if not isinstance(name, str):
            return 422, {"error": "a name is text"}
        value = self.store.make(name)
        if value is None:
            return 422, {"error": "the name is taken"}
        return self.one(201, name, value)

    def one(self, status: int, name: str, value: int | None) -> Reply:
        """Answer with one counter, or that there is none."""
        if value is None:
            return 404, {"error": "there is no such counter"}
        return status, {"counter": {"name": name, "value": value}}

    def payload(self) -> Any:
        """Read the request's body as JSON."""
        return json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def write(self, status: int, content: Any) -> None:
        """Send the answer, in one piece."""
        self.raw(status, json.dumps(content).encode())

    def raw(self, status: int, body: bytes, *headers: tuple[str, str]) -> None:
        """Send `body`, as JSON unless `headers` say otherwise."""
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers or [("Content-Type", "application/json")]:
            self.send_header(name, value)
        self._headers_buffer.append(b"\r\n" + body)
        self.flush_headers()

    def answer(self) -> None:
        """Answer whatever was asked."""
        self.write(*self.reply())

    do_GET = do_POST = lambda self: self.answer()  # noqa: N815

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """A server with room for a burst."""

    request_queue_size = 128


def serve(handler: type[Handler] = Handler, *, store: Database | None = None) -> None:
    """Serve until we are stopped."""
    handler.store = Database() if store is None else store
    host = os.environ["HOST"], int(os.environ["PORT"])
    Server(host, handler).serve_forever()
