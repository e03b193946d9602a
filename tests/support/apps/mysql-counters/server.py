"""The server of the counter challenge, on MySQL."""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pymysql
import store


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def reply(self):
        match [self.command, *self.path.strip("/").split("/")]:
            case ["POST", "counters"]:
                length = int(self.headers.get("Content-Length") or 0)
                return self.make(json.loads(self.rfile.read(length))["counter"]["name"])
            case ["GET", "counters"]:
                return 200, {"counters": [{"name": n, "value": v} for n, v in store.every()]}
            case ["GET", "counters", name]:
                return self.one(200, name, store.read(name))
            case ["POST", "counters", name, "up"]:
                return self.one(200, name, store.up(name))
        return 404, {"error": "nothing is here"}

    def make(self, name):
        if not isinstance(name, str):
            return 422, {"error": "a name is text"}
        if not store.make(name):
            return 422, {"error": "the name is taken"}
        return self.one(201, name, 0)

    def one(self, status, name, value):
        if value is None:
            return 404, {"error": "there is no such counter"}
        return status, {"counter": {"name": name, "value": value}}

    def answer(self):
        try:
            status, content = self.reply()
        except pymysql.Error as error:
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
            status, content = 500, {"error": "the database fails"}
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer  # noqa: N815

    def log_message(self, *args):
        pass


class Server(ThreadingHTTPServer):
    request_queue_size = 128


Server((os.environ["HOST"], int(os.environ["PORT"])), Handler).serve_forever()
