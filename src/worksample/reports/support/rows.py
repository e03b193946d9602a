"""A timeline as rows to show: long runs of the same actor folded, and who waits meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from worksample.checks import Beat, Timeline


@dataclass(frozen=True, slots=True)
class Row:
    """One beat as it is shown; `left_out` counts the beats of its actor that it stands for.

    `waiting` are the actors that have begun and have not ended while this one moves, and
    `came_from` is the one that moved before (its own at first, and as long as nothing changes).
    """

    beat: Beat
    waiting: frozenset[int]
    came_from: int
    left_out: int = 0


def rows_of(timeline: Timeline, most: int) -> list[Row]:
    """Return at most `most` rows (and two that say what is left out) of a timeline.

    Where there are too many, runs of beats of which nothing is to be said are folded into one,
    and of what is then still too much only that around the mark is shown.
    """
    beats = [(beat, 0) for beat in timeline.beats]
    if len(beats) > most:
        beats = _around_the_mark(_folded(timeline.beats), most)
    first = {beat.actor: index for index, (beat, _) in reversed(list(enumerate(beats)))}
    last = {beat.actor: index for index, (beat, _) in enumerate(beats)}
    return [
        Row(
            beat,
            frozenset(a for a in first if a != beat.actor and first[a] < index < last[a]),
            beats[max(index - 1, 0)][0].actor,
            left_out,
        )
        for index, (beat, left_out) in enumerate(beats)
    ]


def _folded(beats: Sequence[Beat]) -> list[tuple[Beat, int]]:
    found: list[tuple[Beat, int]] = []
    dull = [_is_dull(beats, index) for index in range(len(beats))]
    for (is_dull, _), run in groupby(enumerate(beats), lambda one: (dull[one[0]], one[1].actor)):
        members = [beat for _, beat in run]
        if is_dull and len(members) > 1:
            found.append((_left_out(members[0].actor), len(members)))
        else:
            found += [(beat, 0) for beat in members]
    return found


def _is_dull(beats: Sequence[Beat], index: int) -> bool:
    """Whether nothing is to be said of a beat, and those beside it are the same actor's."""
    around = beats[max(index - 1, 0) : index + 2]
    same = len(around) == 3 and len({beat.actor for beat in around}) == 1
    return same and not any(beat.note or beat.mark for beat in around)


def _around_the_mark(beats: list[tuple[Beat, int]], most: int) -> list[tuple[Beat, int]]:
    if len(beats) <= most:
        return beats
    marked = next((index for index, (beat, _) in enumerate(beats) if beat.mark), 0)
    begin = max(0, min(marked - most // 2, len(beats) - most))
    kept = beats[begin : begin + most]
    before, after = _number_of(beats[:begin]), _number_of(beats[begin + most :])
    head = [(_left_out(kept[0][0].actor), before)] if before else []
    tail = [(_left_out(kept[-1][0].actor), after)] if after else []
    return [*head, *kept, *tail]


def _number_of(beats: Sequence[tuple[Beat, int]]) -> int:
    return sum(left_out or 1 for _, left_out in beats)


def _left_out(actor: int) -> Beat:
    return Beat(actor, "")
