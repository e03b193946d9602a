"""How the growing data set is read, and what the checks on read costs judge (W1, W2, W4)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import ClassVar

from worksample.checks import Answer
from worksample.suites import page_costs, read_only_requests, statement_counts
from worksample.suites.dataset_reads import DatasetReads
from worksample.suites.read_costs import PAGE, SIZES, Comparison, View

from ..operations import LIST_RESERVATIONS
from ..world import OPENING, REGISTERING, Booking
from .dataset import RESERVING, Dataset, create_dataset

SAILINGS, OWN = "sailings", "my reservations"
QUIET, POPULAR, ACCOUNT = "a quiet sailing", "a popular sailing", "my account"


def by_reservations(slack: int) -> Comparison:
    """Compare a sailing in which nobody has reserved with one that has twenty reservations."""
    few, many = (QUIET, SIZES[-1]), (POPULAR, SIZES[-1])
    return Comparison("a sailing", "reservations", few, many, slack)


class BookingReads(DatasetReads[Booking, Dataset]):
    """The views of a growing number of sailings."""

    noun = "sailings"
    busiest = (SAILINGS, OWN)
    pages_check = "limit-and-offset-choose-a-page"
    shown_by: ClassVar = {OWN: RESERVING, POPULAR: RESERVING}

    async def create(self, size: int) -> Dataset:
        """Create the data set."""
        return await create_dataset(self.world, size)

    async def far_page(self, limit: int, offset: int) -> Answer:
        """Read a page of the sailings of the port."""
        return await self.world.visitor().list(from_=self.data.port, limit=limit, offset=offset)

    @property
    def lists(self) -> Mapping[str, View]:
        """The sailings of the port, and the reservations of the traveller."""
        data, visitor = self.data, self.world.visitor()
        return {
            SAILINGS: View(
                lambda limit: visitor.list(from_=data.port, limit=limit), OPENING, "sailings"
            ),
            OWN: View(
                lambda limit: data.traveller.reservations(limit=limit),
                LIST_RESERVATIONS.proven_by,
                "reservations",
            ),
        }

    @property
    def singles(self) -> Mapping[str, View]:
        """All other reads."""
        data, visitor = self.data, self.world.visitor()
        return {
            QUIET: View(lambda _: visitor.read(data.quiet), OPENING),
            POPULAR: View(lambda _: visitor.read(data.popular), OPENING),
            ACCOUNT: View(lambda _: data.traveller.me(), REGISTERING),
        }


pages = partial(statement_counts.a_page_costs_the_same_for_one_or_twenty.declare, clause="W1")
CHECKS = [
    *pages(
        partial(BookingReads, views=(SAILINGS,)),
        stage=7,
        title="A page of sailings costs the same statements, whether it shows one or twenty",
        why="The list is opened by everybody: one statement for each boat is felt by everybody.",
    ),
    *pages(
        partial(BookingReads, views=(OWN,)),
        stage=7,
        id="a-page-of-reservations-costs-the-same-for-one-or-twenty",
        title="A page of my reservations costs the same statements for one or twenty",
        why="Whoever travels every week waits longest.",
    ),
    *page_costs.a_page_fetches_what_it_shows.declare(
        partial(BookingReads, views=(SAILINGS, OWN)),
        clause="W2",
        stage=7,
        why="A server that loads every sailing to show twenty slows down with each summer.",
    ),
    *page_costs.a_page_never_holds_more_than_a_hundred.declare(BookingReads, clause="W2", stage=7),
    *page_costs.what_hangs_on_it_is_counted_by_the_database.declare(
        partial(BookingReads, comparisons=(by_reservations(PAGE // 2),)),
        clause="W2",
        stage=7,
        id="seats-are-counted-by-the-database",
        title="A sailing costs the same, however many people have reserved",
        why="The boat that everybody wants is the one that everybody reads.",
    ),
    *read_only_requests.reading_writes_nothing.declare(
        partial(BookingReads, views=(SAILINGS, OWN, QUIET, POPULAR, ACCOUNT)),
        clause="W4",
        stage=7,
        id="looking-around-writes-nothing",
        title="Whoever only looks around writes nothing",
        why="A time of the last visit that is stored at every request makes the cheapest requests "
        "the most expensive.",
    ),
]
