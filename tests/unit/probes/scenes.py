"""Scenes for the client over real sockets, and what must come of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from worksample.probes.exchange import Exchange, Request, Trouble
from worksample.probes.http import HttpClient

GET = Request("GET", "/")
POST = Request("POST", "/", (), b"{}")
Scene = Callable[[HttpClient], Awaitable[None]]


def sends(*wanted: Request, expect: Callable[[list[Exchange]], None], **how: Any) -> Scene:
    """Return a scene that sends requests in order and passes the exchanges to `expect`."""

    async def scene(client: HttpClient) -> None:
        expect([await client.send(request, **how) for request in wanted])

    return scene


def trouble(kind: Trouble, words: str = "") -> Callable[[list[Exchange]], None]:
    def look(done: list[Exchange]) -> None:
        assert [(one.trouble, one.response) for one in done] == [(kind, None)] * len(done)
        assert all(words in one.detail for one in done), done[0].detail

    return look


def statuses(*wanted: int) -> Callable[[list[Exchange]], None]:
    def look(done: list[Exchange]) -> None:
        assert [one.status for one in done] == list(wanted), done

    return look
