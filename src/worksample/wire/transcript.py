"""The statements of several requests in the order in which PostgreSQL got them, as text."""

from __future__ import annotations

from collections.abc import Sequence

from worksample.wire.round_trips import Outcome, RoundTrip

MAX_LINE = 100


def transcript(requests: Sequence[Sequence[RoundTrip]]) -> str:
    """Return one line for each round trip, those of the second request indented, and so on.

    What was never sent (it is still held, or was cut before) comes last, and says so.
    """
    depth = {id(trip): level for level, trips in enumerate(requests) for trip in trips}
    trips = [trip for each in requests for trip in each]
    trips.sort(key=lambda trip: (trip.sent or float("inf"), trip.started))
    return "\n".join("  " * depth[id(trip)] + _line(trip) for trip in trips)


def _line(trip: RoundTrip) -> str:
    said = str(trip)
    said = said if len(said) <= MAX_LINE else f"{said[: MAX_LINE - 1]}…"
    notes = [trip.error and f"error {trip.error}"]
    if not trip.sent:
        notes.append("never sent")
    elif trip.outcome is Outcome.LOST:
        notes.append("answer lost")
    told = ", ".join(filter(None, notes))
    return f"{trip.request} {trip.step} {said}" + (f"  -> {told}" if told else "")
