"""Python: answer 404 or 405 to the operations in $CUT_OFF, in any server of uvicorn or gunicorn."""

from __future__ import annotations

import importlib
import json
import os
import re
from collections.abc import Callable, Iterable
from typing import Any


def find(module: str, name: str) -> Any:
    """Return the class `name` of a module, or None: this is not the server's own process."""
    try:
        return getattr(importlib.import_module(module), name)
    except ImportError:
        return None


CUT_OFF = [(method, re.compile(path)) for method, path in json.loads(os.environ["CUT_OFF"])]
KNOWN = [re.compile(path) for path in json.loads(os.environ["CUT_OFF_KNOWN"])]
BODY = b'{"errors": {"path": ["not found"]}}'


def is_cut_off(method: str, path: str) -> bool:
    """Return whether a request is for an operation in $CUT_OFF."""
    method = "GET" if method == "HEAD" else method
    return any(method == each and pattern.fullmatch(path) for each, pattern in CUT_OFF)


def is_known(path: str) -> bool:
    """Return whether another operation remains at this path."""
    return any(pattern.fullmatch(path) for pattern in KNOWN)


def wrap(app: Any) -> Any:
    """Return the ASGI application `app` without the operations in $CUT_OFF."""

    async def wrapped(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http" or not is_cut_off(scope["method"], scope["path"]):
            await app(scope, receive, send)
            return
        status = 405 if is_known(scope["path"]) else 404
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(BODY))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": BODY})

    return wrapped


def wrap_wsgi(app: Any) -> Any:
    """Return the WSGI application `app` without the operations in $CUT_OFF."""

    def wrapped(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if not is_cut_off(method, path):
            answer: Iterable[bytes] = app(environ, start_response)
            return answer
        status = "405 Method Not Allowed" if is_known(path) else "404 Not Found"
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(BODY)))]
        start_response(status, headers)
        return [] if method == "HEAD" else [BODY]

    return wrapped


if Config := find("uvicorn.config", "Config"):
    load = Config.load

    def load_and_wrap(self: Any) -> None:
        """Load the application as uvicorn does, and wrap it."""
        load(self)
        self.loaded_app = wrap(self.loaded_app)

    Config.load = load_and_wrap

if Application := find("gunicorn.app.wsgiapp", "WSGIApplication"):
    load_wsgi = Application.load

    def load_wsgi_and_wrap(self: Any) -> Any:
        """Load the application as gunicorn does, and wrap it."""
        return wrap_wsgi(load_wsgi(self))

    Application.load = load_wsgi_and_wrap
