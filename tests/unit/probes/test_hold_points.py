"""Hold points stay the same although round-trip numbers shift."""

from __future__ import annotations

import pytest

from worksample.probes.hold_points import HoldPointGate, HoldPointTracker, hold_points_of
from worksample.wire import RoundTrip
from worksample.wire.faults.hold import Hold
from worksample.wire.postgres import Kind, SqlStatement

SELECT_USER, INSERT_USER = "SELECT 1 FROM users WHERE name = $1", "INSERT INTO users VALUES ($1)"


def trips(*statements: str) -> list[RoundTrip]:
    """Return round trips in order. A statement with the prefix "prepare " is only prepared."""
    made = []
    for step, sql in enumerate(statements, 1):
        trip = RoundTrip(1, step, Kind.EXTENDED, 0.0, step=step)
        trip.add(
            SqlStatement(sql.removeprefix("prepare "), executed=not sql.startswith("prepare "))
        )
        made.append(trip)
    return made


def test_prepare_and_execute_share_a_hold_point() -> None:
    plain = hold_points_of(trips(SELECT_USER, INSERT_USER))
    prepared = hold_points_of(
        trips(f"prepare {SELECT_USER}", SELECT_USER, f"prepare {INSERT_USER}", INSERT_USER)
    )
    assert set(plain.values()) == set(prepared.values())
    assert prepared[1] == prepared[2] != prepared[3] == prepared[4]


def test_repeated_statement_has_two_hold_points() -> None:
    assert len(set(hold_points_of(trips(SELECT_USER, SELECT_USER)).values())) == 2


def test_next_unheld_returns_skipped_hold_point() -> None:
    hold_points = HoldPointTracker()
    hold_points.record(hold_points_of(trips(SELECT_USER, INSERT_USER)), 1)
    hold_points.record(hold_points_of(trips(f"prepare {SELECT_USER}", SELECT_USER, INSERT_USER)), 2)
    assert hold_points.next_unheld() == hold_points_of(trips(SELECT_USER, INSERT_USER))[2]
    hold_points.record(hold_points_of(trips(SELECT_USER, INSERT_USER)), 2)
    assert hold_points.next_unheld() is None


def test_unreachable_hold_point_is_tried_three_times() -> None:
    hold_points = HoldPointTracker()
    hold_points.record(hold_points_of(trips(SELECT_USER, "ROLLBACK")), 1)
    assert [hold_points.next_unheld() is not None for _ in range(4)] == [True, True, True, False]


@pytest.mark.parametrize(
    "prepared", [(), (SELECT_USER,), (INSERT_USER,), (SELECT_USER, INSERT_USER)]
)
def test_gate_finds_hold_point_whatever_its_step(prepared: tuple[str, ...]) -> None:
    hold_point = hold_points_of(trips(SELECT_USER, INSERT_USER))[2]
    gate, statements = HoldPointGate(hold_point, Hold()), list[str]()
    for sql in (SELECT_USER, INSERT_USER):
        statements += [f"prepare {sql}", sql] if sql in prepared else [sql]
    held = [str(trip) for trip in trips(*statements) if gate.decide(trip) is not None]
    assert held == [INSERT_USER]
    assert gate.step == len(statements) - (INSERT_USER in prepared)


def test_gate_distinguishes_second_execution() -> None:
    gate = HoldPointGate(hold_points_of(trips(SELECT_USER, SELECT_USER))[2], Hold())
    assert [
        gate.decide(trip) is None
        for trip in trips(SELECT_USER, f"prepare {INSERT_USER}", SELECT_USER)
    ] == [
        True,
        True,
        False,
    ]
