"""What each connection asked of Valkey: totals for each command, without keys and values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from worksample.wire.resp.commands import Command
from worksample.wire.round_trips import RoundTrip


@dataclass(slots=True)
class CommandTotals:
    """Totals over one command on one connection; sizes are in bytes.

    `seconds` is the time from the command to the last byte of its reply, `errors` the number of
    errors that were replied.
    """

    connection: int
    command: str
    count: int = 0
    keys: int = 0
    sent: int = 0
    received: int = 0
    seconds: float = 0.0
    errors: int = 0


def commands_by_connection(trips: Iterable[RoundTrip]) -> list[CommandTotals]:
    """Return the totals over the round trips that have ended, by connection and then by command."""
    found: dict[tuple[int, str], CommandTotals] = {}
    for trip in trips:
        for each in () if trip.running else trip.statements:
            if isinstance(each, Command):
                key = trip.connection, each.sql
                totals = found.setdefault(key, CommandTotals(*key))
                totals.count += 1
                totals.keys += each.keys
                totals.sent += each.sent
                totals.received += each.size
                totals.seconds += trip.seconds
                totals.errors += bool(trip.error)
    return [found[key] for key in sorted(found)]
