"""Where the stack traces in a log of Node.js touch the project's own code first."""

from __future__ import annotations

import re

_ERROR = re.compile(r"^(?:Uncaught )?((?:\w+ )?\w*(?:Error|Exception)\b.*)$")
#: A server's own words before an error: `POST /notes failed: TypeError: ...`.
_TOLD = re.compile(r"^\S.*?: ((?:\w+ )?\w*(?:Error|Exception)\b.*)$")
_FRAME = re.compile(r"^\s+at (?:.*\()?(?:file://)?(/[^():\n]+):(\d+):\d+\)?$")
#: A syntax error begins with its place, and has no frame of own code.
_HEAD = re.compile(r"^(?:file://)?(/[^():\n]+):(\d+)$")
#: What compilers print: `src/app.ts(3,5): error TS2322: ...`, or with the place after the message.
_COMPILER = re.compile(
    r"^(?P<file>[\w./@-]+\.[cm]?[jt]sx?)[(:](?P<line>\d+)[,:]\d+\)?(?: -|:) (?P<what>error .*)$"
    r"|\[ERROR\] (?P<first>.*)\n\s*\n?\s+(?P<at>[\w./@-]+):(?P<row>\d+):\d+:",
    re.MULTILINE,
)
_INSTALLED = "/node_modules/"


def error_places(log: str) -> list[str]:
    """Return the place of each error in `log` that touches own code.

    Of the errors of a compiler, those after the first are often its consequences. An error within a
    line counts if a frame follows at once: else that line may be prose.
    """
    if compiled := _COMPILER.search(log):
        file, line, what, first, at, row = compiled.groups()
        return [f"{file or at}:{line or row}: {what or first}"]
    found: list[str] = []
    head = error = told = ""
    for line in log.splitlines():
        if told and line.lstrip().startswith("at "):
            error = told
        told = ""
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
        elif match := _TOLD.match(line):
            told = match[1]
    return found


def _own(place: re.Match[str]) -> str:
    return "" if _INSTALLED in place[1] else f"{place[1]}:{place[2]}"
