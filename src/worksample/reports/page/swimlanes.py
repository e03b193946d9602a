"""A timeline as swim lanes: one lane per actor, one box per step, from top to bottom."""

from __future__ import annotations

from dataclasses import dataclass

from worksample.checks import Timeline
from worksample.reports.support.formatting import pluralize, truncate
from worksample.reports.support.rows import Row, rows_of

#: The number of lanes and colours in the style sheet; further actors share the last lane.
MOST_LANES = 4
_MAX_ROWS = 50
_MAX_STATEMENT = 260
_MAX_TITLE = 600


@dataclass(frozen=True, slots=True)
class Step:
    """One box in lane `lane` (from 0) of the actor `name`.

    `full_text` is empty unless `text` is truncated. `waiting` holds the lanes of waiting actors.
    Where control passes to another lane, `low` and `high` are the two lanes and `right` is its
    direction; elsewhere `low` is -1.
    """

    lane: int
    name: str
    text: str
    full_text: str
    note: str
    mark: bool
    folded: bool
    waiting: tuple[int, ...]
    low: int
    high: int
    right: bool


@dataclass(frozen=True, slots=True)
class SwimLanes:
    """A timeline with its lanes and steps; `number` is the number of lanes."""

    title: str
    actors: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]
    number: int


def swim_lanes(timeline: Timeline) -> SwimLanes:
    """Return `timeline` as swim lanes."""
    return SwimLanes(
        title=truncate(timeline.title, 300),
        actors=tuple(
            (truncate(name, 30), truncate(action, 200)) for name, action in timeline.actors
        ),
        steps=tuple(_step(timeline, row) for row in rows_of(timeline, _MAX_ROWS)),
        number=max(1, min(len(timeline.actors), MOST_LANES)),
    )


def _step(timeline: Timeline, row: Row) -> Step:
    beat, lane, before = row.beat, _lane(row.beat.actor), _lane(row.previous_actor)
    folded = f"… {pluralize(row.omitted, 'further step')}" if row.omitted else ""
    return Step(
        lane=lane,
        name=truncate(timeline.actors[beat.actor][0], 30),
        text=folded or truncate(beat.text, _MAX_STATEMENT),
        full_text=truncate(beat.text, _MAX_TITLE) if len(beat.text) > _MAX_STATEMENT else "",
        note=truncate(beat.note, 200),
        mark=beat.mark,
        folded=bool(folded),
        waiting=tuple(sorted({_lane(actor) for actor in row.waiting} - {lane})),
        low=-1 if lane == before else min(lane, before),
        high=max(lane, before),
        right=lane > before,
    )


def _lane(actor: int) -> int:
    return min(actor, MOST_LANES - 1)
