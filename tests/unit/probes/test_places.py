"""Where a request can be held, although the numbers of its round trips shift."""

from __future__ import annotations

import pytest

from worksample.probes.places import AtPlace, Places, places_of
from worksample.wire import RoundTrip
from worksample.wire.faults.hold import Hold
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
    assert places.missed() == places_of(trips(LOOK, TAKE))[2]
    places.see(places_of(trips(LOOK, TAKE)), 2)
    assert places.missed() is None


def test_what_cannot_be_held_again_is_tried_three_times() -> None:
    places = Places()
    places.see(places_of(trips(LOOK, "ROLLBACK")), 1)
    assert [places.missed() is not None for _ in range(4)] == [True, True, True, False]


@pytest.mark.parametrize("prepared", [(), (LOOK,), (TAKE,), (LOOK, TAKE)])
def test_a_place_is_found_whatever_its_number_is(prepared: tuple[str, ...]) -> None:
    place = places_of(trips(LOOK, TAKE))[2]
    gate, asked = AtPlace(place, Hold()), list[str]()
    for sql in (LOOK, TAKE):
        asked += [f"prepare {sql}", sql] if sql in prepared else [sql]
    befell = [str(trip) for trip in trips(*asked) if gate.decide(trip) is not None]
    assert befell == [TAKE]
    assert gate.step == len(asked) - (TAKE in prepared)


def test_the_second_of_a_kind_is_another_place() -> None:
    gate = AtPlace(places_of(trips(LOOK, LOOK))[2], Hold())
    assert [gate.decide(trip) is None for trip in trips(LOOK, f"prepare {TAKE}", LOOK)] == [
        True,
        True,
        False,
    ]
