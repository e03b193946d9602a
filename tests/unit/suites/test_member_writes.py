"""The base of a challenge's writes: who sends them, and with which token."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

from worksample.probes.exchange import Exchange, Request, Response
from worksample.suites.member_writes import MemberWrites
from worksample.suites.writes import StateReader

from .library import Library, Reader


class LibraryWrites(MemberWrites[Library, Reader]):
    """Writes whose answers differ in nothing."""

    promised = ()


async def nothing(view: StateReader) -> Any:
    return {}


def sent_by(sender: Reader) -> tuple[str | None, str]:
    """Return the Authorization header and the label of a write of `sender`."""
    found: list[tuple[str | None, str]] = []

    async def send_raw(request: Request, *, label: str, **_: Any) -> Any:
        found.append((dict(request.headers).get("Authorization"), label))
        return SimpleNamespace(exchange=Exchange(request, Response(201, (), b"{}")))

    sender.world.send_raw = send_raw  # type: ignore[assignment]
    writes = LibraryWrites(sender.world)
    asyncio.run(writes.write(sender, "POST", "/loans", {}, "borrows", {}, nothing).send())
    return found[0]


def test_label_names_the_sender() -> None:
    world = Library()
    assert sent_by(world.person("Ada", "t")) == ("Bearer t", "Ada borrows")
    assert sent_by(world.visitor()) == (None, "a visitor borrows")


def test_signs_in_again_when_tokens_are_no_longer_accepted() -> None:
    world = Library()
    writes = LibraryWrites(world)

    async def scene() -> list[str | None]:
        writes.members = [await world.sign_up(), await world.sign_up()]
        await writes.reauthenticate()
        for number, account in enumerate(world.accounts.values()):
            account["token"] = f"new {number}"
        await writes.reauthenticate()
        return [each.token for each in writes.members]

    assert asyncio.run(scene()) == ["new 0", "new 1"]
    assert [path for _, path, *_ in world.sent].count("/desk") == 2
