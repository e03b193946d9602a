"""Where the stack traces in a log of Node.js touch the project's own code first."""

from __future__ import annotations

import re

_ERROR = re.compile(r"^(?:Uncaught )?((?:\w+ )?\w*(?:Error|Exception)\b.*)$")
_FRAME = re.compile(r"^\s+at (?:.*\()?(?:file://)?(/[^():\n]+):(\d+):\d+\)?$")
#: A syntax error begins with its place, and has no frame of own code.
_HEAD = re.compile(r"^(?:file://)?(/[^():\n]+):(\d+)$")
_INSTALLED = "/node_modules/"


def error_places(log: str) -> list[str]:
    """Return the place of each error in `log` that touches own code."""
    found: list[str] = []
    head = error = ""
    for line in log.splitlines():
        if match := _HEAD.match(line):
            head = _own(match)
        elif match := _ERROR.match(line):
            error = match[1]
            if head:
                found.append(f"{head}: {error}")
                head = error = ""
        elif error and (match := _FRAME.match(line)) and (place := _own(match)):
            found.append(f"{place}: {error}")
            error = ""
    return found


def _own(place: re.Match[str]) -> str:
    return "" if _INSTALLED in place[1] else f"{place[1]}:{place[2]}"
