"""Python: answer 404 or 405 to the operations in $CUT_OFF, in any server that uvicorn runs."""

import json
import os
import re

try:
    from uvicorn.config import Config
except ImportError:  # not the server's own process
    Config = None

CUT_OFF = [(method, re.compile(path)) for method, path in json.loads(os.environ["CUT_OFF"])]
KNOWN = [re.compile(path) for path in json.loads(os.environ["CUT_OFF_KNOWN"])]


def is_cut_off(scope):
    method = "GET" if scope["method"] == "HEAD" else scope["method"]
    return any(method == each and path.fullmatch(scope["path"]) for each, path in CUT_OFF)


def wrap(app):
    async def wrapped(scope, receive, send):
        if scope["type"] != "http" or not is_cut_off(scope):
            return await app(scope, receive, send)
        status = 405 if any(path.fullmatch(scope["path"]) for path in KNOWN) else 404
        body = b'{"errors": {"path": ["not found"]}}'
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return wrapped


if Config is not None:
    load = Config.load

    def load_and_wrap(self):
        load(self)
        self.loaded_app = wrap(self.loaded_app)

    Config.load = load_and_wrap
