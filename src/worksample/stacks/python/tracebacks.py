"""Where the tracebacks in a log of Python end in the project's own code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

_FRAME = re.compile(r'^\s*File "([^"\n]+)", line (\d+)')
#: A compiled package names its source without the folder of packages: `psycopg_binary/a.pyx`.
_INSTALLED = re.compile(r"/(?:site|dist)-packages/|/lib(?:64)?/python\d|^<|\.pyx$")
_ERROR = re.compile(r"^[A-Za-z_][\w.]*(?::.*)?$")
#: One exception was raised because of another, whose traceback stands before it.
_CHAINED = re.compile(r"^(?:During handling of the above|The above exception was the direct cause)")
_BEGIN = "Traceback (most recent call last):"
#: A structured log has the whole traceback in a string of JSON.
_FOLDED = re.compile(r'"Traceback \(most recent call last\):\\n(?:[^"\\\n]|\\.)*"')


def error_places(log: str) -> list[str]:
    """Return the last frame of own code of each traceback in `log`, with its error.

    Of exceptions that caused one another the last one counts.
    """
    found: list[str] = []
    place, own, chained, goes_on = "", False, False, False
    for line in _unfolded(log):
        if frame := _FRAME.match(line):
            place = place if _INSTALLED.search(frame[1]) else f"{frame[1]}:{frame[2]}"
        elif _CHAINED.match(line):
            chained, goes_on = chained or own, True
        elif line.startswith(_BEGIN):
            own, chained, goes_on = False, chained and goes_on, False
        elif place and line and not line[0].isspace():
            if chained:
                found.pop()
            found.append(f"{place}: {line}" if _ERROR.match(line) else place)
            place, own, chained = "", True, False
    return [*found, place] if place else found


def _unfolded(log: str) -> Iterator[str]:
    """Yield the lines of `log`; a traceback within one line is followed by an empty line."""
    for line in log.splitlines():
        if match := _FOLDED.search(line):
            yield from _text(match[0]).splitlines()
            yield ""
        else:
            yield line


def _text(literal: str) -> str:
    try:
        return str(json.loads(literal, strict=False)).encode(errors="replace").decode()
    except ValueError:
        return literal
