"""ASGI middleware: refuse what is too large or not text before anything else looks at it."""

from urllib.parse import unquote_to_bytes

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from booking.http.handlers import answer
from booking.http.refusals import Refusal

MAX_BODY_BYTES = 1024 * 1024
_TOO_LARGE = f"is larger than {MAX_BODY_BYTES} bytes"


class BodyLimit:
    """Refuse by Content-Length at once, and the rest while it comes in (S8)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif _declared_bytes(scope) > MAX_BODY_BYTES:
            await answer(413, {"body": [_TOO_LARGE]})(scope, receive, send)
        else:
            await self.app(scope, _counting(receive), send)


def _declared_bytes(scope: Scope) -> int:
    declared = Headers(scope=scope).get("content-length", "0")
    return int(declared) if declared.isdecimal() else 0


def _counting(receive: Receive) -> Receive:
    received = 0

    async def receive_and_count() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > MAX_BODY_BYTES:
            raise Refusal(413, "body", _TOO_LARGE)
        return message

    return receive_and_count


class ReadableUrl:
    """Refuse invalid UTF-8, and NUL, which PostgreSQL cannot store: path 404, query 422."""

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
