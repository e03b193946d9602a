"""GET / asks PostgreSQL, GET /visits counts in Valkey and answers 503 while that is away."""

import os
import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import psycopg

connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
cache = urlsplit(os.environ["REDIS_URL"])


def count_visit():
    with socket.create_connection((cache.hostname, cache.port), timeout=10) as server:
        stream = server.makefile("rwb")
        stream.write(f"AUTH {cache.password}\r\nINCR visits\r\n".encode())
        stream.flush()
        stream.readline()
        if not (answer := stream.readline()):
            raise ConnectionError
        return answer.decode().strip(":\r\n")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path != "/visits":
            return self.answer(200, str(connection.execute("SELECT 1").fetchone()[0]))
        try:
            return self.answer(200, count_visit())
        except OSError:
            return self.answer(503, "away")

    def answer(self, status, text):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args):
        pass


ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
