"""The client of the counter challenge."""

from __future__ import annotations

from typing import Any

from worksample.checks import Answer, Meaning, World, precondition

CREATE_COUNTER = "a-counter-can-be-made"
STORED_IN_DATABASE = "counters-are-kept-in-the-database"


class Counters(World):
    """Sends the requests of the counter API."""

    async def create(self, name: Any) -> Answer:
        """Create the counter `name`."""
        return await self.send("POST", "/counters", {"counter": {"name": name}})

    async def new_counter(self) -> str:
        """Create a counter as a precondition; return its name."""
        name = self.unique_name("cups")
        precondition(await self.create(name), Meaning.CREATED, needs=CREATE_COUNTER)
        return name

    async def read(self, name: str) -> Answer:
        """Read a counter."""
        return await self.send("GET", f"/counters/{name}")

    async def increment(self, name: str) -> Answer:
        """Increment a counter."""
        return await self.send("POST", f"/counters/{name}/up")

    async def list_all(self) -> Answer:
        """List all counters."""
        return await self.send("GET", "/counters")
