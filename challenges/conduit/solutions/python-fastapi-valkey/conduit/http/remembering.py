"""Answer `GET /api/tags` from the cache: every page shows the tags, and they seldom change."""

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from conduit.cache import Cache

TAGS, PATH, ARTICLES = "tags", "/api/tags", "/api/articles"
CHANGES = "POST", "PUT", "DELETE"


class Remembering:
    """ASGI middleware: tags come from the cache, and whatever may change them renews it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        cache: Cache = scope["app"].state.cache
        if scope["path"].startswith(ARTICLES) and scope["method"] in CHANGES:
            await self._change(cache, scope, receive, send)
        elif scope["path"] == PATH and scope["method"] == "GET" and not scope["query_string"]:
            await self._tags(cache, scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _change(self, cache: Cache, scope: Scope, receive: Receive, send: Send) -> None:
        """The answer leaves when the cache has been renewed."""
        held: list[Message] = []

        async def hold(message: Message) -> None:
            held.append(message)

        async with cache.changing(TAGS):
            await self.app(scope, receive, hold)
        for message in held:
            await send(message)

    async def _tags(self, cache: Cache, scope: Scope, receive: Receive, send: Send) -> None:
        version = await cache.version(TAGS)
        if version is None:
            await self.app(scope, receive, send)
            return
        if known := await cache.recall(TAGS, version, "all"):
            await Response(known, media_type="application/json")(scope, receive, send)
            return
        status, body = 0, b""

        async def watch(message: Message) -> None:
            nonlocal status, body
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                body += message.get("body", b"")
            await send(message)

        await self.app(scope, receive, watch)
        if status == 200:
            await cache.remember(TAGS, version, "all", body)
