"""Where a request can be held, although the numbers of its round trips shift."""

from __future__ import annotations

from worksample.probes.places import Places, places_of
from worksample.wire import RoundTrip
from worksample.wire.trips import Kind, Statement

LOOK, TAKE = "SELECT 1 FROM users WHERE name = $1", "INSERT INTO users VALUES ($1)"


def trips(*statements: str) -> list[RoundTrip]:
    """Return round trips in order; one whose statement begins with "prepare " only prepares it."""
    made = []
    for step, sql in enumerate(statements, 1):
        trip = RoundTrip(1, step, Kind.BATCH, 0.0, step=step)
        trip.add(Statement(sql.removeprefix("prepare "), executed=not sql.startswith("prepare ")))
        made.append(trip)
    return made


def test_to_prepare_a_statement_and_to_execute_it_is_one_place() -> None:
    plain = places_of(trips(LOOK, TAKE))
    prepared = places_of(trips(f"prepare {LOOK}", LOOK, f"prepare {TAKE}", TAKE))
    assert set(plain.values()) == set(prepared.values())
    assert prepared[1] == prepared[2] != prepared[3] == prepared[4]


def test_the_same_statement_twice_is_two_places() -> None:
    assert len(set(places_of(trips(LOOK, LOOK)).values())) == 2


def test_a_place_that_the_numbers_stepped_over_is_missed() -> None:
    places = Places()
    places.see(places_of(trips(LOOK, TAKE)), 1)
    places.see(places_of(trips(f"prepare {LOOK}", LOOK, TAKE)), 2)
    assert places.missed() == 3
    places.see(places_of(trips(LOOK, TAKE)), 2)
    assert places.missed() == 0


def test_what_cannot_be_held_again_is_tried_twice() -> None:
    places = Places()
    places.see(places_of(trips(LOOK, "ROLLBACK")), 1)
    assert [places.missed(), places.missed(), places.missed()] == [2, 2, 0]
