"""Refuse addresses that are not text: invalid UTF-8, or NUL, which PostgreSQL cannot store."""

from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Receive, Scope, Send

from conduit.http.handlers import answer


class ReadableUrl:
    """ASGI middleware: an unreadable path leads nowhere (404), a query makes no sense (422)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self.app
        if scope["type"] == "http":
            if not _is_text(scope.get("raw_path") or b""):
                app = answer(404, {"path": ["does not exist"]})
            elif not _is_text(scope["query_string"]):
                app = answer(422, {"query": ["is not UTF-8 text"]})
        await app(scope, receive, send)


def _is_text(quoted: bytes) -> bool:
    if b"%" not in quoted:
        return True
    try:
        return "\0" not in unquote_to_bytes(quoted).decode()
    except UnicodeDecodeError:
        return False
