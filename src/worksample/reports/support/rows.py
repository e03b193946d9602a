"""A timeline as rows: long runs of one actor are folded, and waiting actors are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from worksample.checks import Timeline, TimelineStep


@dataclass(frozen=True, slots=True)
class Row:
    """One beat as it is shown; a folded row stands for `omitted` beats of its actor.

    `waiting` holds the actors that have started and not ended while this one acts.
    `previous_actor` acted before this row; in the first row it is the row's own actor.
    """

    beat: TimelineStep
    waiting: frozenset[int]
    previous_actor: int
    omitted: int = 0


def rows_of(timeline: Timeline, limit: int) -> list[Row]:
    """Return at most `limit` rows of a timeline, and two more for what was omitted at its ends.

    If there are more, runs of beats without note and mark are folded into one row each. If that is
    not enough, only the rows around the mark are returned.
    """
    beats = [(beat, 0) for beat in timeline.beats]
    if len(beats) > limit:
        beats = _window_around_mark(_folded(timeline.beats), limit)
    first = {beat.actor: index for index, (beat, _) in reversed(list(enumerate(beats)))}
    last = {beat.actor: index for index, (beat, _) in enumerate(beats)}
    return [
        Row(
            beat,
            frozenset(a for a in first if a != beat.actor and first[a] < index < last[a]),
            beats[max(index - 1, 0)][0].actor,
            omitted,
        )
        for index, (beat, omitted) in enumerate(beats)
    ]


def _folded(beats: Sequence[TimelineStep]) -> list[tuple[TimelineStep, int]]:
    found: list[tuple[TimelineStep, int]] = []
    foldable = [_is_foldable(beats, index) for index in range(len(beats))]
    for (is_foldable, _), run in groupby(
        enumerate(beats), lambda one: (foldable[one[0]], one[1].actor)
    ):
        members = [beat for _, beat in run]
        if is_foldable and len(members) > 1:
            found.append((_omitted_beats(members[0].actor), len(members)))
        else:
            found += [(beat, 0) for beat in members]
    return found


def _is_foldable(beats: Sequence[TimelineStep], index: int) -> bool:
    """Return whether neither the beat nor its neighbours, all of one actor, have a note or mark."""
    around = beats[max(index - 1, 0) : index + 2]
    same = len(around) == 3 and len({beat.actor for beat in around}) == 1
    return same and not any(beat.note or beat.mark for beat in around)


def _window_around_mark(
    beats: list[tuple[TimelineStep, int]], limit: int
) -> list[tuple[TimelineStep, int]]:
    if len(beats) <= limit:
        return beats
    marked = next((index for index, (beat, _) in enumerate(beats) if beat.mark), 0)
    begin = max(0, min(marked - limit // 2, len(beats) - limit))
    kept = beats[begin : begin + limit]
    before, after = _beat_count(beats[:begin]), _beat_count(beats[begin + limit :])
    head = [(_omitted_beats(kept[0][0].actor), before)] if before else []
    tail = [(_omitted_beats(kept[-1][0].actor), after)] if after else []
    return [*head, *kept, *tail]


def _beat_count(beats: Sequence[tuple[TimelineStep, int]]) -> int:
    return sum(omitted or 1 for _, omitted in beats)


def _omitted_beats(actor: int) -> TimelineStep:
    return TimelineStep(actor, "")
