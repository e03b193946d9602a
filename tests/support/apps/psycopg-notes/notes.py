"""Notes in PostgreSQL: POST / adds the body, GET / says how many there are, GET /health nothing."""

import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg

connection = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/health":
            return self.answer(200, "well")
        return self.answer(200, str(connection.execute("SELECT count(*) FROM note").fetchone()[0]))

    def do_POST(self):
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        connection.execute("INSERT INTO note (text) VALUES (%s)", [text])
        self.answer(201, "kept")

    def answer(self, status, text):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args):
        pass


ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
