"""Counters in the customer's words."""

from __future__ import annotations

from typing import Any

from worksample.checks import Answer, Meaning, World, given

MAKING = "a-counter-can-be-made"
KEEPING = "counters-are-kept-in-the-database"


class Counters(World):
    """Someone who counts."""

    async def make(self, name: Any) -> Answer:
        """Ask for a counter called `name`."""
        return await self.send("POST", "/counters", {"counter": {"name": name}})

    async def made(self) -> str:
        """Make a counter, which is taken for granted; return its name."""
        name = self.word("cups")
        given(await self.make(name), Meaning.CREATED, needs=MAKING)
        return name

    async def read(self, name: str) -> Answer:
        """Read a counter."""
        return await self.send("GET", f"/counters/{name}")

    async def up(self, name: str) -> Answer:
        """Let a counter go up."""
        return await self.send("POST", f"/counters/{name}/up")

    async def all(self) -> Answer:
        """List all counters."""
        return await self.send("GET", "/counters")
