"""A server with the route `tags` under BASE_PATH, which refuses registrations; all else is 404.

MODE says how it is broken or unusual: it has no such route (`no-tags`), answers 500 there
(`broken-tags`), keeps accounts in SQLite (`sqlite`), or never reaches its database (`unreachable`).
"""

import json
import os
import sqlite3
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BASE_PATH, MODE = os.environ.get("BASE_PATH", "/api"), os.environ.get("MODE", "")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        known = self.path == f"{BASE_PATH}/tags" and MODE != "no-tags"
        if MODE in ("broken-tags", "unreachable") and known:
            return self.fail()
        return self.answer(200, {"tags": []}) if known else self.answer(404, {})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path != f"{BASE_PATH}/users":
            return self.answer(404, {})
        if MODE == "unreachable":
            return self.fail()
        if MODE == "sqlite":
            return self.register(json.loads(body)["user"])
        return self.answer(422, {"errors": {"user": ["is required"]}})

    do_PUT = do_DELETE = do_GET  # noqa: N815 - names of http.server

    def register(self, user):
        with sqlite3.connect("accounts.db") as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS accounts (name text)")
            connection.execute("INSERT INTO accounts VALUES (?)", [user["username"]])
        shown = {"username": user["username"], "email": user["email"], "token": "a.b.c"}
        return self.answer(201, {"user": {**shown, "bio": None, "image": None}})

    def fail(self):
        if MODE == "unreachable":
            sys.stderr.write("Error: connect ECONNREFUSED 127.0.0.1:5432\n")
            sys.stderr.flush()
        return self.answer(500, {"errors": {"server": ["is broken"]}})

    def answer(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *args):
        pass


ThreadingHTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Handler).serve_forever()
