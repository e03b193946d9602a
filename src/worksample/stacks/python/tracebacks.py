"""Where the tracebacks in a log of Python end in the project's own code."""

from __future__ import annotations

import re

_FRAME = re.compile(r'^\s*File "([^"\n]+)", line (\d+)')
#: A compiled package names its source without the folder of packages: `psycopg_binary/a.pyx`.
_INSTALLED = re.compile(r"/(?:site|dist)-packages/|/lib(?:64)?/python\d|^<|\.pyx$")
_ERROR = re.compile(r"^[A-Za-z_][\w.]*(?::.*)?$")
#: One exception was raised because of another, whose traceback stands before it.
_CHAINED = re.compile(r"^(?:During handling of the above|The above exception was the direct cause)")


def error_places(log: str) -> list[str]:
    """Return the last frame of own code of each traceback in `log`, with its error.

    Of exceptions that caused one another the last one counts.
    """
    found: list[str] = []
    place, chained = "", False
    for line in log.splitlines():
        if frame := _FRAME.match(line):
            place = place if _INSTALLED.search(frame[1]) else f"{frame[1]}:{frame[2]}"
        elif _CHAINED.match(line):
            chained = bool(found)
        elif place and line and not line[0].isspace():
            if chained:
                found.pop()
            found.append(f"{place}: {line}" if _ERROR.match(line) else place)
            place, chained = "", False
    return [*found, place] if place else found
