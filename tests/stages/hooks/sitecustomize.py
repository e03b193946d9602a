"""Python: answer 404 or 405 to the operations in $CUT_OFF, in any server that uvicorn runs."""

from __future__ import annotations

import importlib
import json
import os
import re
from typing import Any

try:
    Config: Any = importlib.import_module("uvicorn.config").Config
except ImportError:  # not the server's own process
    Config = None

CUT_OFF = [(method, re.compile(path)) for method, path in json.loads(os.environ["CUT_OFF"])]
KNOWN = [re.compile(path) for path in json.loads(os.environ["CUT_OFF_KNOWN"])]


def is_cut_off(scope: dict[str, Any]) -> bool:
    """Return whether the request of the ASGI `scope` is for an operation in $CUT_OFF."""
    method = "GET" if scope["method"] == "HEAD" else scope["method"]
    return any(method == each and path.fullmatch(scope["path"]) for each, path in CUT_OFF)


def wrap(app: Any) -> Any:
    """Return the ASGI application `app` without the operations in $CUT_OFF."""

    async def wrapped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http" or not is_cut_off(scope):
            await app(scope, receive, send)
            return
        status = 405 if any(path.fullmatch(scope["path"]) for path in KNOWN) else 404
        body = b'{"errors": {"path": ["not found"]}}'
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return wrapped


if Config is not None:
    load = Config.load

    def load_and_wrap(self: Any) -> None:
        """Load the application as uvicorn does, and wrap it."""
        load(self)
        self.loaded_app = wrap(self.loaded_app)

    Config.load = load_and_wrap
