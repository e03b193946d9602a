"""The statements of several requests as text, in the order in which the database got them."""

from __future__ import annotations

from collections.abc import Sequence

from worksample.wire.round_trips import Outcome, RoundTrip

MAX_LINE = 100


def transcript(requests: Sequence[Sequence[RoundTrip]]) -> str:
    """Return one line for each round trip, indented by the index of its request.

    Round trips that were not sent (still held, or cut before) come last and are marked.
    """
    depth = {id(trip): level for level, trips in enumerate(requests) for trip in trips}
    trips = [trip for each in requests for trip in each]
    trips.sort(key=lambda trip: (trip.sent or float("inf"), trip.started))
    return "\n".join("  " * depth[id(trip)] + _line(trip) for trip in trips)


def _line(trip: RoundTrip) -> str:
    sql = str(trip)
    sql = sql if len(sql) <= MAX_LINE else f"{sql[: MAX_LINE - 1]}…"
    notes = [trip.error and f"error {trip.error}"]
    if not trip.sent:
        notes.append("never sent")
    elif trip.outcome is Outcome.LOST:
        notes.append("answer lost")
    suffix = ", ".join(filter(None, notes))
    return f"{trip.request} {trip.step} {sql}" + (f"  -> {suffix}" if suffix else "")
