"""A data set that grows: the sailings of one port, and a traveller with a seat in each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from worksample.checks import PreconditionFailed
from worksample.suites.preparing import OptionalSteps
from worksample.suites.read_costs import PAGE

from ..world import Booking, Person, Sailing, departure

RESERVING = "reserving"


@dataclass(slots=True)
class Dataset:
    """`traveller` has reserved a seat in each of `sailings`, which all start in `port`.

    `quiet` and `popular` are sailings of another port: nobody has reserved in the first, and
    `add_reactions` makes `crowd` reserve in the second. Reserving is optional.
    """

    world: Booking
    operator: Person
    traveller: Person
    crowd: Person
    port: str
    quiet: Sailing
    popular: Sailing
    sailings: list[Sailing] = field(default_factory=list)
    optional: OptionalSteps = field(default_factory=OptionalSteps)

    @property
    def failures(self) -> Mapping[str, PreconditionFailed]:
        """Why nobody can reserve, by the name of the step."""
        return self.optional.failures

    async def grow(self, size: int) -> None:
        """Open sailings, and reserve in each, until there are `size`."""
        for number in range(len(self.sailings), size):
            await self._add(number)

    async def _add(self, number: int) -> None:
        days = 10 + number / 24
        when = departure(days, at=datetime.now(UTC))
        sailing = await self.operator.opens(from_=self.port, departsAt=when)
        await self.optional.take(RESERVING, partial(self.traveller.reserves, sailing))
        self.sailings.append(sailing)

    async def add_reactions(self) -> None:
        """Reserve a seat in the popular sailing, as often as a page is long."""
        for _ in range(PAGE):
            await self.optional.take(RESERVING, partial(self.crowd.reserves, self.popular))


async def create_dataset(world: Booking, size: int) -> Dataset:
    """Create a data set of `size` sailings. Raises `PreconditionFailed` if a request fails."""
    operator, port = await world.operator(), world.port()
    traveller, crowd = await world.own_member(), await world.own_member()
    quiet, popular = await operator.opens(seats=500), await operator.opens(seats=500)
    dataset = Dataset(world, operator, traveller, crowd, port, quiet, popular)
    await dataset.grow(size)
    return dataset
