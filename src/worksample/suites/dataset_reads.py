"""Base of a challenge's `GrowingData` (see `read_costs`) whose data is an object that grows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar, Generic, Protocol, TypeVar

from worksample.checks import PreconditionFailed, World
from worksample.suites.read_costs import Comparison


class GrowingDataset(Protocol):
    """A data set for the checks on read costs; `failures` are the steps that could not be done."""

    @property
    def failures(self) -> Mapping[str, PreconditionFailed]: ...

    async def grow(self, size: int) -> None:
        """Create entries until there are `size`."""

    async def add_reactions(self) -> None:
        """Let much hang on one entry, which hung on none before."""


W = TypeVar("W", bound=World)
D = TypeVar("D", bound=GrowingDataset)


class DatasetReads(ABC, Generic[W, D]):
    """The views of a data set; `views`, `comparisons`: what a check judges.

    shown_by: by name of a view, the step of the data set that prepares what it shows.
    """

    data: D
    views: Sequence[str]
    comparisons: Sequence[Comparison]
    shown_by: ClassVar[Mapping[str, str]] = {}

    def __init__(
        self, world: W, views: Sequence[str] = (), comparisons: Sequence[Comparison] = ()
    ) -> None:
        self.world, self.views, self.comparisons = world, views, comparisons

    @abstractmethod
    async def create(self, size: int) -> D:
        """Return a new data set of `size` entries. Raises `PreconditionFailed`."""

    @property
    def unprepared(self) -> dict[str, PreconditionFailed]:
        """By name of a view, why what it shows could not be prepared."""
        failures = self.data.failures
        return {view: failures[step] for view, step in self.shown_by.items() if step in failures}

    async def prepare(self, size: int) -> None:
        """Create the data set."""
        self.data = await self.create(size)

    async def grow(self, size: int) -> None:
        """Let the data set grow to `size` entries."""
        await self.data.grow(size)

    async def add_reactions(self) -> None:
        """Add the reactions to the data set."""
        await self.data.add_reactions()
