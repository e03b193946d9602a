"""A large data set: written through the server, multiplied in its database, and read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from worksample.checks import Answer, Check
from worksample.errors import DatabaseError, InternalError
from worksample.messages import message
from worksample.services import Database, GrowableDatabase
from worksample.suites import missing_indexes, page_costs, read_only_requests, statement_counts
from worksample.suites.missing_indexes import Lookups
from worksample.suites.read_costs import PAGE, GrowingData, View

#: The suites whose checks find waste in what a read of such a data set costs.
_SUITES = (
    missing_indexes.SUITE,
    page_costs.SUITE,
    read_only_requests.SUITE,
    statement_counts.SUITE,
)
#: Their checks that ask for what none of the reads asks for.
_OTHERS = (page_costs.a_page_never_holds_more_than_a_hundred,)
#: How many entries are written through the server: enough for several pages.
ENTRIES = 6 * PAGE


@dataclass(frozen=True, slots=True)
class Read:
    """A read of the data set; `entries` is the member of the answer that lists the entries."""

    send: Callable[[], Awaitable[Answer]]
    entries: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A data set that was written: its reads by name, and what changes it through the server."""

    reads: Mapping[str, Read]
    change: Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class LargeData:
    """How a challenge fills and reads a large data set, by the adapters of two suites.

    `reads` and `lookups` are called with the challenge's world.
    """

    reads: Callable[[Any], GrowingData]
    lookups: Callable[[Any], Lookups]

    async def write(self, world: Any) -> Written:
        """Write some entries through the server; return how to read and change them.

        Raises `PreconditionFailed` if the server does not answer as it should.
        """
        data = self.reads(world)
        await data.prepare(ENTRIES)
        await data.add_reactions()
        lookups = await self.lookups(world).prepare()
        views = {**data.lists, **data.singles}
        found = {name: _read(view) for name, view in views.items()}
        far = partial(data.far_page, PAGE, ENTRIES - 2 * PAGE)
        found["a far page"] = Read(far, data.lists[data.busiest[0]].entries)
        for name, each in lookups.items():
            found[message("finding {name}", name=name)] = Read(each.send)

        async def change() -> None:
            await data.grow(ENTRIES + PAGE)
            await data.add_reactions()

        return Written(found, change)


async def multiply(database: Database | None, rows: int) -> int:
    """Multiply what `database` contains to about `rows` rows; return how many there are.

    Raises `InternalError` if its engine cannot do that, or if it fails.
    """
    if not isinstance(database, GrowableDatabase):
        raise InternalError("This database cannot be filled with a large data set.")
    try:
        return await database.multiply(rows)
    except DatabaseError as error:
        raise InternalError(
            message("The database cannot be filled with a large data set: {error}", error=error)
        ) from error


def _read(view: View) -> Read:
    return Read(partial(view.send, PAGE), view.entries)


def finds_waste(check: Check) -> bool:
    """Return whether `check` finds what the reads of a large data set show in figures, too."""
    of_suite = check.suite in {each.name for each in _SUITES}
    return of_suite and check.id not in {each.id for each in _OTHERS}
