"""Figures as plain data and back, in the format of docs/report.md."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from worksample.checks import Figure, Growth, Timeline, TimelineStep


def as_data(figure: Figure) -> dict[str, Any]:
    """Return `figure` as plain data; its texts are untrusted."""
    if isinstance(figure, Timeline):
        return _timeline_data(figure)
    return {
        "kind": figure.kind,
        "title": figure.title,
        "size_of": figure.size_of,
        "unit": figure.unit,
        "sizes": list(figure.sizes),
        "lines": [{"name": name, "values": list(values)} for name, values in figure.lines],
    }


def from_data(figures: Sequence[dict[str, Any]]) -> tuple[Figure, ...]:
    """Return the figures that `as_data` turned into `figures`, without those of unknown kinds.

    Raises KeyError, TypeError or ValueError.
    """
    read: dict[str, Callable[[dict[str, Any]], Figure]] = {
        Timeline.kind: _timeline,
        Growth.kind: _growth,
    }
    return tuple(read[data["kind"]](data) for data in figures if data["kind"] in read)


def _timeline_data(timeline: Timeline) -> dict[str, Any]:
    return {
        "kind": timeline.kind,
        "title": timeline.title,
        "actors": [{"name": name, "asks": asks} for name, asks in timeline.actors],
        "beats": [
            {"actor": beat.actor, "text": beat.text, "note": beat.note, "mark": beat.mark}
            for beat in timeline.beats
        ],
    }


def _timeline(data: dict[str, Any]) -> Timeline:
    actors = tuple((each["name"], each["asks"]) for each in data["actors"])
    beats = tuple(
        TimelineStep(each["actor"], each["text"], each["note"], each["mark"])
        for each in data["beats"]
    )
    if any(not 0 <= beat.actor < len(actors) for beat in beats):
        raise ValueError("a beat names an actor that does not exist")
    return Timeline(data["title"], actors, beats)


def _growth(data: dict[str, Any]) -> Growth:
    sizes = tuple(float(size) for size in data["sizes"])
    lines = tuple(
        (each["name"], tuple(float(value) for value in each["values"])) for each in data["lines"]
    )
    if any(len(values) != len(sizes) for _, values in lines):
        raise ValueError("a line has more or fewer values than there are sizes")
    return Growth(data["title"], data["size_of"], data["unit"], sizes, lines)
