"""Small test servers, written with the standard library only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from worksample.stacks import BuiltSubmission, detect

PARTS = """
import http.server, json, os, signal, socket, subprocess, sys, time
PORT = int(os.environ["PORT"])

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def answer(self, status, text):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())
    def do_GET(self):
        print("request", self.path, flush=True)
        self.answer(200, self.path)
    def log_message(self, *args):
        pass

class Six(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6

def serve(host="127.0.0.1", port=PORT, handler=Handler, server=http.server.ThreadingHTTPServer):
    server((host, port), handler).serve_forever()
"""
GOOD = "serve()"


def project(folder: Path, code: str = GOOD, settings: str = "") -> Path:
    """Write a project whose server.py is PARTS followed by `code`."""
    folder.mkdir(exist_ok=True)
    (folder / "server.py").write_text(f"{PARTS}\n{code}\n")
    if settings:
        (folder / "worksample.toml").write_text(settings)
    return folder


@asynccontextmanager
async def built(
    folder: Path, code: str = GOOD, settings: str = ""
) -> AsyncIterator[BuiltSubmission]:
    """Write and build such a project in `folder`."""
    async with detect(project(folder / "project", code, settings)).build() as result:
        yield result
