"""Counters in the customer's words."""

from __future__ import annotations

from typing import Any

from worksample.checks import Answer, Meaning, World, precondition

CREATE_COUNTER = "a-counter-can-be-made"
STORED_IN_DATABASE = "counters-are-kept-in-the-database"


class Counters(World):
    """Someone who counts."""

    async def create(self, name: Any) -> Answer:
        """Ask for a counter called `name`."""
        return await self.send("POST", "/counters", {"counter": {"name": name}})

    async def new_counter(self) -> str:
        """Make a counter, which is taken for granted; return its name."""
        name = self.unique_name("cups")
        precondition(await self.create(name), Meaning.CREATED, needs=CREATE_COUNTER)
        return name

    async def read(self, name: str) -> Answer:
        """Read a counter."""
        return await self.send("GET", f"/counters/{name}")

    async def increment(self, name: str) -> Answer:
        """Let a counter go up."""
        return await self.send("POST", f"/counters/{name}/up")

    async def list_all(self) -> Answer:
        """List all counters."""
        return await self.send("GET", "/counters")
