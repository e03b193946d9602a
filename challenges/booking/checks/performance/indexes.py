"""Each frequent lookup uses an index (W2)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from worksample.suites import missing_indexes
from worksample.suites.missing_indexes import Lookup

from ..operations import LIST_RESERVATIONS
from ..world import OPENING, SIGNING_IN, Booking
from .dataset import RESERVING, create_dataset

SAILINGS = 60
SEATS, PORT, OWN, SIGN_IN = "the seats of a sailing", "a port", "own reservations", "signing in"


class BookingLookups:
    """Lookups in a data set of sixty sailings; `judged` names the one that a check judges."""

    baseline = SEATS
    judged: str

    def __init__(self, world: Booking, judged: str = SEATS) -> None:
        self.world, self.judged = world, judged

    async def prepare(self) -> Mapping[str, Lookup]:
        """Create the data set; return the lookups by name."""
        data, world = await create_dataset(self.world, SAILINGS), self.world
        accounts = [await world.own_member() for _ in range(SAILINGS // 2)]
        newcomer, visitor = accounts[-1], world.visitor()
        await data.optional.take(RESERVING, partial(newcomer.reserves, data.quiet))
        return {
            SEATS: Lookup(partial(visitor.read, data.quiet), OPENING),
            PORT: Lookup(
                partial(visitor.list, from_=data.quiet.sent["from"]), "a-list-is-narrowed-by-port"
            ),
            OWN: Lookup(
                newcomer.reservations,
                LIST_RESERVATIONS.proven_by,
                data.failures.get(RESERVING),
            ),
            SIGN_IN: Lookup(partial(world.log_in, newcomer.email, newcomer.password), SIGNING_IN),
        }


lookup = partial(missing_indexes.a_lookup_uses_an_index.declare, clause="W2", stage=7)
CHECKS = [
    *lookup(
        partial(BookingLookups, judged=SEATS),
        id="the-seats-of-a-sailing-are-found-by-an-index",
        title="What is taken of a sailing is found by an index",
        why="PostgreSQL creates no index for a foreign key: each look at a boat reads all "
        "reservations of ten years.",
    ),
    *lookup(
        partial(BookingLookups, judged=PORT),
        id="a-port-is-found-by-an-index",
        title="The sailings of a port are found by an index",
        why="Nobody searches without a port.",
    ),
    *lookup(
        partial(BookingLookups, judged=OWN),
        id="own-reservations-are-found-by-an-index",
        title="My reservations are found by an index",
        why="An index on (sailing, account) serves the passengers of a boat, not the boats of a "
        "passenger.",
    ),
    *lookup(
        partial(BookingLookups, judged=SIGN_IN),
        id="signing-in-finds-the-account-by-an-index",
        title="Signing in finds the account by an index",
        why="A query by lower(email) cannot use an index on email: every sign-in then reads all "
        "accounts.",
    ),
]
