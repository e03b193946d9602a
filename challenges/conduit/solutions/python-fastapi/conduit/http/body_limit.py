"""Refuse request bodies of more than 1 MiB before they are collected or parsed (S8)."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from conduit.http.handlers import answer
from conduit.http.refusals import Refusal

MAX_BODY_BYTES = 1024 * 1024
_TOO_LARGE = f"is larger than {MAX_BODY_BYTES} bytes"


class BodyLimit:
    """ASGI middleware: trusts Content-Length to refuse at once, counts to refuse the rest."""

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
