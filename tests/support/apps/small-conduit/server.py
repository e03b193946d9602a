"""A server with the route `tags` under BASE_PATH; with TAGS=hang it never answers there.

With TAGS=broken it answers 500, with TAGS=missing it has no such route. Other answers are 404, but
for a registration, which it refuses.
"""

import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BASE_PATH, TAGS = os.environ.get("BASE_PATH", ""), os.environ.get("TAGS", "work")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path != f"{BASE_PATH}/tags" or TAGS == "missing":
            return self.answer(404, {"errors": {"path": ["is unknown"]}})
        if TAGS == "hang":
            threading.Event().wait()
        if TAGS == "broken":
            return self.answer(500, {"errors": {"server": ["is broken"]}})
        return self.answer(200, {"tags": []})

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == f"{BASE_PATH}/users":
            return self.answer(422, {"errors": {"user": ["is required"]}})
        return self.answer(404, {"errors": {"path": ["is unknown"]}})

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
