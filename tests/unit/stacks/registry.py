"""A package index with one package per language, so that builds need no network."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


def python_wheel(folder: Path) -> Path:
    """Write the wheel of `tinyserver` 1.0, whose module has a `serve()`, and return its path."""
    path = folder / "tinyserver-1.0-py3-none-any.whl"
    info = "tinyserver-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("tinyserver.py", "WORD = 'tiny'\n")
        wheel.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: tinyserver\nVersion: 1.0\n"
        )
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return path


def _node_tarball() -> bytes:
    files = {
        "package/package.json": json.dumps({"name": "tinyword", "version": "1.0.0"}),
        "package/index.js": "module.exports = 'tiny';\n",
    }
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return buffer.getvalue()


@contextmanager
def node_registry() -> Iterator[tuple[str, list[str]]]:
    """Serve the npm package `tinyword` 1.0.0; yield the registry URL and the requested paths."""
    tarball = _node_tarball()
    digest = base64.b64encode(hashlib.sha512(tarball).digest()).decode()
    requested: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requested.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(tarball if self.path.endswith(".tgz") else self._metadata())

        def _metadata(self) -> bytes:
            where = f"http://{self.headers['Host']}/tinyword/-/tinyword-1.0.0.tgz"
            dist = {"tarball": where, "integrity": f"sha512-{digest}"}
            version = {"name": "tinyword", "version": "1.0.0", "dist": dist}
            whole = {"dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": version}}
            return json.dumps({"name": "tinyword", **whole}).encode()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", requested
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
