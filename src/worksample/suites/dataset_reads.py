"""Base of a challenge's `GrowingData` (see `read_costs`) whose data is an object that grows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

from worksample.checks import World
from worksample.suites.read_costs import Comparison


class GrowingDataset(Protocol):
    """A data set for the checks on read costs."""

    async def grow(self, size: int) -> None:
        """Create entries until there are `size`."""

    async def add_reactions(self) -> None:
        """Let much hang on one entry, which hung on none before."""


W = TypeVar("W", bound=World)
D = TypeVar("D", bound=GrowingDataset)


class DatasetReads(ABC, Generic[W, D]):
    """The views of a data set; `views`, `comparisons`: what a check judges."""

    data: D
    views: Sequence[str]
    comparisons: Sequence[Comparison]

    def __init__(
        self, world: W, views: Sequence[str] = (), comparisons: Sequence[Comparison] = ()
    ) -> None:
        self.world, self.views, self.comparisons = world, views, comparisons

    @abstractmethod
    async def create(self, size: int) -> D:
        """Return a new data set of `size` entries. Raises `PreconditionFailed`."""

    async def prepare(self, size: int) -> None:
        """Create the data set."""
        self.data = await self.create(size)

    async def grow(self, size: int) -> None:
        """Let the data set grow to `size` entries."""
        await self.data.grow(size)

    async def add_reactions(self) -> None:
        """Add the reactions to the data set."""
        await self.data.add_reactions()
