"""Paging: `limit`, `offset`, a stable order and counts (L1, L3, L5)."""

from __future__ import annotations

from worksample.checks import Aspect, Words, check, expect
from worksample.messages import message
from worksample.suites import paging

from ..operations import LIST_RESERVATIONS, LIST_SAILINGS
from ..paged_sailings import PagedReservations, PagedSailings
from ..world import Booking

CHECKS = [
    *paging.SUITE.checks(
        PagedSailings,
        clause="L3",
        operations=[LIST_SAILINGS],
        stage=3,
        words={
            "limit-and-offset-choose-a-page": Words(
                why="An offset that counts pages instead of sailings hides sailings, and nobody "
                "notices."
            ),
            "a-page-holds-twenty-if-nothing-is-said": Words(
                title="A page holds 20 sailings if nothing is said"
            ),
            "pages-show-every-entry-once": Words(
                id="pages-show-every-sailing-once",
                title="Whoever walks through the pages sees every sailing once, also when several "
                "depart in the same instant",
                why="At eight o'clock all four boats leave: two of them are on both pages, and one "
                "is on none.",
            ),
            "a-page-beyond-the-end-is-empty": Words(clause="L1"),
            "a-senseless-page-does-no-harm": Words(clause="L5"),
        },
    ),
    *paging.pages_show_every_entry_once.declare(
        PagedReservations,
        id="pages-show-every-reservation-once",
        title="Whoever walks through the pages sees every reservation of theirs once",
        why="Whoever looks for a ticket on the quay reads the list to its end.",
        clause="L3",
        operations=[LIST_RESERVATIONS],
    ),
]


@check(
    title="A count counts what matches all filters",
    aspect=Aspect.BEHAVIOUR,
    stage=3,
    clause="L1",
    why="The number of pages is computed from the count: a wrong one shows empty pages or hides "
    "full ones.",
    skills=("rest", "sql", "relational-databases"),
)
async def a_count_counts_what_matches(world: Booking) -> None:
    here, there = world.port(), world.port()
    for number in range(5):
        await world.open_sailing(from_=here, to=there if number % 2 else world.port())
    await world.open_sailing(to=there)
    for query, count in (
        ({"from_": here}, 5),
        ({"to": there}, 3),
        ({"from_": here, "to": there}, 2),
    ):
        for offset in (0, 1, 9):
            page = expect(await world.visitor().list(limit=1, offset=offset, **query)).ok()
            expect(
                page.at("sailingsCount"),
                message("`sailingsCount` at offset {offset}", offset=offset),
            ).equals(count)
